#include <set>

#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "tool-call-low-scope";

TEST(ToolCallLowScope, PassesASoundServerOnEveryWire) {
  for (const auto wire : {lab::Wire::handshake, lab::Wire::stateless, lab::Wire::sse})
    EXPECT_THAT(audit_lab(id, {}, {.lab = {.wires = {wire}}}), Is(Outcome::pass));
}

TEST(ToolCallLowScope, NoticesEveryFlawOfItsOwn) {
  for (const std::string_view flaw : {"tool-scope-unchecked", "tool-write-scope-unchecked"})
    EXPECT_THAT(audit_lab(id, {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(ToolCallLowScope, IsSureOfWhatItSawRun) {
  const auto run = audit_lab(id, {"tool-write-scope-unchecked"}, {.options = [](Options& o) {
                               o.allow_tools["note_write"] =
                                   json::Value::object({{"title", json::str("t")}, {"body", json::str("b")}});
                             }});
  ASSERT_THAT(run, Is(Outcome::fail));
  EXPECT_EQ(run.first()->folded.severity, Severity::critical);
  EXPECT_THAT(run, Cites("POST", "/mcp", 200));
}

TEST(ToolCallLowScope, SeesAnOlderWireThatSkipsScopes) {
  EXPECT_THAT(audit_lab(id, {"older-wire-skips-scope"}, {.lab = {.wires = {lab::Wire::handshake, lab::Wire::stateless}}}),
              Is(Outcome::fail));
}

TEST(ToolCallLowScope, SeesReadingToolsServedWithoutTheirScope) {
  const auto run = audit_lab(id, {"tool-scope-unchecked"}, {.options = [](Options& o) { o.effect = Effect::active; }});
  EXPECT_THAT(run, Case("notes_list, scope \"email\"", Outcome::fail));
  EXPECT_THAT(run, Case("users_list, scope \"email\"", Outcome::pass));
}

TEST(ToolCallLowScope, DoesNotTakeAScopeThatImpliesOthersForALack) {
  EXPECT_THAT(audit_lab(id, {"one-scope-for-everything"}), Is(Outcome::pass));
}

/// The stateless wire refuses a call whose marked arguments are not in the header fields too: no verdict about scopes.
TEST(ToolCallLowScope, RepeatsInHeaderFieldsWhatTheSchemaMarks) {
  const auto run = audit_lab(id, {}, {.lab = {.wires = {lab::Wire::stateless}}, .options = [](Options& o) {
                                        o.allow_tools["files_search"] =
                                            json::Value::object({{"text", json::str("plan")}, {"limit", json::num(3)}});
                                      }});
  EXPECT_THAT(run, Case("files_search, scope \"email\"", Outcome::pass));
  std::set<int> statuses;
  for (std::size_t i = 0; i < run.outcome.transcript->size(); ++i) {
    const auto& exchange = run.outcome.transcript->at(static_cast<net::ExchangeId>(i));
    if (exchange.request.headers.find("Mcp-Name") != "files_search" || !exchange.response) continue;
    EXPECT_EQ(exchange.request.headers.find("Mcp-Param-Limit"), "3");
    statuses.insert(exchange.response->status);
  }
  EXPECT_EQ(statuses, (std::set<int>{200, 403})) << "the full token's, and those without the scope";
}

TEST(ToolCallLowScope, CannotTellWithoutAToken) {
  const auto one_token = [](Options& o) { o.budgets = {.tokens = 1, .spare_tokens_at_home = 0}; };
  EXPECT_THAT(audit_lab(id, {}, {.options = one_token}), ::testing::Not(Is(Outcome::pass)));
}

}  // namespace
}  // namespace mcprove::testing
