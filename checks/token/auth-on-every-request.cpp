#include <functional>
#include <string>
#include <utility>

#include "engine/context.h"

namespace {

using namespace mcprove;

/// On a connection that has just carried a good token: the same request with another credential.
std::function<Result<Observation>()> after_good_one(Context& at, const Grant& grant, mcp::Credential credential,
                                                    std::string name) {
  return [&at, grant, credential = std::move(credential), connection = net::Connection::named(name)]() -> Result<Observation> {
    const auto good = MCPROVE_TRY(at.present(grant.credential(), {}, connection));
    if (good.answer != Answer::accepted)
      return failure(Error::Kind::unavailable, "the good token was not served on this connection: " + good.why);
    auto seen = MCPROVE_TRY(at.present(credential, {}, connection));
    const auto& exchange = at.transcript().at(seen.evidence.front().exchange);
    if (exchange.response && !exchange.response->reused_connection) {
      seen.answer = Answer::other;
      seen.why = "the server closed the connection in between";
      seen.reason = Reason::unclear_answer;
    }
    return seen;
  };
}

Result<void> run(Context& at, Cases& cases) {
  const auto grant = MCPROVE_TRY(at.facts().grant());
  if (at.wire() == mcp::Wire::sse) {
    cases.add("connection",
              Verdict::not_applicable(
                  Reason::wrong_wire,
                  "on this wire the event stream has its connection for itself; session-as-auth tries the messages"));
    return {};
  }
  auto* control = MCPROVE_TRY(at.token_control());
  const auto name = "every-request " + at.nonce();
  sandwich(*control)
      .probe("no token", after_good_one(at, grant, mcp::Credential::none(), name),
             "a request without a token was served because the connection had carried one")
      .probe("garbage", after_good_one(at, grant, mcp::Credential::bearer("audit-" + at.nonce()), name),
             "a request with a bad token was served because the connection had carried a good one")
      .settle(cases);
  return {};
}

}  // namespace

MCPROVE_CHECK(auth_on_every_request) = define(
    {
        .title = "Authentication is remembered for the connection",
        .what =
            "On one kept connection, sends a request with a good token, then the same without a token and with garbage. The latter "
            "must be refused although the connection is the same.",
        .why = "Behind a proxy, requests of many people share connections: one person's login would serve another's requests.",
        .fix = "Check the token of every single request; keep no authentication state with the connection.",
        .severity = Severity::high,
        .per = Axis::wire,
        .assumes = {"malformed-token-accepted"},
        .cwe = 306,
        .spec = {{{"MCP 2025-11-25 authorization", "Token Requirements"}}},
        .since = "0.1",
    },
    run);
