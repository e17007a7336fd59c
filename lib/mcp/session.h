#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/client.h"
#include "mcp/stream.h"

namespace mcprove::mcp {

/// What a Client remembers between calls, and how each wire sends one.
class Session {
 public:
  Session(net::Recorder& recorder, Endpoint endpoint, Client::Options options);

  Result<Outcome> call_stateless(std::string_view method, const json::Value& params, const CallOptions& options);
  Result<Outcome> call_handshake(std::string_view method, const json::Value& params, const CallOptions& options);
  Result<Outcome> call_sse(std::string_view method, const json::Value& params, const CallOptions& options);
  /// One POST and its judgement, with this session id or none.
  Result<Outcome> post(std::string_view method, const json::Value& params, const CallOptions& options,
                       const std::string& session_id);
  void close();

  const Endpoint& endpoint() const { return endpoint_; }
  const std::string& session_id() const { return session_; }
  const std::string& message_url() const { return post_url_.empty() ? endpoint_.url : post_url_; }
  const json::Value& greeting() const { return greeting_; }

 private:
  net::Request build(std::string_view method, const json::Value& params, std::optional<int> id, const CallOptions& options,
                     const std::string& session_id);
  Result<Outcome> initialize(const json::Value& params, const CallOptions& options);
  Result<Outcome> exchange_on_stream(std::string_view method, const json::Value& params, const CallOptions& options);
  /// The refusal, if the stream did not open; otherwise empty.
  Result<std::optional<Outcome>> open();
  Result<Outcome> initialize_on_stream(const json::Value& params, const CallOptions& options);
  void begin(const Outcome& greeted);

  /// One POST whose answer is read event by event, so that what the server asks meanwhile is answered, and a stream that
  /// ends too early is taken up again (2025-11-25, Streamable HTTP, resumability and redelivery).
  Result<Outcome> converse(net::Request request, int id);
  Result<net::Recorder::Stream> get_stream(const std::string& last_id, std::chrono::milliseconds patience);
  Result<net::Recorder::Stream> take_up_again(const Overheard& overheard);
  void reply(const json::Value& request);
  /// The stream that the server may ask on while nothing of ours is under way (2025-11-25, Streamable HTTP, listening). Many
  /// have none.
  void listen();
  void hear_aside();
  /// Sends the method again with what it asked for, for as long as it asks (2026-07-28, multi round-trip requests).
  Result<Outcome> answer_inputs(Outcome outcome, std::string_view method, const json::Value& params, const CallOptions& options);

  net::Recorder& recorder_;
  Endpoint endpoint_;
  Client::Options options_;
  int next_id_ = 1;
  bool greeted_ = false;
  std::string session_{};
  json::Value greeting_{};
  std::vector<net::ExchangeId> start_{};  // what the session rests on: every later outcome cites it
  std::unique_ptr<net::EventStream> events_{};
  net::ExchangeId opening_{};
  std::string post_url_{};
  std::unique_ptr<net::EventStream> aside_{};
  bool no_aside_ = false;  // the server has no such stream
};

}  // namespace mcprove::mcp
