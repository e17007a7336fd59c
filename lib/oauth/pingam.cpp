#include "oauth/pingam.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "oauth/callback.h"

namespace mcprove::oauth {

namespace {

constexpr int most_rounds = 20;
constexpr std::size_t longest_answer = 1U << 20U;
constexpr std::chrono::seconds longest_wait{10};
constexpr const char* default_cookie = "iPlanetDirectoryPro";

/// Outside of ASCII, as RFC 2047 writes it in a header field.
std::string header_value(const std::string& words) {
  const bool ascii = std::all_of(words.begin(), words.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
  return ascii ? words : "=?UTF-8?B?" + text::base64_encode(words) + "?=";
}

std::string said(const net::Reply& reply) {
  const auto body = json::parse(reply.response.body);
  const auto message = body ? body->string("message").value_or(body->string("reason").value_or("")) : std::string();
  return message.empty() ? std::to_string(reply.response.status)
                         : fmt::format("{}: {}", reply.response.status, text::one_line(message, 80));
}

/// A token goes into a cookie: nothing that would end it may be in it.
bool is_cookie_value(std::string_view token) {
  return !token.empty() && std::all_of(token.begin(), token.end(), [](unsigned char c) {
    return c > 0x20 && c < 0x7f && c != ';' && c != ',' && c != '"' && c != '\\';
  });
}

bool is_cookie_name(std::string_view name) {
  return !name.empty() && name.size() <= 128 && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  });
}

/// A server that wants us to come again later says when.
std::chrono::milliseconds wait_asked(const json::Value& round) {
  const auto callbacks = round.at("callbacks");
  for (std::size_t i = 0; i < callbacks.size(); ++i) {
    if (callbacks.at(i).string("type") != "PollingWaitCallback") continue;
    const auto outputs = callbacks.at(i).at("output");
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      if (outputs.at(k).string("name") != "waitTime") continue;
      const auto text = outputs.at(k).string("value").value_or("");
      const auto number = outputs.at(k).integer("value").value_or(text.empty() || text.size() > 6 ? 0 : std::atoi(text.c_str()));
      return std::chrono::milliseconds(std::clamp<std::int64_t>(number, 0, std::chrono::milliseconds(longest_wait).count()));
    }
  }
  return std::chrono::milliseconds(0);
}

}  // namespace

std::optional<AmRealm> am_realm(const std::string& authorization_url) {
  const auto url = net::Url::parse(authorization_url);
  constexpr std::string_view oauth2 = "/oauth2/";
  constexpr std::string_view authorize = "authorize";
  if (!url) return std::nullopt;
  const auto at = url->path.find(oauth2);
  if (at == std::string::npos || !url->path.ends_with(authorize)) return std::nullopt;
  AmRealm realm;
  realm.server = url->origin() + url->path.substr(0, at);
  auto between = url->path.substr(at + oauth2.size());
  between.resize(between.size() - authorize.size());
  // Older addresses name the realm without "realms/root/", or as a parameter.
  std::string named(between.starts_with("realms/") ? std::string() : between);
  if (between.empty()) named = url->params().get("realm");
  while (named.starts_with('/')) named.erase(0, 1);
  while (between.ends_with('/')) between.pop_back();
  while (named.ends_with('/')) named.pop_back();
  realm.path = between.starts_with("realms/") ? between : "realms/root";
  for (const auto& part : text::split(named, '/'))
    if (!part.empty() && !between.starts_with("realms/")) realm.path += "/realms/" + part;
  return realm;
}

std::string session_cookie_name(Browser& browser, const AmRealm& realm) {
  net::Request request;
  request.url = realm.server_info();
  request.headers.add("Accept", "application/json").add("Accept-API-Version", "resource=1.1, protocol=1.0");
  request.limits.body = longest_answer;
  request.purpose = "session cookie's name";
  const auto reply = browser.send(std::move(request));
  if (!reply || reply->response.status != 200) return default_cookie;
  const auto body = json::parse(reply->response.body);
  const auto name = body ? body->string("cookieName").value_or("") : std::string();
  return is_cookie_name(name) ? name : default_cookie;
}

Result<net::Reply> AmLogin::post(const AmRealm& realm, const json::Value* body, bool with_headers) {
  net::Request request;
  request.method = "POST";
  request.url = realm.authenticate();
  if (!journey.empty()) request.url += "?authIndexType=service&authIndexValue=" + text::percent_encode(journey);
  request.headers.add("Accept", "application/json")
      .add("Content-Type", "application/json")
      .add("Accept-API-Version", "resource=2.0, protocol=1.0");
  if (with_headers) {
    request.headers.add("X-OpenAM-Username", header_value(person.user)).add("X-OpenAM-Password", header_value(person.password));
  }
  if (body != nullptr) request.body = body->dump();
  request.limits.body = longest_answer;
  request.purpose = with_headers ? "login by header" : body == nullptr ? "login begins" : "login callbacks";
  return browser.send(std::move(request));
}

Result<std::string> AmLogin::by_headers(const AmRealm& realm) {
  const auto reply = MCPROVE_TRY(post(realm, nullptr, true));
  const auto body = json::parse(reply.response.body);
  const auto token = body ? body->string("tokenId").value_or("") : std::string();
  if (!is_cookie_value(token)) return failure(Error::Kind::login, "the login by header was refused: " + said(reply));
  told = "the credentials in a header";
  return token;
}

Result<std::string> AmLogin::run(const AmRealm& realm) {
  std::optional<json::Value> body;
  int passwords = 0;
  for (int round = 0; round < most_rounds; ++round) {
    if (options.stopped && options.stopped()) return failure(Error::Kind::interrupted, "interrupted");
    const auto reply = MCPROVE_TRY(post(realm, body ? &*body : nullptr, false));
    const auto answer = json::parse(reply.response.body);
    if (const auto token = answer ? answer->string("tokenId").value_or("") : std::string(); !token.empty()) {
      if (!is_cookie_value(token)) return failure(Error::Kind::login, "the session token is none that fits into a cookie");
      told = fmt::format("{} round{} of callbacks", round, round == 1 ? "" : "s");
      return token;
    }
    const bool asks = answer && answer->at("callbacks").is_array() && answer->has("authId");
    if (!asks && round == 0) return by_headers(realm);
    if (!asks)
      return failure(Error::Kind::login, (passwords > 0 ? "user or password refused: " : "login refused: ") + said(reply));
    if (options.hide) options.hide("auth_id", answer->string("authId").value_or(""));
    auto filled = MCPROVE_TRY(answer_callbacks(*answer, person));
    if (filled.typed_password && ++passwords > 1)
      return failure(Error::Kind::login, "the password was asked for again after it was sent: user or password refused");
    if (const auto wait = wait_asked(*answer); wait.count() > 0)
      browser.clock().sleep_until(browser.clock().tick() + wait, options.stopped);
    body = std::move(filled.body);
  }
  return failure(Error::Kind::login, fmt::format("the login was not over after {} rounds of callbacks", most_rounds));
}

}  // namespace mcprove::oauth
