#include <array>
#include <utility>

#include "base/text.h"
#include "engine/check.h"
#include "engine/outcome.h"

namespace mcprove {

std::string_view name(Severity severity) {
  switch (severity) {
    case Severity::info: return "info";
    case Severity::low: return "low";
    case Severity::medium: return "medium";
    case Severity::high: return "high";
    case Severity::critical: return "critical";
  }
  return "";
}

std::string_view name(Confidence confidence) { return confidence == Confidence::confirmed ? "confirmed" : "likely"; }

std::string_view name(Level level) { return level == Level::must ? "must" : "should"; }

std::string_view name(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass: return "pass";
    case Outcome::not_applicable: return "not-applicable";
    case Outcome::inconclusive: return "inconclusive";
    case Outcome::fail: return "fail";
  }
  return "";
}

std::string_view name(Effect effect) {
  switch (effect) {
    case Effect::passive: return "passive";
    case Effect::active: return "active";
    case Effect::intrusive: return "intrusive";
    case Effect::load: return "load";
  }
  return "";
}

std::string_view name(Axis axis) {
  switch (axis) {
    case Axis::target: return "target";
    case Axis::issuer: return "issuer";
    case Axis::wire: return "wire";
    case Axis::identity: return "identity";
    case Axis::wire_and_identity: return "wire-and-identity";
  }
  return "";
}

std::string_view name(Reason reason) {
  switch (reason) {
    case Reason::no_oracle: return "no-oracle";
    case Reason::control_failed: return "control-failed";
    case Reason::no_login: return "no-login";
    case Reason::no_second_identity: return "no-second-identity";
    case Reason::no_second_client: return "no-second-client";
    case Reason::registration_closed: return "registration-closed";
    case Reason::rate_limited: return "rate-limited";
    case Reason::blocked: return "blocked";
    case Reason::login_page: return "login-page";
    case Reason::unclear_answer: return "unclear-answer";
    case Reason::evidence_weak: return "evidence-weak";
    case Reason::effect_not_allowed: return "effect-not-allowed";
    case Reason::login_origin_not_allowed: return "login-origin-not-allowed";
    case Reason::out_of_scope: return "out-of-scope";
    case Reason::budget_spent: return "budget-spent";
    case Reason::needs_wait: return "needs-wait";
    case Reason::needs_listener: return "needs-listener";
    case Reason::needs_operator_fact: return "needs-operator-fact";
    case Reason::transport_error: return "transport-error";
    case Reason::root_cause: return "root-cause";
    case Reason::interrupted: return "interrupted";
    case Reason::not_offered: return "not-offered";
    case Reason::wrong_wire: return "wrong-wire";
    case Reason::wrong_architecture: return "wrong-architecture";
    case Reason::declared_by_operator: return "declared-by-operator";
    case Reason::baseline_created: return "baseline-created";
  }
  return "";
}

std::string_view name(Requirement requirement) {
  switch (requirement) {
    case Requirement::none: return "";
    case Requirement::code_flow: return "authorization code";
    case Requirement::pkce: return "PKCE";
    case Requirement::dynamic_registration: return "dynamic client registration";
    case Requirement::scopes_and_claims: return "scopes and claims";
    case Requirement::introspection: return "introspection";
    case Requirement::userinfo: return "UserInfo";
  }
  return "";
}

std::string_view name(Holds holds) {
  switch (holds) {
    case Holds::yes: return "holds";
    case Holds::no: return "does not hold";
    case Holds::unknown: return "could not tell";
  }
  return "";
}

std::optional<Severity> severity_named(std::string_view text) {
  for (const auto severity : {Severity::info, Severity::low, Severity::medium, Severity::high, Severity::critical})
    if (text == name(severity)) return severity;
  return std::nullopt;
}

bool is_not_applicable(Reason reason) { return reason >= Reason::not_offered; }

Reason reason_of(const Error& error) {
  switch (error.kind) {
    case Error::Kind::network:
    case Error::Kind::timeout:
    case Error::Kind::tls:
    case Error::Kind::too_large:
    case Error::Kind::malformed: return Reason::transport_error;
    case Error::Kind::out_of_scope: return Reason::out_of_scope;
    case Error::Kind::budget: return Reason::budget_spent;
    case Error::Kind::wait: return Reason::needs_wait;
    case Error::Kind::rate_limited: return Reason::rate_limited;
    case Error::Kind::blocked: return Reason::blocked;
    case Error::Kind::login: return Reason::no_login;
    case Error::Kind::unavailable: return Reason::not_offered;
    case Error::Kind::registration: return Reason::registration_closed;
    case Error::Kind::oracle: return Reason::no_oracle;
    case Error::Kind::interrupted: return Reason::interrupted;
    case Error::Kind::usage: return Reason::needs_operator_fact;
  }
  return Reason::transport_error;
}

}  // namespace mcprove
