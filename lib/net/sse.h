#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/http.h"

namespace mcprove::net {

/// One event of a text/event-stream (WHATWG HTML section 9.2).
struct Event {
  std::string type = "message";
  std::string data{};
  std::string id{};
  /// How long to wait before coming back when the stream ends, as the stream last said; empty: it did not.
  std::optional<std::chrono::milliseconds> retry{};
};

/// Incremental and bounded: feed bytes as they come, take events as they complete. Never fails; garbage is passed over.
class SseParser {
 public:
  static constexpr std::size_t max_event = 8U << 20U;  ///< bytes; an event with more is passed over

  std::vector<Event> feed(std::string_view bytes);
  std::vector<Event> finish();  ///< a last event that no blank line ended is dropped, as the standard says

 private:
  void end_line(std::vector<Event>& out);
  void field(std::string_view line);

  std::string line_{};
  std::string type_{};
  std::string data_{};
  std::string id_{};  // stays for later events, as the standard says
  std::optional<std::chrono::milliseconds> retry_{};
  bool has_data_ = false;
  bool last_was_cr_ = false;
  bool at_start_ = true;   // a byte order mark may stand here
  bool overlong_ = false;  // this line exceeds the bound
  bool dropped_ = false;   // this event does
};

/// All complete events of a body that was read whole.
std::vector<Event> parse_events(std::string_view body);

class EventStream {
 public:
  virtual ~EventStream() = default;          ///< closes the connection
  virtual const Response& head() const = 0;  ///< status and headers; the body is empty, or the error page
  /// The next event; empty when the server ended the stream. Error::timeout when nothing came in time.
  virtual Result<std::optional<Event>> next(std::chrono::milliseconds within) = 0;
};

}  // namespace mcprove::net
