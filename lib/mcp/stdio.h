#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/child.h"
#include "base/clock.h"
#include "mcp/client.h"
#include "net/http.h"
#include "net/recorder.h"
#include "net/scope.h"
#include "net/transcript.h"

namespace mcprove::mcp {

/// The URL under which a command's messages are on the record; no host of that name exists (RFC 6761 section 6.4).
inline constexpr std::string_view stdio_url = "http://stdio.invalid/";

struct StdioLimits {
  Child::Limits child{};
  std::chrono::milliseconds first{60'000};     ///< for the first answer: package runners fetch before they start
  std::chrono::milliseconds session{300'000};  ///< for all of it
  std::size_t noise = 32U << 20U;              ///< bytes of output between two answers that are not the answer
  std::size_t asked = 1'000;                   ///< requests of the server's that are answered with a refusal
};

/// A server on pipes (2025-11-25 and 2026-07-28, transports, stdio) that takes POSTs as lines: their body is the message,
/// their header fields have no place there. A request's answer comes back as the body of a 200, a notification is a 202.
/// Requests of the server's own are refused with -32601, save ping; lines that are no JSON are passed over and counted.
class StdioTransport final : public net::Transport {
 public:
  static Result<std::unique_ptr<StdioTransport>> start(const Command& command, const StdioLimits& limits = {});

  Result<net::Response> send(const net::Request& request) override;
  Result<std::unique_ptr<net::EventStream>> open(const net::Request& request) override;  ///< Error::unavailable
  void stop() override;

  /// The end of its standard error; may hold secrets that it was given.
  std::string errors() const;
  std::vector<std::string> asked() const;  ///< methods that the server asked of us, each once
  std::size_t garbage() const;             ///< lines of its output that were no JSON

 private:
  StdioTransport(std::unique_ptr<Child> child, const StdioLimits& limits);
  Result<net::Response> await(int id, Child::Deadline until);
  Result<void> refuse(const json::Value& request);

  mutable std::mutex mutex_;
  std::unique_ptr<Child> child_;
  StdioLimits limits_;
  Child::Deadline over_;
  bool answered_ = false;
  std::size_t refusals_ = 0;
  std::size_t garbage_ = 0;
  std::vector<std::string> asked_{};
};

/// A server on pipes with all that is needed to ask it: transport, record and session.
class StdioServer {
 public:
  /// Starts it and greets it: `initialize` first, which every server before 2026-07-28 demands, and `server/discover` if
  /// it knows no handshake. Error if neither is answered; its message ends with the last line of standard error.
  /// `started` hears of it before it is greeted, so that another thread can stop it; if an Error follows, it is gone by then.
  static Result<std::unique_ptr<StdioServer>> start(const Command& command, Clock& clock, Client::Options options,
                                                    const StdioLimits& limits,
                                                    const std::function<void(StdioServer&)>& started = {});

  Client& client() { return *client_; }
  StdioTransport& transport() { return *transport_; }
  net::Recorder& recorder() { return *recorder_; }
  /// From another thread: ends what is under way with Error::interrupted. The command ends with this object.
  void stop() { recorder_->stop(); }
  /// `error`, with what the command last said on standard error.
  Error explained(Error error) const;

 private:
  StdioServer(std::unique_ptr<StdioTransport> transport, Clock& clock);
  Result<void> greet(const Client::Options& options);

  std::unique_ptr<StdioTransport> transport_;
  net::Scope scope_{};
  net::Transcript transcript_{};
  std::unique_ptr<net::Recorder> recorder_;
  std::unique_ptr<Client> client_;
};

}  // namespace mcprove::mcp
