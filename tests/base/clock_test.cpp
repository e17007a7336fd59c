#include "base/clock.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace mcprove {
namespace {

using namespace std::chrono_literals;

TEST(ManualClock, SleepTakesNoTime) {
  ManualClock clock(Clock::Wall(1000s));
  const auto start = clock.tick();
  EXPECT_TRUE(clock.sleep_until(start + 1h, {}));
  EXPECT_EQ(clock.tick(), start + 1h);
  EXPECT_EQ(clock.now(), Clock::Wall(1000s + 1h));
  EXPECT_TRUE(clock.sleep_until(start, {})) << "the past is reached";
  EXPECT_EQ(clock.tick(), start + 1h);
}

TEST(ManualClock, StopsBeforeItMoves) {
  ManualClock clock(Clock::Wall{});
  const auto start = clock.tick();
  EXPECT_FALSE(clock.sleep_until(start + 1h, [] { return true; }));
  EXPECT_EQ(clock.tick(), start);
}

TEST(ManualClock, WithoutAutoAdvanceWaitsUntilToldOn) {
  ManualClock clock(Clock::Wall{}, false);
  const auto until = clock.tick() + 10s;
  std::atomic<bool> reached = false;
  std::thread sleeper([&] { reached = clock.sleep_until(until, {}); });
  clock.advance(4s);
  clock.advance(6s);
  sleeper.join();
  EXPECT_TRUE(reached);
}

TEST(ManualClock, WakeAsksStopAgain) {
  ManualClock clock(Clock::Wall{}, false);
  std::atomic<bool> stop = false;
  std::atomic<bool> reached = true;
  std::thread sleeper([&] { reached = clock.sleep_until(clock.tick() + 10s, [&] { return stop.load(); }); });
  stop = true;
  clock.wake();
  sleeper.join();
  EXPECT_FALSE(reached);
}

TEST(SystemClock, WakeEndsALongSleep) {
  SystemClock clock;
  std::atomic<bool> stop = false;
  std::atomic<bool> reached = true;
  // The caller's lock is held while it wakes us and taken while we ask it: neither may wait for the other.
  std::mutex callers;
  std::thread sleeper([&] {
    reached = clock.sleep_until(clock.tick() + 1h, [&] {
      const std::lock_guard lock(callers);
      return stop.load();
    });
  });
  {
    const std::lock_guard lock(callers);
    stop = true;
    clock.wake();
  }
  sleeper.join();
  EXPECT_FALSE(reached);
  EXPECT_TRUE(clock.sleep_until(clock.tick(), {}));
}

}  // namespace
}  // namespace mcprove
