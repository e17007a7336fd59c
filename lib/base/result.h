#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <tl/expected.hpp>

namespace mcprove {

/// Why the tool could not do something. Never used for what a target did wrong: that is a Verdict.
struct Error {
  enum class Kind : std::uint8_t {
    network,       ///< no connection, reset, unreadable answer
    timeout,       ///< no complete answer within the limit
    tls,           ///< handshake or certificate
    too_large,     ///< the answer exceeded a limit of ours
    malformed,     ///< bytes that are not what they claim to be
    out_of_scope,  ///< the Scope guard refused to send
    budget,        ///< a budget of ours is spent
    wait,          ///< it takes longer than we may wait
    rate_limited,  ///< 429 or a declared limit reached
    blocked,       ///< a firewall's or a bot page's answer
    login,         ///< nobody could be logged in
    unavailable,   ///< the target does not offer what is needed
    registration,  ///< no client could be had
    oracle,        ///< no request tells a good token from a bad one
    interrupted,   ///< a signal asked us to stop
    usage,         ///< flags or configuration
  };
  Kind kind = Kind::network;
  std::string message{};
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> failure(Error::Kind kind, std::string message) {
  return tl::unexpected(Error{kind, std::move(message)});
}

/// The value of a Result that has one; nothing for Result<void>. For MCPROVE_TRY.
template <class T>
T take(tl::expected<T, Error>&& result) {
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

/// "network", "timeout", ... as reports spell it.
std::string_view name(Error::Kind kind);

}  // namespace mcprove

/// Yields the value of a Result, or returns its Error from the enclosing function.
#define MCPROVE_TRY(expression)                                                              \
  __extension__({                                                                            \
    auto mcprove_try_result = (expression);                                                  \
    if (!mcprove_try_result) return ::tl::unexpected(std::move(mcprove_try_result).error()); \
    ::mcprove::take(std::move(mcprove_try_result));                                          \
  })
