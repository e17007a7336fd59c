#include "net/scope.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcprove::net {
namespace {

Error::Kind kind_of(const Result<void>& result) { return result ? Error::Kind::usage : result.error().kind; }
constexpr auto out_of_scope = Error::Kind::out_of_scope;

TEST(Scope, KnowsNobodyAtFirst) {
  const Scope scope;
  EXPECT_EQ(scope.reach("https://a.example"), Reach::none);
  EXPECT_EQ(kind_of(scope.may_send({.url = "https://a.example/"})), out_of_scope);
  EXPECT_FALSE(scope.may_connect("a.example", "93.184.216.34"));
}

TEST(Scope, ReachBoundsTheRequest) {
  Scope scope;
  scope.name_origin("https://read.example", Reach::read);
  scope.name_origin("https://honest.example/path", Reach::honest);
  for (const auto* method : {"GET", "HEAD", "OPTIONS"}) {
    EXPECT_TRUE(scope.may_send({.method = method, .url = "https://read.example/x"})) << method;
  }
  for (const auto* method : {"POST", "PUT", "DELETE", "PATCH", "get", "TRACE", ""}) {
    EXPECT_EQ(kind_of(scope.may_send({.method = method, .url = "https://read.example/x"})), out_of_scope) << method;
    EXPECT_TRUE(scope.may_send({.method = method, .url = "https://honest.example/x"})) << method;
  }
  EXPECT_EQ(kind_of(scope.may_send({.url = "https://read.example/", .headers = {{{"authorization", "Bearer x"}}}})),
            out_of_scope);
  EXPECT_EQ(kind_of(scope.may_send({.url = "https://read.example/", .headers = {{{"Cookie", "x"}}}})), out_of_scope);
  EXPECT_EQ(kind_of(scope.may_send({.url = "https://read.example/", .body = "x"})), out_of_scope);
  EXPECT_EQ(kind_of(scope.may_send({.url = "no URL"})), Error::Kind::malformed);
}

TEST(Scope, OriginsAreNotHosts) {
  Scope scope;
  scope.name_origin("https://a.example", Reach::active);
  EXPECT_TRUE(scope.may_send({.url = "https://A.example:443/"}));
  for (const auto* url : {"http://a.example/", "https://a.example:8443/", "https://b.a.example/", "https://a.example.evil/",
                          "https://a.example@evil/"}) {
    EXPECT_EQ(kind_of(scope.may_send({.url = url})), out_of_scope) << url;
  }
}

TEST(Scope, FindingNeverLowersAndRaisesToReadOnly) {
  Scope scope;
  scope.name_origin("https://a.example", Reach::active);
  scope.found_origin("https://a.example");
  scope.found_origin("https://b.example");
  scope.found_origin("not a URL");
  EXPECT_EQ(scope.reach("https://a.example"), Reach::active);
  EXPECT_EQ(scope.reach("https://b.example"), Reach::read);
}

TEST(Scope, FoundNamesNeverLeadToPrivateAddresses) {
  Scope scope;
  scope.name_origin("https://target.example", Reach::active);
  scope.found_origin("https://as.example");
  EXPECT_TRUE(scope.may_connect("target.example", "10.0.0.1"));
  EXPECT_TRUE(scope.may_connect("as.example", "93.184.216.34"));
  for (const auto* address : {"10.0.0.1", "127.0.0.1", "::1", "169.254.169.254", "::ffff:192.168.0.1", "garbage", ""}) {
    EXPECT_FALSE(scope.may_connect("as.example", address)) << address;
  }
  scope.found_origin("http://169.254.169.254");
  scope.found_origin("http://localhost:6379");
  EXPECT_EQ(kind_of(scope.may_send({.url = "http://169.254.169.254/latest/meta-data"})), out_of_scope);
  EXPECT_EQ(kind_of(scope.may_send({.url = "http://localhost:6379/"})), out_of_scope);
  EXPECT_FALSE(scope.may_connect("localhost", "127.0.0.1"));
}

TEST(Scope, ALoopbackTargetMayLeadToLoopback) {
  Scope scope;
  scope.name_origin("http://127.0.0.1:8000", Reach::active);
  scope.found_origin("http://localhost:9000");
  scope.found_origin("http://10.0.0.1");
  EXPECT_TRUE(scope.may_send({.url = "http://localhost:9000/.well-known/x"}));
  EXPECT_TRUE(scope.may_connect("localhost", "127.0.0.1"));
  EXPECT_TRUE(scope.may_connect("localhost", "::1"));
  EXPECT_FALSE(scope.may_connect("localhost", "10.0.0.1"));
  EXPECT_EQ(kind_of(scope.may_send({.url = "http://10.0.0.1/"})), out_of_scope);
  EXPECT_FALSE(scope.may_connect("10.0.0.1", "10.0.0.1"));
}

TEST(Scope, TheGuardOfAddressesCanBeSwitchedOff) {
  Scope scope;
  scope.found_origin("https://as.example");
  scope.allow_any_address();
  EXPECT_TRUE(scope.may_connect("as.example", "10.0.0.1"));
  EXPECT_EQ(kind_of(scope.may_send({.url = "https://other.example/"})), out_of_scope);
}

TEST(Address, KnowsPrivateOnes) {
  for (const auto* address : {"0.0.0.0",
                              "0.1.2.3",
                              "10.255.255.255",
                              "100.64.0.1",
                              "100.127.255.255",
                              "127.0.0.1",
                              "169.254.169.254",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.0.0.192",
                              "192.168.0.1",
                              "198.18.0.1",
                              "198.19.255.255",
                              "224.0.0.1",
                              "239.1.1.1",
                              "240.0.0.1",
                              "255.255.255.255",
                              "::",
                              "::1",
                              "::ffff:10.0.0.1",
                              "::ffff:7f00:1",
                              "::10.0.0.1",
                              "64:ff9b::10.0.0.1",
                              "64:ff9b::7f00:1",
                              "64:ff9b:1::1",
                              "fc00::1",
                              "fdff::1",
                              "fe80::1",
                              "fe80::1%eth0",
                              "[fe80::1]",
                              "fec0::1",
                              "ff02::1",
                              "2002:a00:1::",
                              "2001:0:1::",
                              "localhost",
                              "10.0.0",
                              "1.2.3.4.5",
                              "",
                              "example.com"}) {
    EXPECT_TRUE(is_private_address(address)) << address;
  }
  for (const auto* address :
       {"8.8.8.8",          "1.0.0.0",         "9.255.255.255", "11.0.0.0",        "100.63.255.255", "100.128.0.0",
        "126.255.255.255",  "128.0.0.1",       "169.253.0.1",   "172.15.255.255",  "172.32.0.0",     "192.0.1.0",
        "192.167.0.1",      "198.17.0.1",      "198.20.0.1",    "223.255.255.255", "2606:4700::1",   "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8", "2002:808:808::1", "fe00::1",       "2001:4860::8888"}) {
    EXPECT_FALSE(is_private_address(address)) << address;
  }
}

TEST(Address, KnowsLoopback) {
  for (const auto* address : {"127.0.0.1", "127.255.0.9", "::1", "[::1]", "::ffff:127.0.0.1"})
    EXPECT_TRUE(is_loopback_address(address)) << address;
  for (const auto* address : {"10.0.0.1", "::", "::2", "128.0.0.1", "localhost", ""})
    EXPECT_FALSE(is_loopback_address(address)) << address;
}

}  // namespace
}  // namespace mcprove::net
