#include "engine/control.h"

#include <utility>

namespace mcprove {

std::optional<std::size_t> Lane::free_seat(Turn turn) const {
  if (turn != Turn::next && next_waiting_ > 0) return std::nullopt;
  if (turn == Turn::control && probes_waiting_ > 0) return std::nullopt;
  for (std::size_t i = 0; i < taken_.size() && (turn != Turn::first_seat || i == 0); ++i)
    if (!taken_[i]) return i;
  return std::nullopt;
}

std::size_t Lane::enter(Turn turn) {
  std::unique_lock lock(mutex_);
  int* const line = turn == Turn::next ? &next_waiting_ : turn == Turn::control ? nullptr : &probes_waiting_;
  ++waiting_;
  if (line != nullptr) ++*line;
  std::optional<std::size_t> seat;
  changed_.wait(lock, [&] { return (seat = free_seat(turn)).has_value(); });
  if (line != nullptr) --*line;
  --waiting_;
  taken_[*seat] = true;
  // Whoever waited for this line to be empty, and not for this seat, would not be told by leave().
  changed_.notify_all();
  return *seat;
}

void Lane::leave(std::size_t seat) {
  {
    const std::scoped_lock lock(mutex_);
    taken_[seat] = false;
  }
  changed_.notify_all();
}

void Lane::widen(std::size_t seats) {
  {
    const std::scoped_lock lock(mutex_);
    if (seats > taken_.size()) taken_.resize(seats, false);
  }
  changed_.notify_all();
}

std::size_t Lane::seats() {
  const std::scoped_lock lock(mutex_);
  return taken_.size();
}

std::size_t Lane::waiting() {
  const std::scoped_lock lock(mutex_);
  return waiting_;
}

std::uint64_t Control::mark() {
  const std::scoped_lock lock(mutex_);
  return ++sequence_;
}

void Control::succeeded(std::uint64_t began, Citation citation) {
  {
    const std::scoped_lock lock(mutex_);
    if (began > good_began_) good_began_ = began;
    good_ = std::move(citation);
    failed_.reset();
  }
  changed_.notify_all();
}

void Control::probing(int change) {
  {
    const std::scoped_lock lock(mutex_);
    probing_ += change;
  }
  changed_.notify_all();
}

Result<Citation> Control::before() {
  std::unique_lock lock(mutex_);
  while (running_) changed_.wait(lock);
  if (good_ && !failed_) return *good_;
  return run_once(lock);
}

Result<Citation> Control::after(std::uint64_t mark) {
  std::unique_lock lock(mutex_);
  while (true) {
    if (good_ && !failed_ && good_began_ > mark) return *good_;
    if (!running_ && (lane_ == nullptr || probing_ == 0)) return run_once(lock);
    changed_.wait(lock);
  }
}

Result<Citation> Control::run_once(std::unique_lock<std::mutex>& lock) {
  running_ = true;
  Result<Citation> outcome = failure(Error::Kind::unavailable, "the control was not run");
  std::uint64_t began = 0;
  for (int attempt = 0; attempt < 2; ++attempt) {
    lock.unlock();
    {
      std::optional<Lane::Hold> hold;
      if (lane_ != nullptr) hold.emplace(*lane_, Lane::Turn::control);
      lock.lock();
      began = ++sequence_;
      lock.unlock();
      auto observed = run_();
      if (!observed) {
        outcome = tl::unexpected(observed.error());
      } else if (observed->answer == Answer::accepted && !observed->evidence.empty()) {
        auto citation = observed->evidence.front();
        citation.shows = "control: " + observed->why;
        outcome = std::move(citation);
      } else {
        const auto kind = observed->reason == Reason::rate_limited ? Error::Kind::rate_limited
                          : observed->reason == Reason::blocked    ? Error::Kind::blocked
                                                                   : Error::Kind::unavailable;
        outcome = failure(kind, "the control was not accepted: " + observed->why);
      }
    }
    lock.lock();
    const bool transient =
        !outcome && (outcome.error().kind == Error::Kind::network || outcome.error().kind == Error::Kind::timeout ||
                     outcome.error().kind == Error::Kind::unavailable);
    if (outcome || !transient) break;
  }
  if (outcome) {
    good_began_ = began;
    good_ = *outcome;
    failed_.reset();
  } else {
    failed_ = outcome.error();
  }
  running_ = false;
  changed_.notify_all();
  return outcome;
}

}  // namespace mcprove
