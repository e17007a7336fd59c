#pragma once

#include <string>
#include <string_view>

#include "json/json.h"
#include "net/answer.h"
#include "net/http.h"

namespace mcprove::oauth {

/// An OAuth error object (RFC 6749 section 5.2, RFC 7591 section 3.2.2).
struct OAuthError {
  std::string code{};
  std::string description{};
};

/// The JSON object in a body, or the members of a form-encoded one as old servers send; else null.
json::Value object_of(const net::Response& response);
/// Empty members if the body is no OAuth error.
OAuthError error_of(const net::Response& response);
/// The error is about the moment and not about the request: server_error, temporarily_unavailable, slow_down.
bool is_passing(std::string_view code);

/// Is this an endpoint's own refusal, 400, 401 or 403 without HTML, rate limit or firewall? A 403 must be JSON or carry a
/// challenge, else a firewall may have said it.
bool refuses(const net::Response& response);
/// "400 invalid_grant: code already used", "429", "200 with text/html".
std::string described(const net::Response& response);

}  // namespace mcprove::oauth
