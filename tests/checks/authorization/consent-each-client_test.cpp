#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(ConsentEachClient, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("consent-each-client"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(ConsentEachClient, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw :
       {"consent-never-asked", "consent-given-to-all-clients", "silent-request-skips-consent", "code-without-login"})
    EXPECT_THAT(audit_lab("consent-each-client", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(ConsentEachClient, SaysNothingOfASessionThatIsNotThere) {
  const auto given = [](Options& options) {
    Identity pasted;
    pasted.token = "a-token-of-some-login-long-ago";
    options.identities = {pasted};
  };
  EXPECT_THAT(audit_lab("consent-each-client", {}, {.options = given}), Is(Outcome::inconclusive));
}

TEST(ConsentEachClient, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("consent-each-client", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
