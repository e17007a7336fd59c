#include "support/check_test.h"

namespace mcprove::testing {
namespace {

TEST(IntrospectionAuth, PassesASoundServer) { EXPECT_THAT(audit_lab("introspection-auth"), Is(Outcome::pass)); }

TEST(IntrospectionAuth, SeesEachWayIn) {
  EXPECT_THAT(audit_lab("introspection-auth", {"introspection-without-credentials"}), Case("no credentials", Outcome::fail));
  EXPECT_THAT(audit_lab("introspection-auth", {"introspection-by-public-client"}), Case("public client", Outcome::fail));
  EXPECT_THAT(audit_lab("introspection-auth", {"introspection-with-any-secret"}), Cites("POST", "/introspect", 200));
}

TEST(IntrospectionAuth, SeesATokenInTheUrl) {
  const auto run = audit_lab("introspection-auth", {"introspection-by-get"});
  EXPECT_THAT(run, Case("GET with the token in the URL", Outcome::fail));
  EXPECT_THAT(run, Case("no credentials", Outcome::pass));
}

TEST(IntrospectionAuth, HasAControlWhereAResourceServersClientIsLent) {
  const auto run = audit_lab("introspection-auth", {}, {.lend_introspection = true});
  EXPECT_THAT(run, Is(Outcome::pass));
  EXPECT_THAT(run, Cites("POST", "/introspect", 200));
}

TEST(IntrospectionAuth, SaysThatALentClientIsOfNoUse) {
  const auto wrong = [](Options& options) { options.introspection = {"rs-nobody", "wrong"}; };
  const auto run = audit_lab("introspection-auth", {}, {.options = wrong});
  ASSERT_NE(run.first(), nullptr);
  ASSERT_FALSE(run.first()->cases.notes().empty());
  EXPECT_NE(run.first()->cases.notes().front().find("of no use"), std::string::npos);
}

TEST(IntrospectionAuth, DoesNotApplyWithoutAnIssuer) {
  EXPECT_THAT(audit_lab("introspection-auth", {"api-key-only"}), Is(Outcome::not_applicable));
}

}  // namespace
}  // namespace mcprove::testing
