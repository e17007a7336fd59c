#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/runner.h"

namespace mcprove {
namespace {

constexpr std::array all_requirements{
    Requirement::code_flow,         Requirement::pkce,          Requirement::dynamic_registration,
    Requirement::scopes_and_claims, Requirement::introspection, Requirement::userinfo};

/// Is the thing there at all? Metadata and the honest login say so; whether it is sound the checks say.
Holds offered(Requirement requirement, Session& session, std::string& because) {
  const auto issuers = session.facts().issuers();
  if (!issuers) {
    because = issuers.error().message;
    return Holds::unknown;
  }
  if (issuers->empty()) {
    because = "the target names no authorization server";
    return Holds::no;
  }
  const auto& issuer = issuers->front();
  const auto& metadata = issuer.metadata;
  const auto endpoint = [&](const std::string& url, const char* what) {
    because = url.empty() ? fmt::format("no {} is advertised", what) : fmt::format("{} at {}", what, url);
    return url.empty() ? Holds::no : Holds::yes;
  };
  switch (requirement) {
    case Requirement::code_flow: {
      const auto grant = session.facts().grant(issuer);
      because = grant ? "a code was redeemed for a token" : grant.error().message;
      return grant ? Holds::yes : Holds::unknown;
    }
    case Requirement::pkce: {
      const bool listed = std::ranges::find(metadata.code_challenge_methods, "S256") != metadata.code_challenge_methods.end();
      because = listed ? "S256 is advertised" : "S256 is not advertised";
      return listed ? Holds::yes : Holds::no;
    }
    case Requirement::dynamic_registration: return endpoint(metadata.registration_endpoint, "registration endpoint");
    case Requirement::scopes_and_claims: {
      const auto scopes = session.facts().offered_scopes(issuer);
      because = fmt::format("{} scope{} on offer", scopes.size(), scopes.size() == 1 ? "" : "s");
      return scopes.size() > 1 ? Holds::yes : Holds::no;
    }
    case Requirement::introspection: return endpoint(metadata.introspection_endpoint, "introspection endpoint");
    case Requirement::userinfo: return endpoint(metadata.userinfo_endpoint, "UserInfo endpoint");
    case Requirement::none: break;
  }
  return Holds::unknown;
}

}  // namespace

std::vector<RequirementOutcome> requirements_of(const std::vector<CheckResult>& results, Session& session) {
  std::vector<RequirementOutcome> card;
  for (const auto requirement : all_requirements) {
    RequirementOutcome row;
    row.requirement = requirement;
    row.holds = offered(requirement, session, row.because);
    // What is offered holds only if no check that decides it failed, and more experiments ended than did not. A document
    // that was read decides nothing by itself.
    std::string failed;
    int decided = 0;
    std::vector<std::string> undecided;
    for (const auto& result : results) {
      if (result.check->check->info.requirement != requirement) continue;
      const std::string id(result.check->id);
      if (std::ranges::find(row.checks, id) == row.checks.end()) row.checks.push_back(id);
      if (result.folded.outcome == Outcome::fail && result.folded.level == Level::must)
        failed += (failed.empty() ? "" : ", ") + id;
      if (result.folded.outcome == Outcome::pass && result.check->check->info.effect != Effect::passive) ++decided;
      if (result.folded.outcome == Outcome::inconclusive && std::ranges::find(undecided, id) == undecided.end())
        undecided.push_back(id);
    }
    if (!failed.empty()) {
      row.holds = Holds::no;
      row.because += "; failed: " + failed;
    } else if (row.holds == Holds::yes && !undecided.empty()) {
      if (static_cast<int>(undecided.size()) > decided) row.holds = Holds::unknown;
      row.because += fmt::format("; not decided: {}", fmt::join(undecided, ", "));
    }
    card.push_back(std::move(row));
  }
  return card;
}

}  // namespace mcprove
