#include "vet/json_schema.h"

#include <string>

#include <gtest/gtest.h>

namespace mcprove::vet {
namespace {

using Answer = Fit::Answer;

Answer judged(const std::string& schema, const std::string& value) {
  return fit(json::parse(schema).value(), json::parse(value).value()).answer;
}

struct Row {
  const char* schema;
  const char* value;
  Answer answer;
};

constexpr auto fits = Answer::fits;
constexpr auto misfits = Answer::misfits;
constexpr auto unknown = Answer::unknown;

TEST(JsonSchema, JudgesKeywordByKeyword) {
  for (const auto& [schema, value, answer] : {
           Row{"true", "7", fits},
           Row{"false", "7", misfits},
           Row{"7", "7", unknown},
           Row{"{}", "null", fits},
           Row{R"({"type":"integer"})", "7", fits},
           Row{R"({"type":"integer"})", "7.0", fits},
           Row{R"({"type":"integer"})", "7.5", misfits},
           Row{R"({"type":"number"})", "7", fits},
           Row{R"({"type":["string","null"]})", "null", fits},
           Row{R"({"type":"string"})", "null", misfits},
           Row{R"({"type":"string","nullable":true})", "null", unknown},
           Row{R"({"const":{"a":1}})", R"({"a":1})", fits},
           Row{R"({"enum":["a",1]})", "1.0", fits},
           Row{R"({"enum":["a",1]})", R"("b")", misfits},
           Row{R"({"minLength":2,"maxLength":2})", R"("éß")", fits},
           Row{R"({"maxLength":1})", R"("ab")", misfits},
           Row{R"({"pattern":"^a+$"})", R"("aa")", fits},
           Row{R"({"pattern":"^a+$"})", R"("b")", misfits},
           Row{R"x({"pattern":"(?=a)"})x", R"("b")", unknown},
           Row{R"({"format":"email"})", R"("no mail")", fits},
           Row{R"({"minimum":3})", "3", fits},
           Row{R"({"exclusiveMinimum":3})", "3", misfits},
           Row{R"({"maximum":3})", "4", misfits},
           Row{R"({"minimum":3,"exclusiveMinimum":true})", "4", unknown},
           Row{R"({"multipleOf":3})", "9", fits},
           Row{R"({"multipleOf":3})", "10", misfits},
           Row{R"({"multipleOf":0.1})", "0.3", unknown},
           Row{R"({"required":["a"]})", "{}", misfits},
           Row{R"({"required":["a"]})", "7", fits},
           Row{R"({"properties":{"a":{"type":"string"}}})", R"({"a":1})", misfits},
           Row{R"({"properties":{"a":{}},"additionalProperties":false})", R"({"b":1})", misfits},
           Row{R"({"patternProperties":{"^x-":{}},"additionalProperties":false})", R"({"x-b":1})", fits},
           Row{R"({"additionalProperties":{"type":"string"}})", R"({"b":1})", misfits},
           Row{R"({"propertyNames":{"maxLength":1}})", R"({"ab":1})", misfits},
           Row{R"({"dependentRequired":{"a":["b"]}})", R"({"a":1})", misfits},
           Row{R"({"minProperties":1})", "{}", misfits},
           Row{R"({"items":{"type":"string"}})", R"(["a",1])", misfits},
           Row{R"({"prefixItems":[{"type":"string"}],"items":false})", R"(["a"])", fits},
           Row{R"({"prefixItems":[{"type":"string"}],"items":false})", R"(["a",1])", misfits},
           Row{R"({"items":[{"type":"string"}],"additionalItems":false})", R"(["a",1])", misfits},
           Row{R"({"contains":{"const":1}})", "[2,1]", fits},
           Row{R"({"contains":{"const":1}})", "[2]", misfits},
           Row{R"({"contains":{"const":1},"minContains":2})", "[1]", unknown},
           Row{R"({"minItems":2})", "[1]", misfits},
           Row{R"({"uniqueItems":true})", "[1,1]", misfits},
           Row{R"({"allOf":[{"type":"string"},{"minLength":2}]})", R"("a")", misfits},
           Row{R"({"anyOf":[{"type":"string"},{"type":"null"}]})", "null", fits},
           Row{R"({"anyOf":[{"type":"string"},{"type":"null"}]})", "1", misfits},
           Row{R"({"oneOf":[{"type":"number"},{"minimum":1}]})", "2", misfits},
           Row{R"({"not":{"type":"string"}})", R"("a")", misfits},
           Row{R"({"if":{"type":"string"},"then":{"minLength":2},"else":{"minimum":2}})", R"("a")", misfits},
           Row{R"({"if":{"type":"string"},"then":{"minLength":2},"else":{"minimum":2}})", "2", fits},
           Row{R"({"unevaluatedProperties":false})", "{}", unknown},
           Row{R"({"type":"string","unevaluatedProperties":false})", "{}", misfits},
       })
    EXPECT_EQ(judged(schema, value), answer) << schema << " of " << value;
}

TEST(JsonSchema, FollowsReferencesWithinTheSchemaAndNoOthers) {
  EXPECT_EQ(judged(R"({"$defs":{"a":{"type":"string"}},"$ref":"#/$defs/a"})", "1"), misfits);
  EXPECT_EQ(judged(R"({"properties":{"n":{"$ref":"#"}},"type":"object"})", R"({"n":{"n":7}})"), misfits);
  EXPECT_EQ(judged(R"({"$ref":"https://schemas.example/a"})", "1"), unknown);
  EXPECT_EQ(judged(R"({"$ref":"#/$defs/nowhere"})", "1"), unknown);
  EXPECT_EQ(judged(R"({"$ref":"#"})", "1"), unknown) << "it leads to itself";
}

TEST(JsonSchema, KnowsItsDialects) {
  const std::string beside = R"("$defs":{"a":{}},"$ref":"#/$defs/a","type":"string"})";
  EXPECT_EQ(judged(R"({"$schema":"http://json-schema.org/draft-07/schema#",)" + beside, "1"), fits);
  EXPECT_EQ(judged(R"({"$schema":"https://json-schema.org/draft/2020-12/schema",)" + beside, "1"), misfits);
  EXPECT_EQ(judged(R"({"$schema":"https://dialects.example/own","type":"string"})", "1"), unknown);
}

TEST(JsonSchema, SaysWhere) {
  const auto found = fit(json::parse(R"({"properties":{"a/b":{"items":{"type":"string"}}}})").value(),
                         json::parse(R"({"a/b":["x",1]})").value());
  EXPECT_EQ(found.pointer, "/a~1b/1");
  EXPECT_EQ(found.why, "has the type number, not string");
}

TEST(JsonSchema, StaysWithinBounds) {
  std::string bush = R"({"$defs":{"a0":{"type":"string"})";
  for (int i = 1; i < 40; ++i) {
    const auto one = R"({"$ref":"#/$defs/a)" + std::to_string(i - 1) + R"("})";
    bush += R"(,"a)" + std::to_string(i) + R"(":{"anyOf":[)" + one + "," + one + "]}";
  }
  bush += R"(},"$ref":"#/$defs/a39"})";
  EXPECT_EQ(judged(bush, "1"), unknown);
  std::string wide = "[0";
  for (int i = 0; i < 20'000; ++i) wide += ",0";
  EXPECT_EQ(judged("{}", wide + "]"), unknown);
}

}  // namespace
}  // namespace mcprove::vet
