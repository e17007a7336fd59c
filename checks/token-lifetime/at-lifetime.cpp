#include <chrono>
#include <set>
#include <string>

#include <fmt/format.h>

#include "checks/oracle_at.h"

namespace {

using namespace mcprove;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::string spoken(seconds life) {
  if (life >= hours(48)) return fmt::format("{} days", life / hours(24));
  if (life >= hours(2)) return fmt::format("{} hours", life / hours(1));
  if (life >= minutes(2)) return fmt::format("{} minutes", life / minutes(1));
  return fmt::format("{} s", life.count());
}

/// The shortest lifetime that anything tells. Nonsense such as a negative one tells nothing; expires-in-present says so.
std::optional<seconds> lifetime(const TokenView& view) {
  std::optional<seconds> shortest;
  for (const auto& known : {view.promised, view.written, view.introspected_left})
    if (known && *known > seconds(0) && (!shortest || *known < *shortest)) shortest = known;
  return shortest;
}

/// Bound to a key of the client's: DPoP or mutual TLS.
bool is_sender_constrained(const Grant& grant) {
  return text::lower(grant.tokens.token_type) == "dpop" || grant.view.claims().has("cnf");
}

Verdict judge(const Grant& grant, seconds life, const Document& seen) {
  if (life <= minutes(10)) return Verdict::pass(seen, spoken(life));
  if (life <= hours(1)) return Verdict::pass(seen, spoken(life), {"ten minutes or less would be better"});
  auto severity = life > hours(24) ? Severity::high : Severity::medium;
  if (is_sender_constrained(grant)) severity = severity == Severity::high ? Severity::medium : Severity::low;
  return Verdict::fail(seen, fmt::format("access tokens live for {}", spoken(life)), {.severity = severity});
}

Verdict measure(Context& at, const Grant& grant) {
  const auto evidence = checks::evidence_of(at, grant);
  if (grant.tokens.access_token.empty())
    return Verdict::not_applicable(Reason::not_offered, "the credential is no access token", evidence);
  if (const auto life = lifetime(grant.view)) return judge(grant, *life, Document(evidence));
  if (grant.view.jws && !grant.view.written && !grant.tokens.document.has("expires_in"))
    return Verdict::fail(Document(evidence), "access tokens have no end");
  return Verdict::inconclusive(Reason::evidence_weak, "nothing tells how long the token lives", evidence);
}

Result<void> run(Context& at, Cases& cases) {
  const auto grant = MCPROVE_TRY(at.facts().grant(at.issuer()));
  cases.add("access token", measure(at, grant));
  if (!at.may(Effect::active) || grant.tokens.access_token.empty()) return {};
  // Servers give other scopes other lives.
  std::set<std::string> measured{grant.tokens.access_token};
  const auto also = [&](const Result<Grant>& other) {
    if (other && measured.insert(other->tokens.access_token).second)
      cases.add(fmt::format("scope \"{}\"", text::one_line(other->requested_scope, 80)), measure(at, *other));
  };
  also(at.facts().full_grant(at.issuer()));
  also(at.facts().low_grant(at.issuer()));
  return {};
}

}  // namespace

MCPROVE_CHECK(at_lifetime) = define(
    {
        .title = "Access tokens live too long",
        .what =
            "Takes the shortest lifetime that the token response, the token itself or introspection tells. More than an hour is too long, more "
            "than a day far too long; tokens bound to a key of the client are judged one step milder. Tokens for every scope and "
            "for a single one are measured too, unless the audit only reads.",
        .why = "A leaked token works until it ends; many servers cannot take one back before.",
        .fix = "Issue access tokens for some minutes, an hour at most, and refresh tokens that rotate for longer sessions.",
        .severity = Severity::high,
        .effect = Effect::passive,
        .at_issuer = true,
        .per = Axis::issuer,
        .assumes = {"expires-in-present"},
        .cwe = 613,
        .spec = {{{"RFC 6750", "5.3"},
                  {"OAuth 2.1 draft-13", "7.1.3.5"},
                  {"RFC 9700", "2.2.1"},
                  {"MCP 2025-11-25 authorization", "Token Theft"}}},
        .since = "0.1",
    },
    run);
