#include "oauth/token_json.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "net/url.h"

namespace mcprove::oauth {

json::Value object_of(const net::Response& response) {
  if (net::media_type(response) == "application/x-www-form-urlencoded") {
    std::vector<std::pair<std::string, json::Value>> members;
    const auto params = net::Params::decode(response.body);
    for (const auto& [name, value] : params.fields()) members.emplace_back(name, json::str(value));
    return json::Value::object(std::move(members));
  }
  auto parsed = json::parse(response.body);
  return parsed && parsed->is_object() ? *std::move(parsed) : json::Value();
}

OAuthError error_of(const net::Response& response) {
  const auto body = object_of(response);
  OAuthError error;
  error.code = body.string("error").value_or("");
  error.description = body.string("error_description").value_or("");
  return error;
}

bool is_passing(std::string_view code) {
  return code == "server_error" || code == "temporarily_unavailable" || code == "slow_down" || code == "too_many_requests" ||
         code == "rate_limited";
}

bool refuses(const net::Response& response) {
  if (response.status != 400 && response.status != 401 && response.status != 403) return false;
  if (net::oddity(response) != net::Oddity::none || is_passing(error_of(response).code)) return false;
  return response.status != 403 || object_of(response).is_object() || response.headers.has("WWW-Authenticate");
}

std::string described(const net::Response& response) {
  const auto error = error_of(response);
  if (!error.code.empty()) {
    const auto said = error.description.empty() ? error.code : error.code + ": " + error.description;
    return fmt::format("{} {}", response.status, text::one_line(said, 160));
  }
  const auto type = net::media_type(response);
  return type.empty() ? fmt::format("{}", response.status) : fmt::format("{} with {}", response.status, text::one_line(type, 60));
}

}  // namespace mcprove::oauth
