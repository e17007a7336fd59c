#include <functional>
#include <string>
#include <vector>

#include "engine/context.h"

namespace {

using namespace mcprove;

using Bend = std::function<void(oauth::TokenRequest&)>;

struct WrongVerifier {
  std::string name{};
  std::string flaw{};
  Bend bend{};
};

Result<void> run(Context& at, Cases& cases) {
  const auto other = jose::pkce_verifier(at.random());
  const std::vector<WrongVerifier> wrong{
      {"missing", "a code bound to a challenge was redeemed without a verifier",
       [](oauth::TokenRequest& r) { r.params.erase("code_verifier"); }},
      {"empty", "an empty verifier was taken", [](oauth::TokenRequest& r) { r.params.set("code_verifier", ""); }},
      {"random", "a verifier that matches no challenge was taken",
       [other](oauth::TokenRequest& r) { r.params.set("code_verifier", other); }},
  };
  const auto probe = [&at](oauth::Flow flow, const WrongVerifier& each) {
    flow.purpose("probe: verifier " + each.name).at_token(each.bend);
    return [&at, flow]() -> Result<Observation> { return observe(MCPROVE_TRY(at.run(flow))); };
  };
  auto group = sandwich(at.flow_control());
  for (const auto& each : wrong) group.probe(each.name, probe({}, each), each.flaw);

  // The verifier of another code of the same client, which was never redeemed itself.
  group.probe(
      "of another code",
      [&at]() -> Result<Observation> {
        oauth::Flow sibling;
        sibling.stop_at_code().purpose("a code whose verifier is borrowed");
        const auto first = MCPROVE_TRY(at.run(sibling));
        if (first.end != oauth::FlowEnd::code) return observe(first);
        oauth::Flow bent;
        bent.purpose("probe: verifier of another code").at_token([&](oauth::TokenRequest& r) {
          r.params.set("code_verifier", first.verifier);
        });
        return observe(MCPROVE_TRY(at.run(bent)));
      },
      "the verifier of another code was taken");
  group.settle(cases);

  const auto main = at.client();
  const auto secret = at.client(ClientKind::confidential);
  if (!main || !secret || secret->is_public() || !main->is_public()) return {};
  auto with_secret = sandwich(at.flow_control(ClientKind::confidential));
  for (const auto& each : {wrong.front(), wrong.back()})
    with_secret.probe(each.name + ", client with a secret", probe(oauth::Flow().client(*secret), each), each.flaw);
  with_secret.settle(cases);
  return {};
}

}  // namespace

MCPROVE_CHECK(pkce_verifier_enforced) = define(
    {
        .title = "A code is redeemed without the right verifier",
        .what =
            "Redeems codes that are bound to an S256 challenge without a verifier, with an empty one, with a random one and with that "
            "of another code; with a public client and, where one can be had, with a client that has a secret.",
        .why = "PKCE is advertised but protects nothing: a stolen code is redeemed by whoever has it.",
        .fix =
            "Compare the S256 hash of the verifier with the stored challenge before a token is issued, and refuse a missing one.",
        .severity = Severity::critical,
        .at_issuer = true,
        .per = Axis::issuer,
        .requirement = Requirement::pkce,
        .cwe = 345,
        .spec = {{{"RFC 7636", "4.6"}, {"OAuth 2.1 draft-13", "4.1.3"}, {"RFC 9700", "4.8.2"}}},
        .since = "0.1",
    },
    run);
