#include <fmt/format.h>

#include "checks/tool-vetting/links.h"
#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "output-and-icon-safety";

/// One harmless tool with these further members, and what it returns.
CheckRun audit_tool(const std::string& members, const std::string& result) {
  return audit_script(id, [&](std::string_view method, const json::Value&) {
    if (method == "tools/list")
      return fmt::format(
          R"({{"tools":[{{"name":"status","inputSchema":{{"type":"object"}},"annotations":{{"readOnlyHint":true}}{}}}]}})",
          members);
    return method == "tools/call" ? result : std::string();
  });
}

CheckRun audit_icon(const std::string& icon) {
  return audit_tool(fmt::format(R"(,"icons":[{}])", icon), R"({"content":[{"type":"text","text":"fine"}]})");
}

const std::string wants_count =
    R"(,"outputSchema":{"type":"object","properties":{"count":{"type":"integer"}},"required":["count"]})";

TEST(OutputAndIconSafety, PassesASoundServerOnEveryWire) {
  for (const auto wire : {lab::Wire::handshake, lab::Wire::stateless, lab::Wire::sse})
    EXPECT_THAT(audit_lab(id, {}, {.lab = {.wires = {wire}}}), Is(Outcome::pass));
}

TEST(OutputAndIconSafety, NoticesEveryFlawOfItsOwn) {
  for (const std::string_view flaw : {"result-breaks-schema", "result-commands-model", "icon-runs-script"})
    EXPECT_THAT(audit_lab(id, {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(OutputAndIconSafety, GradesABrokenSchemaLow) {
  const auto run = audit_lab(id, {"result-breaks-schema"});
  EXPECT_THAT(run, Case("result of whoami schema", Outcome::fail));
  EXPECT_EQ(run.first()->folded.severity, Severity::low);
}

TEST(OutputAndIconSafety, DoesNotBlameTheServerForWordsThatMayBeAThirdPartys) {
  const auto run = audit_lab(id, {"result-commands-model"}, {.options = [](Options& o) { o.identities.resize(1); }});
  EXPECT_THAT(run, Case("result of profile_get", Outcome::inconclusive));
}

TEST(OutputAndIconSafety, HoldsResultsToTheOutputSchema) {
  EXPECT_THAT(audit_tool(wants_count, R"({"content":[],"structuredContent":{"count":3}})"), Is(Outcome::pass));
  EXPECT_THAT(audit_tool(wants_count, R"({"content":[],"structuredContent":{"count":"3"}})"), Is(Outcome::fail));
  EXPECT_THAT(audit_tool(wants_count, R"({"content":[]})"), Is(Outcome::fail));
}

TEST(OutputAndIconSafety, ExpectsNoStructureOfAnErrorOrOfAQuestion) {
  for (const auto* result : {R"({"content":[{"type":"text","text":"no disk"}],"isError":true})",
                             R"({"resultType":"input_required","inputRequests":{}})"})
    EXPECT_THAT(audit_tool(wants_count, result), ::testing::Not(Is(Outcome::fail))) << result;
}

TEST(OutputAndIconSafety, SaysWhichSchemasItDoesNotJudge) {
  const std::string dynamic = R"(,"outputSchema":{"type":"object","properties":{"a":{"$dynamicRef":"#x"}}})";
  EXPECT_THAT(audit_tool(dynamic, R"({"content":[],"structuredContent":{"a":1}})"), Is(Outcome::inconclusive));
}

TEST(OutputAndIconSafety, ReadsLinks) {
  const auto link = [](const std::string& uri) {
    return audit_tool("", fmt::format(R"({{"content":[{{"type":"resource_link","name":"x","uri":"{}"}}]}})", uri));
  };
  for (const auto* uri : {"javascript:alert(1)", " JaVa\\nScript:alert(1)", "data:text/html,<script>"})
    EXPECT_THAT(link(uri), Is(Outcome::fail)) << uri;
  for (const auto* uri : {"https://example.com/a", "file:///notes/1", "notes://alice/1", "data:text/plain,hello"})
    EXPECT_THAT(link(uri), Is(Outcome::pass)) << uri;
}

TEST(OutputAndIconSafety, ReadsIcons) {
  for (const auto* icon :
       {R"x({"src":"javascript:alert(1)"})x", R"({"src":"file:///etc/passwd"})", R"({"src":"ftp://a.example/i.png"})",
        R"({"src":"data:text/html,<b>"})", R"x({"src":"data:image/svg+xml,%3Csvg%20onload=alert(1)%3E"})x",
        R"({"src":"data:image/svg+xml;base64,PHN2Zz48c2NyaXB0Pjwvc2NyaXB0Pjwvc3ZnPg=="})"}) {
    const auto run = audit_icon(icon);
    EXPECT_THAT(run, Is(Outcome::fail)) << icon;
    EXPECT_EQ(run.first()->folded.severity, Severity::medium) << icon;
  }
  for (const auto* icon : {R"({"src":7})", R"({})", R"({"src":"./relative.svg"})", R"({"src":"http://icons.example/i.png"})",
                           R"({"src":"https://icons.example/i.html","mimeType":"text/html"})"})
    EXPECT_EQ(audit_icon(icon).first()->folded.severity, Severity::low) << icon;
  for (const auto* icon : {R"({"src":"https://icons.example/i.png","mimeType":"image/png","sizes":["48x48"]})",
                           R"({"src":"data:image/png;base64,iVBORw0KGgo="})", R"({"src":"data:image/svg+xml,%3Csvg/%3E"})"})
    EXPECT_THAT(audit_icon(icon), Is(Outcome::pass)) << icon;
}

TEST(OutputAndIconSafety, LooksAtNothingThatMayNotBeCalled) {
  const auto run = audit_script(id, [&](std::string_view method, const json::Value&) {
    if (method == "tools/list") return std::string(R"({"tools":[{"name":"delete_all","inputSchema":{"type":"object"}}]})");
    EXPECT_NE(method, "tools/call");
    return std::string();
  });
  EXPECT_THAT(run, Is(Outcome::inconclusive));
}

TEST(OutputAndIconSafety, SaysNothingOfNonsense) {
  for (const auto* result :
       {"7", "[]", "{}", R"({"content":"text"})", R"({"content":[7,null,{"uri":3}],"structuredContent":[]})"})
    EXPECT_THAT(audit_tool("", result), ::testing::Not(Is(Outcome::fail))) << result;
  EXPECT_THAT(audit_url(id, "http://127.0.0.1:1/mcp"), ::testing::Not(Is(Outcome::pass)));
}

TEST(Links, AreReadAsABrowserReadsThem) {
  EXPECT_EQ(checks::scheme_of("HTTPS://a"), "https");
  EXPECT_EQ(checks::scheme_of("\tjava\nscript:x"), "javascript");
  EXPECT_EQ(checks::scheme_of("/a:b"), "");
  EXPECT_EQ(checks::scheme_of(""), "");
  EXPECT_EQ(checks::data_url("data:,a%20b")->content, "a b");
  EXPECT_EQ(checks::data_url("data:Image/PNG;base64,YQ==")->type, "image/png");
  EXPECT_FALSE(checks::data_url("data:image/png"));
}

}  // namespace
}  // namespace mcprove::testing
