#include "vet/backtracking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vet/manifest.h"

namespace mcprove::vet {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;

TEST(CostlyPattern, IsARepetitionOfWhatRepeats) {
  for (const char* pattern : {"^(a+)+$", "(a*)*", "^(\\w+)*$", "([a-z]+)+@", "(.*)+x", "^(([a-z])+.)+[A-Z]$", "(\\d+\\d?)*",
                              "(a|a)*", "^(\\w|\\d)+$", "(?:x+){2,}", "(?<name>a+)+"})
    EXPECT_TRUE(costly_part(pattern)) << pattern;
  EXPECT_EQ(costly_part("^ab(c+)+d$"), "(c+)+");
}

TEST(CostlyPattern, IsNoneWhereSomethingElseStandsBetween) {
  for (const char* pattern : {"", "^[a-z]+$", "^([a-z]+-)*[a-z]+$", "^\\d{4}-\\d{2}-\\d{2}$", "^(\\d+\\.)+\\d+$", "^(foo|bar)+$",
                              "(a+)?", "(a+){1,3}", "^(?:[A-Z]{2})+$", "^([^/]+/)*[^/]+$", "^\\(.*\\)$", "[(+*]+", "^a*b*$"})
    EXPECT_FALSE(costly_part(pattern)) << pattern << ": " << *costly_part(pattern);
}

TEST(CostlyPattern, SaysNothingOfWhatItCannotRead) {
  for (const std::string& pattern :
       {std::string("(a+"), std::string("(a+))+"), std::string("[a-"), std::string("(\\"), std::string("((?=a+)a+)+"),
        std::string(100'000, '('), "(" + std::string(100'000, 'a') + "+)+"})
    EXPECT_FALSE(costly_part(pattern));
}

TEST(CostlyPattern, IsALowFindingWithItsPlace) {
  Manifest one;
  one.server = "s";
  one.tools.push_back(
      json::parse(
          R"({"name":"t","inputSchema":{"properties":{"a/b":{"type":"string","pattern":"^(a+)+$"},"pattern":{"type":"string"}}}})")
          .value());
  EXPECT_THAT(judge(one),
              testing::ElementsAre(AllOf(Field(&Finding::rule, "costly-pattern"), Field(&Finding::severity, Weight::low),
                                         Field(&Finding::pointer, "/inputSchema/properties/a~1b/pattern"))));
}

}  // namespace
}  // namespace mcprove::vet
