#include "mcp/message.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/text.h"
#include "mcp/param_headers.h"
#include "net/answer.h"
#include "net/sse.h"

namespace mcprove::mcp {
namespace {

/// Batches beyond this are not answers to one request of ours.
constexpr std::size_t longest_batch = 1000;

/// What Mcp-Name repeats from the body.
std::optional<std::string> mirrored_name(std::string_view method, const json::Value& params) {
  if (method == "tools/call" || method == "prompts/get") return params.string("name");
  if (method == "resources/read") return params.string("uri");
  return std::nullopt;
}

json::Value client_info(const Introduction& introduction) {
  return json::Value::object({{"name", json::str(introduction.name)}, {"version", json::str(introduction.version)}});
}

json::Value capabilities(const Introduction& introduction) {
  return introduction.capabilities.is_object() ? introduction.capabilities : json::Value::object({});
}

std::string key(std::string_view name) { return std::string{meta_prefix} + std::string{name}; }

json::Value with_meta(const json::Value& params, std::string_view revision, const Introduction& introduction) {
  const auto given = params.at("_meta");
  auto meta = given.is_object() ? given : json::Value::object({});
  // What the caller has put there is the experiment; only what is absent is filled in.
  if (!meta.has(key("protocolVersion"))) meta = meta.with(key("protocolVersion"), json::str(revision));
  if (!meta.has(key("clientInfo"))) meta = meta.with(key("clientInfo"), client_info(introduction));
  if (!meta.has(key("clientCapabilities"))) meta = meta.with(key("clientCapabilities"), capabilities(introduction));
  return (params.is_object() ? params : json::Value::object({})).with("_meta", meta);
}

json::Value initialize_params(const json::Value& params, std::string_view revision, const Introduction& introduction) {
  auto full = params.is_object() ? params : json::Value::object({});
  if (!full.has("protocolVersion")) full = full.with("protocolVersion", json::str(revision));
  if (!full.has("capabilities")) full = full.with("capabilities", capabilities(introduction));
  if (!full.has("clientInfo")) full = full.with("clientInfo", client_info(introduction));
  return full;
}

std::string offered_revision(const Endpoint& endpoint) {
  if (!endpoint.revision.empty()) return endpoint.revision;
  switch (endpoint.wire) {
    case Wire::sse: return std::string{sse_revision};
    case Wire::handshake: return std::string{newest_handshake};
    case Wire::stateless: return std::string{stateless_revision};
  }
  return std::string{newest_handshake};
}

json::Value body_of(std::string_view method, const json::Value& params, std::optional<int> id) {
  auto body = json::Value::object({{"jsonrpc", json::str("2.0")}});
  if (id) body = body.with("id", json::num(*id));
  body = body.with("method", json::str(method));
  return params.is_null() ? body : body.with("params", params);
}

bool null_id_error(const json::Value& message) {
  return message.at("error").is_object() && message.at("id").is_null() && !message.has("method");
}

json::Value answer_in_events(std::string_view body, int id) {
  json::Value anonymous;
  std::size_t seen = 0;
  // A blank line is lent to a last event that a careless server did not end.
  for (const auto& event : net::parse_events(std::string{body} + "\n\n")) {
    if (++seen > most_events) break;
    if (event.data.empty()) continue;
    const auto message = json::parse(event.data);
    if (!message) continue;
    auto answer = answer_in(*message, id);
    if (answers(answer, id)) return answer;
    if (anonymous.is_null()) anonymous = std::move(answer);
  }
  return anonymous;
}

}  // namespace

bool is_request(const json::Value& message) {
  return message.at("method").is_string() && (message.at("id").is_string() || message.at("id").is_number());
}

json::Value response_to(const json::Value& request, const std::optional<json::Value>& result) {
  const auto response = json::Value::object({{"jsonrpc", json::str("2.0")}, {"id", request.at("id")}});
  if (result) return response.with("result", *result);
  return response.with("error", json::Value::object({{"code", json::num(code::method_not_found)},
                                                     {"message", json::str("this client does not answer that")}}));
}

bool answers(const json::Value& message, int id) {
  if (!message.is_object() || message.has("method") || !(message.has("result") || message.has("error"))) return false;
  const auto theirs = message.at("id");
  if (const auto number = theirs.integer()) return *number == id;
  if (const auto number = theirs.number()) return *number == static_cast<double>(id);
  const auto text = theirs.string();
  return text && *text == std::to_string(id);
}

json::Value answer_in(const json::Value& message, int id) {
  if (!message.is_array()) return answers(message, id) || null_id_error(message) ? message : json::Value{};
  json::Value anonymous;
  for (std::size_t i = 0; i < std::min(message.size(), longest_batch); ++i) {
    auto item = message.at(i);
    if (answers(item, id)) return item;
    if (anonymous.is_null() && null_id_error(item)) anonymous = std::move(item);
  }
  return anonymous;
}

json::Value message_with_id(const net::Response& response, int id) {
  if (net::is_event_stream(response)) return answer_in_events(response.body, id);
  if (const auto message = json::parse(response.body)) return answer_in(*message, id);
  const auto start = text::trim(response.body);
  const bool mislabelled_stream = start.starts_with("event:") || start.starts_with("data:") || start.starts_with("id:");
  return mislabelled_stream ? answer_in_events(response.body, id) : json::Value{};
}

std::function<bool(std::string_view)> until_answered(int id) {
  struct Progress {
    net::SseParser parser{};
    std::size_t read = 0;
    std::size_t events = 0;
    bool enough = false;
  };
  auto progress = std::make_shared<Progress>();
  return [progress, id](std::string_view body) {
    if (body.size() < progress->read) *progress = {};  // the request was repeated
    for (const auto& event : progress->parser.feed(body.substr(progress->read))) {
      if (progress->enough) break;
      const auto message = json::parse(event.data);
      progress->enough = (message && answers(answer_in(*message, id), id)) || ++progress->events > most_events;
    }
    progress->read = body.size();
    return progress->enough;
  };
}

net::Request build_message(const Endpoint& endpoint, std::string_view method, const json::Value& params, std::optional<int> id,
                           const Credential& credential, const std::string& session_id, const Introduction& introduction) {
  const auto revision = offered_revision(endpoint);
  net::Request request;
  request.method = "POST";
  request.url = endpoint.url;
  request.headers.add("Content-Type", "application/json").add("Accept", "application/json, text/event-stream");
  auto full = params;
  if (endpoint.wire == Wire::stateless) {
    full = with_meta(params, revision, introduction);
    request.headers.add("MCP-Protocol-Version", revision).add("Mcp-Method", header_value(std::string{method}));
    if (const auto named = mirrored_name(method, params)) request.headers.add("Mcp-Name", header_value(*named));
  } else if (method == "initialize") {
    full = initialize_params(params, revision, introduction);
  } else if (endpoint.wire == Wire::handshake && at_least(revision, "2025-06-18")) {
    request.headers.add("MCP-Protocol-Version", revision);
  }
  if (endpoint.wire == Wire::handshake && !session_id.empty()) request.headers.add("Mcp-Session-Id", session_id);
  for (const auto& [name, value] : credential.headers.fields) request.headers.add(name, value);
  request.body = body_of(method, full, id).dump();
  if (id && endpoint.wire != Wire::sse) request.enough = until_answered(*id);
  request.purpose = std::string{method};
  return request;
}

net::Request build_request(const Endpoint& endpoint, std::string_view method, const json::Value& params, int id,
                           const Credential& credential, const std::string& session_id) {
  return build_message(endpoint, method, params, id, credential, session_id, {});
}

}  // namespace mcprove::mcp
