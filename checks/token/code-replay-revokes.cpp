#include <functional>
#include <string>
#include <vector>

#include "engine/context.h"

namespace {

using namespace mcprove;

struct Life {
  bool refresh_known = false;
  bool refresh_works = false;
  bool access_known = false;
  bool access_works = false;
  std::vector<Citation> evidence{};
};

/// Are the tokens of a grant still good? A self-contained access token says nothing: it lives until it expires.
Result<Life> life_of(Context& at, const oauth::FlowResult& flow, const oauth::Tokens& tokens) {
  Life life;
  if (!jose::Jws::parse(tokens.access_token)) {
    const auto endpoint = MCPROVE_TRY(at.first_endpoint());
    const auto shown = at.present_at(endpoint, mcp::Credential::bearer(tokens.access_token));
    if (shown && shown->answer != Answer::other) {
      life.access_known = true;
      life.access_works = shown->answer == Answer::accepted;
      life.evidence.insert(life.evidence.end(), shown->evidence.begin(), shown->evidence.end());
    }
  }
  if (!tokens.refresh_token.empty()) {
    auto request = oauth::refresh_request(at.issuer().metadata, flow.client, tokens.refresh_token);
    request.purpose = "is the refresh token of the replayed code still good?";
    const auto answer = MCPROVE_TRY(at.token(request));
    if (answer.answer != Answer::other) {
      life.refresh_known = true;
      life.refresh_works = answer.answer == Answer::accepted;
      life.evidence.push_back(cite(answer.reply.id, "status", answer.why));
    }
  }
  return life;
}

/// One code, redeemed, then replayed as `bend` has it.
Result<Life> replay(Context& at, const oauth::Client& client, const std::function<void(oauth::TokenRequest&)>& bend,
                    bool& refused) {
  oauth::Flow flow;
  flow.client(client).stop_at_code().purpose("a code that is to be replayed");
  const auto code = MCPROVE_TRY(at.run(flow));
  if (code.end != oauth::FlowEnd::code) return failure(Error::Kind::login, "no code: " + code.why);
  auto request = at.redeem(code);
  auto& control = at.flow_control(ClientKind::web);
  const auto mark = control.mark();
  const auto first = MCPROVE_TRY(at.token(request));
  if (first.tokens) control.succeeded(mark, cite(first.reply.id, "status", "control: " + first.why));
  if (!first.tokens) return failure(Error::Kind::login, "the code was not redeemed: " + first.why);
  request.purpose = "probe: the same code again";
  if (bend) bend(request);
  const auto second = MCPROVE_TRY(at.token(request));
  refused = second.answer == Answer::denied;
  if (!refused) return failure(Error::Kind::unavailable, "the replay was not refused: " + second.why);
  auto life = MCPROVE_TRY(life_of(at, code, *first.tokens));
  life.evidence.insert(life.evidence.begin(), cite(second.reply.id, "status", "the replay: " + second.why));
  life.evidence.push_back(cite(first.reply.id, "status", "control: the code was redeemed"));
  return life;
}

Result<void> run(Context& at, Cases& cases) {
  const auto alone = at.alone_with(ClientKind::web);
  const auto client = MCPROVE_TRY(at.client(ClientKind::web));
  bool refused = false;
  const auto valid = MCPROVE_TRY(replay(at, client, {}, refused));
  const Document seen(valid.evidence);
  if (!valid.refresh_known && !valid.access_known)
    cases.add("valid replay",
              Verdict::inconclusive(Reason::evidence_weak, "a self-contained access token and no refresh token: nothing tells",
                                    valid.evidence));
  else if ((valid.refresh_known && !valid.refresh_works) || (valid.access_known && !valid.access_works))
    cases.add("valid replay", Verdict::pass(seen, "the tokens that the code had brought were revoked"));
  else
    cases.add("valid replay", Verdict::fail(seen, "a replayed code leaves the tokens that it brought in force",
                                            {.severity = Severity::low, .level = Level::should}));

  const auto wrong = [verifier = jose::pkce_verifier(at.random())](oauth::TokenRequest& request) {
    request.params.set("code_verifier", verifier);
  };
  const auto invalid = MCPROVE_TRY(replay(at, client, wrong, refused));
  const Document after(invalid.evidence);
  if (!invalid.refresh_known && !invalid.access_known)
    cases.add("replay with a wrong verifier",
              Verdict::inconclusive(Reason::evidence_weak, "nothing tells whether the grant lives", invalid.evidence));
  else if ((invalid.refresh_known && !invalid.refresh_works) || (invalid.access_known && !invalid.access_works))
    cases.add("replay with a wrong verifier",
              Verdict::fail(after, "anybody who saw a code can end the person's grant with it", {.severity = Severity::low}));
  else cases.add("replay with a wrong verifier", Verdict::pass(after, "the grant lives on"));
  return {};
}

}  // namespace

MCPROVE_CHECK(code_replay_revokes) = define(
    {
        .title = "Code replay is not answered by revoking the right tokens",
        .what =
            "Replays a redeemed code, once as it was and once with a wrong verifier, and asks each time whether the tokens that it "
            "brought still work: after a valid replay they should be revoked, after an invalid one they should live on.",
        .why =
            "A valid replay means that two parties hold the code, so one of them stole it. An invalid one may come from anybody and "
            "must not become a way to log people out.",
        .fix = "On a replay that is valid but for its being second, revoke what the code brought; ignore other replays.",
        .severity = Severity::medium,
        .at_issuer = true,
        .per = Axis::issuer,
        .burns = true,
        .assumes = {"code-replay", "pkce-verifier-enforced"},
        .requirement = Requirement::code_flow,
        .cwe = 613,
        .spec = {{{"OAuth 2.1 draft-13", "4.1.3"}, {"OAuth 2.1 draft-13", "7.5.3"}, {"RFC 9700", "4.5"}}},
        .since = "0.1",
    },
    run);
