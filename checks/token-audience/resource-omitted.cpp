#include <fmt/format.h>

#include "checks/oracle_at.h"
#include "checks/token-audience/audience.h"

namespace {

using namespace mcprove;

/// What an accepted token without a requested resource means.
Verdict served(Context& at, const Settled& settled, const TokenView& view, const TokenView& honest, bool audience_is_visible) {
  // An authorization server that knows one resource only leaves no doubt whom its tokens are for.
  const bool alone = at.issuer().own_origin && at.options().other_resource.empty();
  if (view.audience && !view.audience->empty()) {
    if (checks::names_ours(at, *view.audience)) return Verdict::pass(settled, "the default audience is this server");
    // This server may go by a name that is no address, a number of the issuer's perhaps.
    if (view.audience == honest.audience) return Verdict::pass(settled, "the audience is the same as with a resource");
    return Verdict::fail(settled, fmt::format("a token for {} was served", checks::audience_text(*view.audience)));
  }
  if (alone)
    return Verdict::pass(settled, "served by a server whose issuer is its own",
                         {"tokens are issued without a resource; the issuer serves no other"});
  if (audience_is_visible) return Verdict::fail(settled, "a token without any audience was served");
  return Verdict::inconclusive(Reason::evidence_weak, "served, but nothing shows whom the token is for", settled.evidence());
}

Result<void> present(Context& at, Cases& cases, const oauth::FlowResult& result, const Grant& honest) {
  const auto wires = MCPROVE_TRY(checks::oracles(at));
  const auto main = MCPROVE_TRY(at.facts().grant());
  const auto view = MCPROVE_TRY(at.facts().view(*result.tokens(), at.issuer(), result.requested_scope));
  // An introspection that told the honest token's audience would have told this one's.
  const bool visible = view.jws.has_value() || (view.introspected() && honest.view.audience && !honest.view.audience->empty());
  for (const auto& oracle : wires) {
    auto* control = MCPROVE_TRY(at.facts().token_control(oracle.endpoint, main));
    Probe probe;
    probe.name = std::string(mcp::name(oracle.endpoint.wire));
    probe.run = [&]() -> Result<Observation> {
      auto seen = MCPROVE_TRY(checks::present_at(at, oracle, result.tokens()->access_token));
      seen.evidence.insert(seen.evidence.end(), view.evidence.begin(), view.evidence.end());
      return seen;
    };
    probe.judge = [&](const Settled& settled) {
      switch (settled.answer()) {
        case Answer::accepted: return served(at, settled, view, honest.view, visible);
        case Answer::denied: return Verdict::pass(settled, "the token was refused");
        case Answer::other: break;
      }
      return Verdict::unclear(settled);
    };
    sandwich(*control).probe(std::move(probe)).settle(cases);
  }
  return {};
}

Result<void> run(Context& at, Cases& cases) {
  if (checks::credential_given(at)) {
    cases.not_run("without resource", Reason::no_login, "the token was given, not asked for");
    return {};
  }
  const auto honest = MCPROVE_TRY(at.facts().grant(at.issuer()));
  oauth::Flow flow;
  flow.resource("").purpose("probe: login without a resource");
  const auto result = MCPROVE_TRY(at.run(flow));
  if (result.tokens()) return present(at, cases, result, honest);
  sandwich(at.flow_control())
      .probe(
          "without resource", [&]() -> Result<Observation> { return observe(result); }, "a code was issued")
      .settle(cases);
  return {};
}

}  // namespace

MCPROVE_CHECK(resource_omitted) = define(
    {
        .title = "Tokens without any audience are issued and accepted",
        .what =
            "Logs in without the resource parameter. The authorization server must refuse, or bind the token to this server by default; a "
            "token without an audience must be refused here.",
        .why = "A token that is for nobody in particular is good at every server that does not ask whom it is for.",
        .fix =
            "Refuse requests without a resource, or give them a default audience; refuse tokens at the MCP server that do not name it.",
        .severity = Severity::medium,
        .at_issuer = true,
        .per = Axis::issuer,
        .assumes = {"malformed-token-accepted"},
        .cwe = 1270,
        .spec = {{{"RFC 8707", "2"},
                  {"MCP 2025-11-25 authorization", "Resource Parameter Implementation"},
                  {"RFC 9700", "4.9.1"}}},
        .since = "0.1",
    },
    run);
