#include "support/check_test.h"

namespace mcprove::testing {
namespace {

LabSetup opaque() {
  LabSetup setup;
  setup.lab.tokens = lab::TokenFormat::opaque;
  return setup;
}

TEST(AtLifetime, PassesASoundServer) { EXPECT_THAT(audit_lab("at-lifetime"), Is(Outcome::pass)); }

TEST(AtLifetime, SeesTwoDays) {
  const auto run = audit_lab("at-lifetime", {"access-token-lives-two-days"});
  EXPECT_THAT(run, Is(Outcome::fail));
  ASSERT_NE(run.first(), nullptr);
  EXPECT_EQ(run.first()->folded.severity, Severity::high);
}

TEST(AtLifetime, SeesThatOnlyTokensThatWriteLiveLong) {
  EXPECT_THAT(audit_lab("at-lifetime", {"writing-token-lives-two-days"}), Case("access token", Outcome::pass));
  EXPECT_THAT(audit_lab("at-lifetime", {"writing-token-lives-two-days"}), Is(Outcome::fail));
}

TEST(AtLifetime, DoesNotKnowALifetimeThatNobodyTells) {
  EXPECT_THAT(audit_lab("at-lifetime", {"access-token-never-expires"}, opaque()), Is(Outcome::inconclusive));
  EXPECT_THAT(audit_lab("at-lifetime", {"expires-in-is-negative"}, opaque()), Is(Outcome::inconclusive));
}

TEST(AtLifetime, IsToldByTheResourceServersOwnClient) {
  auto lent = opaque();
  lent.lend_introspection = true;
  EXPECT_THAT(audit_lab("at-lifetime", {"expires-in-is-negative"}, lent), Is(Outcome::pass));
}

}  // namespace
}  // namespace mcprove::testing
