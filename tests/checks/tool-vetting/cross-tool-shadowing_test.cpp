#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "cross-tool-shadowing";

TEST(CrossToolShadowing, PassesASoundServerOnEveryWire) {
  for (const auto wire : {lab::Wire::handshake, lab::Wire::stateless, lab::Wire::sse})
    EXPECT_THAT(audit_lab(id, {}, {.lab = {.wires = {wire}}}), Is(Outcome::pass));
}

TEST(CrossToolShadowing, NoticesItsFlaw) { EXPECT_THAT(audit_lab(id, {"look-alike-tool"}), Is(Outcome::fail)); }

TEST(CrossToolShadowing, SaysNothingWhenTheServerIsGone) {
  EXPECT_THAT(audit_url(id, "http://127.0.0.1:1/mcp"), ::testing::Not(Is(Outcome::pass)));
}

CheckRun audit_names(const std::string& one, const std::string& other) {
  return audit_script(id, [&](std::string_view method, const json::Value&) {
    const auto tool = [](const std::string& name) { return R"({"name":")" + name + R"(","inputSchema":{"type":"object"}})"; };
    return method == "tools/list" ? R"({"tools":[)" + tool(one) + "," + tool(other) + "]}" : std::string();
  });
}

TEST(CrossToolShadowing, AdvisesAgainstNamesThatNotEveryClientTakes) {
  for (const auto* name : {"list files", "read:file", "getuser"}) {
    const auto run = audit_names(name, "getUser");
    EXPECT_THAT(run, Is(Outcome::fail)) << name;
    EXPECT_EQ(run.first()->folded.severity, Severity::low) << name;
  }
  for (const auto* name : {"list-files", "files/read", "get_user.v2", "getUsers"})
    EXPECT_THAT(audit_names(name, "getUser"), Is(Outcome::pass)) << name;
}

}  // namespace
}  // namespace mcprove::testing
