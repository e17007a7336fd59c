#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vet/manifest.h"

namespace mcprove::vet {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

json::Value parsed(std::string_view text) { return json::parse(text).value_or(json::Value()); }

Manifest server(std::string name, std::vector<std::string_view> tools) {
  Manifest out;
  out.server = std::move(name);
  for (const auto tool : tools) out.tools.push_back(parsed(tool));
  return out;
}

TEST(Manifest, FindingsNameTheServerTheToolAndThePlace) {
  auto one = server("notes", {R"({"name":"add","description":"Adds a note."})",
                              R"({"name":"list","description":"Lists notes.","title":"a\u001b[31mb"})"});
  one.instructions = "Ask \x1b[0m first.";
  const auto findings = judge(one);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].server, "notes");
  EXPECT_EQ(findings[0].kind, Kind::tool);
  EXPECT_EQ(findings[0].tool, "list");
  EXPECT_EQ(findings[0].pointer, "/title");
  EXPECT_EQ(findings[0].rule, "terminal-escape");
  EXPECT_EQ(findings[0].confidence, Confidence::confirmed);
  EXPECT_EQ(findings[1].kind, Kind::instructions);
  EXPECT_EQ(findings[1].tool, "");
}

TEST(Manifest, FingerprintsNameThePlaceAndTheRuleButNotTheWords) {
  const auto of = [](std::string_view tool) { return fingerprint(judge(server("s", {tool})).at(0)); };
  const auto first = of(R"({"name":"a","description":"x\u001b[31m"})");
  EXPECT_EQ(first.size(), std::string("mcprove1:").size() + 32);
  EXPECT_EQ(first, of(R"({"name":"a","description":"other words \u001b[31m"})"));
  EXPECT_NE(first, of(R"({"name":"b","description":"x\u001b[31m"})"));
  EXPECT_NE(first, of(R"({"name":"a","title":"x\u001b[31m"})"));
}

TEST(Manifest, PowersAreSpelledOneWay) {
  for (const Power power : {Power::execute, Power::read_files, Power::write_files, Power::network, Power::database,
                            Power::messages, Power::secrets, Power::identity, Power::payment, Power::memory})
    EXPECT_EQ(power_of(name(power)), power);
  EXPECT_EQ(power_of("fly"), std::nullopt);
}

std::vector<std::string> powers(std::string_view tool) {
  std::vector<std::string> out;
  for (const auto& each : capabilities(parsed(tool)))
    out.push_back(std::string(name(each.power)) + " " + std::string(name(each.bound)));
  return out;
}

TEST(Capabilities, NeedAVerbAndAnObject) {
  EXPECT_THAT(powers(R"({"name":"run_command","inputSchema":{"properties":{"command":{"type":"string"}}}})"),
              ElementsAre("execute none"));
  EXPECT_THAT(powers(R"({"name":"fetch","description":"Fetches a web page.","inputSchema":{"properties":{"url":{}}}})"),
              ElementsAre("network none"));
  EXPECT_THAT(powers(R"({"name":"add","description":"Adds two numbers.","inputSchema":{"properties":{"a":{},"b":{}}}})"),
              IsEmpty());
  EXPECT_THAT(powers(R"({"name":"search_code","description":"Searches text patterns in code with a regex."})"), IsEmpty());
}

TEST(Capabilities, SayHowTheyAreBound) {
  EXPECT_THAT(powers(R"({"name":"run_script","inputSchema":{"properties":{"script":{"enum":["build","test"]}}}})"),
              ElementsAre("execute enforced"));
  EXPECT_THAT(powers(R"({"name":"read_file","description":"Reads a file. Only works within allowed directories.",
                        "inputSchema":{"properties":{"path":{"type":"string"}}}})"),
              ElementsAre("read-files said"));
  EXPECT_THAT(powers(R"({"name":"list_files","inputSchema":{"properties":{}}})"), ElementsAre("read-files enforced"))
      << "nothing to choose";
}

}  // namespace
}  // namespace mcprove::vet
