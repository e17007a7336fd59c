#include "mcp/param_headers.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/mcp/harness.h"

namespace mcprove::mcp {
namespace {

using mcprove::test::parsed;

json::Value schema(const std::string& properties) { return parsed(R"({"type":"object","properties":{)" + properties + "}}"); }

net::Headers mirrored(const std::string& properties, const std::string& arguments) {
  const auto wanted = param_headers(schema(properties));
  EXPECT_TRUE(wanted);
  return mirror(wanted.value_or(std::vector<ParamHeader>{}), parsed(arguments));
}

TEST(ParamHeaders, RepeatWhatIsAnnotatedAndNothingElse) {
  const auto headers = mirrored(R"("r":{"type":"string","x-mcp-header":"Region"},"n":{"type":"integer","x-mcp-header":"Count"},
                                   "b":{"type":"boolean","x-mcp-header":"Flag"},"plain":{"type":"string"})",
                                R"({"r":"us-west1","n":42,"b":false,"plain":"x"})");
  EXPECT_EQ(headers.find("Mcp-Param-Region"), "us-west1");
  EXPECT_EQ(headers.find("Mcp-Param-Count"), "42");
  EXPECT_EQ(headers.find("Mcp-Param-Flag"), "false");
  EXPECT_EQ(headers.fields.size(), 3U);
}

TEST(ParamHeaders, LeaveOutWhatIsAbsentOrNull) {
  EXPECT_TRUE(mirrored(R"("r":{"type":"string","x-mcp-header":"R"},"s":{"type":"string","x-mcp-header":"S"})", R"({"r":null})")
                  .fields.empty());
}

TEST(ParamHeaders, FollowNestedProperties) {
  const auto headers =
      mirrored(R"("o":{"type":"object","properties":{"id":{"type":"string","x-mcp-header":"Id"}}})", R"({"o":{"id":"7"}})");
  EXPECT_EQ(headers.find("Mcp-Param-Id"), "7");
}

TEST(ParamHeaders, RefuseInvalidAnnotations) {
  for (const auto* property :
       {R"("x":{"type":"string","x-mcp-header":""})", R"("x":{"type":"string","x-mcp-header":"My Region"})",
        R"("x":{"type":"string","x-mcp-header":"Region:a"})", R"("x":{"type":"string","x-mcp-header":"R\u00e9gion"})",
        R"("x":{"type":"string","x-mcp-header":"Region\t1"})", R"("x":{"type":"string","x-mcp-header":"a\r\nHost: b"})",
        R"("x":{"type":"string","x-mcp-header":7})", R"("x":{"type":"number","x-mcp-header":"N"})",
        R"("x":{"type":"object","x-mcp-header":"O"})", R"("x":{"type":"array","x-mcp-header":"A"})",
        R"("x":{"x-mcp-header":"T"})",
        R"("x":{"type":"string","x-mcp-header":"Same"},"y":{"type":"string","x-mcp-header":"sAME"})"}) {
    const auto read = param_headers(schema(property));
    ASSERT_FALSE(read) << property;
    EXPECT_EQ(read.error().kind, Error::Kind::malformed);
  }
}

TEST(ParamHeaders, GoNoDeeperThanASchemaMay) {
  std::string deep = R"({"type":"string","x-mcp-header":"Deep"})";
  for (int i = 0; i < 20; ++i) deep = R"({"type":"object","properties":{"a":)" + deep + "}}";
  const auto read = param_headers(parsed(deep));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->empty());
}

TEST(HeaderValue, EncodesWhatAFieldCannotCarry) {
  EXPECT_EQ(header_value("us west 1"), "us west 1");
  EXPECT_EQ(header_value(""), "");
  EXPECT_EQ(header_value(" padded "), "=?base64?IHBhZGRlZCA=?=");
  EXPECT_EQ(header_value("line1\r\nline2"), "=?base64?bGluZTENCmxpbmUy?=");
  EXPECT_EQ(header_value("=?base64?x"), "=?base64?PT9iYXNlNjQ/eA==?=");
}

}  // namespace
}  // namespace mcprove::mcp
