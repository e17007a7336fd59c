#include <fmt/format.h>

#include "checks/oracle_at.h"

namespace {

using namespace mcprove;

/// What the token itself or introspection says when the token response says nothing.
Verdict without_promise(const TokenView& view, const std::vector<Citation>& evidence) {
  const Document seen(evidence);
  if (view.written) return Verdict::pass(seen, "the token itself has an end", {"the token response has no expires_in"});
  if (view.introspected_left) return Verdict::pass(seen, "introspection tells the end", {"the token response has no expires_in"});
  if (view.jws)
    return Verdict::fail(seen, "neither the response nor the token has an end: it is good for ever",
                         {.severity = Severity::high});
  if (view.introspected())
    return Verdict::fail(seen, "neither the response nor introspection tells an end",
                         {.severity = Severity::medium, .confidence = Confidence::likely});
  return Verdict::fail(seen, "nothing tells when the opaque token ends",
                       {.severity = Severity::low, .confidence = Confidence::likely, .level = Level::should});
}

Result<void> run(Context& at, Cases& cases) {
  const auto grant = MCPROVE_TRY(at.facts().grant(at.issuer()));
  const auto evidence = checks::evidence_of(at, grant);
  if (grant.tokens.access_token.empty()) {
    cases.add("expiry", Verdict::not_applicable(Reason::not_offered, "the credential is no access token", evidence));
    return {};
  }
  if (!grant.tokens.exchange && !grant.view.written) {
    cases.add("expiry",
              Verdict::inconclusive(Reason::no_login, "the token was given: its token response is not known", evidence));
    return {};
  }
  const auto& answer = grant.tokens.document;
  if (!answer.has("expires_in")) {
    cases.add("expiry", without_promise(grant.view, evidence));
    return {};
  }
  const Document seen(evidence);
  const auto promised = answer.integer("expires_in");
  if (promised && *promised > 0) cases.add("expiry", Verdict::pass(seen, fmt::format("expires_in is {}", *promised)));
  else
    cases.add("expiry", Verdict::fail(seen,
                                      fmt::format("expires_in is {}, not a positive number",
                                                  text::one_line(answer.at("expires_in").dump(), 60)),
                                      {.severity = Severity::low, .level = Level::should}));
  return {};
}

}  // namespace

MCPROVE_CHECK(expires_in_present) = define(
    {
        .title = "Nothing says when an access token ends",
        .what =
            "Reads expires_in of the token response, exp of the token if it can be read, and exp of introspection. At least one must be "
            "there, and expires_in must be a positive number.",
        .why =
            "Tokens without an end are good for whoever finds them, for ever; clients that cannot tell keep using them until something breaks.",
        .fix = "Give every access token an end, and send expires_in as a JSON number of seconds in every token response.",
        .severity = Severity::high,
        .effect = Effect::passive,
        .at_issuer = true,
        .per = Axis::issuer,
        .cwe = 613,
        .spec = {{{"OAuth 2.1 draft-13", "3.2.3"}, {"RFC 9068", "2.2"}}},
        .since = "0.1",
    },
    run);
