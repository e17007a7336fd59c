// mcprove login and mcprove call at servers that we did not write.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/json.h"
#include "tests/interop/server.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace mcprove::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using Words = std::vector<std::string>;

struct Place {
  std::string name{};
  std::string program{};
  std::string mode{};
  std::string user{};  ///< empty: consent is given at once
  std::string password{};
};
void PrintTo(const Place& place, std::ostream* out) { *out << place.name; }

class LoginAt : public testing::TestWithParam<Place> {};

TEST_P(LoginAt, KeepsAGrantThatServesLaterCalls) {
  const auto& place = GetParam();
  if (!InteropServer::installed(place.program)) GTEST_SKIP() << "not installed; ./dev test interop installs it";
  const InteropServer server(place.program, place.mode);
  const TempDir state;
  const Environment environment{{"XDG_STATE_HOME", state.path().string()}, {"INTEROP_PASSWORD", place.password}};
  Words argv{built_program("mcprove"), "login", server.url()};
  if (!place.user.empty()) argv.insert(argv.end(), {"--user", place.user, "--password-env", "INTEROP_PASSWORD"});
  const auto began = std::chrono::steady_clock::now();
  const auto in = run(argv, environment);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  ASSERT_EQ(in.exit_code, 0) << in.err;
  std::cout << place.name << ": " << wall.count() << " s; " << in.out;
  EXPECT_THAT(in.out, HasSubstr(" is logged in to " + server.url()));

  std::ifstream file(std::filesystem::directory_iterator(state.path() / "mcprove/grants")->path());
  const auto kept = json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  ASSERT_TRUE(kept);
  const auto listed = run({built_program("mcprove"), "call", server.url(), "--format", "json"}, environment);
  ASSERT_EQ(listed.exit_code, 0) << listed.err;
  const auto tools = json::parse(listed.out);
  ASSERT_TRUE(tools);
  EXPECT_GT(tools->at("tools").size(), 0U);
  for (const auto* told : {&in.out, &in.err, &listed.out, &listed.err}) {
    std::vector<std::string> secrets{place.password};
    for (const auto* key : {"access_token", "refresh_token"}) secrets.push_back(kept->string(key).value_or(""));
    for (const auto& secret : secrets) {
      if (secret.empty()) continue;
      EXPECT_THAT(*told, Not(HasSubstr(secret)));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    RealServers, LoginAt,
    testing::Values(Place{"sdk_demo", "sdk/demo.mjs", "plain", "", ""},
                    Place{"sdk_native_good", "sdk/native.mjs", "good", "demo", "native-password"},
                    Place{"oidc_provider_hard", "oidc-provider/server.mjs", "hard", "demo", "any-password-will-do"},
                    Place{"oidc_provider_weak", "oidc-provider/server.mjs", "weak", "demo", "any-password-will-do"},
                    Place{"oidc_provider_v2", "oidc-provider/server.mjs", "v2", "demo", "any-password-will-do"}),
    [](const auto& row) { return row.param.name; });

/// Everything that a careful authorization server demands at once: RFC 9126, RFC 7523, RFC 9449, RFC 7591 section 3.
TEST(LoginAtAGuardedServer, MeetsAllThatItDemands) {
  if (!InteropServer::installed("oidc-provider/server.mjs")) GTEST_SKIP() << "not installed; ./dev test interop installs it";
  const InteropServer server("oidc-provider/server.mjs", "guarded");
  const TempDir state;
  const Environment environment{{"XDG_STATE_HOME", state.path().string()},
                                {"INTEROP_PASSWORD", "any-password-will-do"},
                                {"REGISTRATION", "interop-registration"}};
  const auto in = run({built_program("mcprove"), "login", server.url(), "--user", "demo", "--password-env", "INTEROP_PASSWORD",
                       "--initial-access-token-env", "REGISTRATION"},
                      environment);
  ASSERT_EQ(in.exit_code, 0) << in.err;
  const auto listed = run({built_program("mcprove"), "call", server.url(), "echo", "--args", R"({"text":"bound"})"}, environment);
  EXPECT_EQ(listed.exit_code, 0) << listed.err;
  EXPECT_THAT(listed.out, HasSubstr("bound"));
  EXPECT_THAT(run({built_program("mcprove"), "login", "--list"}, environment).out, HasSubstr("bound to a key"));
  EXPECT_THAT(run({built_program("mcprove"), "login", "--remove"}, environment).out, HasSubstr("removed, revoked"));
  const auto without =
      run({built_program("mcprove"), "login", server.url(), "--user", "demo", "--password-env", "INTEROP_PASSWORD"}, environment);
  EXPECT_EQ(without.exit_code, 3);
  EXPECT_THAT(without.err, HasSubstr("no login: registration was refused: 40"));
}

/// The proxy hands on its upstream's authorization response, `iss` and all: RFC 9207 section 2.4 says to refuse.
TEST(LoginAtAProxy, ThatSendsItsUpstreamsIssuerIsRefused) {
  if (!InteropServer::installed("oidc-provider/server.mjs")) GTEST_SKIP() << "not installed; ./dev test interop installs it";
  const InteropServer server("oidc-provider/server.mjs", "proxy");
  const TempDir state;
  const auto in = run({built_program("mcprove"), "login", server.url(), "--user", "demo", "--password-env", "INTEROP_PASSWORD"},
                      {{"XDG_STATE_HOME", state.path().string()}, {"INTEROP_PASSWORD", "any-password-will-do"}});
  EXPECT_EQ(in.exit_code, 3);
  EXPECT_THAT(in.err, HasSubstr("no login: iss in the authorization response is http://"));
  EXPECT_THAT(in.err, HasSubstr("'mcprove audit', which records it and goes on\n"));
  EXPECT_FALSE(std::filesystem::exists(state.path() / "mcprove/grants"));
}

}  // namespace
}  // namespace mcprove::test
