#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace mcprove::net {

/// A loopback HTTP listener for two things: to receive a browser's redirect (RFC 8252 section 7.3), and to serve a small
/// document. Bound to 127.0.0.1. Answers each request with a small page or the document; a redirect's target it hands out.
class Listener {
 public:
  static Result<std::unique_ptr<Listener>> bind(std::uint16_t port = 0);
  virtual ~Listener() = default;
  virtual std::uint16_t port() const = 0;
  /// The next request target, "/callback?code=...", for that path; Error::timeout. `page` is shown to the person.
  virtual Result<std::string> wait(const std::string& path, std::chrono::milliseconds within, const std::string& page) = 0;
  /// What stands at another path, while wait() waits.
  virtual void offer(std::string path, std::string media_type, std::string document) = 0;
};

}  // namespace mcprove::net
