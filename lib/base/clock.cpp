#include "base/clock.h"

#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace mcprove {

namespace {

bool stopped(const std::function<bool()>& stop) { return stop && stop(); }

}  // namespace

std::string rfc3339(Clock::Wall when) {
  const auto seconds = std::chrono::system_clock::to_time_t(when);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", utc);
}

Clock::Wall SystemClock::now() const { return std::chrono::system_clock::now(); }

Clock::Tick SystemClock::tick() const { return std::chrono::steady_clock::now(); }

bool SystemClock::sleep_until(Tick until, const std::function<bool()>& stop) {
  std::unique_lock lock(mutex_);
  while (true) {
    // The count is read before `stop` is asked, so that a wake-up in between is not lost; `stop` runs unlocked because it
    // may take locks under which others call wake().
    const std::uint64_t seen = wakes_;
    lock.unlock();
    if (stopped(stop)) return false;
    lock.lock();
    if (!changed_.wait_until(lock, until, [&] { return wakes_ != seen; })) return true;
  }
}

void SystemClock::wake() {
  const std::lock_guard lock(mutex_);
  ++wakes_;
  changed_.notify_all();
}

Clock::Wall ManualClock::now() const {
  const std::lock_guard lock(mutex_);
  return wall_;
}

Clock::Tick ManualClock::tick() const {
  const std::lock_guard lock(mutex_);
  return tick_;
}

bool ManualClock::sleep_until(Tick until, const std::function<bool()>& stop) {
  std::unique_lock lock(mutex_);
  while (true) {
    const std::uint64_t seen = wakes_;
    lock.unlock();
    if (stopped(stop)) return false;
    lock.lock();
    if (auto_advance_ && tick_ < until) {
      wall_ += std::chrono::duration_cast<Wall::duration>(until - tick_);
      tick_ = until;
      ++wakes_;
      changed_.notify_all();
    }
    if (tick_ >= until) return true;
    changed_.wait(lock, [&] { return wakes_ != seen; });
  }
}

void ManualClock::wake() {
  const std::lock_guard lock(mutex_);
  ++wakes_;
  changed_.notify_all();
}

void ManualClock::advance(std::chrono::nanoseconds by) {
  const std::lock_guard lock(mutex_);
  wall_ += std::chrono::duration_cast<Wall::duration>(by);
  tick_ += std::chrono::duration_cast<Tick::duration>(by);
  ++wakes_;
  changed_.notify_all();
}

}  // namespace mcprove
