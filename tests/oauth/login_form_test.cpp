#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/oauth/site.h"

namespace mcprove::oauth::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* authorize_page = "GET https://as.example/authorize";

struct LoginForm : testing::Test {
  Bench bench{};
  Authorization run(const Flow& flow = Flow{}.stop_at_code()) {
    const auto result = bench.run(flow);
    EXPECT_TRUE(result) << (result ? "" : result.error().message);
    return result ? result->authorization : Authorization{};
  }
  net::Request last_post(const std::string& url) {
    const auto asked = bench.site.asked("POST " + url);
    EXPECT_FALSE(asked.empty()) << "nothing was posted to " << url;
    return asked.empty() ? net::Request{} : asked.back();
  }
};

TEST_F(LoginForm, LogsInAndConsents) {
  const auto done = run();
  EXPECT_EQ(done.end, AuthorizeEnd::code) << done.why;
  EXPECT_EQ(done.redirect_target, callback);
  EXPECT_EQ(done.callback.get("code"), "code-0123456789abcdef");
  ASSERT_THAT(done.pages, SizeIs(2));
  EXPECT_EQ(done.pages[0].kind, PageKind::login);
  EXPECT_EQ(done.pages[1].kind, PageKind::consent);
  EXPECT_THAT(done.exchanges, SizeIs(4));
  EXPECT_EQ(done.last, done.exchanges.back());
  EXPECT_FALSE(bench.site.contacted("http://127.0.0.1:7777"));
  const auto login = last_post("https://as.example/login");
  EXPECT_EQ(login.body, "tx=42&username=demo&password=s3cret-demo");
  EXPECT_EQ(login.headers.find("Origin"), "https://as.example");
  EXPECT_EQ(login.headers.find("Cookie"), "session=0123456789abcdef0123");
  EXPECT_EQ(last_post("https://as.example/consent").body, "csrf=x&scope=read&decision=allow");
}

TEST_F(LoginForm, ClicksNothingWhenToldSo) {
  const auto done = run(Flow{}.interaction(Interaction::none));
  EXPECT_EQ(done.end, AuthorizeEnd::page);
  EXPECT_EQ(done.pages.front().kind, PageKind::login);
  EXPECT_THAT(done.pages.front().form_actions, testing::ElementsAre("https://as.example/login"));
  EXPECT_EQ(bench.site.count(), 1U);
}

TEST_F(LoginForm, StopsBeforeConsentWhenToldSo) {
  const auto done = run(Flow{}.interaction(Interaction::login));
  EXPECT_EQ(done.end, AuthorizeEnd::page);
  EXPECT_EQ(done.pages.back().kind, PageKind::consent);
  EXPECT_THAT(bench.site.asked("POST https://as.example/consent"), IsEmpty());
}

TEST_F(LoginForm, TakesALoginThatAlsoConsentsForConsent) {
  bench.site.on(authorize_page, html(200,
                                     "<form method=post action=/login><input name=username><input type=password name=password>"
                                     "<button name=a value=allow>Allow</button><button name=a value=deny>Deny</button></form>"));
  EXPECT_EQ(run(Flow{}.interaction(Interaction::login)).end, AuthorizeEnd::page);
  EXPECT_THAT(bench.site.asked("POST https://as.example/login"), IsEmpty());
  run();
  EXPECT_EQ(last_post("https://as.example/login").body, "username=demo&password=s3cret-demo&a=allow");
}

TEST_F(LoginForm, SaysThatThePasswordWasRefused) {
  bench.driver = make_form_driver(Person{.user = "demo", .password = "another"});
  const auto done = run();
  EXPECT_EQ(done.end, AuthorizeEnd::page);
  EXPECT_THAT(done.why, HasSubstr("user or password refused"));
  EXPECT_THAT(bench.site.asked("POST https://as.example/login"), SizeIs(1)) << "a second try could lock the account";
}

TEST_F(LoginForm, DoesNotTakeARefusedPasswordForARefusedRequest) {
  bench.site.on("POST https://as.example/login", html(403, "bad credentials"));
  const auto done = run();
  EXPECT_EQ(done.end, AuthorizeEnd::page);
  EXPECT_THAT(done.why, HasSubstr("user or password refused"));
}

TEST_F(LoginForm, WithoutAPersonStopsAtALogin) {
  bench.driver = make_form_driver(std::nullopt);
  const auto done = run();
  EXPECT_EQ(done.end, AuthorizeEnd::page);
  EXPECT_THAT(done.why, HasSubstr("nobody to log in"));
}

TEST_F(LoginForm, WithoutAPersonStillConsents) {
  bench.driver = make_form_driver(std::nullopt);
  bench.site.on(authorize_page, [this](const net::Request& request) {
    bench.asked = query_of(request);
    return html(200, "<form method=post action=/consent><button name=decision value=allow>Continue</button></form>");
  });
  EXPECT_EQ(run().end, AuthorizeEnd::code);
}

TEST_F(LoginForm, TypesThePasswordOnlyWhereTheUserSaid) {
  bench.login.login_origins = {"https://other.example"};
  auto done = run();
  EXPECT_EQ(done.end, AuthorizeEnd::page);
  EXPECT_TRUE(done.login_origin_refused);
  EXPECT_EQ(bench.site.count(), 1U);
  bench.login.login_origins = {issuer};
  bench.login.any_loopback_origin = true;  // says nothing about origins elsewhere
  bench.site.on(
      authorize_page,
      html(200, "<form method=post action='https://evil.example/x'><input name=user><input type=password name=p></form>"));
  done = run();
  EXPECT_TRUE(done.login_origin_refused);
  EXPECT_FALSE(bench.site.contacted("https://evil.example"));
}

TEST_F(LoginForm, DoesNotLetABentFormCarryThePasswordAway) {
  bench.scope.name_origin("https://evil.example", net::Reach::active);
  const auto done = run(Flow{}.at_form([](Submission& form, PageKind) { form.url = "https://evil.example/x"; }));
  EXPECT_TRUE(done.login_origin_refused);
  EXPECT_FALSE(bench.site.contacted("https://evil.example"));
}

TEST_F(LoginForm, DoesNotLetARedirectCarryThePasswordAway) {
  bench.scope.name_origin("https://evil.example", net::Reach::active);
  bench.site.on("POST https://as.example/login", redirect(307, "https://evil.example/take"));
  const auto done = run();
  EXPECT_TRUE(done.login_origin_refused);
  EXPECT_FALSE(bench.site.contacted("https://evil.example"));
}

TEST_F(LoginForm, KeepsMethodAndBodyOn307AndDropsThemOn303) {
  bench.site.on("POST https://as.example/login", redirect(308, "/login2"));
  bench.site.on("POST https://as.example/login2", redirect(302, "/consent"));
  EXPECT_EQ(run().end, AuthorizeEnd::code);
  EXPECT_EQ(last_post("https://as.example/login2").body, "tx=42&username=demo&password=s3cret-demo");
  EXPECT_THAT(bench.site.asked("GET https://as.example/consent"), SizeIs(1));
}

TEST_F(LoginForm, GoesThroughSeveralPages) {
  bench.site.on(authorize_page, [this](const net::Request& request) {
    bench.asked = query_of(request);
    return html(200, "<meta http-equiv=refresh content='0;url=/who'>");
  });
  bench.site.on(
      "GET https://as.example/who",
      html(
          200,
          "<form method=get action=/pw><input type=email name=identifier value=old><button name=b value=next>Next</button><button name=b value=new>Create account</button></form>"));
  bench.site.on(
      "GET https://as.example/pw",
      html(
          200,
          "<form method=post action=/login><input type=hidden name=username value=demo><input type=password name=password><button>Weiter</button></form>"));
  const auto done = run();
  EXPECT_EQ(done.end, AuthorizeEnd::code) << done.why;
  EXPECT_EQ(query_of(bench.site.asked("GET https://as.example/pw").front()).encode(), "identifier=demo&b=next");
}

TEST_F(LoginForm, UsesTheFieldsThatThePersonNamed) {
  bench.driver = make_form_driver(Person{.user = "demo", .password = "s3cret-demo", .user_field = "x", .password_field = "z"});
  bench.site.on(
      authorize_page,
      html(
          200,
          "<form method=post action=/login><input name=x><input name=username><input type=password name=y><input type=password name=z></form>"));
  run();
  EXPECT_EQ(last_post("https://as.example/login").body, "x=demo&username=&y=&z=s3cret-demo");
}

TEST_F(LoginForm, FollowsAFormThatSubmitsItself) {
  bench.site.on(authorize_page, [this](const net::Request& request) {
    bench.asked = query_of(request);
    return html(
        200,
        "<body onload='document.forms[0].submit()'><form method=post action=/sso><input type=hidden name=SAMLRequest value=abc></form>");
  });
  bench.site.on("POST https://as.example/sso", [this](const net::Request&) { return bench.grant(); });
  EXPECT_EQ(run(Flow{}.interaction(Interaction::none).stop_at_code()).end, AuthorizeEnd::code);
  EXPECT_EQ(last_post("https://as.example/sso").body, "SAMLRequest=abc");
}

TEST_F(LoginForm, ReadsAnAnswerThatAFormWouldPostToTheClient) {
  bench.site.on(authorize_page, [](const net::Request& request) {
    return html(
        200,
        "<body onload='document.forms[0].submit()'><form method=post action='http://127.0.0.1:7777/callback'><input type=hidden name=code value=c0de-by-form>"
        "<input type=hidden name=state value='" +
            query_of(request).get("state") + "'></form>");
  });
  const auto done = run();
  EXPECT_EQ(done.end, AuthorizeEnd::code);
  EXPECT_EQ(done.callback.get("code"), "c0de-by-form");
  EXPECT_EQ(done.redirect_target, callback);
  EXPECT_EQ(bench.site.count(), 1U);
}

TEST_F(LoginForm, ReadsAnAnswerFromAPageThatLeadsToTheClient) {
  for (const char* page : {"<meta http-equiv=refresh content='0;url=@'>", "<script>location.href = '@'</script>",
                           "Done. <a href='@'>Back to the app</a>"}) {
    bench.site.on(authorize_page, [page](const net::Request& request) {
      std::string body = page;
      body.replace(body.find('@'), 1, std::string(callback) + "?code=c0de-in-page&amp;state=" + query_of(request).get("state"));
      return html(200, body);
    });
    const auto done = run();
    EXPECT_EQ(done.end, AuthorizeEnd::code) << page << ": " << done.why;
    EXPECT_EQ(done.callback.get("code"), "c0de-in-page");
  }
}

TEST_F(LoginForm, DoesNotTakeTheCancelLinkOfAConsentPageForAnAnswer) {
  bench.site.on(authorize_page, [this](const net::Request& request) {
    bench.asked = query_of(request);
    return html(200, "<a href='http://127.0.0.1:7777/callback?error=access_denied&code=x&state=" + bench.asked.get("state") +
                         "'>Cancel</a>"
                         "<form method=post action=/consent><button name=decision value=allow>Allow</button></form>");
  });
  EXPECT_EQ(run(Flow{}.interaction(Interaction::none)).end, AuthorizeEnd::page);
  EXPECT_EQ(run().end, AuthorizeEnd::code);
}

TEST_F(LoginForm, ChoosesTheAccountOrTheWayInThatFits) {
  bench.site.on(authorize_page, [this](const net::Request& request) {
    bench.asked = query_of(request);
    return html(
        200,
        "Choose how to continue <a href='https://idp.example/g'>Sign in with Google</a><a href=/mail>Continue with email</a><a href=/new>Create account</a>");
  });
  bench.site.on(
      "GET https://as.example/mail",
      html(
          200,
          "Choose an account<form method=post action=/pick><button name=a value=1>eve</button><button name=a value=2>demo</button></form>"));
  bench.site.on("POST https://as.example/pick", [this](const net::Request&) { return bench.grant(); });
  const auto done = run();
  EXPECT_EQ(done.end, AuthorizeEnd::code) << done.why;
  EXPECT_EQ(last_post("https://as.example/pick").body, "a=2");
  EXPECT_EQ(run(Flow{}.interaction(Interaction::none)).end, AuthorizeEnd::page);
}

TEST_F(LoginForm, FollowsNoRedirectOutOfScope) {
  bench.site.on(authorize_page, redirect(302, "https://idp.example/login?client_id=x"));
  const auto done = run();
  EXPECT_EQ(done.end, AuthorizeEnd::unclear);
  EXPECT_THAT(done.why, HasSubstr("https://idp.example"));
  EXPECT_FALSE(bench.site.contacted("https://idp.example"));
}

TEST_F(LoginForm, FollowsRedirectsToLoopbackOnlyWhenTheTargetIsThereToo) {
  bench.site.on(authorize_page, redirect(302, "http://127.0.0.1:6666/login"));
  EXPECT_EQ(run().end, AuthorizeEnd::unclear);
  EXPECT_FALSE(bench.site.contacted("http://127.0.0.1:6666"));
  bench.scope.name_origin("http://127.0.0.1:5555", net::Reach::active);
  bench.login.any_loopback_origin = true;
  run();
  EXPECT_TRUE(bench.site.contacted("http://127.0.0.1:6666"));
}

TEST_F(LoginForm, NoticesLoops) {
  bench.site.on(authorize_page, redirect(302, "/a"));
  bench.site.on("GET https://as.example/a", redirect(302, "/b"));
  bench.site.on("GET https://as.example/b", redirect(302, "/a"));
  const auto done = run();
  EXPECT_EQ(done.end, AuthorizeEnd::unclear);
  EXPECT_THAT(done.why, HasSubstr("loop"));
  EXPECT_LT(bench.site.count(), 10U);
}

TEST_F(LoginForm, NoticesAPageThatComesBack) {
  bench.site.on("POST https://as.example/consent", redirect(303, "/consent"));
  const auto done = run();
  EXPECT_EQ(done.end, AuthorizeEnd::page);
  EXPECT_THAT(done.why, HasSubstr("came back"));
  EXPECT_LT(bench.site.count(), 12U);
}

TEST_F(LoginForm, StopsAfterSomeRedirectsAndPages) {
  int page = 0;
  bench.site.on(authorize_page, [&](const net::Request&) { return redirect(302, "/authorize?n=" + std::to_string(++page)); });
  EXPECT_EQ(run().end, AuthorizeEnd::unclear);
  EXPECT_LT(page, 60);
  bench.site.on(authorize_page, [&](const net::Request&) {
    return html(200, "<form method=get action=/authorize><input type=hidden name=n" + std::to_string(++page) +
                         " value=1><button>Continue</button></form>");
  });
  page = 0;
  const auto done = run();
  EXPECT_EQ(done.end, AuthorizeEnd::page);
  EXPECT_LE(page, 14);
}

TEST_F(LoginForm, SendsMultipartWhereTheFormSaysSo) {
  bench.site.on(
      authorize_page,
      html(
          200,
          "<form method=post enctype=multipart/form-data action=/login><input name=username><input type=password name=password></form>"));
  run();
  const auto post = last_post("https://as.example/login");
  EXPECT_THAT(*post.headers.find("Content-Type"), HasSubstr("multipart/form-data; boundary="));
  EXPECT_THAT(post.body, HasSubstr("name=\"password\"\r\n\r\ns3cret-demo\r\n"));
}

struct EndRow {
  const char* what;
  net::Response response;
  AuthorizeEnd end;
};

TEST_F(LoginForm, TellsRefusalsFromPagesAndFromTrouble) {
  auto plain = html(400, "Invalid client");
  plain.headers.set("Content-Type", "text/plain");
  auto basic = html(401, "Unauthorized");
  basic.headers.add("WWW-Authenticate", "Basic realm=\"x\"");
  const EndRow rows[] = {
      {"HTML 400", html(400, "<h1>Bad</h1>"), AuthorizeEnd::error_page},
      {"HTML 200 that says so", html(200, "<title>Error</title>redirect_uri mismatch"), AuthorizeEnd::error_page},
      {"JSON 400", json(400, R"({"error":"invalid_request"})"), AuthorizeEnd::error_page},
      {"JSON 200 with an error", json(200, R"({"error":"invalid_client"})"), AuthorizeEnd::error_page},
      {"JSON 400 about the moment", json(503, R"({"error":"temporarily_unavailable"})"), AuthorizeEnd::unclear},
      {"JSON 200 of another kind", json(200, R"({"ok":true})"), AuthorizeEnd::unclear},
      {"text 400", plain, AuthorizeEnd::error_page},
      {"404 without a word", html(404, "<h1>Not Found</h1>"), AuthorizeEnd::unclear},
      {"404 about the client", html(404, "<h1>Unknown client</h1>"), AuthorizeEnd::error_page},
      {"414", html(414, "<h1>Too long</h1>"), AuthorizeEnd::unclear},
      {"429", html(429, "slow down"), AuthorizeEnd::unclear},
      {"500", html(500, "invalid_request"), AuthorizeEnd::unclear},
      {"503", html(503, ""), AuthorizeEnd::unclear},
      {"firewall", html(403, "<title>Attention Required!</title>"), AuthorizeEnd::unclear},
      {"HTTP login", basic, AuthorizeEnd::page},
      {"JavaScript only", html(200, "<div></div><script src=x.js></script>"), AuthorizeEnd::page},
      {"prose", html(200, "Welcome"), AuthorizeEnd::unclear},
      {"redirect to nowhere", redirect(302, ""), AuthorizeEnd::unclear},
      {"redirect without Location", html(302, ""), AuthorizeEnd::unclear},
      {"redirect to another scheme", redirect(302, "app://cb?code=abcdef"), AuthorizeEnd::code},
      {"script URL", redirect(302, "javascript:alert(1)"), AuthorizeEnd::unclear},
      {"one-time code",
       html(
           200,
           "<form method=post><input name=otp autocomplete=one-time-code><input type=email name=email hidden disabled><button>Verify</button></form>"),
       AuthorizeEnd::page},
  };
  for (const auto& row : rows) {
    bench.site.on(authorize_page, row.response);
    bench.jar.clear();
    const auto done = run();
    EXPECT_EQ(done.end, row.end) << row.what << ": " << done.why;
    EXPECT_FALSE(done.why.empty()) << row.what;
  }
}

TEST_F(LoginForm, PressesTheButtonThatTheOperatorNamed) {
  bench.driver = make_form_driver(Person{.user = "demo", .password = "s3cret-demo", .buttons = {"Zwei"}});
  bench.site.on(authorize_page,
                html(200, R"(<form method=post action=/login><input name=username><input type=password name=password>
      <button name=b value=1>Log in</button><button name=b value=2>zwei</button></form>)"));
  run();
  EXPECT_EQ(last_post("https://as.example/login").body, "username=demo&password=s3cret-demo&b=2");
}

TEST_F(LoginForm, TakesNamedFieldsForALoginThoughNothingElseSaysSo) {
  bench.driver = make_form_driver(Person{.user = "demo", .password = "s3cret-demo", .user_field = "q1", .password_field = "q2"});
  bench.site.on(authorize_page,
                html(200, "<form method=post action=/login><input name=q1><input name=q2><button>x</button></form>"));
  run();
  EXPECT_EQ(last_post("https://as.example/login").body, "q1=demo&q2=s3cret-demo");
}

TEST_F(LoginForm, SaysWhichDriversRunScripts) {
  bench.site.on(authorize_page, html(200, "<title>Sign in</title><div id=root></div><script src=/app.js></script>"));
  const auto done = run();
  EXPECT_EQ(done.end, AuthorizeEnd::page);
  EXPECT_THAT(done.why, HasSubstr("without JavaScript; --login webdriver"));
}

TEST_F(LoginForm, TellsWhatItDidInALine) {
  EXPECT_EQ(told("form", run()),
            "form: a code after login 'Log in' at https://as.example/authorize, consent 'Allow?' at https://as.example/consent");
  bench.site.on("POST https://as.example/consent", html(500, "no"));
  EXPECT_EQ(told("form", run(Flow{}.fresh_jar().stop_at_code())),
            "form: 500: server error; the last page was the consent 'Allow?' at https://as.example/consent");
}

}  // namespace
}  // namespace mcprove::oauth::test
