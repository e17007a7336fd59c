#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "method-authz-matrix";

TEST(MethodAuthzMatrix, PassesASoundServerOnEveryWire) {
  for (const auto wire : {lab::Wire::handshake, lab::Wire::stateless, lab::Wire::sse})
    EXPECT_THAT(audit_lab(id, {}, {.lab = {.wires = {wire}}}), Is(Outcome::pass));
}

TEST(MethodAuthzMatrix, NoticesEveryFlawOfItsOwn) {
  for (const std::string_view flaw : {"resources-open-to-anonymous", "resource-scope-unchecked", "completions-open-to-anonymous"})
    EXPECT_THAT(audit_lab(id, {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(MethodAuthzMatrix, AsksForWhatEachWireHas) {
  EXPECT_THAT(audit_lab(id, {"tasks-open-to-anonymous"}), Case("tasks/result, no token", Outcome::fail));
  EXPECT_THAT(audit_lab(id, {"task-scope-unchecked"}), Is(Outcome::fail));
  EXPECT_THAT(audit_lab(id, {"subscriptions-open-to-anonymous"}), Case("subscriptions/listen, no token", Outcome::fail));
  const auto levels = audit_lab(id, {"log-level-open-to-anonymous"});
  EXPECT_THAT(levels, Case("logging/setLevel, no token", Outcome::fail));
  ASSERT_NE(levels.first(), nullptr);
  EXPECT_EQ(levels.first()->folded.severity, Severity::low) << "it shows nothing";
  const auto sound = audit_lab(id);
  for (const auto* each : {"resources/subscribe, no token", "completion/complete of a prompt, garbage", "tasks/get, garbage"})
    EXPECT_THAT(sound, Case(each, Outcome::pass));
}

TEST(MethodAuthzMatrix, TriesTheOtherVerbs) {
  EXPECT_THAT(audit_lab(id, {"stream-open-to-anonymous"}), Case("GET, no token", Outcome::fail));
  const auto shared = audit_lab(id, {"session-unbound"});
  EXPECT_THAT(shared, Case("GET, bob", Outcome::fail));
  EXPECT_THAT(shared, Case("DELETE of a session, bob", Outcome::fail));
  EXPECT_THAT(shared, Case("DELETE of a session, garbage", Outcome::pass));
  const auto sound = audit_lab(id);
  for (const auto* each :
       {"GET, no token", "GET, garbage", "GET, bob", "DELETE of a session, garbage", "DELETE of a session, bob"})
    EXPECT_THAT(sound, Case(each, Outcome::pass));
}

TEST(MethodAuthzMatrix, CallsNoBreakdownARefusal) {
  EXPECT_THAT(audit_lab(id, {"challenge-server-error-for-garbage"}), Case("garbage", Outcome::inconclusive));
}

TEST(MethodAuthzMatrix, SaysNothingWhenTheServerIsGone) {
  EXPECT_THAT(audit_url(id, "http://127.0.0.1:1/mcp"), ::testing::Not(Is(Outcome::pass)));
}

}  // namespace
}  // namespace mcprove::testing
