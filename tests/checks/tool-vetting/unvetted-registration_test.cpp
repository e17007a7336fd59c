#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "unvetted-registration";

TEST(UnvettedRegistration, PassesASoundServerOnEveryWire) {
  for (const auto wire : {lab::Wire::handshake, lab::Wire::stateless, lab::Wire::sse})
    EXPECT_THAT(audit_lab(id, {}, {.lab = {.wires = {wire}}}), Is(Outcome::pass));
}

TEST(UnvettedRegistration, NoticesEveryFlawOfItsOwn) {
  for (const std::string_view flaw : {"register-tool-open", "meta-tool-unchecked"})
    EXPECT_THAT(audit_lab(id, {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(UnvettedRegistration, OnlyPointsAtTheToolUnlessAllowedToTryIt) {
  const auto run = audit_lab(id, {"register-tool-open"}, {.options = [](Options& o) { o.effect = Effect::active; }});
  EXPECT_THAT(run, Case("tool register_tool", Outcome::inconclusive));
}

TEST(UnvettedRegistration, NamesEverybodyWhoIsShownTheNewTool) {
  const auto run = audit_lab(id, {"register-tool-open"});
  ASSERT_NE(run.first(), nullptr);
  EXPECT_EQ(run.first()->folded.severity, Severity::critical);
  EXPECT_NE(run.first()->folded.because.find("bob"), std::string::npos) << run.explain();
}

TEST(UnvettedRegistration, ComparesAToolThatRunsOthersWithTheToolItself) {
  const auto run = audit_lab(id, {"meta-tool-unchecked"});
  EXPECT_THAT(run, Case("tool run_tool", Outcome::fail));
  EXPECT_EQ(run.first()->folded.severity, Severity::high);
}

/// A server whose answer to any unknown method is this.
CheckRun audit_unknown(const std::string& answer, const std::string& register_answer) {
  return audit_script(id, [=](std::string_view method, const json::Value&) -> std::string {
    if (method == "tools/list") return R"({"tools":[]})";
    if (method == "tools/register") return register_answer;
    return method == "server/discover" || method.ends_with("/list") ? "" : answer;
  });
}

TEST(UnvettedRegistration, TakesAMethodForAbsentThatIsAnsweredAsOneThatCannotExist) {
  const std::string invalid = R"({"code":-32602,"message":"bad params"})";
  EXPECT_THAT(audit_unknown(invalid, invalid), Is(Outcome::pass));
  EXPECT_THAT(audit_unknown("{}", "{}"), Is(Outcome::pass));
  EXPECT_THAT(audit_unknown("", invalid), Case("tools/register", Outcome::inconclusive));
}

}  // namespace
}  // namespace mcprove::testing
