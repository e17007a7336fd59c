#include "vet/capture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vet/provenance.h"

namespace mcprove::vet {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Capture, ReadsEveryShapeThatPeopleSave) {
  const std::vector<std::pair<std::string, std::string>> shapes{
      {R"({"tools":[{"name":"t"}]})", "file"},
      {R"({"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"t"}],"nextCursor":"x"}})", "file"},
      {R"([{"name":"t"}])", "file"},
      {R"({"server":"notes","tools":[{"name":"t"}],"instructions":"hi"})", "notes"},
      {R"({"server":{"name":"notes"},"tools":{"t":{"description":"d"}}})", "notes"},
      {R"([{"server":"notes","tools":[{"name":"t"}]}])", "notes"},
      {"{\"server\":\"notes\",\"tools\":[{\"name\":\"t\"}]}\n\n", "notes"}};
  for (const auto& [text, server] : shapes) {
    const auto read = read_capture(text, "file");
    ASSERT_TRUE(read) << text << ": " << read.error().message;
    ASSERT_THAT(*read, SizeIs(1)) << text;
    EXPECT_EQ(read->front().server, server) << text;
    ASSERT_THAT(read->front().tools, SizeIs(1)) << text;
    EXPECT_EQ(read->front().tools[0].string("name"), "t") << text;
  }
}

TEST(Capture, ReadsJsonLinesAsOneSet) {
  const auto read =
      read_capture("{\"server\":\"a\",\"tools\":[]}\n{\"server\":\"b\",\"tools\":[],\"prompts\":[{\"name\":\"p\"}]}\n", "f");
  ASSERT_TRUE(read);
  ASSERT_THAT(*read, SizeIs(2));
  EXPECT_THAT((*read)[1].prompts, SizeIs(1));
}

TEST(Capture, SaysWhatItCannotRead) {
  for (const auto* text : {"", "hello", "{}", "[]", "null", R"({"tools":3})", "{\"server\":\"a\",\"tools\":[]}\n{\"no\":1}\n"}) {
    const auto read = read_capture(text, "saved.json");
    ASSERT_FALSE(read) << text;
    EXPECT_THAT(read.error().message, HasSubstr("saved.json")) << text;
  }
}

TEST(Provenance, KnowsWhatPackageRunnersPin) {
  struct Row {
    std::vector<std::string> argv;
    std::string registry, package, version, publisher;
  };
  const std::vector<Row> rows{
      {{"npx", "-y", "@scope/server"}, "npm", "@scope/server", "", "@scope"},
      {{"/usr/bin/npx", "--yes", "@scope/server@1.2.3", "arg"}, "npm", "@scope/server", "1.2.3", "@scope"},
      {{"npx", "server@latest"}, "npm", "server", "", ""},
      {{"npx", "server@^1.2.0"}, "npm", "server", "", ""},
      {{"npx", "--package=server@2.0.0", "bin"}, "npm", "server", "2.0.0", ""},
      {{"uvx", "mcp-server-git"}, "pypi", "mcp-server-git", "", ""},
      {{"uvx", "--from", "tool==1.4.0", "bin"}, "pypi", "tool", "1.4.0", ""},
      {{"uvx", "tool@1.4.0"}, "pypi", "tool", "1.4.0", ""},
      {{"docker", "run", "-i", "--rm", "-e", "TOKEN", "ghcr.io/owner/server"},
       "oci",
       "ghcr.io/owner/server",
       "",
       "ghcr.io/owner"},
      {{"docker", "run", "mcp/fetch:latest"}, "oci", "mcp/fetch", "", "mcp"},
      {{"docker", "run", "reg:5000/a/b@sha256:00ff"}, "oci", "reg:5000/a/b", "sha256:00ff", "reg:5000/a"},
      {{"node", "server.js"}, "", "", "", ""}};
  for (const auto& row : rows) {
    const auto from = provenance_of(row.argv);
    const auto shown = row.argv.back();
    EXPECT_EQ(from.registry, row.registry) << shown;
    EXPECT_EQ(from.package, row.package) << shown;
    EXPECT_EQ(from.version, row.version) << shown;
    EXPECT_EQ(from.publisher, row.publisher) << shown;
  }
}

Manifest shell() {
  Manifest manifest;
  manifest.server = "shell";
  manifest.provenance = provenance_of({"npx", "@somebody/shell"});
  manifest.tools.push_back(json::parse(R"({"name":"run_command","description":"Runs a shell command.",
      "inputSchema":{"type":"object","properties":{"command":{"type":"string"}}}})")
                               .value());
  return manifest;
}

TEST(Trust, WithoutAPolicyAllIsLow) {
  for (const auto& finding : judge_trust({shell()}, {})) EXPECT_EQ(finding.severity, Weight::low) << finding.rule;
}

TEST(Trust, HoldsServersToThePolicy) {
  EXPECT_THAT(judge_trust({shell()}, {.given = true, .forbid = {Power::execute}}),
              Contains(AllOf(Field(&Finding::rule, "forbidden-capability"), Field(&Finding::severity, Weight::medium))));
  EXPECT_THAT(judge_trust({shell()}, {.given = true, .allow = {Power::memory}}),
              Contains(Field(&Finding::rule, "forbidden-capability")));
  EXPECT_THAT(judge_trust({shell()}, {.given = true, .publishers = {"@else"}}),
              Contains(Field(&Finding::rule, "untrusted-source")));
  auto pinned = shell();
  pinned.provenance = provenance_of({"npx", "@somebody/shell@1.0.0"});
  EXPECT_THAT(judge_trust({pinned}, {.given = true, .publishers = {"@somebody"}, .forbid = {Power::payment}}), IsEmpty());
}

}  // namespace
}  // namespace mcprove::vet
