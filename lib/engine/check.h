#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mcprove {

enum class Severity : std::uint8_t { info, low, medium, high, critical };
enum class Confidence : std::uint8_t { likely, confirmed };
enum class Level : std::uint8_t { should, must };
enum class Outcome : std::uint8_t { not_applicable, pass, inconclusive, fail };  // the fold takes the last that occurs

/// What running a check does to others (design: effects). Each includes those before it.
enum class Effect : std::uint8_t { passive, active, intrusive, load };

/// What a check is run per. The Runner binds it; the check reads at.wire(), at.issuer(), at.identity().
enum class Axis : std::uint8_t { target, issuer, wire, identity, wire_and_identity };

/// Why a verdict is inconclusive (the first group) or not applicable (the second). A closed list.
enum class Reason : std::uint8_t {
  no_oracle,
  control_failed,
  no_login,
  no_second_identity,
  no_second_client,
  registration_closed,
  rate_limited,
  blocked,
  login_page,
  unclear_answer,
  evidence_weak,
  effect_not_allowed,
  login_origin_not_allowed,
  out_of_scope,
  budget_spent,
  needs_wait,
  needs_listener,
  needs_operator_fact,
  transport_error,
  root_cause,
  interrupted,
  not_offered,
  wrong_wire,
  wrong_architecture,
  declared_by_operator,
  baseline_created,
};

/// What an authorization server must support, as the report's scorecard lists it.
enum class Requirement : std::uint8_t { none, code_flow, pkce, dynamic_registration, scopes_and_claims, introspection, userinfo };

std::string_view name(Severity);
std::string_view name(Confidence);
std::string_view name(Level);
std::string_view name(Outcome);  ///< "not-applicable", hyphened
std::string_view name(Effect);
std::string_view name(Axis);
std::string_view name(Reason);       ///< "no-oracle", hyphened
std::string_view name(Requirement);  ///< "code flow", "PKCE", "dynamic registration", "scopes and claims", ...
std::optional<Severity> severity_named(std::string_view text);
bool is_not_applicable(Reason reason);
/// The reason that an error of ours becomes.
Reason reason_of(const Error& error);

struct SpecRef {
  std::string_view document{};  ///< "RFC 9700", "MCP 2025-11-25 authorization"
  std::string_view section{};
};

class Context;
class Cases;
using Run = Result<void>(Context&, Cases&);

/// All that the tool says about a check anywhere: listings, man page, reports, SARIF rules.
struct CheckInfo {
  std::string_view title{};              ///< the flaw, as a short noun phrase
  std::string_view what{};               ///< what is sent, what is expected back
  std::string_view why{};                ///< what an attacker gains
  std::string_view fix{};                ///< what the operator should change
  Severity severity = Severity::medium;  ///< the worst that a case can be
  Effect effect = Effect::active;        ///< at the host named by `at_issuer`
  bool at_issuer = false;                ///< its requests go to the authorization server: effects are judged there
  Axis per = Axis::target;
  bool burns = false;                           ///< kills grants, sessions or limits others need: runs last
  std::array<std::string_view, 4> assumes{};    ///< ids; a failure there is the root cause of one here
  Requirement requirement = Requirement::none;  ///< the row of the scorecard that it decides
  std::uint16_t cwe = 0;                        ///< 0: none fits
  std::array<SpecRef, 4> spec{};
  std::string_view since{};  ///< first version that has it
  std::array<std::string_view, 2> former_ids{};
};

struct Check {
  CheckInfo info{};
  Run* run = nullptr;
};

/// What is wrong with the metadata, if anything; asked of plug-ins too.
constexpr std::optional<std::string_view> problem(const CheckInfo& info) {
  if (info.title.empty() || info.title.size() > 72 || info.title.ends_with('.')) return "title: 1 to 72 characters, no full stop";
  if (info.what.empty() || info.why.empty() || info.fix.empty()) return "what, why and fix are the documentation";
  if (info.spec[0].document.empty() || info.since.empty()) return "name the requirement and the first version";
  return std::nullopt;
}

/// Refuses incomplete metadata at compile time.
consteval Check define(CheckInfo info, Run* run) {
  if (auto why = problem(info)) throw *why;
  return {info, run};
}

struct RegisteredCheck {
  std::string_view id{};      ///< "pkce-downgrade": the file's stem
  std::string_view family{};  ///< "pkce": the folder
  std::string_view source{};  ///< "checks/pkce/pkce-downgrade.cpp"
  const Check* check = nullptr;
};

/// The checks that a program has. A value: filled in main from the generated table and, later, from plug-ins.
class Registry {
 public:
  Registry() = default;
  explicit Registry(std::span<const RegisteredCheck> checks) : checks_(checks) {}
  std::span<const RegisteredCheck> all() const { return checks_; }
  const RegisteredCheck* find(std::string_view id) const;  ///< former ids count too

 private:
  std::span<const RegisteredCheck> checks_{};
};

/// Empty, or one line saying which `assumes` is unknown or part of a cycle.
std::string problem(const Registry& registry);

}  // namespace mcprove

/// The symbol is the id with '-' turned to '_'.
#define MCPROVE_CHECK(symbol)           \
  namespace mcprove::checks {           \
  extern const ::mcprove::Check symbol; \
  }                                     \
  constinit const ::mcprove::Check mcprove::checks::symbol
