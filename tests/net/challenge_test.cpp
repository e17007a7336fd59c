#include "net/challenge.h"

#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcprove::net {
namespace {

// A challenge as one line: scheme, then its token68, then name<value> for each parameter.
std::string written(const Challenge& challenge) {
  auto line = challenge.scheme;
  if (!challenge.token68.empty()) line += " " + challenge.token68;
  for (const auto& [name, value] : challenge.params) line += " " + name + "<" + value + ">";
  return line;
}

struct Row {
  std::string field;
  std::vector<std::string> expected;
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.field; }

class Challenges : public testing::TestWithParam<Row> {};

TEST_P(Challenges, AreRead) {
  std::vector<std::string> lines;
  for (const auto& challenge : parse_challenges(GetParam().field)) lines.push_back(written(challenge));
  EXPECT_EQ(lines, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Rfc9110, Challenges,
                         testing::Values(Row{"", {}}, Row{"Basic", {"Basic"}}, Row{"Bearer realm=\"x\"", {"Bearer realm<x>"}},
                                         Row{R"(Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple")",
                                             {"Newauth realm<apps> type<1> title<Login to \"apps\">", "Basic realm<simple>"}},
                                         Row{"Negotiate YWJj=", {"Negotiate YWJj="}},
                                         Row{"Negotiate YWJj==, Basic realm=\"x\"", {"Negotiate YWJj==", "Basic realm<x>"}},
                                         Row{"Bearer, DPoP algs=\"ES256 RS256\"", {"Bearer", "DPoP algs<ES256 RS256>"}},
                                         Row{"Bearer resource_metadata=\"https://a/b,c?d=e\"",
                                             {"Bearer resource_metadata<https://a/b,c?d=e>"}},
                                         Row{"Bearer REALM = \"x\" , Scope=a", {"Bearer realm<x> scope<a>"}},
                                         Row{"Bearer ,, realm=\"x\",,scope=\"\" ,", {"Bearer realm<x> scope<>"}}));

INSTANTIATE_TEST_SUITE_P(Tolerated, Challenges,
                         testing::Values(Row{"Bearer resource_metadata=https://a/b?c=d, error=x",
                                             {"Bearer resource_metadata<https://a/b?c=d> error<x>"}},
                                         Row{"Bearer realm=\"x\" error=\"y\"", {"Bearer realm<x> error<y>"}},
                                         Row{"Bearer realm=\"x", {"Bearer realm<x>"}},
                                         Row{"Bearer realm=\"x\\", {"Bearer realm<x\\>"}},
                                         Row{"Bearer realm='x'", {"Bearer realm<'x'>"}}, Row{"realm=\"x\", Basic", {"Basic"}},
                                         Row{"\"quoted, Basic\", Bearer", {"Bearer"}},
                                         Row{"Bearer error=, scope=a", {"Bearer error= scope<a>"}},
                                         Row{"Bearer realm=\"a\", realm=\"b\"", {"Bearer realm<a> realm<b>"}},
                                         Row{"=,=,\x01\xff;{}", {}}, Row{std::string("Bea\0rer", 7), {"Bea", "rer"}}));

TEST(Challenge, FindsParametersWithoutCase) {
  const auto found = parse_challenges("bearer Error=\"a\", error=\"b\"");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].is("Bearer"));
  EXPECT_FALSE(found[0].is("Basic"));
  EXPECT_EQ(found[0].param("ERROR"), "a");
  EXPECT_EQ(found[0].param("scope"), std::nullopt);
}

TEST(Challenge, ReadsEveryFieldLine) {
  const Headers headers{{{"WWW-Authenticate", "Basic realm=\"a\""}, {"X", "Digest"}, {"www-authenticate", "Bearer, DPoP"}}};
  const auto found = challenges(headers);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[2].scheme, "DPoP");
}

TEST(Challenge, LongFieldsTakeLinearTime) {
  std::string field = "Bearer ";
  while (field.size() < 200'000) field += "a=\"b\\\"\", ,=";
  EXPECT_EQ(parse_challenges(field).size(), 1U);
  EXPECT_TRUE(parse_challenges(std::string(200'000, '=')).empty());
  EXPECT_EQ(parse_challenges(std::string(200'000, 'a')).size(), 1U);
  std::string slashes;
  while (slashes.size() < 200'000) slashes += "a/";
  EXPECT_EQ(parse_challenges(slashes + "\"").size(), 100'000U);
}

TEST(Headers, CompareNamesWithoutCase) {
  Headers headers{{{"A", "1"}, {"b", "2"}, {"a", "3"}}};
  EXPECT_EQ(headers.find("a"), "1");
  EXPECT_THAT(headers.all("A"), testing::ElementsAre("1", "3"));
  headers.set("a", "4");
  EXPECT_THAT(headers.fields, testing::ElementsAre(testing::Pair("A", "4"), testing::Pair("b", "2")));
  headers.erase("B").add("B", "");
  EXPECT_TRUE(headers.has("b"));
  EXPECT_EQ(headers.set("c", "5").find("C"), "5");
  EXPECT_FALSE(headers.has("d"));
}

}  // namespace
}  // namespace mcprove::net
