#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

namespace mcprove {

/// Time, given in from outside so that tests need not wait. Thread-safe.
class Clock {
 public:
  using Wall = std::chrono::system_clock::time_point;
  using Tick = std::chrono::steady_clock::time_point;
  virtual ~Clock() = default;
  virtual Wall now() const = 0;   ///< calendar time, UTC
  virtual Tick tick() const = 0;  ///< monotonic time, for durations
  /// Returns at `until` or as soon as `stop` answers true: it is asked first and after each wake-up, with no lock held.
  /// True if the time was reached. An empty `stop` never stops.
  virtual bool sleep_until(Tick until, const std::function<bool()>& stop) = 0;
  /// Wakes all sleepers, so that they ask `stop` again.
  virtual void wake() = 0;
};

/// "2026-07-28T12:00:00Z" (RFC 3339), in whole seconds.
std::string rfc3339(Clock::Wall when);

/// The machine's clocks.
class SystemClock final : public Clock {
 public:
  Wall now() const override;
  Tick tick() const override;
  bool sleep_until(Tick until, const std::function<bool()>& stop) override;
  void wake() override;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t wakes_ = 0;
};

/// Moves only when told. A sleeper advances it to its own deadline once nobody else can run: with `auto_advance`,
/// sleeping moves the time at once, so a test with waits takes none.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Wall start, bool auto_advance = true) : wall_(start), auto_advance_(auto_advance) {}
  Wall now() const override;
  Tick tick() const override;
  bool sleep_until(Tick until, const std::function<bool()>& stop) override;
  void wake() override;
  void advance(std::chrono::nanoseconds by);

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t wakes_ = 0;
  Wall wall_;
  Tick tick_{};
  bool auto_advance_;
};

}  // namespace mcprove
