#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "engine/control.h"

namespace mcprove {
namespace {

/// Threads that want the lane, and what they saw.
class Crowd {
 public:
  explicit Crowd(Lane& lane) : lane_(lane) {}
  void join(Lane::Turn turn, int name) {
    const auto before = lane_.waiting();
    threads_.emplace_back([this, turn, name] {
      const Lane::Hold hold(lane_, turn);
      const std::scoped_lock lock(mutex_);
      order_.push_back(name);
    });
    while (lane_.waiting() == before) std::this_thread::yield();
  }
  std::vector<int> order() {
    for (auto& thread : threads_) thread.join();
    threads_.clear();
    return order_;
  }

 private:
  Lane& lane_;
  std::mutex mutex_;
  std::vector<int> order_{};
  std::vector<std::thread> threads_{};
};

TEST(Lane, TakesOneAtATimeWhoeverIsNextFirstAndControlsLast) {
  Lane lane;
  Crowd crowd(lane);
  {
    const Lane::Hold hold(lane, Lane::Turn::probe);
    crowd.join(Lane::Turn::control, 3);
    crowd.join(Lane::Turn::probe, 2);
    crowd.join(Lane::Turn::next, 1);
    EXPECT_EQ(lane.waiting(), 3U);
  }
  EXPECT_EQ(crowd.order(), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(lane.waiting(), 0U);
}

TEST(Lane, GivesEachItsOwnSeatOnceItIsWide) {
  Lane lane;
  EXPECT_EQ(lane.seats(), 1U);
  lane.widen(3);
  lane.widen(2);
  ASSERT_EQ(lane.seats(), 3U);
  const Lane::Hold first(lane, Lane::Turn::first_seat);
  const Lane::Hold second(lane, Lane::Turn::probe);
  const Lane::Hold third(lane, Lane::Turn::control);
  EXPECT_EQ(first.seat(), 0U);
  EXPECT_EQ((std::set<std::size_t>{first.seat(), second.seat(), third.seat()}).size(), 3U);
}

TEST(Lane, WhoNeedsTheFirstSeatWaitsForIt) {
  Lane lane;
  lane.widen(2);
  Crowd crowd(lane);
  {
    const Lane::Hold hold(lane, Lane::Turn::probe);
    ASSERT_EQ(hold.seat(), 0U);
    crowd.join(Lane::Turn::first_seat, 1);
    EXPECT_EQ(lane.waiting(), 1U) << "the second seat is free";
  }
  EXPECT_EQ(crowd.order(), std::vector<int>{1});
}

TEST(Lane, WideningLetsThoseInWhoWait) {
  Lane lane;
  Crowd crowd(lane);
  const Lane::Hold hold(lane, Lane::Turn::probe);
  crowd.join(Lane::Turn::probe, 1);
  lane.widen(2);
  EXPECT_EQ(crowd.order(), std::vector<int>{1});
}

}  // namespace
}  // namespace mcprove
