#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oauth/login_template.h"
#include "oauth/logins.h"
#include "tests/oauth/site.h"

namespace mcprove::oauth::test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* authorize_page = "GET https://as.example/authorize";
const Person demo{.user = "de\"mo", .password = "s3cret&demo"};

struct LoginJson : testing::Test {
  Bench bench{};
  std::vector<LoginStep> steps{
      {.url = "/api/login?flow={page:flow}", .body = R"({"user":"{user}","password":"{password}"})", .expect = "200"},
      {.url = "https://as.example/api/confirm",
       .headers = {{"X-Ticket", "{step1:/next/0/ticket}"}},
       .body = "t={step1:/next/0/ticket}&h={step1:header:X-Flow}"}};

  void SetUp() override {
    bench.site.on(authorize_page, [this](const net::Request& request) {
      bench.asked = query_of(request);
      const auto cookies = request.headers.find("Cookie").value_or("");
      return cookies.find("sid=done") == std::string::npos ? redirect(302, "/app?flow=f%261") : bench.grant();
    });
    bench.site.on("GET https://as.example/app", html(200, "<title>Sign in</title><div id=root></div><script src=a.js></script>"));
    bench.site.on("POST https://as.example/api/login", [](const net::Request&) {
      auto answer = json(200, R"({"next":[{"ticket":"ticket-0123456789&abcdef"}]})");
      answer.headers.add("X-Flow", "h1");
      return answer;
    });
    bench.site.on("POST https://as.example/api/confirm", [](const net::Request&) {
      auto answer = json(200, "{}");
      answer.headers.add("Set-Cookie", "sid=done; Path=/");
      return answer;
    });
  }
  FlowResult run(const Flow& flow = {}) {
    bench.driver = make_json_driver(demo, steps);
    auto done = bench.run(flow);
    EXPECT_TRUE(done) << (done ? "" : done.error().message);
    return done ? *std::move(done) : FlowResult{};
  }
  std::string last_body(const std::string& url) {
    const auto asked = bench.site.asked("POST " + url);
    return asked.empty() ? "nothing was posted" : asked.back().body;
  }
};

TEST_F(LoginJson, SendsTheStepsAndResumes) {
  const auto done = run();
  EXPECT_EQ(done.end, FlowEnd::token) << done.told;
  const auto login = bench.site.asked("POST https://as.example/api/login");
  ASSERT_THAT(login, SizeIs(1));
  EXPECT_EQ(login[0].url, "https://as.example/api/login?flow=f%261");
  EXPECT_EQ(login[0].body, R"({"user":"de\"mo","password":"s3cret&demo"})");
  EXPECT_EQ(login[0].headers.find("Content-Type"), "application/json");
  const auto confirm = bench.site.asked("POST https://as.example/api/confirm");
  ASSERT_THAT(confirm, SizeIs(1));
  EXPECT_EQ(confirm[0].body, "t=ticket-0123456789%26abcdef&h=h1");
  EXPECT_EQ(confirm[0].headers.find("X-Ticket"), "ticket-0123456789&abcdef");
  EXPECT_EQ(confirm[0].headers.find("Content-Type"), "application/x-www-form-urlencoded");
}

TEST_F(LoginJson, NeedsNoStepsWhileTheSessionStands) {
  run();
  EXPECT_EQ(run().end, FlowEnd::token);
  EXPECT_THAT(bench.site.asked("POST https://as.example/api/login"), SizeIs(1));
}

TEST_F(LoginJson, ResumesWhereAnAnswerSays) {
  bench.site.on("POST https://as.example/api/login", json(200, R"({"go":"https://as.example/done?x=1","token":"t-1"})"));
  bench.site.on("GET https://as.example/done", [this](const net::Request& request) {
    EXPECT_EQ(request.headers.find("Authorization"), "Bearer t-1");
    return bench.grant();
  });
  steps = {steps[0],
           {.method = "GET", .url = "{step1:/go}", .headers = {{"Authorization", "Bearer {step1:/token}"}}, .resume = true}};
  EXPECT_EQ(run().end, FlowEnd::token);
}

TEST_F(LoginJson, ApprovesTheConsentPageAfterwards) {
  bench.site.on(authorize_page, [this](const net::Request& request) {
    bench.asked = query_of(request);
    const auto cookies = request.headers.find("Cookie").value_or("");
    return redirect(302, cookies.find("sid=done") == std::string::npos ? "/app?flow=1" : "/consent");
  });
  EXPECT_EQ(run().end, FlowEnd::token);
  EXPECT_EQ(run(Flow{}.interaction(Interaction::login)).end, FlowEnd::page);
}

TEST_F(LoginJson, SaysWhichStepFailed) {
  bench.site.on("POST https://as.example/api/confirm", json(403, "{}"));
  EXPECT_THAT(run().told,
              HasSubstr("step 2: POST https://as.example/api/confirm answered 403 instead of less than 400; the last page "
                        "was the page 'Sign in' at https://as.example/app"));
  steps[1].body = "{step1:/nowhere}";
  EXPECT_THAT(run().told, HasSubstr("step 2: {step1:/nowhere} is not in the answer"));
  steps[1].body = "{step2:/x}";
  EXPECT_THAT(run().told, HasSubstr("step 2: {step2:/x} speaks of a step that has not run"));
  steps[0].url = "/api/login?flow={page:other}";
  EXPECT_THAT(run().told, HasSubstr("step 1: {page:other} is not in the address of the login page"));
}

TEST_F(LoginJson, SendsNoPasswordWhereAnAnswerPoints) {
  bench.scope.name_origin("https://evil.example", net::Reach::active);
  bench.site.on("POST https://as.example/api/login", json(200, R"({"next":"https://evil.example/collect"})"));
  steps[1] = {.url = "{step1:/next}", .body = R"({"p":"{password}"})"};
  const auto done = run();
  EXPECT_EQ(done.end, FlowEnd::page);
  EXPECT_TRUE(done.authorization.login_origin_refused);
  EXPECT_THAT(done.told, HasSubstr("the password is for https://evil.example, which --login-origin does not name"));
  EXPECT_FALSE(bench.site.contacted("https://evil.example"));
}

TEST_F(LoginJson, HidesWhatAnswersHold) {
  run();
  EXPECT_EQ(bench.redactor.redact("ticket-0123456789&abcdef").find("ticket-0"), std::string::npos);
}

TEST(LoginTemplate, LeavesOtherBracesAlone) {
  StepValues values;
  values.url = "https://as.example/authorize?a=b&c=d";
  EXPECT_EQ(expand(R"({"a":{"b":1}})", values, Place::json)->text, R"({"a":{"b":1}})");
  EXPECT_EQ(expand("x{{url}}", values, Place::plain)->text, "x{https://as.example/authorize?a=b&c=d}");
  EXPECT_EQ(expand("/go?to={url}", values, Place::url)->text, "/go?to=https%3A%2F%2Fas.example%2Fauthorize%3Fa%3Db%26c%3Dd");
  EXPECT_EQ(expand("{url}", values, Place::url)->text, values.url);
  EXPECT_EQ(expand("{step:/x}{stepx:/y}{step99999999999999999999:/z}{", values, Place::plain)->text,
            "{step:/x}{stepx:/y}{step99999999999999999999:/z}{");
  EXPECT_FALSE(expand("{user}", values, Place::plain));
}

}  // namespace
}  // namespace mcprove::oauth::test
