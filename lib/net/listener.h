#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace mcprove::net {

/// A loopback HTTP listener for one thing: to receive a browser's redirect (RFC 8252 section 7.3). Bound to 127.0.0.1
/// on a free port. Answers each request with a small page and hands its target out.
class Listener {
 public:
  static Result<std::unique_ptr<Listener>> bind(std::uint16_t port = 0);
  virtual ~Listener() = default;
  virtual std::uint16_t port() const = 0;
  /// The next request target, "/callback?code=...", for that path; Error::timeout. `page` is shown to the person.
  virtual Result<std::string> wait(const std::string& path, std::chrono::milliseconds within, const std::string& page) = 0;
};

}  // namespace mcprove::net
