#include "engine/context.h"

namespace {

using namespace mcprove;

Result<void> run(Context& at, Cases& cases) {
  const auto client = MCPROVE_TRY(at.client());
  const auto evil = "https://evil-" + at.nonce() + ".example/cb";
  // With PKCE in force a wrong redirect URI gains little; without it this is what binds a code to where it was sent.
  const Grade grade{.severity = Severity::low};
  const auto redeemed_with = [&](const std::string& uri, const std::string& purpose) {
    oauth::Flow flow;
    flow.client(client).purpose("probe: " + purpose).at_token([uri](oauth::TokenRequest& request) {
      request.params.set("redirect_uri", uri);
    });
    return [&at, flow]() -> Result<Observation> { return observe(MCPROVE_TRY(at.run(flow))); };
  };
  auto group = sandwich(at.flow_control());
  if (client.redirect_uris.size() > 1)
    group.probe("another registered one", redeemed_with(client.redirect_uris[1], "another registered redirect URI"),
                "a code was redeemed with a redirect URI other than the one it was sent to", grade);
  group.probe("a foreign one", redeemed_with(evil, "a foreign redirect URI"),
              "a code was redeemed with a redirect URI of nobody's", grade);
  group.settle(cases);
  return {};
}

}  // namespace

MCPROVE_CHECK(code_redirect_binding) = define(
    {
        .title = "The redirect URI of a token request is not compared",
        .what =
            "Redeems codes while naming another redirect URI than the authorization request did: another registered one, and a "
            "foreign one. Each must be refused. To leave it out is allowed.",
        .why =
            "The comparison is what stops a code that was injected into, or stolen from, another redirect from being redeemed.",
        .fix = "Store the redirect URI with the code; if the token request names one, it must be the same.",
        .severity = Severity::medium,
        .at_issuer = true,
        .per = Axis::issuer,
        .requirement = Requirement::code_flow,
        .cwe = 345,
        .spec = {{{"OAuth 2.1 draft-13", "10.2"}, {"RFC 6749", "4.1.3"}}},
        .since = "0.1",
    },
    run);
