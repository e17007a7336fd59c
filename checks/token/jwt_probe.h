#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "engine/context.h"

namespace mcprove::checks {

/// The main grant's access token taken apart; says why not if it is opaque.
inline std::optional<jose::Jws> own_jwt(Context& at, Cases& cases, const Grant& grant) {
  static_cast<void>(at);
  if (grant.view.jws) return grant.view.jws;
  cases.add("token",
            Verdict::not_applicable(Reason::not_offered, grant.tokens.access_token.empty() ? "no access token is used here"
                                                                                           : "the access token is opaque"));
  return std::nullopt;
}

/// A forged token as a probe; it is registered with the redactor like any other.
inline std::function<Result<Observation>()> presents(Context& at, std::string token) {
  at.redactor().add("forged_token", token);
  return [&at, credential = mcp::Credential::bearer(token)] { return at.present(credential); };
}

}  // namespace mcprove::checks
