#include <algorithm>

#include <fmt/format.h>

#include "checks/oracle_at.h"
#include "checks/token-audience/audience.h"

namespace {

using namespace mcprove;

Verdict judge(Context& at, const TokenView& view, const Document& seen) {
  const auto& audience = *view.audience;
  if (audience.empty())
    return Verdict::fail(seen, "the token names no audience: any server of this issuer may take it",
                         {.severity = Severity::medium});
  std::vector<std::string> above;
  std::vector<std::string> foreign;
  std::vector<std::string> notes;
  bool ours = false;
  for (const auto& one : audience) {
    if (checks::is_ours(at, one)) ours = true;
    else if (checks::is_above_ours(at, one)) above.push_back(one);
    else if (one == at.issuer().metadata.userinfo_endpoint)
      notes.emplace_back("the issuer's UserInfo endpoint is an audience too");
    else foreign.push_back(one);
  }
  if (!foreign.empty() && ours)
    return Verdict::fail(seen, fmt::format("the token is also meant for {}", checks::audience_text(foreign)),
                         {.severity = Severity::medium});
  if (!foreign.empty() && above.empty())
    return Verdict::fail(
        seen, fmt::format("the token is meant for {} and not for {}", checks::audience_text(foreign), at.facts().resource_id()),
        {.severity = Severity::medium});
  if (!above.empty())
    return Verdict::fail(seen, fmt::format("the token is meant for all of {}", checks::audience_text(above)),
                         {.severity = Severity::low, .level = Level::should});
  if (!ours) return Verdict::fail(seen, "the token is meant for the issuer alone", {.severity = Severity::medium});
  return Verdict::pass(seen, "meant for this server alone", std::move(notes));
}

Result<void> run(Context& at, Cases& cases) {
  const auto grant = MCPROVE_TRY(at.facts().grant(at.issuer()));
  const auto evidence = checks::evidence_of(at, grant);
  if (grant.tokens.access_token.empty())
    cases.add("audience", Verdict::not_applicable(Reason::not_offered, "the credential is no access token", evidence));
  else if (!checks::shows_audience(grant.view))
    cases.add("audience", Verdict::inconclusive(Reason::evidence_weak,
                                                "the token is opaque, and no introspection shows its audience", evidence));
  else cases.add("audience", judge(at, grant.view, Document(evidence)));
  return {};
}

}  // namespace

MCPROVE_CHECK(aud_bound_to_resource) = define(
    {
        .title = "Access tokens are not bound to this MCP server",
        .what =
            "Logs in with this server as the resource and reads the audience of the token, from the token itself or by introspection. "
            "It must name this server and nobody else.",
        .why = "A token that other services take as well lets each of them act as the person at all the others.",
        .fix =
            "Honour the resource parameter: write the resource that was asked for, and only that, into the audience of the token.",
        .severity = Severity::medium,
        .effect = Effect::passive,
        .at_issuer = true,
        .per = Axis::issuer,
        .requirement = Requirement::scopes_and_claims,
        .cwe = 1270,
        .spec = {{{"RFC 8707", "2"},
                  {"RFC 9068", "3"},
                  {"RFC 9700", "2.3"},
                  {"MCP 2025-11-25 authorization", "Token Audience Binding and Validation"}}},
        .since = "0.1",
    },
    run);
