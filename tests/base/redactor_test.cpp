#include "base/redactor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "base/random.h"
#include "base/text.h"

namespace mcprove {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* password = "p/w \"ä&y+=z";
constexpr const char* jwt =
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2FzLnRlc3QiLCJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ";

TEST(Redactor, NamesByKindInOrder) {
  Redactor redactor;
  EXPECT_EQ(redactor.add("access_token", "first-token"), "access_token#1");
  EXPECT_EQ(redactor.add("code", "first-code"), "code#1");
  EXPECT_EQ(redactor.add("access_token", "second-token"), "access_token#2");
  EXPECT_EQ(redactor.add("refresh_token", "first-token"), "access_token#1") << "the first name stays";
  EXPECT_EQ(redactor.add("code", ""), "");
  EXPECT_EQ(redactor.name_of("second-token"), "access_token#2");
  EXPECT_EQ(redactor.name_of("third"), "");
  EXPECT_EQ(redactor.redact("Bearer second-token, first-token."), "Bearer access_token#2, access_token#1.");
  EXPECT_EQ(redactor.redact("nothing here"), "nothing here");
}

TEST(Redactor, KnowsTheSpellings) {
  Redactor redactor;
  redactor.add("password", password);
  for (const std::string& spelt : {
           std::string(password), text::percent_encode(password), text::lower(text::percent_encode(password)),
           std::string("p%2Fw+%22%C3%A4%26y%2B%3Dz"),  // an HTML form
           std::string("p/w%20%22%C3%A4&y+=z"),        // a lenient encoder
           std::string(R"(p\/w \"ä&y+=z)"), std::string(R"(p/w\u0020\"\u00e4\u0026y+=z)"),
           std::string(R"(p\\\/w \\\"ä&y+=z)"),  // JSON within JSON
           text::percent_encode(text::percent_encode(password)),
           std::string("p%2Fw%20%22%5Cu00e4%26y%2B%3Dz"),  // JSON within a URL
       }) {
    EXPECT_EQ(redactor.redact("<" + spelt + ">"), "<password#1>") << spelt;
  }
}

TEST(Redactor, KnowsBase64AtEveryAlignment) {
  Redactor redactor;
  redactor.add("password", "correct horse");
  for (const std::string before : {"", "u", "us", "use"}) {
    for (const std::string after : {"", "x", "xy", "xyz"}) {
      const std::string run = before + "correct horse" + after;
      for (const std::string& encoded : {text::base64_encode(run), text::base64url_encode(run)}) {
        const std::string shown = redactor.redact("Basic " + encoded + " end");
        EXPECT_THAT(shown, HasSubstr("password#1"));
        // What is left beside the placeholder holds none of the secret's bits.
        const std::string left = shown.substr(6, shown.find("password#1") - 6);
        EXPECT_LE(left.size() * 6, before.size() * 8) << run;
        EXPECT_TRUE(shown.ends_with(" end"));
      }
    }
  }
}

TEST(Redactor, KnowsTheBasicPair) {
  Redactor redactor;
  redactor.add("client_secret", "s%/");
  redactor.add_basic_pair("client", "s%/");
  EXPECT_EQ(redactor.redact("Basic " + text::base64_encode("client:s%/")), "Basic client_secret#1");
  EXPECT_EQ(redactor.redact("Basic " + text::base64_encode("client:s%25%2F")), "Basic client_secret#1");
  redactor.add_basic_pair("other", "unknown-before");
  EXPECT_EQ(redactor.name_of("unknown-before"), "password#1");
}

TEST(Redactor, KnowsThePartsOfAJwtButNotItsHeader) {
  Redactor redactor;
  redactor.add("access_token", jwt);
  const auto parts = text::split(jwt, '.');
  EXPECT_EQ(redactor.redact(std::string("token ") + jwt + " end"), "token access_token#1 end");
  EXPECT_EQ(redactor.redact("payload " + parts[1]), "payload access_token#1");
  EXPECT_EQ(redactor.redact("signature=" + parts[2] + "&"), "signature=access_token#1&");
  EXPECT_EQ(redactor.redact("header " + parts[0] + " end"), "header " + parts[0] + " end");
}

TEST(Redactor, KnowsTheLinesOfAKey) {
  Redactor redactor;
  redactor.add("private_key", "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY\n-----END PRIVATE KEY-----\n");
  EXPECT_EQ(redactor.redact("line MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY"), "line private_key#1");
  EXPECT_EQ(redactor.redact("-----BEGIN PRIVATE KEY----- only"), "-----BEGIN PRIVATE KEY----- only");
}

TEST(Redactor, TakesTheLongestAndLeavesNoEnds) {
  Redactor redactor;
  redactor.add("code", "abcdef");
  redactor.add("state", "abcdefghij");
  redactor.add("token", "ghijklmnopqrs");
  EXPECT_EQ(redactor.redact("abcdef"), "code#1");
  EXPECT_EQ(redactor.redact("abcdefghij"), "state#1");
  EXPECT_EQ(redactor.redact("x abcdefghijklmnopqrs y"), "x token#1 y") << "overlapping secrets go together";
  EXPECT_EQ(redactor.redact("abcdefabcdef"), "code#1code#1");
}

TEST(Redactor, KnowsASecretThatTheTextCutsOff) {
  Redactor redactor;
  redactor.add("access_token", "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(redactor.redact("seen 0123456789abcdef0123"), "seen access_token#1");
}

TEST(Redactor, ShortSecretsOnlyWhereTheyStandAlone) {
  Redactor redactor;
  redactor.add("pin", "12");
  EXPECT_EQ(redactor.redact("pin=12&x 12, 312 123 a12 \"12\""), "pin=pin#1&x pin#1, 312 123 a12 \"pin#1\"");
}

TEST(Redactor, IsFastWithManySecretsAndAMegabyte) {
  Redactor redactor;
  SeededRandom random(5);
  std::string text;
  std::vector<std::string> secrets;
  for (int i = 0; i < 200; ++i) {
    secrets.push_back("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9." + random.base64url(300) + "." + random.base64url(256));
    redactor.add("access_token", secrets.back());
  }
  while (text.size() < 1'000'000)
    text += "{\"eyJh\": \"eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.\", \"a\\/b\": \"%2F\"} " + random.base64url(90);
  text += secrets[77];
  const auto start = std::chrono::steady_clock::now();
  const std::string shown = redactor.redact(text);
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_TRUE(shown.ends_with("access_token#78"));
  EXPECT_EQ(shown.find(secrets[77].substr(40, 30)), std::string::npos);
  RecordProperty("milliseconds", static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
  EXPECT_LT(took, std::chrono::seconds(20)) << "hundreds of times what it takes";
}

TEST(Redactor, TakesAnyBytes) {
  Redactor redactor;
  redactor.add("blob", std::string("\0\xff\x01\xfe", 4));
  EXPECT_EQ(redactor.redact(std::string("a\0\xff\x01\xfe\\", 6)), "ablob#1\\");
  for (const char* text : {"%", "%4", "\\", "\\u", "\\ud800", "\\ud800\\u0041", "%%%", "\\u12"})
    EXPECT_EQ(redactor.redact(text), text);
}

}  // namespace
}  // namespace mcprove
