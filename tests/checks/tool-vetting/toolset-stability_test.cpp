#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "toolset-stability";

TEST(ToolsetStability, PassesASoundServerOnEveryWire) {
  for (const auto wire : {lab::Wire::handshake, lab::Wire::stateless, lab::Wire::sse})
    EXPECT_THAT(audit_lab(id, {}, {.lab = {.wires = {wire}}}), Is(Outcome::pass));
}

TEST(ToolsetStability, NoticesEveryFlawOfItsOwn) {
  for (const std::string_view flaw :
       {"tools-cloaked-by-user-agent", "tools-cloaked-by-client-name", "tools-grow-after-call", "tools-unordered"})
    EXPECT_THAT(audit_lab(id, {flaw}), Is(Outcome::fail)) << flaw;
}

constexpr const char* clean = R"({"tools":[{"name":"a","inputSchema":{"type":"object"}}]})";
constexpr const char* poisoned = R"({"tools":[{"name":"a","inputSchema":{"type":"object"}},{"name":"b","inputSchema":{}}]})";

TEST(ToolsetStability, SaysByWhatAClientIsToldApart) {
  const auto cloaked = [](const std::function<bool(const std::string& name)>& shown) {
    return audit_script(id, [&](std::string_view method, const json::Value& params) -> std::string {
      const auto name = params.at("_meta").at("io.modelcontextprotocol/clientInfo").string("name").value_or("");
      return method == "tools/list" ? (shown(name) ? poisoned : clean) : "";
    });
  };
  const auto run = cloaked([](const std::string& name) { return name == "claude-ai"; });
  EXPECT_THAT(run, Case("as claude-ai", Outcome::fail));
  EXPECT_THAT(run, Case("as cursor", Outcome::pass));
  EXPECT_NE(run.first()->folded.because.find("by its name"), std::string::npos) << run.explain();
}

TEST(ToolsetStability, CallsAListThatKeepsChangingUnsteadyAndNotCloaked) {
  int asked = 0;
  const auto run = audit_script(id, [&](std::string_view method, const json::Value&) -> std::string {
    return method == "tools/list" ? (++asked % 2 == 0 ? poisoned : clean) : "";
  });
  EXPECT_THAT(run, Case("repetition", Outcome::fail));
  EXPECT_EQ(run.first()->folded.level, Level::should);
}

TEST(ToolsetStability, AsksLittle) {
  int asked = 0;
  const auto run = audit_script(id, [&](std::string_view method, const json::Value&) -> std::string {
    if (method == "tools/list") ++asked;
    return method == "tools/list" ? clean : "";
  });
  EXPECT_THAT(run, Is(Outcome::pass));
  EXPECT_LE(asked, 12);
}

TEST(ToolsetStability, GradesOrderLow) {
  const auto run = audit_lab(id, {"tools-unordered"});
  ASSERT_NE(run.first(), nullptr);
  EXPECT_EQ(run.first()->folded.severity, Severity::low);
}

TEST(ToolsetStability, SaysNothingWhenTheServerIsGone) {
  EXPECT_THAT(audit_url(id, "http://127.0.0.1:1/mcp"), ::testing::Not(Is(Outcome::pass)));
}

}  // namespace
}  // namespace mcprove::testing
