#include "support/odd_server.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "checks/registry.h"
#include "jose/jws.h"
#include "json/json.h"
#include "net/url.h"
#include "support/scripted_transport.h"

namespace mcprove::testing {
namespace {

net::Response oauth_error(std::string_view code) { return OddServer::json(400, fmt::format(R"({{"error":"{}"}})", code)); }

bool honest_redirect(const std::string& text) {
  const auto url = net::Url::parse(text);
  return url && text.find('#') == std::string::npos &&
         (url->scheme == "https" || (url->scheme == "http" && url->is_loopback_host()));
}

constexpr auto metadata = R"({"issuer":"https://mcp.example","authorization_endpoint":"https://mcp.example/authorize",
  "token_endpoint":"https://mcp.example/token","registration_endpoint":"https://mcp.example/register",
  "response_types_supported":["code"],"grant_types_supported":["authorization_code","refresh_token"],
  "code_challenge_methods_supported":["S256"],"token_endpoint_auth_methods_supported":["none","client_secret_post"],
  "scopes_supported":["read","write"],"authorization_response_iss_parameter_supported":true})";
constexpr auto resource = R"({"resource":"https://mcp.example/mcp","authorization_servers":["https://mcp.example"],
  "scopes_supported":["read","write"]})";

}  // namespace

net::Response OddServer::json(int status, const std::string& body) {
  net::Response response;
  response.status = status;
  response.headers.add("Content-Type", "application/json");
  response.body = body;
  return response;
}

net::Response OddServer::page(int status, const std::string& body) {
  auto response = json(status, body);
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  return response;
}

CheckRun OddServer::audit(std::string_view id, const std::function<void(Options&)>& change) {
  Options options;
  options.url = url;
  options.effect = Effect::intrusive;
  options.authorized_by = "a test";
  options.store = false;
  options.threads = 4;
  options.budgets = {.registrations = 100, .tokens = 400, .authorizations = 400};
  if (!id.empty()) options.only = {std::string(id)};
  if (change) change(options);
  ManualClock clock{std::chrono::system_clock::now()};
  World world;
  world.clock = &clock;
  world.transport = [this](const net::Scope&) {
    return std::make_unique<test::ScriptedTransport>([this](const net::Request& request) { return answer(request); });
  };
  const Registry registry(checks::all());
  return {Audit(registry, options, {}, world).run(), std::string(id), url};
}

int OddServer::registrations() const {
  const std::scoped_lock lock(mutex_);
  return registrations_;
}

Result<net::Response> OddServer::answer(const net::Request& request) {
  const auto at = MCPROVE_TRY(net::Url::parse(request.url));
  if (oddity_)
    if (auto odd = oddity_(request, at.path)) return *std::move(odd);
  const std::scoped_lock lock(mutex_);
  return plain(request, at);
}

net::Response OddServer::plain(const net::Request& request, const net::Url& at) {
  if (at.path == "/mcp") return rpc(request);
  if (at.path == "/.well-known/oauth-protected-resource/mcp") return json(200, resource);
  if (at.path == "/.well-known/oauth-authorization-server") return json(200, metadata);
  if (at.path == "/register" && request.method == "POST") return register_client(request);
  if (at.path == "/authorize" && request.method == "GET") return authorize(at);
  if (at.path == "/token" && request.method == "POST") return token(request);
  return json(404, R"({"error":"not_found"})");
}

net::Response OddServer::rpc(const net::Request& request) {
  const auto bearer = request.headers.find("Authorization").value_or("");
  if (!bearer.starts_with("Bearer ") || !tokens_.contains(bearer.substr(7))) {
    auto refused = json(401, R"({"error":"invalid_token"})");
    refused.headers.add("WWW-Authenticate",
                        R"(Bearer resource_metadata="https://mcp.example/.well-known/oauth-protected-resource/mcp")");
    return refused;
  }
  if (request.method == "DELETE") return json(200, "{}");
  if (request.method != "POST") return json(405, "{}");
  const auto message = json::parse(request.body).value_or(json::Value());
  const auto method = message.string("method").value_or("");
  if (!message.has("id")) return json(202, "");
  const auto reply = [&](const std::string& member, const std::string& value) {
    return json(200, fmt::format(R"({{"jsonrpc":"2.0","id":{},"{}":{}}})", message.at("id").dump(), member, value));
  };
  if (method == "initialize")
    return reply("result",
                 R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"odd","version":"1"}})");
  if (method == "tools/list")
    return reply("result", R"({"tools":[{"name":"time","description":"Tells the time","inputSchema":{"type":"object"},
      "annotations":{"readOnlyHint":true}}]})");
  if (method == "tools/call") return reply("result", R"({"content":[{"type":"text","text":"noon"}]})");
  return reply("error", R"({"code":-32601,"message":"method not found"})");
}

net::Response OddServer::register_client(const net::Request& request) {
  ++registrations_;
  const auto wanted = json::parse(request.body).value_or(json::Value());
  const auto uris = wanted.strings("redirect_uris");
  if (uris.empty() || !std::ranges::all_of(uris, honest_redirect)) return oauth_error("invalid_redirect_uri");
  const auto id = fmt::format("client-{}", ++counter_);
  clients_[id] = uris;
  auto document = wanted.with("client_id", json::str(id));
  if (wanted.string("token_endpoint_auth_method") != "none")
    document = document.with("client_secret", json::str(fmt::format("a-secret-of-the-client-number-{}", counter_)));
  return json(201, document.dump());
}

net::Response OddServer::authorize(const net::Url& at) {
  const auto asked = at.params();
  const auto client = clients_.find(asked.get("client_id"));
  const auto redirect = asked.get("redirect_uri");
  if (client == clients_.end() || std::ranges::find(client->second, redirect) == client->second.end())
    return page(400, "<html><title>Error</title><p>invalid_request: unknown client or redirect URI</p></html>");
  net::Params back;
  if (asked.get("code_challenge_method") != "S256" || asked.get("code_challenge").empty()) {
    back.add("error", "invalid_request");
  } else {
    const auto code = fmt::format("a-code-that-nobody-guesses-{}", ++counter_);
    codes_[code] = {asked, false};
    back.add("code", code);
  }
  if (asked.has("state")) back.add("state", asked.get("state"));
  back.add("iss", origin);
  net::Response response;
  response.status = 302;
  response.headers.add("Location", redirect + "?" + back.encode());
  return response;
}

net::Response OddServer::issue(const std::string& scope) {
  const auto access = fmt::format("an-access-token-that-nobody-guesses-{}", ++counter_);
  const auto refresh = fmt::format("a-refresh-token-that-nobody-guesses-{}", ++counter_);
  tokens_.insert(access);
  refresh_tokens_[refresh] = scope;
  const auto told = json::Value::object({{"access_token", json::str(access)},
                                         {"refresh_token", json::str(refresh)},
                                         {"token_type", json::str("Bearer")},
                                         {"expires_in", json::parse("600").value()},
                                         {"scope", json::str(scope)}});
  return json(200, told.dump());
}

net::Response OddServer::token(const net::Request& request) {
  const auto form = net::Params::decode(request.body);
  if (form.get("grant_type") == "refresh_token") {
    const auto spent = refresh_tokens_.extract(form.get("refresh_token"));
    return spent ? issue(spent.mapped()) : oauth_error("invalid_grant");
  }
  const auto code = codes_.find(form.get("code"));
  if (code == codes_.end() || std::exchange(code->second.used, true)) return oauth_error("invalid_grant");
  const auto& asked = code->second.request;
  const bool right = form.get("client_id") == asked.get("client_id") && form.get("redirect_uri") == asked.get("redirect_uri") &&
                     jose::pkce_challenge(form.get("code_verifier")) == asked.get("code_challenge");
  return right ? issue(asked.get("scope")) : oauth_error("invalid_grant");
}

}  // namespace mcprove::testing
