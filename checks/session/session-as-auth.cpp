#include <string>

#include "engine/context.h"

namespace {

using namespace mcprove;

/// A request to the session's address with another credential than the session's.
net::Request request_to(const mcp::Client& owner, const std::string& method, const std::string& session,
                        const mcp::Credential& credential) {
  auto endpoint = owner.endpoint();
  if (endpoint.wire == mcp::Wire::sse) endpoint.url = owner.message_url();
  auto request = mcp::build_request(endpoint, method, json::Value::object({}), 77, credential, session);
  request.connection = net::Connection::fresh();
  return request;
}

Observation judged(const net::Reply& reply, Answer accepted_by_status) {
  const auto message = mcp::message_with_id(reply.response, 77);
  auto judgement = mcp::judge(reply.response, message);
  if (judgement.answer == Answer::other && reply.response.status >= 200 && reply.response.status < 300)
    judgement.answer = accepted_by_status;
  Observation seen{judgement.answer, judgement.why, {cite(reply.id, "status", judgement.why)}, {}};
  if (seen.answer == Answer::other) seen.reason = reason_of(reply.response);
  return seen;
}

Result<void> run(Context& at, Cases& cases) {
  const auto grant = MCPROVE_TRY(at.facts().grant());
  if (at.wire() == mcp::Wire::stateless) {
    cases.add("session", Verdict::not_applicable(Reason::wrong_wire, "this wire has no sessions"));
    return {};
  }
  auto* control = MCPROVE_TRY(at.token_control());
  auto owner = at.connect(grant.credential());
  const auto greeted = MCPROVE_TRY(owner.greet());
  const auto session = owner.session_id();
  if (greeted.answer != Answer::accepted || session.empty()) {
    cases.add("session", Verdict::not_applicable(Reason::not_offered, "the server gives out no session id",
                                                 {cite(greeted.exchange, "header:Mcp-Session-Id", "absent")}));
    return {};
  }
  const auto header = at.wire() == mcp::Wire::handshake ? session : std::string();
  // On the oldest wire the answer comes on the stream: 202 there means that the message was taken.
  const auto taken = at.wire() == mcp::Wire::sse ? Answer::accepted : Answer::other;
  const auto posts = [&](const mcp::Credential& credential) {
    return [&, credential]() -> Result<Observation> {
      return judged(MCPROVE_TRY(at.send(request_to(owner, "tools/list", header, credential))), taken);
    };
  };
  auto group = sandwich(*control);
  group.probe("no token", posts(mcp::Credential::none()), "the session id alone lists the tools");
  group.probe("garbage token", posts(mcp::Credential::bearer("audit-" + at.nonce())),
              "a session id and garbage instead of a token list the tools");
  if (at.wire() == mcp::Wire::handshake) {
    group.probe(
        "stream",
        [&]() -> Result<Observation> {
          net::Request request;
          request.url = at.endpoint().url;
          request.headers.add("Accept", "text/event-stream")
              .add("Mcp-Session-Id", session)
              .add("MCP-Protocol-Version", owner.endpoint().revision);
          request.connection = net::Connection::fresh();
          request.purpose = "probe: the session's stream without a token";
          const auto stream = MCPROVE_TRY(at.recorder().open(std::move(request)));
          const auto& head = stream.events->head();
          auto seen = judged({stream.id, head}, Answer::other);
          if (head.status == 200 && net::is_event_stream(head)) {
            seen.answer = Answer::accepted;
            seen.why = "200 with the session's event stream";
            seen.reason.reset();
          }
          return seen;
        },
        "the session id alone opens the session's event stream");
    // Last, because it ends the session if it works.
    group.probe(
        "end of the session",
        [&]() -> Result<Observation> {
          net::Request request;
          request.method = "DELETE";
          request.url = at.endpoint().url;
          request.headers.add("Mcp-Session-Id", session).add("MCP-Protocol-Version", owner.endpoint().revision);
          request.connection = net::Connection::fresh();
          request.purpose = "probe: DELETE of the session without a token";
          return judged(MCPROVE_TRY(at.send(std::move(request))), Answer::accepted);
        },
        "the session id alone ends the session");
  }
  group.settle(cases);
  return {};
}

}  // namespace

MCPROVE_CHECK(session_as_auth) = define(
    {
        .title = "The session id alone is a credential",
        .what =
            "Opens a session with a good token and then lists the tools, opens the stream and ends the session with its id and no "
            "token, or garbage. Each must be refused.",
        .why = "Session ids travel in headers and URLs and are logged; whoever has one acts as the person who logged in.",
        .fix =
            "Check the token of every request; bind the session to the person and client of the token, and use its id for state only.",
        .severity = Severity::critical,
        .per = Axis::wire,
        .assumes = {"malformed-token-accepted", "unauth-tools-exposed"},
        .cwe = 287,
        .spec = {{{"MCP Security Best Practices", "Session Hijacking"}, {"MCP 2025-11-25 authorization", "Token Requirements"}}},
        .since = "0.1",
    },
    run);
