#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checks/oracle_at.h"

namespace {

using namespace mcprove;

/// What became of the tokens of a grant.
struct Life {
  bool refresh_known = false;
  bool refresh_works = false;
  bool access_known = false;
  bool access_works = false;
  std::vector<Citation> evidence{};
  bool known() const { return refresh_known || access_known; }
  bool ended() const { return (refresh_known && !refresh_works) || (access_known && !access_works); }
};

/// How codes are replayed, by the client that is there to be burned.
class Replays {
 public:
  Replays(Context& at, oauth::Client client) : at_(at), client_(std::move(client)) {
    // Asked for here, because both may need a login.
    if (const auto endpoint = at_.first_endpoint())
      if (auto oracle = at_.facts().oracle(*endpoint)) oracle_ = *std::move(oracle);
  }

  /// One code, redeemed, then replayed as `bend` has it. From the redemption on nobody else logs in: where a new login ends
  /// the former grant, that must not be taken for what the replay did.
  Result<Life> replay(const std::function<void(oauth::TokenRequest&)>& bend) {
    oauth::Flow flow;
    flow.client(client_).stop_at_code().purpose("a code that is to be replayed");
    const auto code = MCPROVE_TRY(at_.run(flow));
    if (code.end != oauth::FlowEnd::code) return failure(Error::Kind::login, "no code: " + code.why);
    auto request = at_.redeem(code);
    auto& control = at_.flow_control(ClientKind::web);
    const auto quiet = at_.no_logins();
    const auto mark = control.mark();
    const auto first = MCPROVE_TRY(at_.token(request));
    if (!first.tokens) return failure(Error::Kind::login, "the code was not redeemed: " + first.why);
    control.succeeded(mark, cite(first.reply.id, "status", "control: " + first.why));
    Life life;
    life.evidence.push_back(cite(first.reply.id, "status", "control: the code was redeemed"));
    const bool watched = MCPROVE_TRY(serves(first.tokens->access_token, life, "control: the token was served before the replay"));
    request.purpose = "probe: the same code again";
    if (bend) bend(request);
    const auto second = MCPROVE_TRY(at_.token(request));
    if (second.answer != Answer::denied) return failure(Error::Kind::unavailable, "the replay was not refused: " + second.why);
    life.evidence.insert(life.evidence.begin(), cite(second.reply.id, "status", "the replay: " + second.why));
    if (watched) {
      life.access_works = MCPROVE_TRY(serves(first.tokens->access_token, life, "after the replay"));
      life.access_known = life.access_works || refused_;
    }
    MCPROVE_TRY(refresh(code, *first.tokens, life));
    return life;
  }

 private:
  /// Is the token served? A self-contained one says nothing: it lives until it expires.
  Result<bool> serves(const std::string& token, Life& life, const std::string& when) {
    refused_ = false;
    if (!oracle_ || jose::Jws::parse(token)) return false;
    const auto shown = MCPROVE_TRY(checks::present_at(at_, *oracle_, token));
    refused_ = shown.answer == Answer::denied;
    for (auto citation : shown.evidence) {
      citation.shows = when + ": " + shown.why;
      life.evidence.push_back(std::move(citation));
    }
    return shown.answer == Answer::accepted;
  }

  /// Only invalid_grant speaks of the refresh token; a client may be refused for itself.
  Result<void> refresh(const oauth::FlowResult& flow, const oauth::Tokens& tokens, Life& life) {
    if (tokens.refresh_token.empty()) return {};
    auto request = oauth::refresh_request(at_.issuer().metadata, flow.client, tokens.refresh_token);
    request.purpose = "is the refresh token of the replayed code still good?";
    const auto answer = MCPROVE_TRY(at_.token(request));
    life.refresh_works = answer.answer == Answer::accepted;
    life.refresh_known = life.refresh_works || (answer.answer == Answer::denied && answer.error == "invalid_grant");
    life.evidence.push_back(cite(answer.reply.id, "status", "the refresh token: " + answer.why));
    return {};
  }

  Context& at_;
  oauth::Client client_;
  std::optional<Oracle> oracle_{};
  bool refused_ = false;
};

Result<void> run(Context& at, Cases& cases) {
  const auto alone = at.alone_with(ClientKind::web);
  Replays replays(at, MCPROVE_TRY(at.client(ClientKind::web)));
  const auto valid = MCPROVE_TRY(replays.replay({}));
  const Document seen(valid.evidence);
  if (!valid.known())
    cases.add("valid replay",
              Verdict::inconclusive(Reason::evidence_weak, "neither the access token nor a refresh token tells", valid.evidence));
  else if (valid.ended()) cases.add("valid replay", Verdict::pass(seen, "the tokens that the code had brought were revoked"));
  else
    cases.add("valid replay", Verdict::fail(seen, "a replayed code leaves the tokens that it brought in force",
                                            {.severity = Severity::low, .level = Level::should}));

  constexpr auto name = "replay with a wrong verifier";
  const auto invalid = replays.replay([verifier = jose::pkce_verifier(at.random())](oauth::TokenRequest& request) {
    request.params.set("code_verifier", verifier);
  });
  if (!invalid) cases.add(name, Verdict::inconclusive(invalid.error()));
  else if (!invalid->known())
    cases.add(name, Verdict::inconclusive(Reason::evidence_weak, "nothing tells whether the grant lives", invalid->evidence));
  else if (invalid->ended())
    cases.add(name, Verdict::fail(Document(invalid->evidence), "anybody who saw a code can end the person's grant with it",
                                  {.severity = Severity::low}));
  else cases.add(name, Verdict::pass(Document(invalid->evidence), "the grant lives on"));
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
