#include <chrono>
#include <cstdlib>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oauth/logins.h"
#include "tests/oauth/site.h"

namespace mcprove::oauth::test {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

struct LoginScript : testing::Test {
  Bench bench{};
  /// `script` sees the URL as $1. `state` there is the request's.
  FlowResult run(const std::string& script, seconds patience = seconds(20), std::vector<std::string> variables = {}) {
    bench.server.iss_parameter_supported = false;
    const std::string state = "state=$(echo \"$1\" | sed 's/.*[?&]state=\\([^&]*\\).*/\\1/')\n";
    bench.driver = make_script_driver({{"/bin/sh", "-c", state + script, "login"}, std::move(variables), patience});
    auto done = bench.run();
    EXPECT_TRUE(done) << done.error().message;
    return done ? *std::move(done) : FlowResult{};
  }
};

TEST_F(LoginScript, TakesTheRedirectFromItsOutput) {
  const auto done = run("echo logging in; echo \"http://127.0.0.1:7777/callback?code=c0de-12345678&state=$state\"");
  EXPECT_EQ(done.end, FlowEnd::token) << done.why;
  EXPECT_EQ(done.code, "c0de-12345678");
  EXPECT_THAT(done.told, HasSubstr("script: a code"));
}

TEST_F(LoginScript, DoesNotWaitForAScriptThatHasAnswered) {
  const auto done = run("echo \"http://127.0.0.1:7777/callback?code=c0de-12345678&state=$state\"; sleep 1000");
  EXPECT_EQ(done.end, FlowEnd::token) << done.why;
}

TEST_F(LoginScript, GivesOnlyNamedVariables) {
  ::setenv("MCPROVE_TEST_SECRET", "c0de-of-variable", 1);
  const auto* script = "echo \"http://127.0.0.1:7777/callback?code=${MCPROVE_TEST_SECRET:-hidden}&state=$state\"";
  EXPECT_EQ(run(script).code, "hidden");
  EXPECT_EQ(run(script, seconds(20), {"MCPROVE_TEST_SECRET"}).code, "c0de-of-variable");
}

TEST_F(LoginScript, IsHeldToItsTime) {
  const auto done = run("sleep 1000", seconds(0));
  EXPECT_EQ(done.end, FlowEnd::unclear);
  EXPECT_THAT(done.told, HasSubstr("printed no redirect within 0 s"));
}

TEST_F(LoginScript, IsHeldToItsOutput) { EXPECT_THAT(run("yes").told, HasSubstr("printed more than 64 kB")); }

TEST_F(LoginScript, ShowsNothingDangerousOfItsOutput) {
  const auto done = run("printf '\\033]0;owned\\007 no\\n'; exit 4");
  EXPECT_THAT(done.told, HasSubstr("no redirect with a code or an error was printed, but "));
  EXPECT_THAT(done.told, Not(HasSubstr("\033")));
}

TEST_F(LoginScript, AnotherStateIsNeverUsed) {
  const auto done = run("echo 'http://127.0.0.1:7777/callback?code=c0de-12345678&state=other'");
  EXPECT_EQ(done.end, FlowEnd::unclear);
  EXPECT_TRUE(bench.site.asked("POST https://as.example/token").empty());
}

TEST_F(LoginScript, AMissingCommandIsAnError) {
  bench.driver = make_script_driver({{"/nowhere/login"}, {}, seconds(1)});
  const auto done = bench.run();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, Error::Kind::unavailable);
}

}  // namespace
}  // namespace mcprove::oauth::test
