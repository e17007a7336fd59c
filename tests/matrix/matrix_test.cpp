#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>
#include <sstream>
#include <string>

#include <fmt/format.h>

#include "checks/registry.h"
#include "support/check_test.h"
#include "support/process.h"

namespace mcprove::testing {
namespace {

std::string test_name(std::string_view text) {
  std::string name(text);
  std::ranges::replace_if(name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

using Ids = std::set<std::string>;

template <class Names>
Ids known(const Names& names) {
  const Registry registry(checks::all());
  Ids ids;
  for (const auto name : names)
    if (!name.empty() && registry.find(name) != nullptr) ids.emplace(name);
  return ids;
}

std::string describe(const RunOutcome& outcome, const Ids& ids) {
  std::string out;
  for (const auto& id : ids) out += CheckRun{outcome, id, ""}.explain();
  return out;
}

/// What a sound lab must show: nothing fails. Rows that stay inconclusive are listed in sound.txt with their reason.
class Sound : public ::testing::TestWithParam<const char*> {};

std::set<std::string> expected_inconclusive() {
  std::set<std::string> rows;
  std::istringstream lines(read_file(test::source_path("tests/matrix/sound.txt")));
  for (std::string line; std::getline(lines, line);)
    if (!line.empty() && line.front() != '#') rows.insert(line.substr(0, line.find("  ")));
  return rows;
}

TEST_P(Sound, NoCheckFails) {
  const auto outcome = audit_whole_lab(configured(GetParam()), {});
  ASSERT_FALSE(outcome.fatal) << outcome.fatal->message;
  ASSERT_FALSE(outcome.login_error) << outcome.login_error->message;
  const auto allowed = expected_inconclusive();
  for (const auto& result : outcome.checks) {
    const std::string id(result.check->id);
    EXPECT_NE(result.folded.outcome, Outcome::fail) << describe(outcome, {id});
    if (result.folded.outcome == Outcome::inconclusive) {
      EXPECT_TRUE(allowed.contains(fmt::format("{} {}", id, name(*result.folded.reason)))) << describe(outcome, {id});
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Lab, Sound,
                         ::testing::Values("--architecture native --wire handshake", "--architecture external --wire handshake",
                                           "--architecture proxy --wire handshake", "--architecture native --wire stateless",
                                           "--architecture native --wire sse",
                                           "--architecture native --token opaque --wire handshake",
                                           "--architecture external --wire handshake --wire stateless --wire sse",
                                           "--architecture native --tls --wire handshake", "--as pingone-aic --wire handshake",
                                           "--as pingone-aic --architecture external --token opaque --wire stateless"),
                         [](const auto& test) { return test_name(test.param); });

class EveryFlaw : public ::testing::TestWithParam<lab::Flaw> {};

TEST_P(EveryFlaw, IsSeenByItsChecksAndByNoOthers) {
  const auto& flaw = GetParam();
  const auto fails = known(flaw.fails);
  const auto hides = known(flaw.hides);
  const auto outcome = audit_whole_lab(configured(flaw.needs), {flaw.name});
  ASSERT_FALSE(outcome.fatal) << outcome.fatal->message;
  Ids failed;
  Ids followed;
  for (const auto& result : outcome.checks) {
    if (result.folded.outcome == Outcome::fail) failed.emplace(result.check->id);
    if (result.folded.reason == Reason::root_cause) followed.emplace(result.check->id);
  }
  EXPECT_EQ(failed, fails) << flaw.what << "\n" << describe(outcome, failed) << describe(outcome, fails);
  for (const auto& id : followed) EXPECT_TRUE(hides.contains(id)) << id << " follows, and the row does not say so";
}

std::vector<lab::Flaw> flaws_with_a_check() {
  std::vector<lab::Flaw> rows;
  for (const auto& flaw : lab::all_flaws())
    if (!known(flaw.fails).empty()) rows.push_back(flaw);
  return rows;
}

INSTANTIATE_TEST_SUITE_P(Lab, EveryFlaw, ::testing::ValuesIn(flaws_with_a_check()),
                         [](const auto& test) { return test_name(test.param.name); });

TEST(EveryCheck, IsNamedByAFlawAndOwnsATest) {
  for (const auto& check : checks::all()) {
    const auto names = [&](const auto& list) { return std::ranges::find(list, check.id) != list.end(); };
    EXPECT_TRUE(std::ranges::any_of(lab::all_flaws(), [&](const lab::Flaw& flaw) {
      return names(flaw.fails) || names(flaw.notes);
    })) << check.id;
    EXPECT_TRUE(std::filesystem::exists(test::source_path(fmt::format("tests/checks/{}/{}_test.cpp", check.family, check.id))))
        << check.id;
  }
}

TEST(EveryCheck, AssumesWhatExists) { EXPECT_EQ(problem(Registry(checks::all())), ""); }

}  // namespace
}  // namespace mcprove::testing
