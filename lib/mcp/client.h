#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/json.h"
#include "mcp/protocol.h"
#include "net/answer.h"
#include "net/recorder.h"
#include "net/url.h"

namespace mcprove::mcp {

/// What a request presents: header fields, sent as they are. Empty is anonymous.
struct Credential {
  net::Headers headers{};
  static Credential none() { return {}; }
  static Credential bearer(const std::string& token);
  static Credential authorization(std::string value);  ///< the whole Authorization field, however wrong
  bool empty() const { return headers.fields.empty(); }
};

/// How one wire of a target is reached.
struct Endpoint {
  Wire wire = Wire::handshake;
  std::string url{};       ///< where POSTs go; on the sse wire, where the stream is opened
  std::string revision{};  ///< the newest that the server agreed to, or that we shall offer
  bool operator==(const Endpoint&) const = default;
};

/// One JSON-RPC request and what came back, whatever the wire.
struct Outcome {
  net::ExchangeId exchange{};                ///< the one that decided
  std::vector<net::ExchangeId> exchanges{};  ///< all of them, the handshake too
  net::Response response{};                  ///< of the deciding exchange
  json::Value message{};                     ///< the JSON-RPC response with our id; null if none came
  Answer answer = Answer::other;
  std::string why{};              ///< one phrase: "401 with a Bearer challenge", "JSON-RPC error -32602 ..."
  bool refused_at_start = false;  ///< the handshake itself was refused; the method was never sent

  json::Value result() const { return message.at("result"); }
  json::Value error() const { return message.at("error"); }
};

/// Catalogue 0.4, and nothing more lenient: accepted is a 2xx with a JSON-RPC result that is not a denial; denied is a
/// 401, a 403 that carries a Bearer or DPoP challenge or a JSON body, or a JSON-RPC error or isError text of the denial
/// lexicon; everything else is other, a tool error (isError) that is no denial among it.
struct Judged {
  Answer answer = Answer::other;
  std::string why{};
};
Judged judge(const net::Response& response, const json::Value& message);
/// A short ordinary result whose text reads like a denial (SOFT-DENIED).
bool soft_denied(const json::Value& result);
bool denial_text(std::string_view text);

/// Changes to the request that carries the method, made just before it is sent.
using Bend = std::function<void(net::Request&)>;

struct CallOptions {
  Bend bend{};
  net::Headers headers{};  ///< besides those of the wire
  net::Connection connection{};
  bool notification = false;  ///< no id; accepted means 202 or 2xx
  std::string purpose{};
};

/// Speaks one wire to one endpoint with one credential. On the handshake wire the session is opened with that very
/// credential by the first call that needs it, and ended with DELETE when the Client goes. Not thread-safe: one each.
class Client {
 public:
  struct Options {
    Credential credential{};
    std::string client_name = "mcprove";
    std::string client_version = "0.1";
    net::Headers extra{};  ///< on every request: User-Agent, Origin, ...
    net::Connection connection{};
    std::chrono::milliseconds patience{10'000};
    json::Value capabilities{};  ///< of the client, an object; null: none
    /// Puts the credential of the moment on each request, last of all: tokens that are renewed, proofs of possession.
    std::function<void(net::Request&)> present{};
    std::function<void(const net::Request&, const net::Response&)> heard{};  ///< every answer to a POST
    /// Answers what a server asks of its client (elicitation/create, roots/list, ping): the result, or nothing for what the
    /// client cannot. Without it a server that asks gets no answer.
    std::function<std::optional<json::Value>(std::string_view method, const json::Value& params)> answer{};
  };
  Client(net::Recorder& recorder, Endpoint endpoint, Options options);
  ~Client();
  Client(Client&&) noexcept;

  /// Sends the method, after the handshake where the wire has one. `initialize` and `server/discover` are methods like
  /// others: calling `initialize` is the handshake. An Error means that no answer arrived at all.
  Result<Outcome> call(std::string_view method, json::Value params = {}, CallOptions options = {});
  /// The greeting of this wire: initialize (handshake, sse) or server/discover (stateless).
  Result<Outcome> greet();
  /// The same JSON-RPC request without any handshake, session or wait for it: what a stranger would send.
  Result<Outcome> raw(std::string_view method, json::Value params = {}, CallOptions options = {});

  const Endpoint& endpoint() const;
  std::string session_id() const;   ///< Mcp-Session-Id, or the sessionId of the sse wire's message URL
  std::string message_url() const;  ///< the sse wire's endpoint event, resolved; else the endpoint's URL
  json::Value greeting() const;     ///< the result of greet(), if it was accepted
  void close();                     ///< ends the session; errors are not the caller's concern

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Does this answer to greet() prove that the server speaks the wire? A 2xx to a stateless request alone does not:
/// supportedVersions with a stateless revision, or a recognised stateless error, does.
bool proves_wire(Wire wire, const Outcome& greeted);

/// The body and headers that a method has on a wire, without sending: for probes that build their own request.
net::Request build_request(const Endpoint& endpoint, std::string_view method, const json::Value& params, int id,
                           const Credential& credential, const std::string& session_id = {});
/// The JSON-RPC response with this id in a JSON or event-stream body; failing that, an error with a null id, as servers
/// send it that refuse before they read; null if none.
json::Value message_with_id(const net::Response& response, int id);

/// What was found about the wires of one URL.
struct WireReport {
  Endpoint endpoint{};
  bool speaks = false;       ///< proven by an answer only this wire gives
  bool needs_token = false;  ///< it answered with a challenge; what it speaks is not known yet
  std::string why{};
  std::vector<std::string> supported{};  ///< revisions that the server named or agreed to
  std::vector<net::ExchangeId> exchanges{};
  json::Value server_info{};
  std::string instructions{};
};

/// Asks for all three wires (catalogue 1.2 and 0.6): stateless first, then handshake, then HTTP+SSE at the URL itself and
/// at /sse. A server that speaks several is seen as such. One report for each wire, in that order; the last
/// is for the place that said most. At most ten requests, four if all is refused. Error if nothing answered at all.
Result<std::vector<WireReport>> detect_wires(net::Recorder& recorder, const net::Url& url, const Credential& credential);

}  // namespace mcprove::mcp
