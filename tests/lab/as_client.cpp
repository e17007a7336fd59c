#include "tests/lab/as_client.h"

#include <algorithm>

#include "fixtures/as/form.h"
#include "fixtures/core/crypto.h"

namespace mcprove::lab::testing {

std::string encode(const Fields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) text += (text.empty() ? "" : "&") + name + "=" + percent_encode(value);
  return text;
}

std::string query(const std::string& address, const std::string& name) {
  const auto mark = address.find('?');
  return mark == std::string::npos ? std::string() : Form::parse(address.substr(mark + 1)).get(name);
}

std::string hidden(const std::string& page, const std::string& name) {
  const auto start = "name=\"" + name + "\" value=\"";
  const auto at = page.find(start);
  if (at == std::string::npos) return {};
  const auto begin = at + start.size();
  return page.substr(begin, page.find('"', begin) - begin);
}

Fields without(Fields fields, const std::string& name) {
  std::erase_if(fields, [&](const auto& field) { return field.first == name; });
  return fields;
}

Fields with(Fields fields, const std::string& name, const std::string& value) {
  fields = without(std::move(fields), name);
  fields.emplace_back(name, value);
  return fields;
}

Server::Server(const std::vector<Flaw>& wanted, TokenFormat format) {
  for (const auto& flaw : wanted) flaws.add(flaw);
  AsOptions options;
  options.issuer = host.origin();
  options.resources = {resource(), other_resource};
  options.scopes = {{"notes:read", "Read your notes", false, true},
                    {"notes:write", "Change your notes", false, false},
                    {"admin:users", "Administer", true, false}};
  options.tokens = format;
  options.flaws = &flaws;
  options.now = [this] { return instant; };
  as = std::make_unique<AuthorizationServer>(options);
  validator = as->validator();
  as->mount(host);
  host.start();
}

Agent::Agent(const std::string& origin) : http_(origin) {
  http_.set_keep_alive(true);
  http_.set_tcp_nodelay(true);
  http_.set_url_encode(false);
}

void Agent::remember(const httplib::Result& answer) {
  if (answer && answer->has_header("Set-Cookie")) {
    const auto set = answer->get_header_value("Set-Cookie");
    cookie_ = set.substr(0, set.find(';'));
  }
}

httplib::Headers Agent::headers_with_cookies(httplib::Headers headers) const {
  if (!cookie_.empty()) headers.emplace("Cookie", cookie_);
  return headers;
}

httplib::Result Agent::get(const std::string& path, const Fields& fields, const httplib::Headers& headers) {
  auto answer = http_.Get(path + (fields.empty() ? "" : "?" + encode(fields)), headers_with_cookies(headers));
  remember(answer);
  return answer;
}

httplib::Result Agent::post(const std::string& path, const Fields& form, const httplib::Headers& headers) {
  auto answer = http_.Post(path, headers_with_cookies(headers), encode(form), "application/x-www-form-urlencoded");
  remember(answer);
  return answer;
}

nlohmann::json Agent::json(const std::string& path, const Fields& form, const httplib::Headers& headers) {
  const auto answer = post(path, form, headers);
  auto body = answer ? nlohmann::json::parse(answer->body, nullptr, false) : nlohmann::json();
  if (!body.is_object()) body = nlohmann::json::object();
  body["status"] = answer ? answer->status : 0;
  return body;
}

nlohmann::json Agent::register_client(const nlohmann::json& request) {
  const auto answer = http_.Post("/register", request.dump(), "application/json");
  auto body = answer ? nlohmann::json::parse(answer->body, nullptr, false) : nlohmann::json();
  if (!body.is_object()) body = nlohmann::json::object();
  body["status"] = answer ? answer->status : 0;
  return body;
}

httplib::Result Agent::submit(const std::string& page, const std::string& path, const Fields& fields) {
  auto form = fields;
  form.emplace_back("ticket", hidden(page, "ticket"));
  form.emplace_back("csrf", hidden(page, "csrf"));
  return post(path, form);
}

std::string Agent::authorize(const Fields& request, const Person& person) {
  auto answer = get("/authorize", request);
  if (answer && answer->body.find("name=\"password\"") != std::string::npos) {
    answer = submit(answer->body, "/login", {{"username", person.name}, {"password", person.password}});
  }
  if (answer && answer->body.find("value=\"approve\"") != std::string::npos) {
    answer = submit(answer->body, "/consent", {{"decision", "approve"}});
  }
  return answer ? answer->get_header_value("Location") : std::string();
}

Registered::Registered(Server& on, Agent& by, const std::string& uri) : server(on), redirect_uri(uri) {
  id = by.register_client({{"client_name", "Test client"},
                           {"redirect_uris", {uri}},
                           {"token_endpoint_auth_method", "none"},
                           {"grant_types", {"authorization_code", "refresh_token"}}})
           .value("client_id", "");
}

Fields Registered::authorization() const {
  return {{"response_type", "code"},
          {"client_id", id},
          {"redirect_uri", redirect_uri},
          {"scope", "openid notes:read notes:write"},
          {"state", "a state"},
          {"code_challenge", base64url(sha256(verifier))},
          {"code_challenge_method", "S256"},
          {"resource", server.resource()}};
}

Fields Registered::redemption(const std::string& code) const {
  return {{"grant_type", "authorization_code"}, {"code", code},
          {"redirect_uri", redirect_uri},       {"client_id", id},
          {"code_verifier", verifier},          {"resource", server.resource()}};
}

Fields Registered::refreshing(const std::string& token) const {
  return {{"grant_type", "refresh_token"}, {"refresh_token", token}, {"client_id", id}};
}

nlohmann::json Registered::grant(Agent& agent, const Person& person) const {
  return agent.json("/token", redemption(query(agent.authorize(authorization(), person), "code")));
}

}  // namespace mcprove::lab::testing
