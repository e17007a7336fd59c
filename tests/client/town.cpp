#include "tests/client/town.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "jose/jws.h"
#include "net/url.h"

namespace mcprove::client::test {

namespace {

net::Response document(int status, const json::Value& body) {
  net::Response response;
  response.status = status;
  response.headers.add("Content-Type", "application/json");
  response.body = body.dump();
  return response;
}

net::Response not_found() { return document(404, json::Value::object({{"error", json::str("not_found")}})); }

net::Response oauth_error(int status, const std::string& code) {
  return document(status, json::Value::object({{"error", json::str(code)}}));
}

json::Value rpc(const json::Value& request, const json::Value& result) {
  return json::Value::object({{"jsonrpc", json::str("2.0")}, {"id", request.at("id")}, {"result", result}});
}

json::Value result_of(const std::string& method) {
  const auto none = json::Value::object({});
  if (method == "server/discover")
    return json::Value::object({{"supportedVersions", json::strings({"2026-07-28"})}, {"capabilities", none}});
  if (method == "initialize")
    return json::Value::object({{"protocolVersion", json::str("2025-11-25")},
                                {"capabilities", none},
                                {"serverInfo", json::Value::object({{"name", json::str("town")}})}});
  if (method == "tools/list")
    return json::Value::object({{"tools", json::Value::array({json::Value::object({{"name", json::str("greet")}})})}});
  return json::Value::object({{"content", json::Value::array({})}});
}

bool has_all(const std::string& granted, const std::string& wanted) {
  const auto have = text::words(granted);
  const auto need = text::words(wanted);
  return std::all_of(need.begin(), need.end(),
                     [&](const auto& scope) { return std::find(have.begin(), have.end(), scope) != have.end(); });
}

/// The claims of the proof that a request carries; null if it carries none.
json::Value proof_in(const Seen& seen) {
  const auto jws = jose::Jws::parse(seen.headers.find("DPoP").value_or(""));
  return jws ? jws->claims : json::Value();
}

}  // namespace

Result<std::unique_ptr<Connection>> Town::connect(Options options) {
  if (options.url.empty()) options.url = server_url;
  return Connection::connect({recorder, redactor, random, clock, *driver, jar, keeper, conduct}, std::move(options));
}

bool Town::was_visited(const std::string& origin) const {
  return std::find(visited.begin(), visited.end(), origin) != visited.end();
}

std::string Town::last(const std::vector<Seen>& all, std::string_view name) {
  return all.empty() ? std::string() : all.back().params.get(name);
}

Result<net::Response> Town::answer(const net::Request& request) {
  const auto url = MCPROVE_TRY(net::Url::parse(request.url));
  const auto origin = url.origin();
  if (!was_visited(origin)) visited.push_back(origin);
  Seen seen{request.url, request.method == "GET" ? url.params() : net::Params::decode(request.body), request.headers};
  if (origin == "https://rs.example") return serve(seen, request);
  if (url.path.starts_with("/.well-known/oauth-authorization-server")) return metadata(origin);
  if (url.path == "/authorize") return authorize(origin, seen);
  if (url.path == "/token") return token(origin, seen);
  if (url.path == "/par") return push(seen);
  if (url.path == "/register") return registration(origin, {request.url, {{"body", request.body}}, request.headers});
  return not_found();
}

net::Response Town::refuse(int status, const std::string& error, const std::string& wanted_scope) const {
  auto response = oauth_error(status, error);
  auto challenge = std::string(wants_dpop ? "DPoP" : "Bearer");
  if (has_resource_metadata) challenge += " resource_metadata=\"https://rs.example/.well-known/oauth-protected-resource/mcp\"";
  else challenge += " realm=\"town\"";
  if (!error.empty()) challenge += ", error=\"" + error + "\"";
  if (!wanted_scope.empty()) challenge += ", scope=\"" + wanted_scope + "\"";
  response.headers.add("WWW-Authenticate", challenge);
  return response;
}

net::Response Town::serve(const Seen& seen, const net::Request& request) {
  const auto path = net::Url::parse(request.url)->path;
  if (path == "/.well-known/oauth-protected-resource/mcp" && has_resource_metadata) {
    auto body = json::Value::object({{"resource", json::str(resource)}, {"authorization_servers", json::strings(issuers)}});
    if (!scopes_supported.empty()) body = body.with("scopes_supported", json::strings(scopes_supported));
    return document(200, body);
  }
  if (path != "/mcp" || request.method != "POST") return not_found();
  const auto message = json::parse(request.body).value_or(json::Value());
  const auto method = message.string("method").value_or("");
  calls.push_back({seen.url, {{"method", method}, {"body", request.body}}, seen.headers});
  if (!message.has("id")) return document(202, {});
  if (stateless ? method == "initialize" : method == "server/discover")
    return document(
        400, json::Value::object({{"jsonrpc", json::str("2.0")},
                                  {"id", message.at("id")},
                                  {"error", json::Value::object({{"code", json::num(-32601)}, {"message", json::str("no")}})}}));
  const auto needed = scope_for ? scope_for(method) : std::string();
  const auto credential = text::words(seen.headers.find("Authorization").value_or(""));
  if (credential.size() != 2 || !scope_of_.contains(credential[1]) || refused_tokens.contains(credential[1]))
    return refuse(401, credential.empty() ? "" : "invalid_token", needed);
  if (wants_dpop && (credential[0] != "DPoP" || proof_in(seen).is_null())) return refuse(401, "invalid_token", needed);
  if (wants_dpop && !nonce.empty() && proof_in(seen).string("nonce") != nonce) {
    auto again = refuse(401, "use_dpop_nonce", needed);
    again.headers.add("DPoP-Nonce", nonce);
    return again;
  }
  if (!has_all(scope_of_.at(credential[1]), needed)) return refuse(403, "insufficient_scope", needed);
  return document(200, rpc(message, result_of(method)));
}

net::Response Town::metadata(const std::string& origin) const {
  auto body = json::Value::object({{"issuer", json::str(claimed_issuer.empty() ? origin : claimed_issuer)},
                                   {"authorization_endpoint", json::str(origin + "/authorize")},
                                   {"token_endpoint", json::str(token_endpoint.empty() ? origin + "/token" : token_endpoint)},
                                   {"registration_endpoint", json::str(origin + "/register")},
                                   {"token_endpoint_auth_methods_supported", json::strings(auth_methods)},
                                   {"code_challenge_methods_supported", json::strings(challenge_methods)},
                                   {"authorization_response_iss_parameter_supported", json::boolean(true)}});
  if (wants_dpop) body = body.with("dpop_signing_alg_values_supported", json::strings({"ES256"}));
  for (const auto& [name, value] : more_metadata) body = body.with(name, value);
  return document(200, body);
}

net::Response Town::push(const Seen& seen) {
  pushed.push_back(seen);
  const auto reference = fmt::format("urn:ietf:params:oauth:request_uri:{}", pushed.size());
  requests_[reference] = seen.params;
  return document(201, json::Value::object({{"request_uri", json::str(reference)}, {"expires_in", json::num(60)}}));
}

net::Response Town::authorize(const std::string& origin, const Seen& seen) {
  authorizations.push_back(seen);
  auto asked = seen.params;
  if (asked.has("request_uri")) asked = requests_[asked.get("request_uri")];
  const auto code = fmt::format("code-{}-0123456789abcdef", authorizations.size());
  codes_[code] = asked;
  net::Params back{{"code", code}};
  const auto returned = state.empty() ? asked.get("state") : state;
  if (!returned.empty()) back.add("state", returned);
  if (iss) back.add("iss", iss->empty() ? origin : *iss);
  net::Response response;
  response.status = 302;
  response.headers.add("Location", asked.get("redirect_uri") + "?" + back.encode());
  return response;
}

json::Value Town::issue(const std::string& granted, bool bound) {
  const auto token = fmt::format("token-{}-0123456789abcdef", ++issued_);
  scope_of_[token] = granted;
  auto body = json::Value::object(
      {{"access_token", json::str(token)}, {"token_type", json::str(bound ? "DPoP" : "Bearer")}, {"expires_in", json::num(600)}});
  if (!granted.empty()) body = body.with("scope", json::str(granted));
  if (gives_refresh_tokens) body = body.with("refresh_token", json::str(fmt::format("refresh-{}-0123456789", issued_)));
  return body;
}

net::Response Town::token(const std::string& origin, const Seen& seen) {
  token_requests.push_back(seen);
  if (at_token)
    if (auto other = at_token(seen)) return *std::move(other);
  const auto proof = proof_in(seen);
  if (!nonce.empty() && proof.string("nonce") != nonce) {
    auto again = oauth_error(400, "use_dpop_nonce");
    again.headers.add("DPoP-Nonce", nonce);
    return again;
  }
  const bool bound = proof.is_object() && proof.string("htu") == origin + "/token";
  const auto grant = seen.params.get("grant_type");
  if (grant != "authorization_code") return document(200, issue(seen.params.get("scope"), bound));
  const auto code = codes_.find(seen.params.get("code"));
  if (code == codes_.end()) return oauth_error(400, "invalid_grant");
  const auto asked = code->second;
  codes_.erase(code);
  const auto challenge = asked.get("code_challenge");
  if (!challenge.empty() && challenge != jose::pkce_challenge(seen.params.get("code_verifier")))
    return oauth_error(400, "invalid_grant");
  return document(200, issue(asked.get("scope"), bound));
}

net::Response Town::registration(const std::string& origin, const Seen& seen) {
  registrations.push_back(seen);
  if (at_registration)
    if (auto other = at_registration(seen)) return *std::move(other);
  const auto wanted = json::parse(seen.params.get("body")).value_or(json::Value());
  const auto method = wanted.string("token_endpoint_auth_method").value_or("none");
  auto body =
      wanted.with("client_id", json::str(fmt::format("client-{}-at-{}", registrations.size(), net::Url::parse(origin)->host)));
  if (method.starts_with("client_secret")) body = body.with("client_secret", json::str("secret-0123456789abcdef"));
  return document(201, body);
}

}  // namespace mcprove::client::test
