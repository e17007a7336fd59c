#include "oauth/registration.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "oauth/token_json.h"

namespace mcprove::oauth {

namespace {

bool lists(const std::vector<std::string>& methods, std::string_view method) {
  return methods.empty() || std::find(methods.begin(), methods.end(), method) != methods.end();
}

/// What the server says wins; a secret without a word about its use is sent as the metadata allows (default: Basic).
std::string method_of(const json::Value& document, const Registration& wanted, const ServerMetadata& server) {
  if (const auto said = document.string("token_endpoint_auth_method")) return *said;
  const auto& methods = server.token_endpoint_auth_methods;
  const bool only_public = methods.size() == 1 && methods.front() == "none";
  if (only_public || document.string("client_secret").value_or("").empty())
    return wanted.auth_method.empty() ? "none" : wanted.auth_method;
  if (wanted.auth_method == "client_secret_basic" || wanted.auth_method == "client_secret_post") return wanted.auth_method;
  return lists(server.token_endpoint_auth_methods, "client_secret_basic") ? "client_secret_basic" : "client_secret_post";
}

Client read_client(const json::Value& document, const Registration& wanted, const ServerMetadata& server,
                   net::ExchangeId exchange) {
  Client client;
  client.issuer = server.issuer;
  client.id = document.string("client_id").value_or("");
  client.secret = document.string("client_secret").value_or("");
  client.auth_method = method_of(document, wanted, server);
  client.redirect_uris = document.at("redirect_uris").is_array() ? document.strings("redirect_uris") : wanted.redirect_uris;
  if (client.redirect_uris.empty()) client.redirect_uris = wanted.redirect_uris;
  client.name = document.string("client_name").value_or(wanted.name);
  client.registration_token = document.string("registration_access_token").value_or("");
  client.registration_uri = document.string("registration_client_uri").value_or("");
  client.document = document;
  client.exchange = exchange;
  return client;
}

void hide_secrets(Redactor& redactor, const json::Value& document) {
  const auto secret = document.string("client_secret").value_or("");
  if (!secret.empty()) {
    redactor.add("client_secret", secret);
    redactor.add_basic_pair(text::percent_encode(document.string("client_id").value_or("")), text::percent_encode(secret));
  }
  if (const auto token = document.string("registration_access_token").value_or(""); !token.empty())
    redactor.add("registration_token", token);
}

/// The registration token is a credential: it goes to the site of the issuer that gave it, wherever the URI points.
Result<void> belongs_to_issuer(const Client& client) {
  const auto uri = MCPROVE_TRY(net::Url::parse(client.registration_uri));
  const auto issuer = MCPROVE_TRY(net::Url::parse(client.issuer));
  const bool same_site = uri.scheme == issuer.scheme && net::registrable_domain(uri.host) == net::registrable_domain(issuer.host);
  if (!same_site)
    return failure(Error::Kind::out_of_scope, fmt::format("the registration URI at {} is not of its issuer", uri.origin()));
  return {};
}

}  // namespace

json::Value Registration::document() const {
  auto out = json::Value::object({});
  const auto put = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) out = out.with(key, json::str(value));
  };
  const auto put_all = [&](std::string_view key, const std::vector<std::string>& values) {
    if (!values.empty()) out = out.with(key, json::strings(values));
  };
  put("client_name", name);
  put_all("redirect_uris", redirect_uris);
  put("token_endpoint_auth_method", auth_method);
  put("application_type", application_type);
  put_all("grant_types", grant_types);
  put_all("response_types", response_types);
  put("scope", scope);
  for (const auto& key : extra.keys()) out = out.with(key, extra.at(key));
  return out;
}

Result<Registered> register_client(net::Recorder& recorder, Redactor& redactor, const ServerMetadata& server,
                                   const Registration& wanted, const std::string& initial_token) {
  if (server.registration_endpoint.empty())
    return failure(Error::Kind::unavailable, "the authorization server has no registration endpoint");
  net::Request request;
  request.method = "POST";
  request.url = server.registration_endpoint;
  request.headers.add("Content-Type", "application/json").add("Accept", "application/json");
  if (!initial_token.empty()) {
    redactor.add("initial_access_token", initial_token);
    request.headers.add("Authorization", "Bearer " + initial_token);
  }
  request.body = wanted.document().dump();
  request.purpose = "client registration";
  Registered out;
  out.reply = MCPROVE_TRY(recorder.send(std::move(request)));
  const auto& response = out.reply.response;
  const auto document = object_of(response);
  hide_secrets(redactor, document);
  out.error = document.string("error").value_or("");
  out.why = described(response);
  const bool success = response.status >= 200 && response.status < 300;
  if (success && !document.string("client_id").value_or("").empty()) {
    out.answer = Answer::accepted;
    out.client = read_client(document, wanted, server, out.reply.id);
    out.why = fmt::format("{} with a client_id", response.status);
  } else if (refuses(response) || (success && !out.error.empty() && !is_passing(out.error))) {
    out.answer = Answer::denied;
  }
  return out;
}

Result<Registered> delete_client(net::Recorder& recorder, const Client& client) {
  if (client.registration_uri.empty() || client.registration_token.empty()) {
    return failure(Error::Kind::unavailable,
                   "the registration cannot be managed: no registration_client_uri or registration_access_token");
  }
  if (auto belongs = belongs_to_issuer(client); !belongs) return tl::unexpected(std::move(belongs).error());
  net::Request request;
  request.method = "DELETE";
  request.url = client.registration_uri;
  request.headers.add("Authorization", "Bearer " + client.registration_token);
  request.purpose = "client deletion";
  Registered out;
  out.reply = MCPROVE_TRY(recorder.send(std::move(request)));
  const auto& response = out.reply.response;
  out.error = error_of(response).code;
  out.why = described(response);
  if (response.status == 204 || response.status == 200) out.answer = Answer::accepted;
  else if (refuses(response)) out.answer = Answer::denied;
  return out;
}

}  // namespace mcprove::oauth
