#include <optional>

#include <fmt/format.h>

#include "checks/oracle_at.h"
#include "checks/token-audience/audience.h"

namespace {

using namespace mcprove;

/// Why a token for another resource could not be had, or does not serve for the experiment.
std::optional<Verdict> unusable(const oauth::FlowResult& result, bool named) {
  if (result.tokens()) return std::nullopt;
  const auto seen = observe(result);
  if (seen.answer == Answer::denied && !named)
    return Verdict::inconclusive(
        Reason::needs_operator_fact,
        "the authorization server issues nothing for a resource that it does not know: name one with --other-resource",
        seen.evidence);
  return Verdict::inconclusive(seen.reason.value_or(Reason::evidence_weak), "no token for another resource: " + seen.why,
                               seen.evidence);
}

/// Served where it belongs? Only then does a refusal here speak about the audience.
bool works_there(Context& at, const Oracle& oracle, const std::string& resource, const std::string& token) {
  auto endpoint = oracle.endpoint;
  endpoint.url = resource;
  Oracle there = oracle;
  there.endpoint = endpoint;
  const auto seen = checks::present_at(at, there, token);
  return seen && seen->answer == Answer::accepted;
}

Verdict judge(const Settled& settled, const TokenView& view, bool proven_there) {
  const bool shown = checks::shows_audience(view) && !view.audience->empty();
  switch (settled.answer()) {
    case Answer::accepted:
      if (shown) return Verdict::fail(settled, fmt::format("a token for {} was served", checks::audience_text(*view.audience)));
      return Verdict::inconclusive(Reason::evidence_weak, "served, but nothing shows whom the token is for", settled.evidence());
    case Answer::denied:
      if (shown || proven_there) return Verdict::pass(settled, "refused");
      return Verdict::inconclusive(Reason::evidence_weak, "refused, but nothing shows that the token is good anywhere",
                                   settled.evidence());
    case Answer::other: break;
  }
  return Verdict::unclear(settled);
}

Result<void> run(Context& at, Cases& cases) {
  constexpr auto name = "token for another resource";
  const bool named = !at.options().other_resource.empty();
  if (checks::credential_given(at)) {
    cases.not_run(name, Reason::no_login, "a token that was given cannot be had for another resource");
    return {};
  }
  if (!named && !at.issuer().active) {
    cases.not_run(name, Reason::out_of_scope,
                  fmt::format("{} is not in scope: name another resource of it with --other-resource", at.issuer().id));
    return {};
  }
  const auto wires = MCPROVE_TRY(checks::oracles(at));
  const auto main = MCPROVE_TRY(at.facts().grant());
  const auto honest = MCPROVE_TRY(at.facts().grant(at.issuer()));
  const auto resource = named ? at.options().other_resource : fmt::format("https://{}/mcp", at.audit_host());
  oauth::Flow flow;
  flow.resource(resource).purpose("login for another resource");
  const auto result = MCPROVE_TRY(at.run(flow));
  if (auto verdict = unusable(result, named)) {
    cases.add(name, *std::move(verdict));
    return {};
  }
  const auto& token = result.tokens()->access_token;
  const auto view = MCPROVE_TRY(at.facts().view(*result.tokens(), at.issuer(), result.requested_scope));
  // An audience that the honest token has too may be this server's by a name of its own, a number of the issuer's perhaps.
  if (checks::shows_audience(view) && (checks::names_ours(at, *view.audience) || view.audience == honest.view.audience)) {
    cases.add(name, Verdict::inconclusive(Reason::evidence_weak,
                                          "the authorization server did not heed the resource: the token is for this server",
                                          view.evidence));
    return {};
  }
  for (const auto& oracle : wires) {
    auto* control = MCPROVE_TRY(at.facts().token_control(oracle.endpoint, main));
    const bool proven = !checks::shows_audience(view) && named && works_there(at, oracle, resource, token);
    Probe probe;
    probe.name = std::string(mcp::name(oracle.endpoint.wire));
    probe.run = [&]() -> Result<Observation> {
      auto seen = MCPROVE_TRY(checks::present_at(at, oracle, token));
      seen.evidence.insert(seen.evidence.end(), view.evidence.begin(), view.evidence.end());
      return seen;
    };
    probe.judge = [&](const Settled& settled) { return judge(settled, view, proven); };
    sandwich(*control).probe(std::move(probe)).settle(cases);
  }
  return {};
}

}  // namespace

MCPROVE_CHECK(other_resource_token_rejected) = define(
    {
        .title = "Tokens that were issued for another server are accepted",
        .what =
            "Gets a token from the same authorization server for another resource, the one named with --other-resource or an invented "
            "one, and presents it here on every wire. It must be refused. It counts only if the token's audience is known not to be this server.",
        .why = "Any other service that a person signs in to with the same issuer can take the token and act as that person here.",
        .fix =
            "Compare the audience of every token with this server's own resource identifier, whole and exactly, and refuse the others with 401.",
        .severity = Severity::critical,
        .per = Axis::issuer,
        .assumes = {"malformed-token-accepted"},
        .cwe = 1270,
        .spec = {{{"MCP 2025-11-25 authorization", "Token Handling"},
                  {"OAuth 2.1 draft-13", "5.2"},
                  {"RFC 9068", "4"},
                  {"RFC 9700", "2.3"}}},
        .since = "0.1",
    },
    run);
