#include "net/transcript.h"

#include <algorithm>
#include <utility>

namespace mcprove::net {

ExchangeId Transcript::add(Exchange exchange) {
  const std::lock_guard lock(mutex_);
  exchanges_.push_back(std::move(exchange));
  return static_cast<ExchangeId>(exchanges_.size() - 1);
}

const Exchange& Transcript::at(ExchangeId id) const {
  const std::lock_guard lock(mutex_);
  return exchanges_.at(static_cast<std::size_t>(id));
}

std::size_t Transcript::size() const {
  const std::lock_guard lock(mutex_);
  return exchanges_.size();
}

std::size_t Transcript::requests() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::ranges::count(exchanges_, false, &Exchange::event));
}

std::chrono::microseconds chain(const Transcript& transcript) {
  std::vector<std::chrono::steady_clock::duration> finished(transcript.size());
  std::chrono::steady_clock::duration longest{0};
  for (std::size_t i = 0; i < finished.size(); ++i) {
    const auto& exchange = transcript.at(static_cast<ExchangeId>(i));
    for (const auto id : exchange.after) {
      const auto before = static_cast<std::size_t>(id);
      if (before < i) finished[i] = std::max(finished[i], finished[before]);
    }
    finished[i] += exchange.ended - exchange.began;
    longest = std::max(longest, finished[i]);
  }
  return std::chrono::duration_cast<std::chrono::microseconds>(longest);
}

}  // namespace mcprove::net
