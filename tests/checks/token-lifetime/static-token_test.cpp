#include "fixtures/rs/api_key.h"
#include "support/check_test.h"

namespace mcprove::testing {
namespace {

LabSetup given(const std::string& token) {
  LabSetup setup;
  setup.options = [token](Options& options) {
    Identity pasted;
    pasted.token = token;
    options.identities = {pasted};
  };
  return setup;
}

TEST(StaticToken, PassesASoundServer) { EXPECT_THAT(audit_lab("static-token"), Is(Outcome::pass)); }

TEST(StaticToken, SeesAKeyInsteadOfOAuth) {
  const auto run = audit_lab("static-token", {"api-key-only"}, given(lab::lab_api_key));
  EXPECT_THAT(run, Is(Outcome::fail));
  EXPECT_THAT(run, Cites("POST", "/mcp", 401));
}

TEST(StaticToken, SeesAKeyInAHeader) {
  LabSetup setup;
  setup.options = [](Options& options) {
    Identity keyed;
    keyed.headers.add("Authorization", std::string("Bearer ") + lab::lab_api_key);
    options.identities = {keyed};
  };
  EXPECT_THAT(audit_lab("static-token", {"api-key-only"}, setup), Is(Outcome::fail));
}

TEST(StaticToken, SaysNothingOfACredentialThatIsNotTaken) {
  EXPECT_THAT(audit_lab("static-token", {"api-key-only"}, given("not-the-key")), Is(Outcome::inconclusive));
  EXPECT_THAT(audit_lab("static-token", {"api-key-only"}), Is(Outcome::inconclusive));
}

}  // namespace
}  // namespace mcprove::testing
