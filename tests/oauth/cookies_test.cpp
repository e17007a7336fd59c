#include "oauth/cookies.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "oauth/date.h"

namespace mcprove::oauth {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;

const system_clock::time_point now{seconds(1'800'000'000)};

struct Row {
  const char* what;
  const char* from;
  const char* set;
  const char* to;
  const char* sent;
};

class Cookies : public testing::TestWithParam<Row> {};

TEST_P(Cookies, AreKeptAndSentAsABrowserDoes) {
  const auto& row = GetParam();
  CookieJar jar;
  jar.take(*net::Url::parse(row.from), net::Headers{{{"set-cookie", row.set}}}, now);
  EXPECT_EQ(jar.header_for(*net::Url::parse(row.to), now), row.sent) << row.what;
}

const Row rows[] = {
    {"plain", "https://as.example/login", "a=1", "https://as.example/", "a=1"},
    {"default path of a page", "https://as.example/x/y", "a=1", "https://as.example/x/z", "a=1"},
    {"default path excludes others", "https://as.example/x/y", "a=1", "https://as.example/z", ""},
    {"path matches whole segments", "https://as.example/", "a=1; Path=/x", "https://as.example/xy", ""},
    {"path of a segment", "https://as.example/", "a=1; Path=/x", "https://as.example/x/y", "a=1"},
    {"relative path is no path", "https://as.example/x/y", "a=1; Path=z", "https://as.example/x/q", "a=1"},
    {"host only", "https://as.example/", "a=1", "https://sub.as.example/", ""},
    {"domain", "https://as.example/", "a=1; Domain=as.example", "https://sub.as.example/", "a=1"},
    {"domain with a dot", "https://login.as.example/", "a=1; Domain=.as.example", "https://as.example/", "a=1"},
    {"domain of another", "https://as.example/", "a=1; Domain=evil.example", "https://evil.example/", ""},
    {"domain that only ends alike", "https://notas.example/", "a=1; Domain=as.example", "https://as.example/", ""},
    {"domain below", "https://as.example/", "a=1; Domain=sub.as.example", "https://sub.as.example/", ""},
    {"public suffix", "https://a.co.uk/", "a=1; Domain=co.uk", "https://b.co.uk/", ""},
    {"single label suffix", "https://a.com/", "a=1; Domain=com", "https://b.com/", ""},
    {"suffix as host", "https://github.io/", "a=1; Domain=github.io", "https://evil.github.io/", ""},
    {"address as domain", "https://127.0.0.1/", "a=1; Domain=0.0.1", "https://127.0.0.1/", ""},
    {"address itself", "http://127.0.0.1:8080/", "a=1; Domain=127.0.0.1", "http://127.0.0.1:9090/", "a=1"},
    {"secure from http", "http://as.example/", "a=1; Secure", "https://as.example/", ""},
    {"secure not to http", "https://as.example/", "a=1; Secure", "http://as.example/", ""},
    {"secure on loopback", "http://127.0.0.1:9000/", "a=1; Secure", "http://127.0.0.1:9000/", "a=1"},
    {"secure on localhost", "http://localhost:9000/", "a=1; Secure", "http://localhost:9000/", "a=1"},
    {"expired", "https://as.example/", "a=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT", "https://as.example/", ""},
    {"far ahead", "https://as.example/", "a=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT", "https://as.example/", "a=1"},
    {"long ago", "https://as.example/", "a=1; Expires=Mon, 01 Jan 1601 00:00:00 GMT", "https://as.example/", ""},
    {"unreadable date", "https://as.example/", "a=1; Expires=soon", "https://as.example/", "a=1"},
    {"max-age wins", "https://as.example/", "a=1; Max-Age=60; Expires=Wed, 21 Oct 2015 07:28:00 GMT", "https://as.example/",
     "a=1"},
    {"max-age zero", "https://as.example/", "a=1; Max-Age=0", "https://as.example/", ""},
    {"max-age negative", "https://as.example/", "a=1; Max-Age=-5", "https://as.example/", ""},
    {"max-age huge", "https://as.example/", "a=1; Max-Age=99999999999999999999", "https://as.example/", "a=1"},
    {"__Host-", "https://as.example/", "__Host-a=1; Secure; Path=/", "https://as.example/", "__Host-a=1"},
    {"__Host- with domain", "https://as.example/", "__Host-a=1; Secure; Path=/; Domain=as.example", "https://as.example/", ""},
    {"__Host- without path", "https://as.example/", "__Host-a=1; Secure", "https://as.example/", ""},
    {"__host- in any case", "https://as.example/", "__hOST-a=1; Path=/", "https://as.example/", ""},
    {"__Secure-", "https://as.example/", "__Secure-a=1; Secure", "https://as.example/", "__Secure-a=1"},
    {"__Secure- without", "https://as.example/", "__Secure-a=1", "https://as.example/", ""},
    {"value with equals", "https://as.example/", "a=b=c; Path=/", "https://as.example/", "a=b=c"},
    {"no name", "https://as.example/", "lonely", "https://as.example/", "lonely"},
    {"nothing at all", "https://as.example/", "=; Path=/", "https://as.example/", ""},
    {"control character", "https://as.example/", "a=1\x01", "https://as.example/", ""},
    {"empty attributes", "https://as.example/", "a=1;;;Domain=;=;", "https://as.example/", "a=1"},
};

INSTANTIATE_TEST_SUITE_P(Table, Cookies, testing::ValuesIn(rows));

CookieJar jar_with(const std::vector<std::pair<std::string, std::string>>& from_and_line) {
  CookieJar jar;
  for (const auto& [from, line] : from_and_line) jar.take(*net::Url::parse(from), net::Headers{{{"Set-Cookie", line}}}, now);
  return jar;
}

std::string sent(const CookieJar& jar, const char* to) { return jar.header_for(*net::Url::parse(to), now); }

TEST(CookieJar, SendsLongerPathsFirstAndThenOlderOnes) {
  const auto jar = jar_with(
      {{"https://as.example/", "a=1; Path=/"}, {"https://as.example/", "b=2; Path=/x"}, {"https://as.example/", "c=3; Path=/"}});
  EXPECT_EQ(sent(jar, "https://as.example/x"), "b=2; a=1; c=3");
}

TEST(CookieJar, ReplacesByNameDomainAndPathAndKeepsThePlace) {
  const auto jar = jar_with({{"https://as.example/", "a=1; Path=/"},
                             {"https://as.example/", "b=2; Path=/"},
                             {"https://as.example/", "a=3; Path=/"},
                             {"https://as.example/", "a=4; Path=/x"}});
  EXPECT_EQ(sent(jar, "https://as.example/"), "a=3; b=2");
  EXPECT_EQ(sent(jar, "https://as.example/x"), "a=4; a=3; b=2");
}

TEST(CookieJar, ForgetsWhatExpires) {
  auto jar = jar_with({{"https://as.example/", "a=1; Max-Age=10"}});
  EXPECT_EQ(jar.header_for(*net::Url::parse("https://as.example/"), now + seconds(9)), "a=1");
  EXPECT_EQ(jar.header_for(*net::Url::parse("https://as.example/"), now + seconds(10)), "");
  jar.take(*net::Url::parse("https://as.example/"), net::Headers{{{"Set-Cookie", "a=; Max-Age=0"}}}, now);
  EXPECT_TRUE(jar.all().empty());
}

TEST(CookieJar, LetsNoInsecurePageShadowASecureCookie) {
  const auto jar = jar_with({{"https://as.example/", "a=good; Secure; Path=/"}, {"http://as.example/", "a=bad; Path=/"}});
  EXPECT_EQ(sent(jar, "https://as.example/"), "a=good");
}

TEST(CookieJar, StaysSmall) {
  CookieJar jar;
  for (int i = 0; i < 1000; ++i)
    jar.take(*net::Url::parse("https://as.example/"), net::Headers{{{"Set-Cookie", "n" + std::to_string(i) + "=1"}}}, now);
  EXPECT_LE(jar.all().size(), 256U);
  EXPECT_EQ(jar.all().back().name, "n999");
  jar.take(*net::Url::parse("https://as.example/"), net::Headers{{{"Set-Cookie", "big=" + std::string(5000, 'x')}}}, now);
  EXPECT_EQ(jar.all().back().name, "n999");
}

TEST(HttpDate, ReadsOnlyTheFixedForm) {
  EXPECT_EQ(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), system_clock::from_time_t(784'111'777));
  EXPECT_EQ(http_date(" Thu, 29 Feb 2024 23:59:60 GMT"), system_clock::from_time_t(1'709'251'200));
  for (const char* bad : {"", "Sun", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37",
                          "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Xxx 1994 08:49:37 GMT",
                          "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 19x4 08:49:37 GMT"}) {
    EXPECT_FALSE(http_date(bad)) << bad;
  }
}

TEST(CookieDate, ReadsDatesInAnyOrder) {
  const auto day = system_clock::from_time_t(784'111'777);
  for (const char* good : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                           "8:49:37 1994 november 6"}) {
    EXPECT_EQ(cookie_date(good), day) << good;
  }
  for (const char* bad : {"", "tomorrow", "06 Nov 08:49:37", "99 Nov 1994 08:49:37", "06 Nov 1594 08:49:37"})
    EXPECT_FALSE(cookie_date(bad)) << bad;
}

}  // namespace
}  // namespace mcprove::oauth
