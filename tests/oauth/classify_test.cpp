#include <string>

#include <gtest/gtest.h>

#include "oauth/login.h"
#include "oauth/login_words.h"

namespace mcprove::oauth {
namespace {

struct Row {
  const char* what;
  int status;
  const char* html;
  PageKind kind;
};

class Classify : public testing::TestWithParam<Row> {};

TEST_P(Classify, NamesThePage) {
  const auto& row = GetParam();
  EXPECT_EQ(classify(read_page(row.html, *net::Url::parse("https://as.example/")), row.status), row.kind) << row.what;
}

const Row rows[] = {
    {"login", 200, "<form><input name=username><input type=password name=password><button>Log in</button></form>",
     PageKind::login},
    {"login and consent in one", 200,
     "<h1>probe wants access</h1><form method=post><input name=username><input type=password name=p><button value=allow>Allow</button><button>Deny</button></form>",
     PageKind::login},
    {"identifier first", 200, "<form><input type=email name=identifier><button>Next</button></form>", PageKind::login},
    {"password only", 200, "<form method=post>demo<input type=password name=pw><button>Next</button></form>", PageKind::login},
    {"login once more, 401", 401, "Wrong password<form><input name=user><input type=password name=pw></form>", PageKind::login},
    {"login with providers beside it", 200,
     "Sign in with <a href=/g>Google</a><form><input name=user><input type=password name=pw></form>", PageKind::login},
    {"second factor", 200, "<form method=post><input name=code autocomplete=one-time-code><button>Verify</button></form>",
     PageKind::login},
    {"consent", 200,
     "<p>App wants to read your mail<form method=post><input type=hidden name=c><button>Allow</button><button>Cancel</button></form>",
     PageKind::consent},
    {"consent with one neutral button", 200,
     "<form method=post><input type=hidden name=prompt value=consent><button>Continue</button></form>", PageKind::consent},
    {"consent with scopes", 200,
     "<form method=post><input type=checkbox name=s value=read checked><input type=submit value='Yes, authorize'></form>",
     PageKind::consent},
    {"consent with a name to give", 200,
     "<form method=post><input name=device_label><button>Authorize</button><button>Deny</button></form>", PageKind::consent},
    {"chooser of accounts", 200,
     "Choose an account<form method=post><button name=a value=1>demo@x.example</button></form><form method=post><button name=a value=2>eve@x.example</button></form>",
     PageKind::chooser},
    {"chooser of providers", 200, "<a href=/g>Sign in with Google</a><a href=/h>Continue with GitHub</a>", PageKind::chooser},
    {"landing page with a way in", 200, "You are not logged in. <a href=/login>Log in</a>", PageKind::chooser},
    {"error, 400", 400, "<title>oops! something went wrong</title><pre>error: invalid_client</pre>", PageKind::error},
    {"error, 400 without words", 400, "", PageKind::error},
    {"error, 200", 200, "<title>Error</title><p>invalid_request: redirect_uri did not match any registered", PageKind::error},
    {"error, 200, prose", 200, "<h1>We could not authorize you</h1>The redirect URI is not registered for this application.",
     PageKind::error},
    {"error, 200, unknown client", 200, "<p>Unknown client</p>", PageKind::error},
    {"error beside a site's login", 400, "invalid_redirect_uri<form><input name=user><input type=password name=pw></form>",
     PageKind::error},
    {"server error is no error of ours", 500, "<h1>Internal Server Error</h1>", PageKind::other},
    {"too many requests is none either", 429, "slow down", PageKind::other},
    {"needs JavaScript", 200, "<div id=app></div><script src=a.js></script>", PageKind::other},
    {"a search form is no login", 200, "<form><input type=search name=q></form>", PageKind::other},
    {"prose", 200, "<p>Welcome to our product. There is much to read here.", PageKind::other},
    {"empty", 200, "", PageKind::other},
};

INSTANTIATE_TEST_SUITE_P(Pages, Classify, testing::ValuesIn(rows));

TEST(LoginWords, TellGoingOnFromRefusing) {
  for (const char* yes :
       {"Allow", "Yes, approve", "SIGN IN", "Log in", "Continue", "Authorize mcprove", "Weiter", "Next", "OK"}) {
    EXPECT_TRUE(approves(yes)) << yes;
    EXPECT_FALSE(declines(yes)) << yes;
  }
  for (const char* no : {"Deny", "Cancel", "Don't allow", "No", "Not now", "Sign out", "Log in with a different account",
                         "Forgot password", "Create account", "Abbrechen"}) {
    EXPECT_TRUE(declines(no)) << no;
    EXPECT_FALSE(approves(no)) << no;
  }
  EXPECT_FALSE(declines("Nonet"));
  EXPECT_TRUE(grants("Allow access"));
  EXPECT_FALSE(grants("Sign in"));
}

TEST(LoginWords, TellErrorsOfTheRequestFromThoseOfThePerson) {
  EXPECT_TRUE(reads_like_oauth_error("Mismatching redirect URI."));
  EXPECT_TRUE(reads_like_oauth_error("error=unsupported_response_type"));
  EXPECT_FALSE(reads_like_oauth_error("Wrong password, try again"));
  EXPECT_TRUE(reads_like_wrong_password("bad credentials"));
  EXPECT_TRUE(reads_like_wrong_password("Incorrect username or password."));
  EXPECT_FALSE(reads_like_wrong_password("The form has expired"));
}

}  // namespace
}  // namespace mcprove::oauth
