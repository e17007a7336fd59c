#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/http.h"

namespace mcprove::net {

/// One challenge of a WWW-Authenticate field (RFC 9110 section 11.6.1).
struct Challenge {
  std::string scheme{};                                       ///< as sent
  std::string token68{};                                      ///< instead of parameters
  std::vector<std::pair<std::string, std::string>> params{};  ///< names lower case, values unquoted
  std::optional<std::string> param(std::string_view name) const;
  bool is(std::string_view scheme_name) const;  ///< without case
};

/// Every challenge of every WWW-Authenticate line: several per line, commas and escapes inside quotes, no trust in
/// the syntax. What cannot be parsed is passed over.
std::vector<Challenge> challenges(const Headers& headers);
std::vector<Challenge> parse_challenges(std::string_view field);

}  // namespace mcprove::net
