#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "json/json.h"
#include "mcp/client.h"
#include "net/http.h"

namespace mcprove::mcp {

/// How a client introduces itself: clientInfo of initialize and of every stateless request.
struct Introduction {
  std::string name = "mcprove";
  std::string version = "0.1";
  json::Value capabilities{};  ///< an object; null: none
};

/// Prefix of the keys in a stateless request's `_meta` (2026-07-28, basic, section _meta).
inline constexpr std::string_view meta_prefix = "io.modelcontextprotocol/";

/// Events that are read in search of one answer: a stream that chatters without end must not keep us, however fast it is.
inline constexpr std::size_t most_events = 10'000;

/// The request of one method on one wire. Without an id it is a notification. Session and revision fields are added
/// where the wire has them.
net::Request build_message(const Endpoint& endpoint, std::string_view method, const json::Value& params, std::optional<int> id,
                           const Credential& credential, const std::string& session_id, const Introduction& introduction);

/// A JSON-RPC request of the server's: a method and an id.
bool is_request(const json::Value& message);
/// Our response to one: the result, or "method not found" without one.
json::Value response_to(const json::Value& request, const std::optional<json::Value>& result);

/// A JSON-RPC response (result or error, and no method: servers number their own requests from 1 too) with this id.
/// An id that comes back as text or as 1.0 is taken for ours.
bool answers(const json::Value& message, int id);
/// The response in one parsed message or batch, or null. An error with a null id, which is what a server sends that
/// refused before it read the id, is taken if nothing better is there.
json::Value answer_in(const json::Value& message, int id);
/// For net::Request::enough: true as soon as the stream holds our answer, or more events than we read. Reads every byte once.
std::function<bool(std::string_view)> until_answered(int id);

}  // namespace mcprove::mcp
