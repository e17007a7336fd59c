// Which client we are: the flags, the keys of [[identity]], and what is wrong with them in a line.
#include "cli/client_flags.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/settings.h"
#include "jose/jwk.h"
#include "tests/support/temp_dir.h"

namespace mcprove::cli {
namespace {

using oauth::Dpop;
using oauth::GrantType;
using testing::EndsWith;
using testing::HasSubstr;

class OurClient : public testing::Test {
 protected:
  void SetUp() override { ::setenv("MCPROVE_TEST_SECRET", "s3cret-value", 1); }
  std::string file(const std::string& name, const std::string& content, mode_t mode = 0600) {
    const auto path = (directory_.path() / name).string();
    std::ofstream(path) << content;
    ::chmod(path.c_str(), mode);
    return path;
  }
  std::string key_file() { return file("key.jwk", jose::Key::generate("ES256")->private_jwk().dump()); }
  /// As `mcprove login` would have it.
  Result<oauth::ClientPlan> plan(const ClientFlags& client) {
    AuditFlags flags;
    flags.url = "http://localhost:3000/mcp";
    flags.client = client;
    auto settings = MCPROVE_TRY(login_settings_of(flags));
    return settings.options.identities.front().client;
  }
  std::string refusal(const ClientFlags& client) {
    const auto done = plan(client);
    return done ? "nothing" : done.error().message;
  }
  Result<oauth::ClientPlan> configured(const std::string& keys) {
    AuditFlags flags;
    flags.url = "http://localhost:3000/mcp";
    flags.config = file("mcprove.toml", "[[identity]]\nname = \"us\"\n" + keys);
    auto settings = MCPROVE_TRY(login_settings_of(flags));
    return settings.options.identities.front().client;
  }
  test::TempDir directory_{};
};

TEST_F(OurClient, IsWhatTheFlagsSay) {
  const auto done = plan({.id = "me",
                          .key = key_file(),
                          .auth_method = "private_key_jwt",
                          .issuer = "https://as.example",
                          .redirect_uri = "http://127.0.0.1:4000/cb",
                          .dpop = "always",
                          .push = true});
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->id, "me");
  EXPECT_TRUE(done->key && done->key->has_private());
  EXPECT_EQ(done->auth_method, "private_key_jwt");
  EXPECT_EQ(done->issuer, "https://as.example");
  EXPECT_EQ(done->redirect_uri, "http://127.0.0.1:4000/cb");
  EXPECT_EQ(done->dpop, Dpop::always);
  EXPECT_TRUE(done->push);
}

TEST_F(OurClient, IsWhatTheConfigurationSays) {
  const auto done =
      configured("initial_access_token_env = \"MCPROVE_TEST_SECRET\"\nsoftware_statement = \"" + file("statement", "a.b.c\n") +
                 "\"\napplication_type = \"web\"\npar = true\ndpop = \"never\"\n" + "client_key = \"" + key_file() + "\"\n");
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->initial_access_token, "s3cret-value");
  EXPECT_EQ(done->software_statement, "a.b.c");
  EXPECT_EQ(done->application_type, "web");
  EXPECT_EQ(done->dpop, Dpop::never);
  EXPECT_TRUE(done->push && done->key);
  EXPECT_THAT(configured("dpop = \"sometimes\"\n").error().message,
              EndsWith(":3: 'dpop' unknown use of DPoP 'sometimes'; it can be auto, always, never"));
}

TEST_F(OurClient, AsksForTokensInTheWayThatIsNamed) {
  EXPECT_EQ(plan({.id = "me", .secret_env = "MCPROVE_TEST_SECRET", .grant = "client-credentials"})->grant_type,
            GrantType::client_credentials);
  const auto bearer = plan({.grant = "jwt-bearer", .assertion_env = "MCPROVE_TEST_SECRET"});
  ASSERT_TRUE(bearer) << bearer.error().message;
  EXPECT_EQ(bearer->assertion, "s3cret-value");
  const auto company =
      plan({.grant = "id-jag", .idp = "https://idp.example", .idp_client = "us", .id_token_env = "MCPROVE_TEST_SECRET"});
  ASSERT_TRUE(company) << company.error().message;
  EXPECT_EQ(company->enterprise.id_token, "s3cret-value");
}

TEST_F(OurClient, MistakesAreOneLine) {
  EXPECT_THAT(refusal({.auth_method = "basic"}), testing::StartsWith("--client-auth: unknown way to authenticate 'basic'"));
  EXPECT_THAT(refusal({.key = file("open.pem", "x", 0644)}), HasSubstr("--client-key: others may read"));
  EXPECT_THAT(refusal({.key = file("public.jwk", jose::Key::generate("ES256")->public_jwk().dump())}),
              EndsWith("holds no private key that could sign"));
  EXPECT_THAT(refusal({.key = file("none.pem", "hello")}), HasSubstr("holds no key"));
  EXPECT_EQ(refusal({.secret_env = "MCPROVE_TEST_SECRET"}), "a client secret is given without --client-id");
  EXPECT_EQ(refusal({.id = "me", .auth_method = "client_secret_jwt"}),
            "--client-auth client_secret_jwt needs --client-secret-env or --client-secret-file");
  EXPECT_EQ(refusal({.id = "me", .key = key_file(), .auth_method = "none"}),
            "--client-key is for private_key_jwt, not for --client-auth none");
  EXPECT_EQ(refusal({.issuer = "https://as.example"}), "--client-issuer is said of no client: --client-id names it");
  EXPECT_EQ(refusal({.grant = "jwt-bearer"}), "--grant jwt-bearer needs --assertion-env or --assertion-file");
  EXPECT_EQ(refusal({.assertion_env = "MCPROVE_TEST_SECRET"}), "an assertion is for --grant jwt-bearer");
  EXPECT_EQ(refusal({.grant = "id-jag"}), "--grant id-jag needs --idp, --idp-client-id and --id-token-env or --id-token-file");
  EXPECT_THAT(refusal({.cimd_url = "http://me.example/client.json"}), HasSubstr("cannot be a client id: https, a path"));
  EXPECT_THAT(refusal({.cimd_url = "https://me.example"}), HasSubstr("cannot be a client id"));
  EXPECT_EQ(refusal({.cimd_url = "http://127.0.0.1:4000/client.json"}), "nothing");
}

}  // namespace
}  // namespace mcprove::cli
