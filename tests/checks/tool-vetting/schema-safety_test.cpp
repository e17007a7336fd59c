#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "schema-safety";

TEST(SchemaSafety, PassesASoundServerOnEveryWire) {
  for (const auto wire : {lab::Wire::handshake, lab::Wire::stateless, lab::Wire::sse})
    EXPECT_THAT(audit_lab(id, {}, {.lab = {.wires = {wire}}}), Is(Outcome::pass));
}

TEST(SchemaSafety, NoticesItsFlaw) { EXPECT_THAT(audit_lab(id, {"schema-refers-elsewhere"}), Is(Outcome::fail)); }

CheckRun audit_schema(const std::string& schema, const std::string& more = "") {
  return audit_script(id, [&](std::string_view method, const json::Value&) {
    return method == "tools/list" ? R"({"tools":[{"name":"look","inputSchema":)" + schema + more + "}]}" : std::string();
  });
}

TEST(SchemaSafety, KnowsWhatIsNoSchema) {
  for (const auto* schema :
       {R"({"type":"object","properties":{"a":{"type":"strng"}}})", R"({"type":"object","properties":[]})",
        R"({"type":"object","required":true})", R"({"type":"object","properties":{"a":{"enum":"x"}}})",
        R"({"type":"object","properties":{"a":{"$ref":"#/$defs/nowhere"}}})", R"({"type":"array"})", R"([])"}) {
    const auto run = audit_schema(schema);
    EXPECT_THAT(run, Is(Outcome::fail)) << schema;
    EXPECT_EQ(run.first()->folded.severity, Severity::medium) << schema;
  }
}

TEST(SchemaSafety, LeavesSoundSchemasAlone) {
  for (const auto* schema :
       {R"({"type":"object"})", R"({"type":"object","properties":{"type":{"type":"string"},"required":{"type":"boolean"}}})",
        R"({"type":"object","properties":{"a":{"$ref":"#/$defs/a"}},"$defs":{"a":{"type":["string","null"]}}})",
        R"({"$schema":"http://json-schema.org/draft-07/schema#","type":"object","additionalProperties":false})",
        R"({"type":"object","properties":{"a":{"default":{"$ref":"https://a.example/b"}}}})",
        R"x({"type":"object","properties":{"a":{"type":"string","pattern":"^([a-z0-9]+-)*[a-z0-9]+$"}}})x"})
    EXPECT_THAT(audit_schema(schema), Is(Outcome::pass)) << schema;
}

TEST(SchemaSafety, AdvisesAgainstExpressionsThatExplode) {
  for (const auto* pattern : {"^(a+)+$", "([a-z]*)*", "(?:\\\\w{2,})+x"}) {
    const auto run =
        audit_schema(R"({"type":"object","properties":{"a":{"type":"string","pattern":")" + std::string(pattern) + R"("}}})");
    EXPECT_THAT(run, Is(Outcome::fail)) << pattern;
    EXPECT_EQ(run.first()->folded.severity, Severity::low) << pattern;
  }
}

TEST(SchemaSafety, SaysNothingOfAnUnknownDialect) {
  EXPECT_THAT(audit_schema(R"({"$schema":"https://dialects.example/own","type":"object"})"), Is(Outcome::inconclusive));
}

TEST(SchemaSafety, AllowsAnyResultWhereTheRevisionDoes) {
  EXPECT_THAT(audit_schema(R"({"type":"object"})", R"(,"outputSchema":{"type":"array"})"), Is(Outcome::pass));
}

TEST(SchemaSafety, SaysNothingWhenTheServerIsGone) {
  EXPECT_THAT(audit_url(id, "http://127.0.0.1:1/mcp"), ::testing::Not(Is(Outcome::pass)));
}

}  // namespace
}  // namespace mcprove::testing
