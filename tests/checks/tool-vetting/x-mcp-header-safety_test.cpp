#include <fmt/format.h>

#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "x-mcp-header-safety";

CheckRun audit_schema(const std::string& properties) {
  return audit_script(id, [&](std::string_view method, const json::Value&) {
    return method == "tools/list"
               ? fmt::format(R"({{"tools":[{{"name":"find","inputSchema":{{"type":"object","properties":{}}}}}]}})", properties)
               : std::string();
  });
}

TEST(XMcpHeaderSafety, PassesASoundServerOnTheOnlyWireThatHasIt) {
  EXPECT_THAT(audit_lab(id, {}, {.lab = {.wires = {lab::Wire::stateless}}}), Is(Outcome::pass));
  for (const auto wire : {lab::Wire::handshake, lab::Wire::sse})
    EXPECT_THAT(audit_lab(id, {}, {.lab = {.wires = {wire}}}), Is(Outcome::not_applicable));
}

TEST(XMcpHeaderSafety, NoticesEveryFlawOfItsOwn) {
  for (const std::string_view flaw : {"header-param-invalid", "header-param-secret"})
    EXPECT_THAT(audit_lab(id, {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(XMcpHeaderSafety, KnowsEveryWayToAnnotateWrongly) {
  for (const auto* properties :
       {R"({"a":{"type":"string","x-mcp-header":""}})", R"({"a":{"type":"string","x-mcp-header":"A\r\nB"}})",
        R"({"a":{"type":"string","x-mcp-header":7}})", R"({"a":{"type":"number","x-mcp-header":"A"}})",
        R"({"a":{"type":["string","object"],"x-mcp-header":"A"}})", R"({"a":{"x-mcp-header":"A"}})",
        R"({"a":{"type":"string","x-mcp-header":"Key"},"b":{"type":"string","x-mcp-header":"KEY"}})",
        R"({"a":{"type":"array","items":{"type":"string","x-mcp-header":"A"}}})",
        R"({"a":{"anyOf":[{"type":"string","x-mcp-header":"A"}]}})"}) {
    const auto run = audit_schema(properties);
    EXPECT_THAT(run, Is(Outcome::fail)) << properties;
    ASSERT_NE(run.first(), nullptr);
    EXPECT_EQ(run.first()->folded.severity, Severity::medium) << properties;
  }
}

TEST(XMcpHeaderSafety, LeavesValidOnesAlone) {
  for (const auto* properties :
       {R"({"region":{"type":"string","x-mcp-header":"Region"}})",
        R"({"where":{"type":"object","properties":{"zone":{"type":"integer","x-mcp-header":"Zone"}}}})",
        R"({"a":{"type":["boolean","null"],"x-mcp-header":"A"}})", R"({"page_token":{"type":"string","x-mcp-header":"Page"}})",
        R"({"secret_name":{"type":"string","x-mcp-header":"Name"}})",
        R"({"max_tokens":{"type":"integer","x-mcp-header":"Max"}})"})
    EXPECT_THAT(audit_schema(properties), Is(Outcome::pass)) << properties;
}

TEST(XMcpHeaderSafety, DoesNotTakeADefaultOrAParameterOfThatNameForAnAnnotation) {
  for (const auto* properties :
       {R"({"x-mcp-header":{"type":"string"}})", R"({"a":{"type":"object","default":{"x-mcp-header":"A B"}}})"})
    EXPECT_THAT(audit_schema(properties), Is(Outcome::not_applicable)) << properties;
}

TEST(XMcpHeaderSafety, TellsSecretsFromPersonalData) {
  EXPECT_EQ(audit_schema(R"({"apiKey":{"type":"string","x-mcp-header":"K"}})").first()->folded.severity, Severity::medium);
  EXPECT_EQ(audit_schema(R"({"email":{"type":"string","x-mcp-header":"M"}})").first()->folded.severity, Severity::low);
  EXPECT_EQ(audit_schema(R"({"q":{"type":"string","x-mcp-header":"Authorization"}})").first()->folded.severity, Severity::low);
}

TEST(XMcpHeaderSafety, SaysNothingOfNonsense) {
  for (const auto* tools : {R"({"tools":7})", R"({"tools":[]})", R"({"tools":[{"name":"a","inputSchema":[]}]})", R"([])"}) {
    const auto run = audit_script(id, [&](std::string_view method, const json::Value&) {
      return method == "tools/list" ? std::string(tools) : std::string();
    });
    EXPECT_THAT(run, ::testing::Not(Is(Outcome::pass))) << tools;
    EXPECT_THAT(run, ::testing::Not(Is(Outcome::fail))) << tools;
  }
}

}  // namespace
}  // namespace mcprove::testing
