#include <fmt/format.h>

#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "registry-provenance";

std::string no_tools(std::string_view method, const json::Value&) {
  return method == "tools/list" ? R"({"tools":[]})" : std::string();
}

CheckRun held_to(const std::string& record, const std::string& url = "https://mcp.example.com/mcp") {
  return audit_script(id, no_tools, [&](Options& o) {
    o.url = url;
    o.effect = Effect::passive;
    o.effect_given = true;
    o.server_json = json::parse(record).value();
  });
}

std::string record(std::string_view name, std::string_view remote, std::string_view version = "1.0.0") {
  return fmt::format(R"({{"name":"{}","description":"d","version":"{}","remotes":[{{"type":"streamable-http","url":"{}"}}]}})",
                     name, version, remote);
}

TEST(RegistryProvenance, PassesASoundServerOnEveryWire) {
  for (const auto wire : {lab::Wire::handshake, lab::Wire::stateless, lab::Wire::sse})
    EXPECT_THAT(audit_lab(id, {}, {.lab = {.wires = {wire}}}), Is(Outcome::pass));
}

TEST(RegistryProvenance, NoticesItsFlawAndGradesItLow) {
  const auto run = audit_lab(id, {"version-unregistered"});
  EXPECT_THAT(run, Case("version", Outcome::fail));
  EXPECT_EQ(run.first()->folded.severity, Severity::low);
}

TEST(RegistryProvenance, IsNotApplicableWithoutARecordAndAPolicy) {
  const auto run = audit_lab(id, {}, {.options = [](Options& o) { o.server_json = {}; }});
  EXPECT_THAT(run, Is(Outcome::not_applicable));
}

TEST(RegistryProvenance, HoldsUrlAndNamespaceToTheRecord) {
  const std::string here = "https://mcp.example.com/mcp";
  EXPECT_THAT(held_to(record("com.example/notes", here)), Is(Outcome::pass));
  EXPECT_THAT(held_to(record("com.example.mcp/notes", here)), Is(Outcome::pass));
  EXPECT_THAT(held_to(record("io.github.somebody/notes", here)), Is(Outcome::pass));
  const auto elsewhere = held_to(record("com.example/notes", "https://mcp.example.org/mcp"));
  EXPECT_THAT(elsewhere, Case("remote", Outcome::fail));
  EXPECT_EQ(elsewhere.first()->folded.severity, Severity::high);
  EXPECT_THAT(held_to(record("com.exam-ple/notes", here)), Case("namespace", Outcome::fail));
  EXPECT_THAT(held_to(record("com.example.other/notes", here)), Case("namespace", Outcome::fail));
}

TEST(RegistryProvenance, ComparesNoNamespaceWithAnAddress) {
  EXPECT_THAT(held_to(record("com.example/notes", "http://127.0.0.1:1/mcp"), "http://127.0.0.1:1/mcp"), Is(Outcome::pass));
}

TEST(RegistryProvenance, DemandsAHashOfDownloadsOnly) {
  const std::string npm =
      R"({"name":"com.example/n","description":"d","version":"1.0.0","packages":[{"registryType":"npm","identifier":"@e/n","version":"1.0.0"}]})";
  const std::string bundle =
      R"({"name":"com.example/n","description":"d","version":"1.0.0","packages":[{"registryType":"mcpb","identifier":"https://example.com/n.mcpb","version":"1.0.0"}]})";
  EXPECT_THAT(held_to(npm), Is(Outcome::pass));
  EXPECT_THAT(held_to(bundle), Is(Outcome::fail));
}

TEST(RegistryProvenance, HoldsTheOriginToTheListOfTrustedOnes) {
  const auto trusting = [](std::vector<std::string> origins) {
    return audit_script(id, no_tools, [&](Options& o) {
      o.trust.given = true;
      o.trust.origins = origins;
    });
  };
  EXPECT_THAT(trusting({"http://127.0.0.1:1"}), Is(Outcome::pass));
  EXPECT_THAT(trusting({"https://mcp.example.com"}), Case("allow-list", Outcome::fail));
}

TEST(RegistryProvenance, BelievesAPublisherOnlyOfARecordOfThisUrl) {
  const auto trusting = [](const std::string& remote) {
    return audit_script(id, no_tools, [&](Options& o) {
      o.trust.given = true;
      o.trust.publishers = {"com.example"};
      o.server_json = json::parse(record("com.example/notes", remote)).value();
    });
  };
  EXPECT_THAT(trusting("http://127.0.0.1:1/mcp"), Case("allow-list", Outcome::pass));
  EXPECT_THAT(trusting("https://mcp.example.com/mcp"), Case("allow-list", Outcome::fail));
}

TEST(RegistryProvenance, SaysNothingByARecordThatIsNone) {
  for (const auto* text : {R"([])", R"({"name":"x"})", R"(7)"}) EXPECT_THAT(held_to(text), Is(Outcome::inconclusive)) << text;
}

TEST(RegistryProvenance, SaysNothingWhenTheServerIsGone) {
  EXPECT_THAT(audit_url(id, "http://127.0.0.1:1/mcp"), ::testing::Not(Is(Outcome::pass)));
}

}  // namespace
}  // namespace mcprove::testing
