// The official conformance suite judges our client: what both revisions require, and every scenario of authorization with
// the extensions and the back-compatibility. README.md shows what was measured; MCPROVE_ACCEPT=1 writes it there.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include "tests/interop/server.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace mcprove::test {
namespace {

namespace fs = std::filesystem;

struct Scenario {
  int passed = 0;
  int failed = 0;
  bool good() const { return failed == 0 && passed > 0; }
};

struct Judged {
  std::map<std::string, Scenario> scenarios{};
  std::set<std::string> not_scored{};
  std::string summary{};  // of the suite, in its words
  int exit_code = -1;
};

// One run of the suite. Its own verdict is its exit code; what it counted is in the lines of its summary.
Judged judge(const std::vector<std::string>& what) {
  const auto suite = InteropServer::packages("conformance") + "/node_modules/@modelcontextprotocol/conformance/dist/index.js";
  std::vector<std::string> argv{InteropServer::node(), suite, "client", "--command", built_program("conformance-client")};
  argv.insert(argv.end(), what.begin(), what.end());
  const auto ended = run(argv, {}, std::chrono::seconds(90));
  Judged judged;
  judged.exit_code = ended.exit_code;
  const auto all = ended.out + ended.err;
  judged.summary = all.substr(std::min(all.find("=== SUITE SUMMARY ==="), all.size()));
  std::istringstream lines(judged.summary);
  for (std::string line; std::getline(lines, line);) {
    std::string name;
    Scenario scenario;
    if (RE2::FullMatch(line, R"(\S+ (\S+): (\d+) passed, (\d+) failed.*)", &name, &scenario.passed, &scenario.failed))
      judged.scenarios[name] = scenario;
    else if (RE2::FullMatch(line, R"( +\S+ (\S+) \(.+\))", &name)) judged.not_scored.insert(name);
  }
  return judged;
}

struct Row {
  std::string what{};
  int scenarios = 0;
  int good = 0;
  int checks = 0;
  void add(const Scenario& scenario) {
    ++scenarios;
    good += scenario.good() ? 1 : 0;
    checks += scenario.passed;
  }
  std::string text() const { return fmt::format("| {} | {} of {} | {} |\n", what, good, scenarios, checks); }
};

Row scored(std::string what, const Judged& judged) {
  Row row{.what = std::move(what)};
  for (const auto& [name, scenario] : judged.scenarios)
    if (!judged.not_scored.contains(name)) row.add(scenario);
  return row;
}

// Each scenario once: by the newest revision that has it.
Row authorization(const std::vector<const Judged*>& newest_first) {
  Row row{.what = "all of authorization, with the extensions and what is kept for 2025-03-26"};
  std::set<std::string> seen;
  for (const auto* judged : newest_first)
    for (const auto& [name, scenario] : judged->scenarios)
      if (name.starts_with("auth/") && seen.insert(name).second) row.add(scenario);
  return row;
}

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// What stands between the markers of README.md is ours.
void expect_in_readme(const std::string& block) {
  const fs::path file = fs::path(test::source_path("README.md"));
  const std::string begin = "<!-- conformance: written by the test -->\n";
  const std::string end = "<!-- conformance: end -->\n";
  auto text = read(file);
  const auto from = text.find(begin);
  const auto to = text.find(end);
  ASSERT_TRUE(from != std::string::npos && to != std::string::npos && from < to) << "README.md has lost its markers";
  const auto start = from + begin.size();
  if (const char* accept = std::getenv("MCPROVE_ACCEPT"); accept != nullptr && std::string(accept) == "1") {
    text.replace(start, to - start, block);
    std::ofstream(file, std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(text.substr(start, to - start), block) << "MCPROVE_ACCEPT=1 writes what was measured into README.md";
}

TEST(Conformance, OurClientPassesTheOfficialSuite) {
  if (!InteropServer::installed("conformance/index.js")) GTEST_SKIP() << "not installed; ./dev test interop installs it";
  const auto newest = judge({"--requirements", "2026-07-28"});
  const auto before = judge({"--requirements", "2025-11-25"});
  const auto first = judge({"--suite", "backcompat"});
  for (const auto* judged : {&newest, &before, &first}) {
    EXPECT_EQ(judged->exit_code, 0) << judged->summary;
    for (const auto& [name, scenario] : judged->scenarios) EXPECT_TRUE(scenario.good()) << name << "\n" << judged->summary;
  }
  const auto row_newest = scored("required by 2026-07-28", newest);
  const auto row_before = scored("required by 2025-11-25", before);
  const auto row_auth = authorization({&newest, &before, &first});
  EXPECT_EQ(row_newest.good, 32);
  EXPECT_EQ(row_before.good, 18);
  EXPECT_EQ(row_auth.good, 33);
  if (HasFailure()) return;
  expect_in_readme("| scenarios | pass | checks in them |\n|---|---|---|\n" + row_newest.text() + row_before.text() +
                   row_auth.text());
}

// A judge that finds nothing wrong with anything is none.
TEST(Conformance, TheSuiteFailsAClientThatDoesNothing) {
  if (!InteropServer::installed("conformance/index.js")) GTEST_SKIP() << "not installed; ./dev test interop installs it";
  const auto suite = InteropServer::packages("conformance") + "/node_modules/@modelcontextprotocol/conformance/dist/index.js";
  const auto ended = run({InteropServer::node(), suite, "client", "--command", "true", "--scenario", "auth/metadata-default"});
  EXPECT_EQ(ended.exit_code, 1) << ended.out;
}

}  // namespace
}  // namespace mcprove::test
