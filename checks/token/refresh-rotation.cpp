#include "engine/context.h"

namespace {

using namespace mcprove;

Result<oauth::TokenAnswer> refresh(Context& at, const oauth::Client& client, const std::string& token,
                                   const std::string& purpose) {
  auto request = oauth::refresh_request(at.issuer().metadata, client, token);
  request.purpose = purpose;
  return at.token(request);
}

Result<void> run(Context& at, Cases& cases) {
  const auto client = MCPROVE_TRY(at.client(ClientKind::second));
  if (!client.is_public()) {
    cases.add("rotation", Verdict::not_applicable(Reason::not_offered, "the server takes no public clients"));
    return {};
  }
  oauth::Flow flow;
  flow.client(client).purpose("a grant whose refresh token is to be used up");
  auto& control = at.flow_control(ClientKind::second);
  const auto mark = control.mark();
  const auto grant = MCPROVE_TRY(at.run(flow));
  if (grant.tokens() != nullptr) control.succeeded(mark, cite(grant.token->reply.id, "status", "control: " + grant.why));
  if (grant.tokens() == nullptr) {
    cases.add("rotation", Verdict::inconclusive(observe(grant).reason.value_or(Reason::no_login), grant.why));
    return {};
  }
  const auto old = grant.tokens()->refresh_token;
  if (old.empty()) {
    cases.add("rotation", Verdict::not_applicable(Reason::not_offered, "no refresh token was issued",
                                                  {cite(grant.token->reply.id, "body", "no refresh_token")}));
    return {};
  }
  const auto first = MCPROVE_TRY(refresh(at, client, old, "control: the refresh token is used"));
  if (!first.tokens) {
    cases.add("rotation", Verdict::inconclusive(Reason::control_failed, "the refresh token was not taken: " + first.why));
    return {};
  }
  // Life until the successor's first use is a deliberate kindness to lost answers: use the successor first.
  const auto next = first.tokens->refresh_token;
  const bool rotated = !next.empty() && next != old;
  std::vector<Citation> evidence{cite(first.reply.id, "status", "control: refreshed")};
  if (rotated) {
    const auto used = MCPROVE_TRY(refresh(at, client, next, "the successor is used"));
    if (used.answer != Answer::accepted) {
      cases.add("rotation", Verdict::inconclusive(Reason::control_failed, "the successor was not taken: " + used.why, evidence));
      return {};
    }
    evidence.push_back(cite(used.reply.id, "status", "control: the successor was taken"));
  }
  auto again = MCPROVE_TRY(refresh(at, client, old, "probe: the old refresh token again"));
  std::vector<std::string> notes;
  if (again.answer == Answer::accepted) {
    // A grace window is a pass as well; only outside of it does reuse count.
    if (const auto waited = at.wait(std::chrono::seconds(60)); !waited) {
      cases.add("rotation", Verdict::inconclusive(reason_of(waited.error()),
                                                  "the old refresh token was taken again; " + waited.error().message, evidence));
      return {};
    }
    again = MCPROVE_TRY(refresh(at, client, old, "probe: the old refresh token again, 60 s later"));
    if (again.answer == Answer::denied) notes.emplace_back("the old refresh token lived on for a grace window");
  }
  evidence.insert(evidence.begin(), cite(again.reply.id, "status", "the old refresh token: " + again.why));
  const Document seen(evidence);
  switch (again.answer) {
    case Answer::denied: cases.add("rotation", Verdict::pass(seen, "the old refresh token is refused", std::move(notes))); break;
    case Answer::accepted:
      cases.add("rotation", Verdict::fail(seen, rotated ? "a new refresh token was issued, and the old one still works"
                                                        : "the refresh token of a public client stays the same and still works"));
      break;
    case Answer::other: cases.add("rotation", Verdict::inconclusive(reason_of(again.reply.response), again.why, evidence)); break;
  }
  return {};
}

}  // namespace

MCPROVE_CHECK(refresh_rotation) = define(
    {
        .title = "Refresh tokens of public clients are not rotated",
        .what =
            "Uses a refresh token of a public client, uses its successor, then tries the old one again; if it still works, once more "
            "after 60 seconds. It must be refused in the end.",
        .why =
            "A refresh token that is copied from a device once opens the account until somebody revokes it, and nobody notices.",
        .fix =
            "Issue a new refresh token with every use, refuse the old one, and revoke the family when an old one comes back; or bind "
            "refresh tokens to the sender.",
        .severity = Severity::high,
        .at_issuer = true,
        .per = Axis::issuer,
        .burns = true,
        .requirement = Requirement::code_flow,
        .cwe = 613,
        .spec = {{{"OAuth 2.1 draft-13", "4.3.1"}, {"RFC 9700", "4.14.2"}, {"MCP 2025-11-25 authorization", "Token Theft"}}},
        .since = "0.1",
    },
    run);
