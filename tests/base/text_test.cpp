#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcprove::text {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Printable, KeepsWhatPeopleWrite) {
  for (const char* plain :
       {"", "plain text", "two\nlines\tand a tab", "naïve — “quotes” 日本語 العربية", "thumbs up 👍🏽", "heart ❤️ and ☎︎"}) {
    EXPECT_EQ(printable(plain), plain);
  }
}

TEST(Printable, ShowsWhatNobodySees) {
  using namespace std::string_view_literals;
  EXPECT_EQ(printable("a\0b"sv), "a\\x00b");
  EXPECT_EQ(printable("\x1b[31mred"), "\\x1b[31mred");
  EXPECT_EQ(printable("\x7f"), "\\x7f");
  EXPECT_EQ(printable("\u009b31m"), "\\u{9b}31m") << "the C1 control that begins a sequence";
  EXPECT_EQ(printable("\u202egnp.exe"), "\\u{202e}gnp.exe");
  EXPECT_EQ(printable("\u2066\u2069\u200e\u061c"), "\\u{2066}\\u{2069}\\u{200e}\\u{61c}");
  EXPECT_EQ(printable("pass\u200bword\ufeff"), "pass\\u{200b}word\\u{feff}");
  EXPECT_EQ(printable("\U000e0068\U000e0069"), "\\u{e0068}\\u{e0069}") << "tag characters";
  EXPECT_EQ(printable("x\ufe00\ufe0f\U000e0101"), "x\\u{fe00}\\u{fe0f}\\u{e0101}") << "a run of variation selectors";
  EXPECT_EQ(printable("\ufffe"), "\\u{fffe}") << "XML does not allow it";
}

TEST(Printable, ShowsCarriageReturnsThatOverwrite) {
  EXPECT_EQ(printable("PASS\rFAIL"), "PASS\\x0dFAIL");
  EXPECT_EQ(printable("one\r\ntwo"), "one\ntwo");
  EXPECT_EQ(printable("end\r"), "end\\x0d");
}

TEST(Printable, ShowsBytesThatAreNoUtf8) {
  EXPECT_EQ(printable("\xff\xfe"), "\\xff\\xfe");
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf") << "overlong";
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "beyond U+10FFFF";
  EXPECT_EQ(printable("cut \xe2\x82"), "cut \\xe2\\x82");
}

TEST(OneLine, CutsAtACharacter) {
  EXPECT_EQ(one_line("two\nlines"), "two lines");
  EXPECT_EQ(one_line("abcdef", 6), "abcdef");
  EXPECT_EQ(one_line("abcdefg", 6), "abc…");
  EXPECT_EQ(one_line("éééé", 6), "é…");
  EXPECT_EQ(one_line("abc", 0), "");
  const std::string cut = one_line(std::string(10'000'000, 'x'), 200);
  EXPECT_EQ(cut.size(), 200U);
  EXPECT_TRUE(cut.ends_with("…"));
}

TEST(Wrap, BreaksAtSpacesOnly) {
  EXPECT_EQ(wrap("one two three", 7, 0), "one two\nthree");
  EXPECT_EQ(wrap("one two three", 9, 2), "  one two\n  three");
  EXPECT_EQ(wrap("incomprehensibilities a", 5, 1), " incomprehensibilities\n a");
  EXPECT_EQ(wrap("éé éé", 5, 0), "éé éé") << "columns, not bytes";
  EXPECT_EQ(wrap("  ", 5, 2), "");
}

TEST(Text, ComparesAscii) {
  EXPECT_TRUE(iequals("WWW-Authenticate", "www-authenticate"));
  EXPECT_FALSE(iequals("a", "ab"));
  EXPECT_TRUE(icontains("text/HTML; charset", "html"));
  EXPECT_TRUE(icontains("x", ""));
  EXPECT_FALSE(icontains("x", "xy"));
  EXPECT_EQ(lower("ÀB"), "Àb") << "ASCII only";
  EXPECT_EQ(trim(" \r\n\ta b\n"), "a b");
  EXPECT_EQ(trim("  "), "");
}

TEST(Text, SplitsAndJoins) {
  EXPECT_THAT(split("a,,b,", ','), ElementsAre("a", "", "b", ""));
  EXPECT_THAT(split("", ','), ElementsAre(""));
  EXPECT_THAT(words("  read \t write\n"), ElementsAre("read", "write"));
  EXPECT_THAT(words(" "), IsEmpty());
  EXPECT_EQ(join(std::vector<std::string>{"a", "b"}, ", "), "a, b");
  EXPECT_EQ(join(std::vector<std::string>{}, ", "), "");
}

TEST(Nearest, ForgivesSlipsOnly) {
  const std::vector<std::string> ids{"token-audience", "token-expiry", "run", "list"};
  EXPECT_EQ(nearest("token-audeince", ids), "token-audience");
  EXPECT_EQ(nearest("TOKEN-EXPIRI", ids), "token-expiry");
  EXPECT_EQ(nearest("rnu", ids), "run");
  EXPECT_EQ(nearest("completely-else", ids), std::nullopt);
  EXPECT_EQ(nearest("", ids), std::nullopt);
  EXPECT_EQ(nearest("x", ids), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 'a'), ids), std::nullopt);
}

TEST(Percent, EncodesAllButUnreserved) {
  EXPECT_EQ(percent_encode("aZ0-._~"), "aZ0-._~");
  EXPECT_EQ(percent_encode("a b/c?d=é"), "a%20b%2Fc%3Fd%3D%C3%A9");
  EXPECT_EQ(percent_decode("a%20b%2fc+d"), "a b/c+d");
  EXPECT_EQ(percent_decode("a+b%2B", true), "a b+");
  EXPECT_EQ(percent_decode("%"), "%");
  EXPECT_EQ(percent_decode("%4"), "%4");
  EXPECT_EQ(percent_decode("%zz%41"), "%zzA");
}

TEST(Base64, VectorsOfRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [raw, encoded] : vectors) {
    EXPECT_EQ(base64_encode(raw), encoded);
    EXPECT_EQ(base64_decode(encoded), raw);
    EXPECT_EQ(base64_decode(base64url_encode(raw)), raw);
  }
  EXPECT_EQ(base64_encode("\xfb\xff"), "+/8=");
  EXPECT_EQ(base64url_encode("\xfb\xff"), "-_8");
  EXPECT_EQ(base64_decode("-_8"), "\xfb\xff");
  for (const char* garbage : {"a", "Zg=", "Zg===", "Z g=", "=", "====", "Zm9v=", "Z!8="})
    EXPECT_EQ(base64_decode(garbage), std::nullopt) << garbage;
}

TEST(Sha256, VectorOfFips180) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("").size(), 32U);
}

TEST(Utf8, Validity) {
  EXPECT_TRUE(valid_utf8("naïve 👍"));
  EXPECT_FALSE(valid_utf8("\xff"));
  EXPECT_FALSE(valid_utf8("\xe2\x82"));
}

}  // namespace
}  // namespace mcprove::text
