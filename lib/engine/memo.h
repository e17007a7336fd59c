#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "net/recorder.h"

namespace mcprove {

/// Facts of one kind, by key: each is computed at most once, by whoever asks first, while others wait. What was sent to
/// learn it joins every asker's evidence. A transient error is tried once more, then remembered.
template <class T>
class Memo {
 public:
  using Compute = std::function<Result<T>()>;
  /// What an old value becomes when it is no good any more; empty: it still is.
  using Renew = std::function<std::optional<Result<T>>(const T&)>;

  Result<T> get(net::Recorder& recorder, const std::string& key, const Compute& compute, const Renew& renew = {}) {
    auto slot = slot_of(key);
    std::unique_lock lock(slot->mutex, std::defer_lock);
    if (slot->owner == std::this_thread::get_id()) throw std::logic_error("a fact needs itself: " + key);
    lock.lock();
    slot->owner = std::this_thread::get_id();
    const net::Recorder::Capture capture;
    if (!slot->value) {
      auto value = compute();
      if (!value && transient(value.error())) value = compute();
      slot->exchanges = capture.exchanges();
      slot->value = std::move(value);
    } else {
      recorder.join(slot->exchanges);
      if (auto renewed = renew && *slot->value ? renew(**slot->value) : std::nullopt) {
        slot->exchanges = capture.exchanges();
        slot->value = *std::move(renewed);
      }
    }
    slot->owner = std::thread::id();
    return *slot->value;
  }
  /// Forgets it, so that the next asker computes it anew.
  void forget(const std::string& key) {
    const std::scoped_lock lock(mutex_);
    slots_.erase(key);
  }
  /// Forgets what could not be learned, where nobody is about it.
  void forget_failures() {
    const std::scoped_lock lock(mutex_);
    std::erase_if(slots_, [](const auto& each) {
      const std::unique_lock idle(each.second->mutex, std::try_to_lock);
      return idle && each.second->value && !*each.second->value;
    });
  }

 private:
  struct Slot {
    std::mutex mutex;
    std::atomic<std::thread::id> owner{};
    std::optional<Result<T>> value;
    std::vector<net::ExchangeId> exchanges;
  };
  static bool transient(const Error& error) { return error.kind == Error::Kind::network || error.kind == Error::Kind::timeout; }
  std::shared_ptr<Slot> slot_of(const std::string& key) {
    const std::scoped_lock lock(mutex_);
    auto& slot = slots_[key];
    if (!slot) slot = std::make_shared<Slot>();
    return slot;
  }
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Slot>> slots_;
};

}  // namespace mcprove
