#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/json.h"
#include "oauth/logins.h"
#include "oauth/pingam.h"
#include "tests/oauth/site.h"

namespace mcprove::oauth::test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* realm = "https://as.example/am/oauth2/realms/root/realms/alpha";
constexpr const char* authenticate = "POST https://as.example/am/json/realms/root/realms/alpha/authenticate";
constexpr const char* name_and_password =
    R"({"authId":"auth-0123456789abcdef","callbacks":[
      {"type":"NameCallback","output":[{"name":"prompt","value":"User Name"}],"input":[{"name":"IDToken1","value":""}]},
      {"type":"PasswordCallback","output":[{"name":"prompt","value":"Password"}],"input":[{"name":"IDToken2","value":""}]}]})";
constexpr const char* token = R"({"tokenId":"AQIC5wM2LY4SfcxvdvHOXjtC.*AAJTSQAC*","successUrl":"/enduser","realm":"/alpha"})";
constexpr const char* session = "AQIC5wM2LY4SfcxvdvHOXjtC.*AAJTSQAC*";

/// One callback on its own, as AM writes it.
std::string round_of(const std::string& type, const std::string& output,
                     const std::string& input = R"([{"name":"IDToken1","value":""}])") {
  return fmt::format(R"({{"authId":"auth-0123456789abcdef","callbacks":[{{"type":"{}","output":{},"input":{}}}]}})", type, output,
                     input);
}

struct LoginPingOne : testing::Test {
  Bench bench{};

  void SetUp() override {
    bench.server.authorization_endpoint = std::string(realm) + "/authorize";
    bench.driver = make_pingone_driver(Person{.user = "demo", .password = "s3cret-demo"}, "");
    bench.site.on("GET " + std::string(realm) + "/authorize", [this](const net::Request& request) {
      bench.asked = query_of(request);
      if (request.headers.find("Cookie").value_or("").find(session) == std::string::npos)
        return redirect(302, "/am/XUI/?realm=/alpha");
      return html(200, "<title></title><div id=wrapper></div><script>pageData = {}</script>");
    });
    bench.site.on("GET https://as.example/am/XUI/",
                  html(200, "<title>Login</title><div id=wrapper></div><script src=x.js></script>"));
    bench.site.on("GET https://as.example/am/json/serverinfo/*", json(200, R"({"cookieName":"a1b2c3"})"));
    bench.site.on("POST " + std::string(realm) + "/authorize", [this](const net::Request& request) {
      const auto form = form_of(request);
      const bool good =
          form.get("csrf") == session && form.get("decision") == "allow" && form.get("state") == bench.asked.get("state");
      return good ? bench.grant() : html(400, "<title>no</title>invalid csrf");
    });
    answers({name_and_password, token});
  }
  /// What the authenticate endpoint answers, in turn; the last one for ever. Errors are 401.
  void answers(std::vector<std::string> all) {
    bench.site.on(authenticate, [all = std::move(all), i = std::size_t{0}](const net::Request&) mutable {
      const auto& body = all[std::min(i++, all.size() - 1)];
      return json(body.find("\"code\":401") == std::string::npos ? 200 : 401, body);
    });
  }
  FlowResult run(const Flow& flow = {}) {
    auto done = bench.run(flow);
    EXPECT_TRUE(done) << (done ? "" : done.error().message);
    return done ? *std::move(done) : FlowResult{};
  }
  json::Value sent(std::size_t round) {
    const auto asked = bench.site.asked(authenticate);
    return round < asked.size() ? *json::parse(asked[round].body) : json::Value();
  }
  /// What went back for the only callback of the second request.
  json::Value answered() { return sent(1).pointer("/callbacks/0/input/0/value"); }
};

TEST_F(LoginPingOne, LogsInByCallbacksAndConsents) {
  const auto done = run();
  EXPECT_EQ(done.end, FlowEnd::token) << done.told;
  const auto asked = bench.site.asked(authenticate);
  ASSERT_THAT(asked, SizeIs(2));
  EXPECT_EQ(asked[0].body, "");
  EXPECT_EQ(asked[0].headers.find("Accept-API-Version"), "resource=2.0, protocol=1.0");
  EXPECT_EQ(sent(1).string("authId"), "auth-0123456789abcdef");
  EXPECT_EQ(sent(1).pointer("/callbacks/0/input/0/value").string(), "demo");
  EXPECT_EQ(sent(1).pointer("/callbacks/1/input/0/value").string(), "s3cret-demo");
  EXPECT_THAT(bench.site.asked("POST " + std::string(realm) + "/authorize").at(0).headers.find("Cookie").value_or(""),
              HasSubstr("a1b2c3=" + std::string(session)));
  EXPECT_EQ(bench.redactor.redact(session).find("AQIC"), std::string::npos);
}

TEST_F(LoginPingOne, LogsInOnceForAllRequestsOfAPerson) {
  run();
  EXPECT_EQ(run().end, FlowEnd::token);
  EXPECT_THAT(bench.site.asked(authenticate), SizeIs(2));
}

TEST_F(LoginPingOne, ClicksNothingWhenToldSo) {
  EXPECT_EQ(run(Flow{}.interaction(Interaction::none)).end, FlowEnd::page);
  EXPECT_TRUE(bench.site.asked(authenticate).empty());
  EXPECT_EQ(run(Flow{}.interaction(Interaction::login)).end, FlowEnd::page);
  EXPECT_THAT(bench.site.asked(authenticate), SizeIs(2));
  EXPECT_TRUE(bench.site.asked("POST " + std::string(realm) + "/authorize").empty());
}

TEST_F(LoginPingOne, BendsItsConsent) {
  const auto done = run(Flow{}.at_form([](Submission& form, PageKind kind) {
    EXPECT_EQ(kind, PageKind::consent);
    form.fields.set("decision", "deny");
  }));
  EXPECT_EQ(done.end, FlowEnd::refused);
}

TEST_F(LoginPingOne, AnswersEveryKindOfCallback) {
  answers({round_of("ChoiceCallback", R"([{"name":"choices","value":["A","B"]},{"name":"defaultChoice","value":1}])"), token});
  run();
  EXPECT_EQ(answered().integer(), 1);
}

TEST_F(LoginPingOne, ConfirmsWhatGoesOn) {
  answers(
      {round_of("ConfirmationCallback", R"([{"name":"options","value":["Cancel","Next"]},{"name":"defaultOption","value":0}])"),
       token});
  run();
  EXPECT_EQ(answered().integer(), 1);
}

TEST_F(LoginPingOne, LeavesWhatIsOnlyShown) {
  answers({round_of("HiddenValueCallback", R"([{"name":"id","value":"x"}])", R"([{"name":"IDToken1","value":"kept"}])"), token});
  run();
  EXPECT_EQ(answered().string(), "kept");
}

TEST_F(LoginPingOne, NamesAJourney) {
  bench.driver = make_pingone_driver(Person{.user = "demo", .password = "s3cret-demo"}, "My Tree");
  run();
  EXPECT_THAT(bench.site.asked(authenticate).at(0).url, HasSubstr("?authIndexType=service&authIndexValue=My%20Tree"));
}

TEST_F(LoginPingOne, FallsBackToTheHeaderForm) {
  bench.driver = make_pingone_driver(Person{.user = "démo", .password = "s3cret-demo"}, "");
  bench.site.on(authenticate, [](const net::Request& request) {
    return request.headers.has("X-OpenAM-Password") ? json(200, token) : json(404, R"({"code":404,"message":"no tree"})");
  });
  EXPECT_EQ(run().end, FlowEnd::token);
  const auto asked = bench.site.asked(authenticate);
  ASSERT_THAT(asked, SizeIs(2));
  EXPECT_EQ(asked[1].headers.find("X-OpenAM-Username"), "=?UTF-8?B?ZMOpbW8=?=");
  EXPECT_EQ(asked[1].headers.find("X-OpenAM-Password"), "s3cret-demo");
  EXPECT_EQ(asked[1].body, "");
}

TEST_F(LoginPingOne, SaysThatThePasswordWasRefused) {
  answers({name_and_password, R"({"code":401,"reason":"Unauthorized","message":"Login failure"})"});
  const auto done = run();
  EXPECT_EQ(done.end, FlowEnd::page);
  EXPECT_THAT(done.told,
              HasSubstr("pingone-aic: user or password refused: 401: Login failure; the last page was the page 'Login' at "
                        "https://as.example/am/XUI/"));
}

TEST_F(LoginPingOne, SendsAPasswordOnlyOnce) {
  answers({name_and_password});
  EXPECT_THAT(run().told, HasSubstr("asked for again after it was sent"));
  EXPECT_THAT(bench.site.asked(authenticate), SizeIs(2));
}

TEST_F(LoginPingOne, EndsCallbacksThatNeverEnd) {
  answers({round_of("TextOutputCallback", R"([{"name":"message","value":"wait"}])", "[]")});
  EXPECT_THAT(run().told, HasSubstr("not over after 20 rounds"));
  EXPECT_THAT(bench.site.asked(authenticate), SizeIs(20));
}

TEST_F(LoginPingOne, WaitsWhenAskedToButNotForEver) {
  answers({round_of("PollingWaitCallback", R"([{"name":"waitTime","value":"999999"}])", "[]"), token});
  const auto before = bench.clock.now();
  EXPECT_EQ(run().end, FlowEnd::token);
  EXPECT_EQ(bench.clock.now() - before, std::chrono::seconds(10));
}

TEST_F(LoginPingOne, SaysWhatItCannotAnswer) {
  answers({round_of("ReCaptchaCallback", "[]")});
  EXPECT_THAT(run().told, HasSubstr("asks for ReCaptchaCallback, which cannot be answered unattended"));
  answers({round_of("NameCallback", R"([{"name":"prompt","value":"One-time code"}])")});
  EXPECT_THAT(run().told, HasSubstr("asks for a one-time code ('One-time code')"));
}

TEST_F(LoginPingOne, TypesNoPasswordAtAnOriginThatNobodyNamed) {
  bench.login.login_origins = {"https://other.example"};
  const auto done = run();
  EXPECT_EQ(done.end, FlowEnd::page);
  EXPECT_TRUE(done.authorization.login_origin_refused);
  EXPECT_TRUE(bench.site.asked(authenticate).empty());
}

TEST_F(LoginPingOne, TrustsNoNameOrValueOfACookie) {
  bench.site.on("GET https://as.example/am/json/serverinfo/*", json(200, R"({"cookieName":"a=b; Domain=evil.example"})"));
  run();
  const auto asked = bench.site.asked("GET " + std::string(realm) + "/authorize");
  EXPECT_THAT(asked.back().headers.find("Cookie").value_or(""), HasSubstr("iPlanetDirectoryPro=" + std::string(session)));
  bench.jar.clear();
  answers({R"({"tokenId":"x; Path=/evil"})"});
  EXPECT_THAT(run().told, HasSubstr("none that fits into a cookie"));
}

TEST_F(LoginPingOne, SaysWhenTheServerIsNoPingAm) {
  bench.server.authorization_endpoint = "https://as.example/authorize";
  bench.site.on("GET https://as.example/authorize", redirect(302, "/am/XUI/"));
  EXPECT_THAT(run().told, HasSubstr("is not .../oauth2/.../authorize"));
}

TEST(AmRealm, IsReadFromEverySpelling) {
  EXPECT_EQ(am_realm("https://a.example/am/oauth2/realms/root/realms/alpha/authorize?x=1")->authenticate(),
            "https://a.example/am/json/realms/root/realms/alpha/authenticate");
  EXPECT_EQ(am_realm("https://a.example/am/oauth2/alpha/authorize")->path, "realms/root/realms/alpha");
  EXPECT_EQ(am_realm("https://a.example/am/oauth2/authorize?realm=/a/b")->path, "realms/root/realms/a/realms/b");
  EXPECT_EQ(am_realm("https://a.example/openam/oauth2/authorize")->server_info(), "https://a.example/openam/json/serverinfo/*");
  EXPECT_FALSE(am_realm("https://a.example/authorize"));
  EXPECT_FALSE(am_realm("https://a.example/am/oauth2/alpha/token"));
}

}  // namespace
}  // namespace mcprove::oauth::test
