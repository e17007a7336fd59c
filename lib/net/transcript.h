#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "net/http.h"

namespace mcprove::net {

enum class ExchangeId : std::uint32_t {};  ///< handed out by Transcript::add, from 0 without gaps

/// What was said and heard, once. Immutable after it was added.
struct Exchange {
  Request request{};
  std::optional<Response> response{};  ///< empty: no complete answer arrived
  std::optional<Error> error{};        ///< then: why
  std::chrono::steady_clock::time_point began{};
  std::chrono::steady_clock::time_point ended{};
  std::vector<ExchangeId> after{};  ///< what this one had to wait for; always earlier ids
  bool event = false;               ///< heard on a stream that the request opened; nothing was sent for it
};

/// Everything this run said and heard, in order. Findings cite it by id; reports print it once. Thread-safe.
class Transcript {
 public:
  ExchangeId add(Exchange exchange);
  const Exchange& at(ExchangeId id) const;  ///< references stay valid as the run goes on; throws for an id it never gave
  std::size_t size() const;
  std::size_t requests() const;  ///< size() without events

 private:
  mutable std::mutex mutex_;
  std::deque<Exchange> exchanges_;
};

/// The critical path: how long the run would have taken if nothing had waited but for what it had to wait for.
std::chrono::microseconds chain(const Transcript& transcript);

}  // namespace mcprove::net
