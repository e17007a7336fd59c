#include <algorithm>

#include <fmt/format.h>

#include "engine/context.h"

namespace {

using namespace mcprove;

bool has_token_scheme(const std::vector<net::Challenge>& challenges) {
  return std::ranges::any_of(challenges, [](const net::Challenge& c) { return c.is("Bearer") || c.is("DPoP"); });
}

/// One request with a credential that is none. `lenient`: a 400 invalid_request is right as well.
Result<void> look(Context& at, Cases& cases, const std::string& name, const mcp::Credential& credential, bool lenient) {
  const auto oracle = at.oracle();
  const auto method = oracle ? oracle->method : (at.wire() == mcp::Wire::stateless ? "server/discover" : "initialize");
  auto client = at.connect(credential);
  const auto outcome =
      MCPROVE_TRY(client.raw(method, oracle ? oracle->params : json::Value(), {.purpose = "credential: " + name}));
  const auto& response = outcome.response;
  const auto challenges = net::challenges(response.headers);
  const Document seen(cite(outcome.exchange, "status", outcome.why));

  if (outcome.answer == Answer::accepted) {
    cases.add(name,
              Verdict::inconclusive(Reason::evidence_weak, "served; malformed-token-accepted judges that", seen.evidence()));
  } else if (response.status == 401 && has_token_scheme(challenges)) {
    cases.add(name, Verdict::pass(seen, "401 with a Bearer challenge"));
  } else if (response.status == 401 && !challenges.empty()) {
    cases.add(name, Verdict::not_applicable(Reason::not_offered,
                                            fmt::format("a {} gate stands in front of the server", challenges.front().scheme),
                                            seen.evidence()));
  } else if (response.status == 401) {
    cases.add(name, Verdict::fail(seen, "401 without WWW-Authenticate: a client cannot tell where to log in"));
  } else if (lenient && response.status == 400) {
    cases.add(name, Verdict::pass(seen, "400 for a credential of another kind"));
  } else if (const auto reason = reason_of(response); reason == Reason::rate_limited || reason == Reason::blocked) {
    cases.add(name, Verdict::inconclusive(reason, outcome.why, seen.evidence()));
  } else if (response.status >= 502 && response.status <= 504) {
    cases.add(name, Verdict::inconclusive(Reason::transport_error, "a gateway answers for the server: " + outcome.why,
                                          seen.evidence()));
  } else {
    cases.add(name, Verdict::fail(seen, fmt::format("answered {} instead of 401 with a challenge", response.status)));
  }
  return {};
}

Result<void> run(Context& at, Cases& cases) {
  const auto surface = MCPROVE_TRY(at.facts().surface());
  if (!surface.demands_token()) {
    cases.add("no token", Verdict::not_applicable(Reason::not_offered, "the server asks nobody for a token"));
    return {};
  }
  MCPROVE_TRY(look(at, cases, "no token", mcp::Credential::none(), false));
  MCPROVE_TRY(look(at, cases, "garbage token", mcp::Credential::bearer("audit-" + at.nonce()), false));
  MCPROVE_TRY(look(at, cases, "empty token", mcp::Credential::authorization("Bearer "), true));
  MCPROVE_TRY(look(at, cases, "Basic credentials", mcp::Credential::authorization("Basic eDp5"), true));
  return {};
}

}  // namespace

MCPROVE_CHECK(challenge_401_bearer) = define(
    {
        .title = "A missing or invalid token is not answered by a Bearer challenge",
        .what =
            "Asks without a token, with a token that nobody issued, with an empty one and with Basic credentials. Each must be "
            "answered by 401 and a WWW-Authenticate field with a Bearer challenge that can be parsed.",
        .why =
            "Clients learn from the challenge where to log in and when to renew a token. Without it they fail, or retry for ever; "
            "an error instead of 401 also tells that unchecked input reached the code behind.",
        .fix = "Answer 401 with WWW-Authenticate: Bearer and resource_metadata whenever a token is missing or not valid.",
        .severity = Severity::medium,
        .effect = Effect::passive,
        .per = Axis::wire,
        .assumes = {"unauth-tools-exposed"},
        .cwe = 755,
        .spec = {{{"MCP 2025-11-25 authorization", "Token Handling"}, {"RFC 6750", "3"}, {"RFC 9728", "5.1"}}},
        .since = "0.1",
    },
    run);
