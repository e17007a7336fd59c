// Popular servers that we did not write, started as a client would start them and vetted: no one of them deserves a
// finding at medium or above. Expected are the numbers of tools of the locked versions, so that a server that is not read
// whole is noticed.
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/interop/server.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace mcprove::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct Popular {
  std::string package{};
  std::string program{};  ///< within the package
  std::size_t tools = 0;
  bool wants_folder = false;
};

void PrintTo(const Popular& popular, std::ostream* out) { *out << popular.package; }

const std::vector<Popular>& popular() {
  static const std::vector<Popular> all{
      {.package = "@modelcontextprotocol/server-everything", .program = "dist/index.js", .tools = 13},
      {.package = "@modelcontextprotocol/server-filesystem", .program = "dist/index.js", .tools = 14, .wants_folder = true},
      {.package = "@modelcontextprotocol/server-memory", .program = "dist/index.js", .tools = 9},
      {.package = "@modelcontextprotocol/server-sequential-thinking", .program = "dist/index.js", .tools = 1},
      {.package = "@antv/mcp-server-chart", .program = "build/index.js", .tools = 27},
      {.package = "@eslint/mcp", .program = "src/mcp-cli.js", .tools = 1},
      {.package = "@notionhq/notion-mcp-server", .program = "bin/cli.mjs", .tools = 24},
      {.package = "@playwright/mcp", .program = "cli.js", .tools = 25},
      {.package = "@upstash/context7-mcp", .program = "dist/index.js", .tools = 2},
      {.package = "exa-mcp-server", .program = "dist/stdio.cjs", .tools = 2},
      {.package = "firecrawl-mcp", .program = "dist/index.js", .tools = 26},
      {.package = "@modelcontextprotocol/server-github", .program = "dist/index.js", .tools = 26},
      {.package = "tavily-mcp", .program = "build/index.js", .tools = 5}};
  return all;
}

std::string command_of(const Popular& server, const fs::path& folder) {
  const auto program = InteropServer::packages("popular") + "/node_modules/" + server.package + "/" + server.program;
  auto words = "'" + InteropServer::node() + "' '" + program + "'";
  if (server.wants_folder) words += " '" + folder.string() + "'";
  return words;
}

class Vetting : public testing::TestWithParam<Popular> {
 protected:
  void SetUp() override {
    if (!InteropServer::installed("popular/vet")) GTEST_SKIP() << "./dev test interop installs the servers";
  }
  std::string command() const { return command_of(GetParam(), home_.path()); }
  Finished mcprove(std::vector<std::string> words) const {
    words.insert(words.begin(), built_program("mcprove"));
    return run(words, {{"HOME", home_.path().string()}, {"XDG_STATE_HOME", home_.path().string()}}, std::chrono::seconds(90));
  }
  TempDir home_{};
};

TEST_P(Vetting, RaisesNoFalseAlarm) {
  const auto vetted = mcprove({"vet", "--stdio", command(), "--format", "json"});
  EXPECT_EQ(vetted.exit_code, 0) << vetted.err;
  const auto report = json::parse(vetted.out);
  ASSERT_TRUE(report.at("complete").get<bool>()) << vetted.out;
  EXPECT_EQ(report.at("servers").at(0).at("tools").get<std::size_t>(), GetParam().tools);
  for (const auto& finding : report.at("findings")) EXPECT_EQ(finding.at("severity"), "low") << finding.dump(2);
}

TEST_P(Vetting, PinsWhatComesBackTheSame) {
  const auto lock = (home_.path() / "lock").string();
  const auto locked = mcprove({"lock", "--stdio", command(), "--out", lock});
  ASSERT_EQ(locked.exit_code, 0) << locked.err;
  const auto verified = mcprove({"verify", "--stdio", command(), "--lock", lock, "--strict"});
  EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
}

std::string name_of(const testing::TestParamInfo<Popular>& info) {
  std::string name;
  for (const char c : info.param.package) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Popular, Vetting, testing::ValuesIn(popular()), name_of);

/// All of them beside each other, as in one client: what they say of common things is no attack of one on another.
TEST(VettingTogether, PopularServersAreNoThreatToEachOther) {
  if (!InteropServer::installed("popular/vet")) GTEST_SKIP() << "./dev test interop installs the servers";
  TempDir home;
  std::vector<std::string> words{built_program("mcprove"), "vet", "--format", "json"};
  for (const auto& server : popular()) {
    words.emplace_back("--stdio");
    words.push_back(command_of(server, home.path()));
  }
  const auto vetted = run(words, {{"HOME", home.path().string()}}, std::chrono::seconds(110));
  const auto report = json::parse(vetted.out);
  EXPECT_TRUE(report.at("complete").get<bool>()) << report.at("unread").dump(2);
  for (const auto& finding : report.at("findings")) EXPECT_EQ(finding.at("severity"), "low") << finding.dump(2);
}

}  // namespace
}  // namespace mcprove::test
