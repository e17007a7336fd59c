#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/json.h"
#include "mcp/client.h"
#include "net/recorder.h"
#include "net/sse.h"

namespace mcprove::mcp {

/// What a GET for the event stream of the HTTP+SSE wire brought (2024-11-05, transports, HTTP with SSE).
struct StreamOpening {
  net::ExchangeId exchange{};
  net::Response head{};
  std::unique_ptr<net::EventStream> events{};  ///< null unless it is an event stream
  std::string first_event{};                   ///< type of the first event; empty: none came in time
  std::string reference{};                     ///< where to POST, as the endpoint event says; empty: it said nothing
};

/// GET with this credential; `patience` bounds the wait for the head, `within` the wait for the first event.
Result<StreamOpening> open_stream(net::Recorder& recorder, const std::string& url, const Client::Options& options,
                                  std::chrono::milliseconds within);

/// The endpoint event's reference as an absolute URL. Error::malformed if it is none, or leads to another origin, where our
/// credential has no business.
Result<std::string> message_url_of(const std::string& stream_url, const std::string& reference);

/// The session's name in a message URL: sessionId, or session_id as some servers spell it.
std::string session_of(const std::string& message_url);

struct StreamAnswer {
  json::Value message{};
  net::ExchangeId exchange{};  ///< the event, recorded as an answer to the stream's GET
};

/// What a reader of a stream hears besides the answer it waits for.
struct Overheard {
  std::function<void(const json::Value& request)> asked{};  ///< called with each request of the server's
  std::function<void()> meanwhile{};                        ///< called now and then while there is nothing to read
  std::string last_id{};                                    ///< of the last event that had one
  std::optional<std::chrono::milliseconds> retry{};         ///< how long to stay away when the stream ends
};

/// Reads events until the answer with this id comes. Error::timeout, or network when the stream ends first.
Result<StreamAnswer> await_answer(net::Recorder& recorder, net::ExchangeId opening, net::EventStream& events, int id,
                                  std::chrono::milliseconds patience, Overheard* overheard = nullptr);

}  // namespace mcprove::mcp
