#include "engine/control.h"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "engine/sandwich.h"

namespace mcprove {
namespace {

Observation accepted() { return {Answer::accepted, "served", {{net::ExchangeId{1}, "status", "200"}}, {}}; }
Observation other(Reason reason) { return {Answer::other, "unclear", {{net::ExchangeId{2}, "status", "500"}}, reason}; }

Verdict verdict_of(const Cases& cases, std::size_t index = 0) { return cases.all().at(index).second; }

TEST(Sandwich, JudgesTheThreeAnswers) {
  Control control([]() -> Result<Observation> { return accepted(); }, nullptr);
  Cases cases;
  Sandwich(control)
      .probe(
          "flaw", []() -> Result<Observation> { return accepted(); }, "it was served")
      .probe(
          "sound",
          []() -> Result<Observation> { return Observation{Answer::denied, "401", {{net::ExchangeId{3}, "status", "401"}}, {}}; },
          "")
      .probe(
          "broken", []() -> Result<Observation> { return other(Reason::rate_limited); }, "")
      .settle(cases);
  EXPECT_EQ(verdict_of(cases, 0).outcome(), Outcome::fail);
  EXPECT_EQ(verdict_of(cases, 1).outcome(), Outcome::pass);
  EXPECT_EQ(verdict_of(cases, 2).reason(), Reason::rate_limited);
  EXPECT_EQ(verdict_of(cases, 0).evidence().size(), 3U) << "the probe and both controls";
}

TEST(Sandwich, ProvesNothingWithoutAControlBefore) {
  Control control([]() -> Result<Observation> { return other(Reason::unclear_answer); }, nullptr);
  bool probed = false;
  Cases cases;
  Sandwich(control)
      .probe(
          "flaw",
          [&]() -> Result<Observation> {
            probed = true;
            return accepted();
          },
          "")
      .settle(cases);
  EXPECT_EQ(verdict_of(cases).reason(), Reason::control_failed);
  EXPECT_FALSE(probed);
}

TEST(Sandwich, ProvesNothingWithoutAControlAfter) {
  int runs = 0;
  Control control([&]() -> Result<Observation> { return ++runs == 1 ? accepted() : other(Reason::unclear_answer); }, nullptr);
  Cases cases;
  Sandwich(control)
      .probe(
          "sound", []() -> Result<Observation> { return Observation{Answer::denied, "401", {}, {}}; }, "")
      .settle(cases);
  EXPECT_EQ(verdict_of(cases).outcome(), Outcome::inconclusive);
  EXPECT_EQ(verdict_of(cases).reason(), Reason::control_failed);
}

TEST(Sandwich, KeepsTheReasonOfALimit) {
  Control control([]() -> Result<Observation> { return failure(Error::Kind::budget, "spent"); }, nullptr);
  Cases cases;
  Sandwich(control).probe("flaw", []() -> Result<Observation> { return accepted(); }, "").settle(cases);
  EXPECT_EQ(verdict_of(cases).reason(), Reason::budget_spent);
}

TEST(Control, OneRunServesManyGroupsInALane) {
  Lane lane;
  std::atomic<int> runs = 0;
  Control control(
      [&]() -> Result<Observation> {
        ++runs;
        return accepted();
      },
      &lane);
  ASSERT_TRUE(control.before());
  std::vector<std::jthread> groups;
  std::atomic<int> settled = 0;
  for (int i = 0; i < 8; ++i) {
    groups.emplace_back([&] {
      Cases cases;
      auto sandwich = Sandwich(control);
      for (int probe = 0; probe < 5; ++probe)
        sandwich.probe(
            "probe",
            [&]() -> Result<Observation> {
              const Lane::Hold hold(lane, Lane::Turn::probe);
              return accepted();
            },
            "served");
      sandwich.settle(cases);
      settled += static_cast<int>(cases.all().size());
    });
  }
  groups.clear();
  EXPECT_EQ(settled, 40);
  EXPECT_LE(runs, 9) << "at worst one a group and the first";
}

TEST(Control, AnHonestRunElsewhereCounts) {
  int runs = 0;
  Control control(
      [&]() -> Result<Observation> {
        ++runs;
        return accepted();
      },
      nullptr);
  const auto mark = control.mark();
  control.succeeded(control.mark(), {net::ExchangeId{7}, "status", "200"});
  ASSERT_TRUE(control.before());
  ASSERT_TRUE(control.after(mark));
  EXPECT_EQ(runs, 0);
}

}  // namespace
}  // namespace mcprove
