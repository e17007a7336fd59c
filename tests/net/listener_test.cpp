#include "net/listener.h"

#include <future>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/curl.h"

namespace mcprove::net {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

class ListenerTest : public testing::Test {
 protected:
  ListenerTest() { scope_.name_origin("http://127.0.0.1", Reach::active); }
  std::string url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(listener_->port()) + path; }
  std::future<Result<std::string>> waiting() {
    return std::async(std::launch::async, [this] { return listener_->wait("/callback", 10s, "you may <b>close</b> this"); });
  }
  Result<Response> send(Request request) { return browser_->send(request); }

  Scope scope_;
  std::unique_ptr<Transport> browser_ = make_curl_transport(scope_);
  std::unique_ptr<Listener> listener_ = *Listener::bind();
};

TEST_F(ListenerTest, HandsOutTheRedirect) {
  auto redirect = waiting();
  const auto page = send({.url = url("/callback?code=a%20b&state=c")});
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->status, 200);
  EXPECT_THAT(page->body, HasSubstr("you may &lt;b&gt;close&lt;/b&gt; this"));
  EXPECT_EQ(page->headers.find("referrer-policy"), "no-referrer");
  const auto target = redirect.get();
  ASSERT_TRUE(target);
  EXPECT_EQ(*target, "/callback?code=a%20b&state=c");
}

TEST_F(ListenerTest, SendsOthersAway) {
  auto redirect = waiting();
  EXPECT_EQ(send({.url = url("/favicon.ico")})->status, 404);
  EXPECT_EQ(send({.url = url("/callback/x")})->status, 404);
  EXPECT_EQ(send({.method = "POST", .url = url("/callback"), .body = "code=1"})->status, 405);
  EXPECT_EQ(send({.url = url("/callback")})->status, 200);
  EXPECT_EQ(redirect.get().value(), "/callback");
}

TEST_F(ListenerTest, WaitsNoLongerThanTold) {
  const auto target = listener_->wait("/callback", 1ms, "");
  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().kind, Error::Kind::timeout);
}

TEST_F(ListenerTest, SaysThatAPortIsTaken) {
  const auto second = Listener::bind(listener_->port());
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("cannot listen on 127.0.0.1:" + std::to_string(listener_->port())));
}

}  // namespace
}  // namespace mcprove::net
