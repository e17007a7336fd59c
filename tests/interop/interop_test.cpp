// Audits of servers that we did not write. expectations/<name>-<mode>.json says for each what a correct report holds:
// must_fail, must_not_fail, and may_advise (a failure of level "should" is right, one of level "must" is not).
// What a file does not name, it does not judge.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <ostream>
#include <set>
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
using Names = std::set<std::string>;

struct Expectation {
  std::string name{};
  std::string program{};
  std::string mode{};
  json login{};
  std::string architecture{};
  Names wires{};
  Names must_fail{};
  Names may_advise{};
  Names must_not_fail{};
};

void PrintTo(const Expectation& expectation, std::ostream* out) { *out << expectation.name; }

fs::path folder() { return fs::path(test::source_path("tests/interop/expectations")); }

Expectation load(const fs::path& file) {
  std::ifstream in(file);
  const auto row = json::parse(in);
  return {.name = file.stem().string(),
          .program = row.at("program"),
          .mode = row.at("mode"),
          .login = row.at("login"),
          .architecture = row.at("architecture"),
          .wires = row.at("wires"),
          .must_fail = row.at("must_fail"),
          .may_advise = row.at("may_advise"),
          .must_not_fail = row.at("must_not_fail")};
}

std::vector<Expectation> expectations() {
  std::vector<Expectation> rows;
  for (const auto& entry : fs::directory_iterator(folder())) rows.push_back(load(entry.path()));
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return rows;
}

// What the report says of each check, over all its subjects.
struct Seen {
  Names outcomes{};
  Names reasons{};
  bool failed_must = false;
};

struct Audited {
  Finished process{};
  json report{};
  std::map<std::string, Seen> checks{};
  Names hidden{};  // by a finding that says so
  bool failed(const std::string& id) const { return checks.contains(id) && checks.at(id).outcomes.contains("fail"); }
};

std::string joined(const Names& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "nothing" : text;
}

Names known_checks() {
  const auto listed = run({built_program("mcprove"), "checks", "--format", "json"});
  Names ids;
  const auto document = json::parse(listed.out);
  for (const auto& check : document.at("checks")) ids.insert(check.at("id").get<std::string>());
  return ids;
}

Audited audit(const std::string& url, const json& login, const fs::path& state) {
  std::vector<std::string> argv{built_program("mcprove"), "audit", url, "--format", "json"};
  Environment environment{{"XDG_STATE_HOME", state.string()}};
  if (login.at("kind") == "form") {
    argv.insert(argv.end(), {"--user", login.at("user"), "--password-env", "INTEROP_PASSWORD"});
    environment["INTEROP_PASSWORD"] = login.at("password");
  } else if (login.at("kind") == "api-key") {
    argv.insert(argv.end(), {"--header-env", login.at("header").get<std::string>() + "=INTEROP_KEY"});
    environment["INTEROP_KEY"] = login.at("key");
  }
  if (login.contains("initial_access_token")) {
    argv.insert(argv.end(), {"--initial-access-token-env", "INTEROP_REGISTRATION"});
    environment["INTEROP_REGISTRATION"] = login.at("initial_access_token");
  }
  Audited result{.process = run(argv, environment, std::chrono::seconds(110))};
  result.report = json::parse(result.process.out, nullptr, false);
  if (result.report.is_discarded()) return result;
  for (const auto& check : result.report.at("checks")) {
    auto& seen = result.checks[check.at("id")];
    seen.outcomes.insert(check.at("outcome").get<std::string>());
    if (check.value("reason", json()).is_string()) seen.reasons.insert(check.at("reason").get<std::string>());
    seen.failed_must |= check.at("outcome") == "fail" && check.value("level", "must") != "should";
  }
  for (const auto& finding : result.report.at("findings"))
    for (const auto& id : finding.value("hides", json::array())) result.hidden.insert(id.get<std::string>());
  return result;
}

Names missed(const Expectation& expected, const Audited& seen, const Names& known) {
  Names ids;
  for (const auto& id : expected.must_fail)
    if (known.contains(id) && !seen.failed(id) && !seen.hidden.contains(id)) ids.insert(id);
  return ids;
}

Names false_alarms(const Expectation& expected, const Audited& seen) {
  Names ids;
  for (const auto& [id, check] : seen.checks) {
    if (expected.must_not_fail.contains(id) && check.outcomes.contains("fail")) ids.insert(id);
    if (expected.may_advise.contains(id) && check.failed_must) ids.insert(id);
  }
  return ids;
}

// Failures that the expectations do not judge: a person has to.
Names unjudged(const Expectation& expected, const Audited& seen) {
  Names ids;
  for (const auto& [id, check] : seen.checks) {
    const bool judged =
        expected.must_fail.contains(id) || expected.may_advise.contains(id) || expected.must_not_fail.contains(id);
    if (!judged && check.outcomes.contains("fail")) ids.insert(id);
  }
  return ids;
}

// Why a fault was not found: what the report says of each missed check instead.
std::string explained(const Names& ids, const Audited& seen) {
  std::string text;
  for (const auto& id : ids) {
    const auto check = seen.checks.find(id);
    text +=
        "\n  " + id + ": " +
        (check == seen.checks.end() ? "not run" : joined(check->second.outcomes) + " (" + joined(check->second.reasons) + ")");
  }
  return text;
}

Environment for_server(const Expectation& expected) {
  return expected.login.at("kind") == "api-key" ? Environment{{"MCP_PROXY_API_KEY", expected.login.at("key")}} : Environment{};
}

class Interop : public testing::TestWithParam<Expectation> {};

TEST_P(Interop, MissesNothingAndAccusesNobody) {
  const auto& expected = GetParam();
  if (!InteropServer::installed(expected.program)) GTEST_SKIP() << "not installed; ./dev test interop installs it";
  const InteropServer server(expected.program, expected.mode, for_server(expected));
  const TempDir state;
  const auto known = known_checks();

  const auto begin = std::chrono::steady_clock::now();
  const auto seen = audit(server.url(), expected.login, state.path());
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;

  ASSERT_FALSE(seen.report.is_discarded()) << "exit " << seen.process.exit_code << ": " << seen.process.err;
  const auto absent = missed(expected, seen, known);
  const auto wrong = false_alarms(expected, seen);
  std::cout << expected.name << ": missed " << joined(absent) << "; false " << joined(wrong) << "; not judged "
            << joined(unjudged(expected, seen)) << "; " << wall.count() << " s\n";
  EXPECT_TRUE(absent.empty()) << "missed:" << explained(absent, seen);
  EXPECT_TRUE(wrong.empty()) << "false:" << explained(wrong, seen);
  EXPECT_EQ(seen.process.exit_code, expected.must_fail.empty() ? 0 : 1) << seen.process.err;
  EXPECT_EQ(seen.report.at("architecture").at("class"), expected.architecture);
  Names wires;
  for (const auto& wire : seen.report.at("wires")) wires.insert(wire.at("wire").get<std::string>());
  EXPECT_EQ(wires, expected.wires);

  for (const char* secret : {"password", "key", "initial_access_token"}) {
    const auto value = expected.login.value(secret, std::string());
    if (value.empty()) continue;
    EXPECT_EQ(seen.process.out.find(value), std::string::npos) << "the report holds the " << secret;
    EXPECT_EQ(seen.process.err.find(value), std::string::npos) << "standard error holds the " << secret;
  }
}

INSTANTIATE_TEST_SUITE_P(RealServers, Interop, testing::ValuesIn(expectations()), [](const auto& row) {
  auto name = row.param.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Expectations, NameOnlyChecksThatExist) {
  const auto known = known_checks();
  for (const auto& expected : expectations())
    for (const auto* ids : {&expected.must_fail, &expected.may_advise, &expected.must_not_fail})
      for (const auto& id : *ids) EXPECT_TRUE(known.contains(id)) << expected.name << ": " << id;
}

// The demonstration server takes 20 registrations an hour, 50 token requests and 100 authorizations in 15 minutes.
// What the first audit used up is missing in the second, which must say so and invent nothing.
TEST(SecondAudit, WithinTheLimitsOfTheServerNamesWhatTheyLeftUntested) {
  const auto expected = load(folder() / "sdk-demo-plain.json");
  if (!InteropServer::installed(expected.program)) GTEST_SKIP() << "not installed; ./dev test interop installs it";
  const InteropServer server(expected.program, expected.mode);
  const TempDir state;
  const auto known = known_checks();

  const auto first = audit(server.url(), expected.login, state.path());
  ASSERT_FALSE(first.report.is_discarded()) << first.process.err;
  EXPECT_TRUE(missed(expected, first, known).empty()) << explained(missed(expected, first, known), first);

  const auto second = audit(server.url(), expected.login, state.path());
  ASSERT_FALSE(second.report.is_discarded()) << second.process.err;
  EXPECT_TRUE(false_alarms(expected, second).empty()) << explained(false_alarms(expected, second), second);
  const Names honest{"rate-limited", "budget-spent"};
  for (const auto& id : missed(expected, second, known)) {
    ASSERT_TRUE(second.checks.contains(id)) << id << " is not in the report";
    const auto& check = second.checks.at(id);
    EXPECT_TRUE(check.outcomes.contains("inconclusive")) << id << ": " << joined(check.outcomes);
    EXPECT_TRUE(std::any_of(check.reasons.begin(), check.reasons.end(), [&](const auto& why) { return honest.contains(why); }))
        << id << ": " << joined(check.reasons);
  }
}

}  // namespace
}  // namespace mcprove::test
