#include "net/url.h"

#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcprove::net {
namespace {

using testing::ElementsAre;
using testing::Pair;

Url url(std::string_view text) {
  auto parsed = Url::parse(text);
  EXPECT_TRUE(parsed) << text << ": " << (parsed ? "" : parsed.error().message);
  return parsed.value_or(Url{});
}

TEST(Url, HasItsParts) {
  const auto it = url("HTTPS://Bob:pw@EXAMPLE.com:8443/a/../B;c?x=1&y=%2F#frag?");
  EXPECT_EQ(it.raw, "HTTPS://Bob:pw@EXAMPLE.com:8443/a/../B;c?x=1&y=%2F#frag?");
  EXPECT_EQ(it.scheme, "https");
  EXPECT_EQ(it.user, "Bob:pw");
  EXPECT_EQ(it.host, "example.com");
  EXPECT_EQ(it.port, 8443);
  EXPECT_EQ(it.path, "/a/../B;c");
  EXPECT_EQ(it.query, "x=1&y=%2F");
  EXPECT_EQ(it.fragment, "frag?");
  EXPECT_EQ(it.origin(), "https://example.com:8443");
  EXPECT_EQ(it.text(), "https://Bob:pw@example.com:8443/a/../B;c?x=1&y=%2F");
}

TEST(Url, LeavesDefaultsOut) {
  EXPECT_EQ(url("http://a.example").text(), "http://a.example/");
  EXPECT_EQ(url("http://a.example:80/").origin(), "http://a.example");
  EXPECT_EQ(url("https://a.example:443/x").origin(), "https://a.example");
  EXPECT_EQ(url("http://a.example:443/x").origin(), "http://a.example:443");
  EXPECT_TRUE(url("http://a.example").same_origin(url("HTTP://A.example:80/x")));
  EXPECT_FALSE(url("http://a.example").same_origin(url("https://a.example")));
  EXPECT_FALSE(url("http://a.example").same_origin(url("http://a.example.")));
}

TEST(Url, ReadsIPv6) {
  const auto it = url("http://[::1]:8080/x");
  EXPECT_EQ(it.host, "::1");
  EXPECT_EQ(it.port, 8080);
  EXPECT_EQ(it.origin(), "http://[::1]:8080");
}

TEST(Url, ReadsWhatLibcurlSends) {
  EXPECT_EQ(url("http://0x7f.1/").host, "127.0.0.1");
  EXPECT_EQ(url("http://2130706433/").host, "127.0.0.1");
  EXPECT_EQ(url("http://XN--bcher-kva.example/ü").host, "xn--bcher-kva.example");
}

TEST(Url, RefusesTheRest) {
  const std::vector<std::string> bad{"",
                                     "/x",
                                     "example.com",
                                     "//example.com/",
                                     "ftp://a/",
                                     "javascript:alert(1)",
                                     "file:///x",
                                     "http://",
                                     "http://a b/",
                                     "http://a/b c",
                                     "http://a:0/",
                                     "http://a:99999/",
                                     "http://a:x/",
                                     "http://bücher.example/",
                                     "http://[::1",
                                     "http://a/\r\nX: y",
                                     std::string("http://a/\0b", 11),
                                     "http://" + std::string(70'000, 'a')};
  for (const auto& text : bad) {
    const auto parsed = Url::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().kind, Error::Kind::malformed);
    EXPECT_LT(parsed.error().message.size(), 300U);
  }
}

TEST(Url, KnowsLoopbackAndPrivateHosts) {
  for (const auto* host : {"localhost", "LOCALHOST", "localhost.", "a.localhost", "127.0.0.1", "127.9.9.9", "[::1]",
                           "[::ffff:127.0.0.1]", "0x7f.1"}) {
    EXPECT_TRUE(url(std::string("http://") + host).is_loopback_host()) << host;
    EXPECT_TRUE(url(std::string("http://") + host).is_private_host()) << host;
  }
  for (const auto* host : {"10.0.0.1", "192.168.1.1", "169.254.169.254", "[fd00::1]", "[fe80::1]", "0.0.0.0", "[::]"}) {
    EXPECT_FALSE(url(std::string("http://") + host).is_loopback_host()) << host;
    EXPECT_TRUE(url(std::string("http://") + host).is_private_host()) << host;
  }
  for (const auto* host :
       {"example.com", "localhost.example", "127.0.0.1.example", "8.8.8.8", "[2606:4700::1]", "notlocalhost"}) {
    EXPECT_FALSE(url(std::string("http://") + host).is_loopback_host()) << host;
    EXPECT_FALSE(url(std::string("http://") + host).is_private_host()) << host;
  }
}

TEST(Url, TakesAnotherQueryOrPath) {
  const auto base = url("https://a.example:8/x?old=1#f");
  EXPECT_EQ(base.with_query({{"a", "b c"}, {"a", "&"}}).text(), "https://a.example:8/x?a=b%20c&a=%26");
  EXPECT_EQ(base.with_query({}).raw, "https://a.example:8/x");
  EXPECT_EQ(base.with_path("/y//z").raw, "https://a.example:8/y//z");
  EXPECT_EQ(base.with_path("y").raw, "https://a.example:8/y");
  EXPECT_THAT(url("http://a/?b=1&b=2").params().all("b"), ElementsAre("1", "2"));
}

struct Reference {
  std::string base, reference, expected;
};
std::ostream& operator<<(std::ostream& out, const Reference& it) { return out << it.base << " + " << it.reference; }

class Resolve : public testing::TestWithParam<Reference> {};

TEST_P(Resolve, FollowsAsABrowserWould) {
  const auto& [base, reference, expected] = GetParam();
  const auto resolved = resolve(url(base), reference);
  ASSERT_TRUE(resolved) << resolved.error().message;
  EXPECT_EQ(resolved->raw, expected);
}

// RFC 3986 section 5.4, and what Location fields hold.
INSTANTIATE_TEST_SUITE_P(
    Url, Resolve,
    testing::Values(
        Reference{"http://a/b/c/d;p?q", "g", "http://a/b/c/g"}, Reference{"http://a/b/c/d;p?q", "./g", "http://a/b/c/g"},
        Reference{"http://a/b/c/d;p?q", "g/", "http://a/b/c/g/"}, Reference{"http://a/b/c/d;p?q", "/g", "http://a/g"},
        Reference{"http://a/b/c/d;p?q", "//g", "http://g/"}, Reference{"http://a/b/c/d;p?q", "?y", "http://a/b/c/d;p?y"},
        Reference{"http://a/b/c/d;p?q", "g?y", "http://a/b/c/g?y"}, Reference{"http://a/b/c/d;p?q", "#s", "http://a/b/c/d;p?q#s"},
        Reference{"http://a/b/c/d;p?q", "g#s", "http://a/b/c/g#s"}, Reference{"http://a/b/c/d;p?q", "", "http://a/b/c/d;p?q"},
        Reference{"http://a/b/c/d;p?q#f", "", "http://a/b/c/d;p?q"}, Reference{"http://a/b/c/d;p?q", "..", "http://a/b/"},
        Reference{"http://a/b/c/d;p?q", "../g", "http://a/b/g"}, Reference{"http://a/b/c/d;p?q", "../../g", "http://a/g"},
        Reference{"http://a/b/c/d;p?q", "../../../g", "http://a/g"},
        Reference{"http://a/b/c/d;p?q", "https://h/x?y#z", "https://h/x?y#z"},
        Reference{"https://a.example", "cb?code=1", "https://a.example/cb?code=1"},
        Reference{"http://a:8080/x", "/y", "http://a:8080/y"}, Reference{"http://a/x?u=http://b/c", "d", "http://a/d"}));

TEST(Url, ResolvesNothingElse) {
  const auto base = url("http://a/b");
  for (const auto* reference :
       {"javascript:alert(1)", "data:text/html,x", "ftp://x/", "cursor://callback", "http://", "http://a b/"}) {
    EXPECT_FALSE(resolve(base, reference)) << reference;
  }
}

TEST(RegistrableDomain, KnowsPublicSuffixes) {
  EXPECT_EQ(registrable_domain("mcp.api.example.com"), "example.com");
  EXPECT_EQ(registrable_domain("A.Example.CO.UK."), "example.co.uk");
  EXPECT_EQ(registrable_domain("alice.github.io"), "alice.github.io");
  EXPECT_EQ(registrable_domain("x.alice.github.io"), "alice.github.io");
  EXPECT_EQ(registrable_domain("localhost"), "localhost");
  EXPECT_EQ(registrable_domain("10.1.2.3"), "10.1.2.3");
  EXPECT_EQ(registrable_domain("::1"), "::1");
  EXPECT_EQ(registrable_domain("co.uk"), "co.uk");
  EXPECT_EQ(registrable_domain(""), "");
}

TEST(Params, KeepOrderAndDuplicates) {
  Params params{{"a", "1"}, {"b", "2"}};
  params.add("a", "3");
  EXPECT_EQ(params.encode(), "a=1&b=2&a=3");
  EXPECT_EQ(params.get("a"), "1");
  EXPECT_THAT(params.all("a"), ElementsAre("1", "3"));
  params.set("a", "4");
  EXPECT_THAT(params.fields(), ElementsAre(Pair("a", "4"), Pair("b", "2")));
  params.set("c", "").erase("b");
  EXPECT_EQ(params.encode(), "a=4&c=");
  EXPECT_TRUE(params.has("c"));
  EXPECT_FALSE(params.has("b"));
  EXPECT_EQ(params.get("b"), "");
}

TEST(Params, ReadWhatFormsWrite) {
  EXPECT_THAT(Params::decode("a+b=c+d&e=%26%3D%zz&f&=g&&h=i=j").fields(),
              ElementsAre(Pair("a b", "c d"), Pair("e", "&=%zz"), Pair("f", ""), Pair("", "g"), Pair("h", "i=j")));
  EXPECT_TRUE(Params::decode("").empty());
  const Params odd{{"ключ", "a b&c=d+e%\n\"<"}, {"", ""}, {"x", std::string("\0\xff", 2)}};
  EXPECT_EQ(Params::decode(odd.encode()).fields(), odd.fields());
}

}  // namespace
}  // namespace mcprove::net
