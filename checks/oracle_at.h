#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/context.h"

namespace mcprove::checks {

/// For a check that is bound to an issuer and presents tokens too: the request that tells good tokens from bad ones, of
/// each wire that has one. An Error if none has.
inline Result<std::vector<Oracle>> oracles(Context& at) {
  const auto wires = MCPROVE_TRY(at.facts().wires());
  std::vector<Oracle> found;
  Error last{Error::Kind::oracle, "no wire of MCP was recognised"};
  for (const auto& wire : wires) {
    if (auto oracle = at.facts().oracle(wire.endpoint)) found.push_back(*std::move(oracle));
    else last = oracle.error();
  }
  if (found.empty()) return tl::unexpected(std::move(last));
  return found;
}

/// That request with another token, on a connection of its own. A refusal of the token's scope tells nothing about the
/// rest of it.
inline Result<Observation> present_at(Context& at, const Oracle& oracle, const std::string& token) {
  mcp::Client::Options options;
  options.connection = net::Connection::fresh();
  auto speaker = at.connect(oracle.endpoint, mcp::Credential::bearer(token), std::move(options));
  mcp::CallOptions call;
  call.connection = net::Connection::fresh();
  const auto outcome = MCPROVE_TRY(speaker.call(oracle.method, oracle.params, std::move(call)));
  auto seen = observe(outcome);
  const auto challenge = outcome.response.headers.find("WWW-Authenticate").value_or("");
  if (seen.answer == Answer::denied && (challenge + outcome.response.body).find("insufficient_scope") != std::string::npos) {
    seen.answer = Answer::other;
    seen.reason = Reason::evidence_weak;
    seen.why = "refused for its scope, not for what it is";
  }
  return seen;
}

/// Was the main identity's credential given by the operator, so that nothing else can be asked for in its place?
inline bool credential_given(Context& at) {
  const auto& identity = at.facts().main_identity();
  return !identity.token.empty() || !identity.headers.fields.empty();
}

/// What shows a grant: its token response and introspection, or, for a credential that was given, its being served.
inline std::vector<Citation> evidence_of(Context& at, const Grant& grant) {
  if (!grant.view.evidence.empty()) return grant.view.evidence;
  const auto served = oracles(at);
  if (!served || served->front().exchanges.empty()) return {};
  return {cite(served->front().exchanges.back(), "status", "served with the credential that was given")};
}

}  // namespace mcprove::checks
