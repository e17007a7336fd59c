// Each login driver as a person chooses it: the program, its flags or configuration, and a lab to log in to.
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "fixtures/core/people.h"
#include "fixtures/lab.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace mcprove {
namespace {

using testing::HasSubstr;
using testing::Not;

class Login : public testing::Test {
 protected:
  /// `mcprove audit URL --plan --verbose` with these flags: reads, logs in, and says how that went.
  test::Finished plan(const lab::LabOptions& options, std::vector<std::string> flags) {
    const lab::Lab lab(options);
    std::vector<std::string> argv{test::built_program("mcprove"), "audit", lab.url(), "--plan", "--verbose", "--no-store"};
    argv.insert(argv.end(), flags.begin(), flags.end());
    auto done = test::run(
        argv, {{"XDG_STATE_HOME", directory_.path().string()}, {"ALICE", lab::alice.password}, {"WRONG", "not-hers-0123"}});
    done.out = text::join(text::words(done.out), " ");  // the report is wrapped
    return done;
  }
  static lab::LabOptions with(lab::LoginPages pages) {
    lab::LabOptions options;
    options.login_pages = pages;
    return options;
  }
  std::string file(const std::string& name, const std::string& content) {
    const auto path = directory_.path() / name;
    std::ofstream(path) << content;
    ::chmod(path.c_str(), 0700);
    return path.string();
  }
  std::vector<std::string> alice(std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--user", lab::alice.name, "--password-env", "ALICE"});
    return more;
  }
  test::TempDir directory_{};
};

TEST_F(Login, AutoFillsInForms) {
  const auto done = plan({}, alice());
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("alice: form: a code after login 'Log in' at"));
}

TEST_F(Login, ToPingOneAdvancedIdentityCloud) {
  const auto done = plan(with(lab::LoginPages::pingone_aic), alice({"--as-profile", "pingone-aic"}));
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("alice: pingone-aic: a code after"));
}

TEST_F(Login, SaysThatThePasswordIsWrongAndNeverWhatItWas) {
  const auto done = plan(with(lab::LoginPages::pingone_aic),
                         {"--as-profile", "pingone-aic", "--user", lab::alice.name, "--password-env", "WRONG"});
  EXPECT_EQ(done.exit_code, 3);
  EXPECT_THAT(done.out, HasSubstr("user or password refused: 401: Login failure"));
  EXPECT_THAT(done.out + done.err, Not(HasSubstr("not-hers-0123")));
}

TEST_F(Login, FormsCannotRunScriptsAndSaySo) {
  const auto done = plan(with(lab::LoginPages::script), alice());
  EXPECT_EQ(done.exit_code, 3);
  EXPECT_THAT(done.out, HasSubstr("webdriver runs it in a browser"));
}

TEST_F(Login, ByStepsOfTheConfiguration) {
  const auto toml = file("mcprove.toml", R"(
[[identity]]
user = "alice"
password_env = "ALICE"
login = "json"
as_profile = ""
)");
  EXPECT_THAT(plan({}, {"--config", toml}).err, HasSubstr("unknown profile of an authorization server ''"));
  const auto steps = file("steps.toml", R"(
[[identity]]
user = "alice"
password_env = "ALICE"
login = "json"

[[identity.step]]
url = "/am/json/realms/root/realms/alpha/authenticate"
headers = { Accept-API-Version = "resource=2.0, protocol=1.0", X-OpenAM-Username = "{user}", X-OpenAM-Password = "{password}", Content-Type = "application/json" }
expect = "200"

[[identity.step]]
method = "GET"
url = "/am/json/serverinfo/*"

[[identity.step]]
url = "{url}"
headers = { Cookie = "{step2:/cookieName}={step1:/tokenId}" }
resume = true
)");
  // The session gets as far as the consent page, which is a script too: a JSON login cannot approve that.
  const auto done = plan(with(lab::LoginPages::pingone_aic), {"--config", steps});
  EXPECT_EQ(done.exit_code, 3) << done.out;
  EXPECT_THAT(done.out, HasSubstr("a page that shows nothing without JavaScript"));
  EXPECT_THAT(done.out, HasSubstr("/am/oauth2/realms/root/realms/alpha/authorize"));
  EXPECT_THAT(done.out + done.err, Not(HasSubstr(lab::alice.password)));
}

TEST_F(Login, ByTheUsersOwnCommand) {
  lab::LabOptions options;
  options.flaws.add(*lab::find_flaw("code-without-login"));
  const auto script = file("log-in", R"(#!/usr/bin/env python3
import sys, urllib.request, urllib.error
class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *rest):
        return None
try:
    urllib.request.build_opener(Stay).open(sys.argv[2])
except urllib.error.HTTPError as answer:
    print("quickly" == sys.argv[1] and answer.headers["Location"], end="")
)");
  const auto done = plan(options, {"--login", "script", "--login-command", script, "--login-command", "quickly"});
  EXPECT_EQ(done.exit_code, 0) << done.out;
  EXPECT_THAT(done.err, HasSubstr("default: script: a code"));
}

TEST_F(Login, PrintsTheAddressAndTakesThePastedRedirect) {
  lab::LabOptions options;
  const lab::Lab lab(options);
  test::Process program(
      {test::built_program("mcprove"), "audit", lab.url(), "--plan", "--verbose", "--no-store", "--login", "print"},
      {{"XDG_STATE_HOME", directory_.path().string()}});
  program.write("http://127.0.0.1:33418/callback?error=access_denied&state=wrong\n");
  EXPECT_EQ(program.finish(std::chrono::seconds(20)), 3);
  EXPECT_THAT(program.err(), HasSubstr("open this page in any browser and log in:"));
  EXPECT_THAT(program.out(), HasSubstr("print: access_denied"));
}

}  // namespace
}  // namespace mcprove
