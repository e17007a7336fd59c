#include "tests/lab/rs_client.h"

#include <utility>

#include "fixtures/rs/tools.h"

namespace mcprove::lab::testing {

using nlohmann::json;

std::optional<TokenFacts> NamedTokens::validate(const std::string& token, const std::string& resource) {
  TokenFacts facts{.subject = "alice", .client_id = "tester", .audience = {resource}};
  if (token == "bob") facts.subject = "bob";
  if (token == "agent") facts.client_id = "agent";
  if (token == "low") facts.scopes = {std::string(scope::notes_read)};
  else if (token == "full" || token == "bob" || token == "agent")
    for (const auto& tool : tools()) facts.scopes.emplace_back(tool.scope);
  else return std::nullopt;
  return facts;
}

ResourceServer::ResourceServer(std::set<Wire> wires, const std::vector<Flaw>& wanted, const std::string& revision) {
  for (const auto& flaw : wanted) flaws.add(flaw);
  const auto origin = host.origin();
  endpoint = std::make_unique<McpEndpoint>(McpEndpointOptions{.wires = std::move(wires), .revision = revision},
                                           GateOptions{.origin = origin,
                                                       .resource = origin + "/mcp",
                                                       .metadata_url = origin + "/prm",
                                                       .first_scopes = "notes:read",
                                                       .validator = &tokens,
                                                       .flaws = &flaws});
  endpoint->mount(host.routes());
  host.start();
}

ResourceServer::~ResourceServer() {
  endpoint->close_streams();
  host.stop();
}

std::string Answer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string{} : found->second;
}

int Answer::error() const { return message.is_object() && message.contains("error") ? message["error"]["code"].get<int>() : 0; }

std::vector<std::string> Answer::tool_names() const {
  std::vector<std::string> names;
  if (!message.is_object() || !message.contains("result")) return names;
  for (const auto& tool : message["result"]["tools"]) names.push_back(tool["name"]);
  return names;
}

namespace {

Answer answer_of(const httplib::Result& result) {
  Answer answer;
  if (!result) return answer;
  answer.status = result->status;
  answer.headers = result->headers;
  answer.body = result->body;
  auto text = result->body;
  constexpr std::string_view data = "data: ";
  if (const auto at = text.find(data); answer.header("Content-Type") == "text/event-stream" && at != std::string::npos)
    text = text.substr(at + data.size());
  answer.message = json::parse(text, nullptr, false);
  return answer;
}

}  // namespace

McpClient::McpClient(const std::string& origin, std::string token) : http_(origin), token_(std::move(token)) {
  http_.set_tcp_nodelay(true);
  http_.set_keep_alive(true);
}

Answer McpClient::send(const std::string& method, const std::string& body, const httplib::Headers& headers) {
  httplib::Request request;
  request.method = method;
  request.path = "/mcp";
  request.headers = headers;
  request.body = body;
  if (!token_.empty()) request.headers.emplace("Authorization", "Bearer " + token_);
  if (!session.empty()) request.headers.emplace("Mcp-Session-Id", session);
  if (!headers.contains("Content-Type") && method == "POST") request.headers.emplace("Content-Type", "application/json");
  if (!headers.contains("Accept")) request.headers.emplace("Accept", "application/json, text/event-stream");
  return answer_of(http_.send(request));
}

Answer McpClient::rpc(const std::string& method, const json& params, httplib::Headers headers) {
  return send("POST", json{{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}}.dump(), headers);
}

Answer McpClient::call(const std::string& tool, const json& arguments) {
  return rpc("tools/call", {{"name", tool}, {"arguments", arguments}});
}

Answer McpClient::open(const std::string& revision, httplib::Headers headers) {
  auto answer =
      rpc("initialize",
          {{"protocolVersion", revision}, {"capabilities", json::object()}, {"clientInfo", {{"name", "test"}, {"version", "1"}}}},
          std::move(headers));
  session = answer.header("Mcp-Session-Id");
  return answer;
}

Answer McpClient::modern(const std::string& method, json params, const std::map<std::string, std::string>& headers) {
  std::map<std::string, std::string> all{{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", method}};
  if (params.contains("name")) all["Mcp-Name"] = params["name"];
  if (params.contains("uri")) all["Mcp-Name"] = params["uri"];
  for (const auto& [name, value] : headers) all[name] = value;
  if (!params.contains("_meta"))
    params["_meta"] = {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"},
                       {"io.modelcontextprotocol/clientCapabilities", json::object()}};
  httplib::Headers sent;
  for (const auto& [name, value] : all)
    if (!value.empty()) sent.emplace(name, value);
  return rpc(method, params, sent);
}

}  // namespace mcprove::lab::testing
