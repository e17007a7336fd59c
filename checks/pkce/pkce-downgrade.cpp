#include <atomic>
#include <memory>
#include <utility>

#include "engine/context.h"

namespace {

using namespace mcprove;

Result<void> run(Context& at, Cases& cases) {
  oauth::Flow stripped;
  stripped.purpose("probe: no code_challenge, yet a verifier");
  stripped.at_authorize([](net::Params& query) { query.erase("code_challenge").erase("code_challenge_method"); });

  // The verifier is replaced by what everybody saw in the authorization request.
  oauth::Flow replayed;
  replayed.purpose("probe: the challenge sent as verifier");
  replayed.at_token([](oauth::TokenRequest& request) {
    request.params.set("code_verifier", jose::pkce_challenge(request.params.get("code_verifier")));
  });

  oauth::Flow plain;
  plain.purpose("probe: method plain, challenge of S256");
  plain.at_authorize([](net::Params& query) { query.set("code_challenge_method", "plain"); });
  plain.at_token([](oauth::TokenRequest& request) {
    request.params.set("code_verifier", jose::pkce_challenge(request.params.get("code_verifier")));
  });

  oauth::Flow at_form;
  at_form.purpose("probe: method plain added to the consent form");
  at_form.at_authorize([](net::Params& query) { query.set("prompt", "consent"); });  // consent is remembered: ask for the form
  const auto shown = std::make_shared<std::atomic<bool>>(false);
  at_form.at_form([shown](oauth::Submission& form, oauth::PageKind) {
    *shown = true;
    form.fields.set("code_challenge_method", "plain");
  });
  at_form.at_token([](oauth::TokenRequest& request) {
    request.params.set("code_verifier", jose::pkce_challenge(request.params.get("code_verifier")));
  });

  const auto bent = [&at](const oauth::Flow& flow) {
    return [&at, flow]() -> Result<Observation> { return observe(MCPROVE_TRY(at.run(flow))); };
  };
  Probe in_form;
  in_form.name = "method plain in a form";
  in_form.run = bent(at_form);
  in_form.judge = [shown](const Settled& settled) {
    // Without a form nothing was changed but the verifier, and that is the case above.
    if (!*shown)
      return Verdict::not_applicable(Reason::not_offered, "no form was shown that could be changed", settled.evidence());
    if (settled.answer() == Answer::accepted) return Verdict::fail(settled, "the consent form changed the method to plain");
    return settled.answer() == Answer::denied ? Verdict::pass(settled, "refused") : Verdict::unclear(settled);
  };
  sandwich(at.flow_control())
      .probe("challenge removed", bent(stripped), "a code bound to no challenge was redeemed with a verifier",
             {.severity = Severity::medium})
      .probe("challenge as verifier", bent(replayed), "the challenge itself was taken as the verifier")
      .probe("method plain", bent(plain), "the challenge was sent as plain and redeemed by who saw it")
      .probe(std::move(in_form))
      .settle(cases);
  return {};
}

}  // namespace

MCPROVE_CHECK(pkce_downgrade) = define(
    {
        .title = "PKCE can be taken out of, or weakened in, the code flow",
        .what =
            "Runs the authorization-code flow four times with one step bent: no code_challenge but a code_verifier at the token "
            "endpoint; the S256 challenge itself sent as the verifier; the method switched to plain, in the request and in the consent form. A sound server refuses each at "
            "one endpoint or the other.",
        .why =
            "Whoever can alter the authorization request, or has seen it, redeems a stolen code although the client used PKCE.",
        .fix =
            "Require code_challenge with method S256 for every client, verify it as the method says, and reject a code_verifier "
            "that has no challenge to match.",
        .severity = Severity::high,
        .effect = Effect::active,
        .at_issuer = true,
        .per = Axis::issuer,
        .assumes = {"pkce-verifier-enforced"},
        .requirement = Requirement::pkce,
        .cwe = 757,
        .spec = {{{"RFC 9700", "4.8.2"}, {"OAuth 2.1 draft-13", "4.1.3"}, {"RFC 7636", "4.4.1"}}},
        .since = "0.1",
    },
    run);
