#include "oauth/reception.h"

#include <chrono>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/curl.h"
#include "oauth/logins.h"

namespace mcprove::oauth {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

std::string at(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port) + "/callback"; }

struct Receiving : testing::Test {
  std::unique_ptr<net::Listener> somebody_else = std::move(net::Listener::bind()).value();
  std::uint16_t free_port = (*net::Listener::bind())->port();
  std::unique_ptr<LoginDriver> browser = make_browser_driver([](const std::string&) {}, std::chrono::seconds(1));
  std::unique_ptr<LoginDriver> form = make_form_driver(std::nullopt);
  Reception reception{};
};

TEST_F(Receiving, IsAtTheFirstRegisteredPortThatIsFree) {
  EXPECT_EQ(reception.open({at(somebody_else->port()), at(free_port)}), at(free_port));
  EXPECT_TRUE(reception.listening());
}

TEST_F(Receiving, TakesAnotherPortOfTheAddressWhenAllAreTaken) {
  const auto uri = reception.open({at(somebody_else->port())});
  EXPECT_TRUE(reception.listening());
  EXPECT_NE(uri, at(somebody_else->port()));
  EXPECT_THAT(uri, StartsWith("http://127.0.0.1:"));
  EXPECT_THAT(uri, EndsWith("/callback"));
}

TEST_F(Receiving, OtherPortsAreForAddressesNotForNames) {
  const auto uri = "http://localhost:" + std::to_string(somebody_else->port()) + "/callback";
  EXPECT_EQ(reception.open({uri}), uri);
  EXPECT_FALSE(reception.listening());
  EXPECT_THAT(reception.open_at(uri).error().message, HasSubstr("cannot listen on 127.0.0.1:"));
}

TEST_F(Receiving, NothingIsReceivedForOtherMachines) {
  EXPECT_EQ(reception.open({"https://client.example/cb"}), "https://client.example/cb");
  EXPECT_FALSE(reception.listening());
  EXPECT_EQ(reception.open_at("https://client.example/cb").error().kind, Error::Kind::usage);
}

TEST_F(Receiving, HandsOutTheRedirectInFull) {
  const auto uri = reception.open({at(free_port)});
  ASSERT_TRUE(reception.open_at(uri)) << "it is the one that is open";
  net::Scope scope;
  scope.name_origin(uri, net::Reach::active);
  const auto transport = net::make_curl_transport(scope);
  std::thread person([&] { static_cast<void>(transport->send({.url = uri + "?code=c0de"})); });
  const auto location = reception.wait(std::chrono::seconds(20));
  person.join();
  ASSERT_TRUE(location) << location.error().message;
  EXPECT_EQ(*location, uri + "?code=c0de");
}

TEST_F(Receiving, OnlyDriversThatListenNeedAPort) {
  EXPECT_TRUE(can_receive({at(somebody_else->port())}, *form));
  EXPECT_EQ(receivable(at(somebody_else->port()), *form), at(somebody_else->port()));
  EXPECT_FALSE(can_receive({at(somebody_else->port())}, *browser));
  EXPECT_TRUE(can_receive({at(somebody_else->port()), at(free_port)}, *browser));
  EXPECT_EQ(receivable(at(free_port), *browser), at(free_port));
  EXPECT_NE(receivable(at(somebody_else->port()), *browser), at(somebody_else->port()));
}

}  // namespace
}  // namespace mcprove::oauth
