#include <chrono>
#include <future>
#include <string>

#include <gtest/gtest.h>

#include "net/curl.h"
#include "net/listener.h"
#include "oauth/logins.h"
#include "tests/oauth/site.h"

namespace mcprove::oauth::test {
namespace {

using std::chrono::seconds;

std::uint16_t free_port() { return (*net::Listener::bind())->port(); }

struct LoginBrowser : testing::Test {
  Bench bench{};
  std::future<void> person{};
  /// A person whose browser ends at the redirect URI with this answer.
  void answer(const std::string& query) {
    bench.driver = make_browser_driver(
        [this, query](const std::string& url) {
          const auto request = net::Url::parse(url)->params();
          person = std::async(std::launch::async, [request, query] {
            net::Scope scope;
            const auto target = net::Url::parse(request.get("redirect_uri"));
            scope.name_origin(target->origin(), net::Reach::active);
            const auto transport = net::make_curl_transport(scope);
            auto location = request.get("redirect_uri") + query;
            if (const auto at = location.find('@'); at != std::string::npos) location.replace(at, 1, request.get("state"));
            EXPECT_TRUE(transport->send({.url = location}));
          });
        },
        seconds(20));
    bench.client.redirect_uris = {"http://127.0.0.1:" + std::to_string(free_port()) + "/callback"};
    bench.server.iss_parameter_supported = false;
  }
};

TEST_F(LoginBrowser, ReceivesTheRedirect) {
  answer("?code=c0de-12345678&state=@");
  const auto done = bench.run();
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->end, FlowEnd::token) << done->why;
  EXPECT_EQ(done->code, "c0de-12345678");
}

TEST_F(LoginBrowser, ReceivesAnError) {
  answer("?error=access_denied&state=@");
  EXPECT_EQ(bench.run()->end, FlowEnd::refused);
}

TEST_F(LoginBrowser, SaysWhyItCannotWork) {
  answer("");
  auto done = bench.run(Flow{}.redirect_uri("https://client.example/cb"));
  ASSERT_TRUE(done);
  EXPECT_EQ(done->end, FlowEnd::unclear);
  done = bench.run(Flow{}.interaction(Interaction::none));
  EXPECT_EQ(done->end, FlowEnd::page);
  bench.driver = make_browser_driver([](const std::string&) {}, seconds(0));
  EXPECT_EQ(bench.run()->end, FlowEnd::unclear);
}

}  // namespace
}  // namespace mcprove::oauth::test
