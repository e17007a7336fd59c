#include <functional>
#include <string>
#include <utility>

#include "engine/context.h"

namespace {

using namespace mcprove;

/// The honest flow, redeemed by somebody else.
std::function<Result<Observation>()> redeemed_by(Context& at, std::string purpose,
                                                 std::function<void(oauth::TokenRequest&)> bend) {
  oauth::Flow flow;
  flow.purpose("probe: " + purpose).at_token(std::move(bend));
  return [&at, flow]() -> Result<Observation> { return observe(MCPROVE_TRY(at.run(flow))); };
}

Result<void> run(Context& at, Cases& cases) {
  auto group = sandwich(at.flow_control());
  const auto second = at.client(ClientKind::second);
  if (second) {
    group.probe("another client",
                redeemed_by(at, "the code of another client",
                            [other = *second](oauth::TokenRequest& request) {
                              request.unauthenticate();
                              request.authenticate(other);
                            }),
                "a code was redeemed by another client than it was issued to");
  }
  const auto secret = at.client(ClientKind::confidential);
  const auto main = at.client();
  if (secret && main && secret->id != main->id && !secret->is_public()) {
    group.probe("a client with a secret",
                redeemed_by(at, "another client with its secret",
                            [other = *secret](oauth::TokenRequest& request) {
                              request.unauthenticate();
                              request.authenticate(other);
                            }),
                "a code was redeemed by another client with its own secret");
  }
  group.probe("no client", redeemed_by(at, "no client_id", [](oauth::TokenRequest& request) { request.unauthenticate(); }),
              "a code was redeemed without saying for which client");
  group.settle(cases);
  if (!second) cases.add("another client", Verdict::inconclusive(Reason::no_second_client, second.error().message));
  return {};
}

}  // namespace

MCPROVE_CHECK(code_client_binding) = define(
    {
        .title = "A code can be redeemed by another client",
        .what =
            "Redeems codes of one client, with the right verifier, as a second public client, as a client with a secret, and without "
            "naming any client. Each must be refused.",
        .why =
            "A code that is not bound to its client is worth something to every client; a malicious one redeems what it intercepts.",
        .fix = "Store the client with the code and compare it with the authenticated, or named, client at the token endpoint.",
        .severity = Severity::critical,
        .at_issuer = true,
        .per = Axis::issuer,
        .requirement = Requirement::code_flow,
        .cwe = 863,
        .spec = {{{"OAuth 2.1 draft-13", "4.1.3"}, {"RFC 6749", "4.1.3"}, {"RFC 9700", "4.5"}}},
        .since = "0.1",
    },
    run);
