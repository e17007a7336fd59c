#pragma once

#include <optional>
#include <string>

#include "net/http.h"

namespace mcprove::client {

/// What a refusal asks for (RFC 6750 section 3.1, RFC 9728 section 5.1, RFC 9449 section 7.1).
struct Demand {
  bool more_scope = false;          ///< 403 insufficient_scope; otherwise a token is missing or not good
  std::string resource_metadata{};  ///< URL, or empty
  std::string scope{};
  std::string error{};  ///< "invalid_token", ...
  bool dpop = false;    ///< a DPoP challenge is among them
};

/// Nothing if the answer is no refusal that an authorization could cure.
std::optional<Demand> demand_of(const net::Response& response);

}  // namespace mcprove::client
