#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vet/drift.h"

namespace mcprove::vet {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct Case {
  std::string before{}, after{}, pointer{};  // pointer "-": no wider
};

json::Value parsed(const std::string& text) {
  auto value = json::parse(text);
  EXPECT_TRUE(value) << text;
  return value.value_or(json::Value());
}

void expect(const std::vector<Case>& cases) {
  for (const auto& [before, after, pointer] : cases) {
    const auto found = widened(parsed(before), parsed(after));
    if (pointer == "-")
      EXPECT_THAT(found, IsEmpty()) << before << " → " << after << ": " << (found.empty() ? "" : found[0].pointer);
    else EXPECT_THAT(found, Contains(Field(&Change::pointer, pointer))) << before << " → " << after;
  }
}

TEST(Widened, KnowsEveryKeyword) {
  expect(
      {{R"({"type":"string"})", R"({})", "/type"},
       {R"({"type":"string"})", R"({"type":["string","null"]})", "/type"},
       {R"({"type":"number"})", R"({"type":"integer"})", "-"},
       {R"({"type":"integer"})", R"({"type":"number"})", "/type"},
       {R"({"enum":["a","b"]})", R"({"enum":["b","c"]})", "/enum"},
       {R"({"enum":["a","b"]})", R"({"const":"a"})", "-"},
       {R"({"const":"a"})", R"({"enum":["a","b"]})", "/enum"},
       {R"({"const":"a"})", R"({})", "/const"},
       {R"({"type":"string","pattern":"^a$"})", R"({"type":"string","enum":["a"]})", "-"},
       {R"({"type":"string","pattern":"^a$"})", R"({"type":"string","pattern":"a"})", "/pattern"},
       {R"({"type":"string","format":"email"})", R"({"type":"string"})", "/format"},
       {R"({"type":"number","maximum":9})", R"({"type":"number","maximum":90})", "/maximum"},
       {R"({"type":"number","minimum":1})", R"({"type":"number"})", "/minimum"},
       {R"({"type":"number","multipleOf":5})", R"({"type":"number"})", "/multipleOf"},
       {R"({"type":"array","maxItems":2,"uniqueItems":true})", R"({"type":"array","maxItems":2})", "/uniqueItems"},
       {R"({"type":"array","items":{"type":"string","maxLength":3}})", R"({"type":"array","items":{"type":"string"}})",
        "/items/maxLength"},
       {R"({"type":"array","items":{"type":"string"}})", R"({"type":"array"})", "/items/type"},
       {R"({"prefixItems":[{"type":"string"}],"items":false})", R"({"prefixItems":[{}],"items":false})", "/prefixItems/0/type"},
       {R"({"prefixItems":[{"type":"string"}],"items":false})", R"({"prefixItems":[{"type":"string"}]})", "/items"},
       {R"({"required":["a"],"properties":{"a":{}}})", R"({"properties":{"a":{}}})", "/required"},
       {R"({"additionalProperties":false})", R"({})", "/additionalProperties"},
       {R"({"additionalProperties":false})", R"({"unevaluatedProperties":false})", "-"},
       {R"({"additionalProperties":{"type":"string"}})", R"({"additionalProperties":true})", "/additionalProperties/type"},
       {R"({"additionalProperties":{"type":"string"}})", R"({"additionalProperties":false})", "-"},
       {R"({"propertyNames":{"pattern":"^x"}})", R"({})", "/propertyNames/pattern"},
       {R"({"dependentRequired":{"a":["b"]}})", R"({"dependentRequired":{"a":[]}})", "/dependentRequired/a"},
       {R"({"not":{"const":"root"}})", R"({})", "/not"},
       {R"({"not":{"const":"root"}})", R"({"not":{"enum":["root","admin"]}})", "-"},
       {R"({"not":{"enum":["root","admin"]}})", R"({"not":{"const":"root"}})", "/not"},
       {R"({"if":{"required":["a"]},"then":{"required":["b"]}})", R"({})", "/if"},
       {R"({"properties":{"a":false}})", R"({"properties":{"a":{}}})", "/properties/a"},
       {R"({"properties":{"a":{"properties":{"b":{"maxLength":1}}}}})", R"({"properties":{"a":{"properties":{"b":{}}}}})",
        "/properties/a/properties/b/maxLength"}});
}

TEST(Widened, IsNotWhatOnlyReadsOtherwise) {
  expect({{R"({"type":"string","title":"A","default":"x"})", R"({"type":"string","description":"More.","examples":["y"]})", "-"},
          {R"({"properties":{"a":{},"b":{}}})", R"({"properties":{"a":{}}})", "-"},
          {R"({"type":["string","null"],"maxLength":9})", R"({"anyOf":[{"type":"string","maxLength":9},{"type":"null"}]})", "-"},
          {R"({"anyOf":[{"type":"string"},{"type":"null"}]})", R"({"type":["string","null"]})", "-"},
          {R"({"anyOf":[{"const":"a"},{"const":"b"}]})", R"({"enum":["a","b"]})", "-"},
          {R"({"enum":["a","b"]})", R"({"anyOf":[{"const":"a"},{"const":"b"}]})", "-"},
          {R"({"anyOf":[{"type":"string"},{"type":"number"}]})", R"({"type":"string"})", "-"},
          {R"({"anyOf":[{"type":"string"},{"type":"number"}]})", R"({"anyOf":[{"type":"number"},{"type":"string"}]})", "-"},
          {R"({"oneOf":[{"type":"string"}]})", R"({"anyOf":[{"type":"string"}]})", "-"},
          {R"({"type":"string","maxLength":3})", R"({"allOf":[{"type":"string"},{"maxLength":3}]})", "-"},
          {R"({"allOf":[{"type":"string"},{"maxLength":3}]})", R"({"type":"string","maxLength":2})", "-"},
          {R"({"type":"object","properties":{"a":{"maxLength":3}}})",
           R"({"allOf":[{"properties":{"a":{"maxLength":3}}},{"type":"object","required":["a"]}]})", "-"},
          {R"({"properties":{"a":{"type":"string","maxLength":3}}})",
           R"({"properties":{"a":{"$ref":"#/$defs/s"}},"$defs":{"s":{"type":"string","maxLength":3}}})", "-"},
          {R"({"properties":{"a":{"$ref":"#/$defs/s"}},"$defs":{"s":{"type":"string"}}})",
           R"({"properties":{"a":{"$ref":"#/definitions/t"}},"definitions":{"t":{"type":"string","minLength":1}}})", "-"},
          {R"({"$defs":{"unused":{"type":"string"}}})", R"({"$defs":{"unused":{}}})", "-"}});
}

TEST(Widened, LooksIntoChoicesAndReferences) {
  expect({{R"({"anyOf":[{"type":"string"}]})", R"({"anyOf":[{"type":"string"},{"type":"object"}]})", "/anyOf/1"},
          {R"({"oneOf":[{"const":"a"},{"const":"b"}]})", R"({"oneOf":[{"const":"a"},{"type":"string"}]})", "/oneOf/1/const"},
          {R"({"type":"string","enum":["a"]})", R"({"anyOf":[{"type":"string"},{"type":"object"}]})", "/enum"},
          {R"({"type":"string"})", R"({"anyOf":[{"type":"string"},{"type":"object"}]})", "/type"},
          {R"({"anyOf":[{"type":"string"},{"type":"null"}]})", R"({})", "/anyOf"},
          {R"({"allOf":[{"type":"string"},{"maxLength":3}]})", R"({"allOf":[{"type":"string"},{"maxLength":30}]})",
           "/allOf/1/maxLength"},
          {R"({"allOf":[{"type":"string"},{"maxLength":3}]})", R"({"allOf":[{"type":"string"}]})", "/maxLength"},
          {R"({"properties":{"a":{"$ref":"#/$defs/s"}},"$defs":{"s":{"type":"string","maxLength":3}}})",
           R"({"properties":{"a":{"$ref":"#/$defs/s"}},"$defs":{"s":{"type":"string"}}})", "/$defs/s/maxLength"},
          {R"({"properties":{"a":{"$ref":"#/$defs/s"}},"$defs":{"s":{"maxLength":3}}})", R"({"properties":{"a":{}}})",
           "/properties/a/maxLength"},
          {R"({"properties":{"a":{"$ref":"https://a.example/s"}}})", R"({"properties":{"a":{"$ref":"https://b.example/s"}}})",
           "/properties/a/$ref"},
          {R"({"properties":{"a":{"anyOf":[{"type":"array","items":{"enum":["x"]}},{"type":"null"}]}}})",
           R"({"properties":{"a":{"anyOf":[{"type":"array","items":{"enum":["x","y"]}},{"type":"null"}]}}})",
           "/properties/a/anyOf/0/items/enum"}});
}

TEST(Widened, EndsWithSchemasThatReferToThemselves) {
  const std::string tree = R"({"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{"v":{"maxLength":LENGTH},
      "kids":{"type":"array","items":{"$ref":"#/$defs/node"}}}}}})";
  const auto with = [&](const std::string& length) { return parsed(std::string(tree).replace(tree.find("LENGTH"), 6, length)); };
  EXPECT_THAT(widened(with("3"), with("2")), IsEmpty());
  const auto found = widened(with("3"), with("4"));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].pointer, "/$defs/node/properties/v/maxLength");
  EXPECT_THAT(
      widened(parsed(R"({"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/a"}}})"), parsed(R"({"$ref":"#","title":"x"})")),
      testing::Each(Field(&Change::rule, "widened-schema")));
}

TEST(Widened, IsBoundedAndSaysSo) {
  std::string many = R"({"anyOf":[)";
  for (int i = 0; i < 100; ++i) many += R"({"type":"object","required":["a)" + std::to_string(i) + R"("]},)";
  many.back() = ']';
  const auto found = widened(parsed(R"({"type":"object"})"), parsed(many + "}"));
  ASSERT_FALSE(found.empty());
  EXPECT_THAT(found.back().why, HasSubstr("too large"));
  std::string deep = R"({"maxLength":1})";
  for (int i = 0; i < 15; ++i) deep = R"({"anyOf":[{"items":)" + deep + R"(},{"type":"null"}]})";
  auto deeper = deep;
  deeper.replace(deeper.find(":1}"), 3, ":2}");
  EXPECT_FALSE(widened(parsed(deep), parsed(deeper)).empty());
}

}  // namespace
}  // namespace mcprove::vet
