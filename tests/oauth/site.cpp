#include "tests/oauth/site.h"

namespace mcprove::oauth::test {

net::Response html(int status, std::string body) {
  net::Response response;
  response.status = status;
  response.headers.add("Content-Type", "text/html; charset=utf-8");
  response.body = std::move(body);
  return response;
}

net::Response json(int status, std::string body) {
  net::Response response;
  response.status = status;
  response.headers.add("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

net::Response redirect(int status, const std::string& location) {
  net::Response response;
  response.status = status;
  response.headers.add("Location", location);
  return response;
}

net::Params query_of(const net::Request& request) { return net::Url::parse(request.url)->params(); }
net::Params form_of(const net::Request& request) { return net::Params::decode(request.body); }

namespace {

std::string key_of(const net::Request& request) {
  const auto url = net::Url::parse(request.url);
  return request.method + " " + (url ? url->origin() + url->path : request.url);
}

}  // namespace

Site& Site::on(const std::string& method_and_url, Handler handler) {
  handlers_[method_and_url] = std::move(handler);
  return *this;
}

Site& Site::on(const std::string& method_and_url, net::Response response) {
  return on(method_and_url, [response = std::move(response)](const net::Request&) { return response; });
}

Result<net::Response> Site::answer(const net::Request& request) {
  const auto found = handlers_.find(key_of(request));
  return found == handlers_.end() ? html(404, "<title>Not here</title>nothing here") : found->second(request);
}

std::vector<net::Request> Site::asked(const std::string& method_and_url) const {
  std::vector<net::Request> out;
  for (auto& request : transport_->requests()) {
    if (key_of(request) == method_and_url) out.push_back(request);
  }
  return out;
}

bool Site::contacted(const std::string& origin) const {
  for (const auto& request : transport_->requests()) {
    if (const auto url = net::Url::parse(request.url); url && url->origin() == origin) return true;
  }
  return false;
}

Bench::Bench() {
  scope.name_origin(issuer, net::Reach::active);
  server.issuer = server.claimed_issuer = issuer;
  server.authorization_endpoint = "https://as.example/authorize";
  server.token_endpoint = "https://as.example/token";
  server.registration_endpoint = "https://as.example/register";
  server.revocation_endpoint = "https://as.example/revoke";
  server.iss_parameter_supported = true;
  client.issuer = issuer;
  client.id = "client-1";
  client.redirect_uris = {callback};
  driver = make_form_driver(Person{.user = "demo", .password = "s3cret-demo"});
  login.login_origins = {issuer};
  site.on("GET https://as.example/authorize", [this](const net::Request& request) {
    asked = query_of(request);
    auto page = html(200, R"(<title>Log in</title><form method=post action=/login><input type=hidden name=tx value=42>
      <label>User <input name=username></label><input type=password name=password><button>Sign in</button></form>)");
    page.headers.add("Set-Cookie", "session=0123456789abcdef0123; HttpOnly");
    return page;
  });
  site.on("POST https://as.example/login", [](const net::Request& request) {
    const auto form = form_of(request);
    if (form.get("username") != "demo" || form.get("password") != "s3cret-demo") {
      return html(
          401,
          "<title>Log in</title>Wrong password. <form method=post action=/login><input name=username><input type=password name=password></form>");
    }
    return redirect(303, "/consent?tx=42");
  });
  site.on("GET https://as.example/consent", html(200, R"(<title>Allow?</title><p>mcprove wants to read<form method=post>
      <input type=hidden name=csrf value=x><input type=checkbox name=scope value=read checked><input type=checkbox name=scope value=write>
      <button name=decision value=deny>Deny</button><button name=decision value=allow>Allow</button></form>)"));
  site.on("POST https://as.example/consent", [this](const net::Request& request) {
    return form_of(request).get("decision") == "allow"
               ? grant()
               : redirect(302, asked.get("redirect_uri") + "?error=access_denied&state=" + asked.get("state"));
  });
  site.on("POST https://as.example/token",
          json(200, R"({"access_token":"token-0123456789abcdef","token_type":"Bearer","expires_in":600})"));
}

net::Response Bench::grant(const std::string& code) const {
  net::Params answer{{"code", code}};
  if (asked.has("state")) answer.add("state", asked.get("state"));
  if (!iss.empty()) answer.add("iss", iss);
  return redirect(303, asked.get("redirect_uri") + "?" + answer.encode());
}

Result<FlowResult> Bench::run(const Flow& flow) {
  Flow::Setting setting{.recorder = recorder,
                        .redactor = redactor,
                        .random = random,
                        .clock = clock,
                        .driver = *driver,
                        .jar = jar,
                        .server = server,
                        .login = login,
                        .default_client = client,
                        .default_scope = "read",
                        .default_resource = "https://rs.example/mcp",
                        .profile = profile};
  return flow.run(setting);
}

}  // namespace mcprove::oauth::test
