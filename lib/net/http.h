#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace mcprove::net {

/// Ordered, duplicates kept: what was on the wire is evidence. Names compare without case.
struct Headers {
  std::vector<std::pair<std::string, std::string>> fields{};

  std::optional<std::string> find(std::string_view name) const;  ///< first match
  std::vector<std::string> all(std::string_view name) const;
  bool has(std::string_view name) const { return find(name).has_value(); }
  Headers& add(std::string name, std::string value) {
    fields.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  Headers& set(std::string_view name, std::string value);  ///< replaces every one of that name
  Headers& erase(std::string_view name);
};

/// Which connection carries a request. A named one is kept open for its name alone; the Exchange records what happened.
struct Connection {
  enum class Kind : std::uint8_t { any, fresh, named };
  Kind kind = Kind::any;
  std::string name{};
  static Connection fresh() { return {Kind::fresh, {}}; }
  static Connection named(std::string n) { return {Kind::named, std::move(n)}; }
};

/// any: what TLS negotiates, and 1.1 in clear text. http2 in clear text is spoken with prior knowledge (RFC 9113 section
/// 3.3), and each request then has a connection of its own, whatever its Connection says.
enum class HttpVersion : std::uint8_t { any, http1, http2 };

struct Limits {
  std::chrono::milliseconds connect{5'000};
  std::chrono::milliseconds total{15'000};
  std::size_t body = 4U << 20U;      ///< bytes, after decoding; beyond it Error::too_large
  std::size_t headers = 64U << 10U;  ///< bytes, all fields together
};

struct Request {
  std::string method = "GET";
  std::string url{};  ///< absolute; path and query are sent as written; credentials in it are refused
  /// Sent as given, in order, duplicates too; names must be tokens, values without CR, LF and NUL (else Error::malformed).
  /// Host may be overridden, once. A field without a value is sent without one, save those that would be sent unasked:
  /// for Host, Accept, Accept-Encoding, User-Agent, Content-Type, Content-Length, Transfer-Encoding, Connection and
  /// Expect it means that none is sent. Defaults: Accept "*/*", Accept-Encoding "identity", User-Agent "mcprove/0.1".
  Headers headers{};
  std::string body{};
  Connection connection{};
  HttpVersion version = HttpVersion::any;
  std::string target{};  ///< a raw request-target instead of the URL's (absolute form, fragments); HTTP/1.1
  Limits limits{};
  /// Asked after each complete event of an event stream, or each piece of another body; true ends the exchange
  /// successfully with what has come up to there. An event stream then also succeeds, cut, at the body limit.
  /// Runs on the transport's thread: short, and without sending.
  std::function<bool(std::string_view body)> enough{};
  std::string purpose{};  ///< a few words for the transcript: "authorization request", "probe: alg none"
};

struct Response {
  int status = 0;
  std::string version{};  ///< "1.1", "2"
  Headers headers{};
  std::string body{};
  bool cut = false;  ///< `enough` ended it before the server did, or the body limit of one with `enough`
  bool reused_connection = false;
  int attempts = 0;       ///< requests put on the wire: 2 when a kept connection was found closed and another was taken
  std::string address{};  ///< the peer's numeric address
  std::chrono::microseconds took{0};  ///< from sending to the last byte
};

/// A GET that stays open: the HTTP+SSE wire's stream, read event by event.
class EventStream;

/// One request, one response. Redirects are answers, not something to follow. Any status is success;
/// an Error means no complete answer arrived. Thread-safe; blocks the caller.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Result<Response> send(const Request& request) = 0;
  /// Opens an event stream; returns when the response's head is there. A status other than 200, or another media
  /// type, still succeeds: the stream's head tells.
  virtual Result<std::unique_ptr<EventStream>> open(const Request& request) = 0;
  /// Ends everything under way with Error::interrupted; later calls fail at once.
  virtual void stop() = 0;
};

}  // namespace mcprove::net
