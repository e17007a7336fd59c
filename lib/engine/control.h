#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/verdict.h"

namespace mcprove {

/// A lane: what is serial, as one person's logins in one cookie jar are. It has one seat until it is known that more do no
/// harm; each seat is a browser of its own. Probes go before controls, so that one control after a group serves the whole
/// group. Thread-safe, not recursive.
class Lane {
 public:
  /// next: before all others. probe, control: any seat. first_seat: a probe that needs the browser of the first login.
  enum class Turn : std::uint8_t { next, probe, control, first_seat };
  class Hold {
   public:
    Hold(Lane& lane, Turn turn) : lane_(&lane), seat_(lane.enter(turn)) {}
    ~Hold() { lane_->leave(seat_); }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;
    std::size_t seat() const { return seat_; }

   private:
    Lane* lane_;
    std::size_t seat_;
  };
  /// So many at once from now on; never fewer than before.
  void widen(std::size_t seats);
  std::size_t seats();
  std::size_t waiting();  ///< how many stand in line

 private:
  std::size_t enter(Turn turn);
  void leave(std::size_t seat);
  std::optional<std::size_t> free_seat(Turn turn) const;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<bool> taken_{false};
  std::size_t waiting_ = 0;
  int next_waiting_ = 0;
  int probes_waiting_ = 0;
};

/// A positive control that many probes share: an experiment that must be accepted before them and again after them.
/// Whoever needs it "after" first runs it; all probes that had ended by then are served by the same run. Thread-safe.
class Control {
 public:
  using Run = std::function<Result<Observation>()>;
  /// `lane` may be empty; then the run is not serialised with anything.
  Control(Run run, Lane* lane) : run_(std::move(run)), lane_(lane) {}

  /// A control that was accepted earlier and has not failed since; run now if there is none. An Error says why no
  /// control can be had; its kind tells the reason (rate_limited, budget, login, ...).
  Result<Citation> before();
  /// One that began after `mark`.
  Result<Citation> after(std::uint64_t mark);
  std::uint64_t mark();
  /// Around the probes of one group: a control in a lane waits until no group is in the middle of its probes, so that it
  /// serves them all.
  class Probing {
   public:
    explicit Probing(Control& control) : control_(control) { control_.probing(1); }
    ~Probing() { control_.probing(-1); }
    Probing(const Probing&) = delete;
    Probing& operator=(const Probing&) = delete;

   private:
    Control& control_;
  };
  /// An honest run of the same experiment that somebody needed anyway counts as a control; call when it was accepted,
  /// with the mark taken before it began.
  void succeeded(std::uint64_t began, Citation citation);

 private:
  void probing(int change);
  Result<Citation> run_once(std::unique_lock<std::mutex>& lock);
  Run run_;
  Lane* lane_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t sequence_ = 0;
  std::uint64_t good_began_ = 0;
  std::optional<Citation> good_{};
  std::optional<Error> failed_{};
  int probing_ = 0;
  bool running_ = false;
};

}  // namespace mcprove
