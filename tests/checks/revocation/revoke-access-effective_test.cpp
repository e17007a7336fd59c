#include <chrono>

#include "checks/registry.h"
#include "support/check_test.h"

namespace mcprove::testing {
namespace {

LabSetup opaque() {
  LabSetup setup;
  setup.lab.tokens = lab::TokenFormat::opaque;
  return setup;
}

TEST(RevokeAccessEffective, PassesASoundServer) { EXPECT_THAT(audit_lab("revoke-access-effective"), Is(Outcome::pass)); }

TEST(RevokeAccessEffective, PassesASoundServerWithOpaqueTokens) {
  EXPECT_THAT(audit_lab("revoke-access-effective", {}, opaque()), Is(Outcome::pass));
}

TEST(RevokeAccessEffective, SeesATokenThatSurvives) {
  const auto run = audit_lab("revoke-access-effective", {"access-token-survives-revocation"}, opaque());
  EXPECT_THAT(run, Case("handshake", Outcome::fail));
  EXPECT_THAT(run, Cites("POST", "/revoke", 200));
}

/// The flaw asks for opaque tokens, as only those make it one at once; here the same server issues self-contained ones.
CheckRun audit_with_jwt(std::initializer_list<std::string_view> flaws) {
  ManualClock clock(std::chrono::system_clock::now());
  lab::LabOptions wanted;
  for (const auto name : flaws) wanted.flaws.add(*lab::find_flaw(name));
  wanted.now = [&clock] { return clock.now(); };
  const lab::Lab lab(wanted);
  auto options = lab_options(lab);
  options.only = {"revoke-access-effective"};
  World world;
  world.clock = &clock;
  const Registry registry(checks::all());
  Audit audit(registry, options, {}, world);
  return {audit.run(), "revoke-access-effective", lab.url()};
}

TEST(RevokeAccessEffective, GradesSelfContainedTokensByTheLifeThatIsLeft) {
  const auto run = audit_with_jwt({"access-token-survives-revocation"});
  EXPECT_THAT(run, Is(Outcome::pass));
  ASSERT_NE(run.first(), nullptr);
  EXPECT_FALSE(run.first()->cases.all().front().second.notes().empty());
  EXPECT_THAT(audit_with_jwt({"access-token-survives-revocation", "access-token-lives-two-days"}), Is(Outcome::fail));
}

TEST(RevokeAccessEffective, NeedsTimeToTell) {
  auto setup = opaque();
  setup.options = [](Options& options) { options.max_wait = std::chrono::seconds(1); };
  EXPECT_THAT(audit_lab("revoke-access-effective", {"access-token-survives-revocation"}, setup), Is(Outcome::inconclusive));
}

TEST(RevokeAccessEffective, DoesNotApplyWithoutAnEndpoint) {
  EXPECT_THAT(audit_lab("revoke-access-effective", {"no-revocation-endpoint"}), Is(Outcome::not_applicable));
}

}  // namespace
}  // namespace mcprove::testing
