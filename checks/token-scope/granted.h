#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/context.h"

namespace mcprove::checks {

/// Scopes that a server asks people to think about: without openid and its like.
inline std::vector<std::string> permissions(std::vector<std::string> scopes) {
  std::erase_if(scopes, [](const std::string& s) { return is_identity_scope(s); });
  return scopes;
}

inline std::vector<std::string> beyond(const std::vector<std::string>& scopes, const std::vector<std::string>& allowed) {
  std::vector<std::string> extra;
  for (const auto& scope : scopes)
    if (std::ranges::find(allowed, scope) == allowed.end()) extra.push_back(scope);
  return extra;
}

/// What a token carries: what its claims or introspection show, and what the response promised. Empty if nothing was told.
inline std::optional<std::vector<std::string>> granted(const TokenView& view) {
  if (view.scope_source == "request") return std::nullopt;
  auto all = view.scopes;
  if (all && view.claim_scopes)
    for (auto& extra : beyond(*view.claim_scopes, *all)) all->push_back(std::move(extra));
  return all;
}

inline std::string shown(const std::vector<std::string>& scopes) {
  return scopes.empty() ? std::string("no scope") : "\"" + text::one_line(scope_text(scopes), 120) + "\"";
}

/// The tools of the first wire that lists them, as the main identity sees them, and what shows them.
struct ToolCounts {
  int reading = 0;
  int declared = 0;  ///< tools that declare a change
  int named = 0;     ///< tools whose name alone says so
  std::vector<Citation> evidence{};
  int changing() const { return declared + named; }
};

inline Result<ToolCounts> tool_counts(Context& at, const Grant& grant) {
  const auto wires = MCPROVE_TRY(at.facts().wires());
  for (const auto& wire : wires) {
    const auto catalogue = at.facts().catalogue(wire.endpoint, grant);
    if (!catalogue) continue;
    ToolCounts counts;
    for (const auto& tool : catalogue->tools) {
      const auto hints = tool.raw.at("annotations");
      if (hints.boolean("destructiveHint") == true || hints.boolean("readOnlyHint") == false) ++counts.declared;
      else if (tool.mutating()) ++counts.named;
      else ++counts.reading;
    }
    if (!catalogue->exchanges.empty())
      counts.evidence.push_back(
          cite(catalogue->exchanges.back(), "body:/result/tools", fmt::format("{} tools", catalogue->tools.size())));
    return counts;
  }
  return failure(Error::Kind::unavailable, "no list of tools could be read");
}

}  // namespace mcprove::checks
