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
  Result<Outcome> initialize(const json::Value& params, const CallOptions& options);
  Result<Outcome> exchange_on_stream(std::string_view method, const json::Value& params, const CallOptions& options);
  /// The refusal, if the stream did not open; otherwise empty.
  Result<std::optional<Outcome>> open();
  Result<Outcome> initialize_on_stream(const json::Value& params, const CallOptions& options);
  void begin(const Outcome& greeted);

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
};

}  // namespace mcprove::mcp
