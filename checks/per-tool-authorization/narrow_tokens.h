#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/context.h"
#include "mcp/denial.h"

namespace mcprove::checks {

/// A token that should do less than the full one.
struct NarrowToken {
  std::string name{};  ///< part of case names: `scope "notes:read"`, or the identity
  Grant grant{};
  std::vector<std::string> scopes{};
  bool scopes_seen = false;  ///< the server told them; otherwise they are only what was asked for
  bool has(const std::string& scope) const { return std::ranges::find(scopes, scope) != scopes.end(); }
};

struct TokenSet {
  Grant full{};
  std::vector<NarrowToken> narrow{};
  Error why_none{Error::Kind::unavailable, "there is no second token to compare with"};
};

/// True only for scopes that say that they read.
inline bool is_reading_scope(const std::string& scope) {
  if (is_identity_scope(scope)) return true;
  if (is_privileged_scope(scope)) return false;
  const auto words = mcp::plain_words(scope);
  return std::ranges::any_of(words,
                             [](const std::string& w) { return w == "read" || w == "readonly" || w == "view" || w == "viewer"; });
}

inline void add_narrow(TokenSet& set, std::string name, Grant grant) {
  NarrowToken token{std::move(name), std::move(grant)};
  token.scopes = token.grant.view.scopes.value_or(std::vector<std::string>{});
  token.scopes_seen = token.grant.view.scopes.has_value() && token.grant.view.scope_source != "request";
  set.narrow.push_back(std::move(token));
}

/// A harmless scope other than the one that the low grant has: what one may not do the other may.
inline void add_other_scope(Context& at, TokenSet& set, const Issuer& issuer, const std::string& taken) {
  const auto& identity = at.facts().main_identity();
  for (const auto& scope : at.facts().narrow_scopes(issuer)) {
    if (scope == taken || is_identity_scope(scope) || is_privileged_scope(scope)) continue;
    auto grant = at.facts().grant(issuer, identity, ClientKind::main, scope, "");
    if (grant && grant->view.scopes != set.full.view.scopes)
      add_narrow(set, fmt::format("scope \"{}\"", scope), *std::move(grant));
    return;
  }
}

/// The full token of the main identity, narrower ones of the same identity, and the second identity's ordinary one.
inline Result<TokenSet> token_set(Context& at) {
  TokenSet set;
  auto& facts = at.facts();
  const auto issuers = MCPROVE_TRY(facts.issuers());
  const auto& main = facts.main_identity();
  if (issuers.empty() || !main.token.empty() || !main.headers.fields.empty()) {
    set.full = MCPROVE_TRY(facts.grant());
  } else {
    set.full = MCPROVE_TRY(facts.full_grant(issuers.front()));
    if (auto low = facts.low_grant(issuers.front())) {
      const auto scope = low->requested_scope;
      add_narrow(set, fmt::format("scope \"{}\"", scope), *std::move(low));
      add_other_scope(at, set, issuers.front(), scope);
    } else {
      set.why_none = low.error();
    }
  }
  if (const auto* second = facts.second_identity()) {
    auto theirs = facts.grant(*second);
    // Two logins that end in one account are no two people.
    const bool other = theirs && (theirs->view.subject.empty() || theirs->view.subject != set.full.view.subject);
    if (other && !theirs->credential().empty()) add_narrow(set, second->name, *std::move(theirs));
  }
  return set;
}

/// The control of a narrow token, accepted just now; an Error if the endpoint takes the token for nothing at all.
inline Result<Control*> living_control(Context& at, const NarrowToken& token) {
  auto* control = MCPROVE_TRY(at.token_control(token.grant));
  static_cast<void>(MCPROVE_TRY(control->before()));
  return control;
}

/// The full token's catalogue. The main grant's is read first, before anybody calls a tool: toolset-stability compares.
inline Result<mcp::Catalogue> catalogue_before_calls(Context& at, const Grant& full) {
  if (const auto main = at.facts().grant()) static_cast<void>(at.facts().catalogue(at.endpoint(), *main));
  return at.facts().catalogue(at.endpoint(), full);
}

/// Arguments that the guards allow: the operator's, none for a harmless tool, or ones that no validation lets through.
struct SafeCall {
  mcp::Tool tool{};
  json::Value arguments{};
  bool executes = false;  ///< false: wrong types on purpose
};

inline std::optional<SafeCall> safe_call(Context& at, const mcp::Tool& tool) {
  if (at.may_call(tool)) return SafeCall{tool, at.allowed_arguments(tool).value_or(json::Value::object({})), true};
  if (!at.may(tool.mutating() ? Effect::intrusive : Effect::active)) return std::nullopt;
  auto sentinel = mcp::sentinel_arguments(tool, at.nonce());
  if (!sentinel) return std::nullopt;
  return SafeCall{tool, *std::move(sentinel), false};
}

/// The error as the server words it, to tell whether two tokens met the same one.
inline std::string complaint(const mcp::Outcome& outcome) {
  if (!outcome.error().is_null()) return outcome.error().dump();
  return outcome.result().boolean("isError").value_or(false) ? outcome.result().at("content").dump() : std::string();
}

/// Does another wire of this server refuse the same token the same call? Then being served here is a contradiction.
inline std::optional<Citation> refused_elsewhere(Context& at, const mcp::Credential& credential, const SafeCall& call) {
  const auto wires = at.facts().wires();
  if (!wires) return std::nullopt;
  for (const auto& wire : *wires) {
    if (wire.endpoint == at.endpoint()) continue;
    auto client = at.connect(wire.endpoint, credential);
    const auto outcome = mcp::call_tool(client, call.tool, call.arguments, "the same call on another wire");
    if (outcome && outcome->answer == Answer::denied && !outcome->refused_at_start)
      return cite(outcome->exchange, "status", fmt::format("the {} wire: {}", mcp::name(wire.endpoint.wire), outcome->why));
  }
  return std::nullopt;
}

}  // namespace mcprove::checks
