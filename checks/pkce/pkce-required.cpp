#include "engine/context.h"

namespace {

using namespace mcprove;

Result<void> run(Context& at, Cases& cases) {
  const auto client = MCPROVE_TRY(at.client());
  oauth::Flow bare;
  bare.purpose("probe: no PKCE at all");
  bare.at_authorize([](net::Params& query) { query.erase("code_challenge").erase("code_challenge_method"); });
  bare.at_token([](oauth::TokenRequest& request) { request.params.erase("code_verifier"); });
  const auto probe = [&at](const oauth::Flow& flow) {
    return [&at, flow]() -> Result<Observation> { return observe(MCPROVE_TRY(at.run(flow))); };
  };
  if (client.is_public()) {
    sandwich(at.flow_control()).probe("public client", probe(bare), "a public client got a token without PKCE").settle(cases);
  } else {
    cases.add("public client", Verdict::not_applicable(Reason::not_offered, "the server takes no public clients"));
  }
  const auto secret = at.client(ClientKind::confidential);
  if (!secret || secret->is_public()) {
    cases.note("no client with a secret could be had");
    return {};
  }
  bare.client(*secret);
  sandwich(at.flow_control(ClientKind::confidential))
      .probe("client with a secret", probe(bare), "a client with a secret got a token without PKCE",
             {.severity = Severity::low, .level = Level::should})
      .settle(cases);
  return {};
}

}  // namespace

MCPROVE_CHECK(pkce_required) = define(
    {
        .title = "A public client gets a token without PKCE",
        .what =
            "Runs the authorization-code flow without code_challenge and without code_verifier, with a public client and, where one "
            "can be had, with a client that has a secret. The server must refuse the request or the code.",
        .why = "A stolen code of a public client is as good as a token; PKCE is all that binds it to who asked.",
        .fix = "Refuse authorization requests without code_challenge with invalid_request.",
        .severity = Severity::high,
        .at_issuer = true,
        .per = Axis::issuer,
        .requirement = Requirement::pkce,
        .cwe = 345,
        .spec = {{{"OAuth 2.1 draft-13", "4.1.1"},
                  {"RFC 9700", "2.1.1"},
                  {"MCP 2025-11-25 authorization", "Authorization Code Protection"}}},
        .since = "0.1",
    },
    run);
