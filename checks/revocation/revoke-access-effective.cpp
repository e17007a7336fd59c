#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include <fmt/format.h>

#include "checks/oracle_at.h"

namespace {

using namespace mcprove;
using std::chrono::hours;
using std::chrono::seconds;

/// How one wire took the token after its revocation.
struct Watch {
  Oracle oracle{};
  std::optional<Observation> last{};
  seconds after{0};  ///< when `last` was seen, since the revocation
  bool done() const { return last && last->answer != Answer::accepted; }
};

/// Asks every wire that still took the token. True: none does any more.
Result<bool> look(Context& at, std::vector<Watch>& wires, const std::string& token, seconds elapsed) {
  bool all_done = true;
  for (auto& each : wires) {
    if (each.done()) continue;
    each.last = MCPROVE_TRY(checks::present_at(at, each.oracle, token));
    each.after = elapsed;
    all_done = all_done && each.done();
  }
  return all_done;
}

/// Asks less and less often, until every wire has refused the token. Self-contained tokens are given up early: what accepts
/// them after some seconds does not ask anybody. Returns why it ended early, if a wait was too long.
Result<std::optional<Error>> watch(Context& at, std::vector<Watch>& wires, const std::string& token, bool self_contained) {
  constexpr std::array moments{1, 2, 5, 10, 20, 30, 45, 60};
  const auto revoked = at.clock().tick();
  const auto elapsed = [&] { return std::chrono::duration_cast<seconds>(at.clock().tick() - revoked); };
  if (std::ranges::all_of(wires, &Watch::done)) return std::optional<Error>();
  for (const int moment : moments) {
    if (self_contained && moment > 5) break;
    if (const auto left = seconds(moment) - elapsed(); left > seconds(0)) {
      if (auto waited = at.wait(left); !waited) return std::optional<Error>(waited.error());
    }
    if (MCPROVE_TRY(look(at, wires, token, elapsed()))) break;
  }
  return std::optional<Error>();
}

/// Revocation was not done: that is a statement about the endpoint, not about the MCP server.
Verdict not_revoked(const oauth::TokenAnswer& answer) {
  const auto where = cite_status(answer.reply);
  if (answer.error == "unsupported_token_type")
    return Verdict::pass(Document(where), "access tokens are not revoked here, and the server says so",
                         {"only the end of an access token ends it"});
  return Verdict::inconclusive(answer.answer == Answer::denied ? Reason::unclear_answer : reason_of(answer.reply.response),
                               "the token could not be revoked: " + answer.why, {where});
}

/// The token is served, revoked, and presented again. Nobody else logs in meanwhile: where a new login ends the former
/// grant, that must not be taken for the revocation. False: there is nothing to watch, and the cases say why.
Result<bool> revoke(Context& at, Cases& cases, const std::vector<Oracle>& oracles, const oauth::FlowResult& grant,
                    std::vector<Watch>& wires, std::vector<Citation>& before) {
  const auto quiet = at.no_logins();
  const auto& token = grant.tokens()->access_token;
  for (const auto& oracle : oracles) {
    const auto seen = MCPROVE_TRY(checks::present_at(at, oracle, token));
    if (seen.answer != Answer::accepted) {
      cases.add(std::string(mcp::name(oracle.endpoint.wire)),
                Verdict::inconclusive(Reason::control_failed, "the token was not served before: " + seen.why, seen.evidence));
      continue;
    }
    before.insert(before.end(), seen.evidence.begin(), seen.evidence.end());
    wires.push_back({oracle, {}, {}});
  }
  if (wires.empty()) return false;
  const auto revoked =
      MCPROVE_TRY(oauth::revoke(at.recorder(), at.issuer().metadata, grant.client, token, "access_token", at.signing()));
  if (revoked.answer != Answer::accepted) {
    cases.add("revocation", not_revoked(revoked));
    return false;
  }
  before.push_back(cite(revoked.reply.id, "status", "revoked"));
  static_cast<void>(MCPROVE_TRY(look(at, wires, token, seconds(0))));
  return true;
}

/// A self-contained token that nobody asks about is good until it ends: its remaining life is the harm.
Verdict judge_self_contained(const Settled& settled, std::optional<seconds> left) {
  const auto because = left ? fmt::format("the revoked token is served on; it is self-contained and has {} s left", left->count())
                            : std::string("the revoked token is served on; it is self-contained and has no end");
  if (left && *left <= hours(1)) return Verdict::pass(settled, "the revoked token is good until it ends", {because});
  return Verdict::fail(settled, because, {.severity = left && *left <= hours(24) ? Severity::low : Severity::medium});
}

Verdict judge(const Settled& settled, const Watch& wire, const TokenView& view, const std::optional<Error>& stopped) {
  switch (settled.answer()) {
    case Answer::denied: {
      std::vector<std::string> notes;
      if (wire.after > seconds(5)) notes.emplace_back("the revoked token was served for more than 5 s");
      return Verdict::pass(
          settled,
          wire.after == seconds(0) ? "refused at once" : fmt::format("refused {} s after its revocation", wire.after.count()),
          std::move(notes));
    }
    case Answer::other: return Verdict::unclear(settled);
    case Answer::accepted: break;
  }
  const auto left = view.lifetime();
  if (view.jws) return judge_self_contained(settled, left);
  if (wire.after < seconds(5) && stopped) return Verdict::inconclusive(*stopped, settled.evidence());
  return Verdict::fail(settled, fmt::format("the revoked token was still served after {} s", wire.after.count()),
                       {.severity = left && *left > hours(1) ? Severity::high : Severity::medium,
                        .confidence = wire.after >= seconds(60) ? Confidence::confirmed : Confidence::likely});
}

Result<void> run(Context& at, Cases& cases) {
  constexpr auto name = "revocation";
  if (at.issuer().metadata.revocation_endpoint.empty()) {
    cases.add(name, Verdict::not_applicable(Reason::not_offered, "no revocation endpoint is advertised"));
    return {};
  }
  if (checks::credential_given(at)) {
    cases.not_run(name, Reason::no_login, "a token that was given is not ours to revoke");
    return {};
  }
  const auto found = MCPROVE_TRY(checks::oracles(at));
  const auto main = MCPROVE_TRY(at.facts().grant());
  // The other burning checks have clients of their own: what ends their grants must not be taken for this revocation.
  auto own = at.client(ClientKind::confidential);
  if (!own) own = at.client(ClientKind::second);
  oauth::Flow flow;
  flow.client(MCPROVE_TRY(own)).purpose("login for a token to revoke");
  const auto result = MCPROVE_TRY(at.run(flow));
  if (!result.tokens()) {
    const auto seen = observe(result);
    cases.add(name,
              Verdict::inconclusive(seen.reason.value_or(Reason::no_login), "no token to revoke: " + result.why, seen.evidence));
    return {};
  }
  const auto& token = result.tokens()->access_token;
  const auto view = MCPROVE_TRY(at.facts().view(*result.tokens(), at.issuer(), result.requested_scope));
  std::vector<Watch> wires;
  std::vector<Citation> before;
  if (!MCPROVE_TRY(revoke(at, cases, found, result, wires, before))) return {};
  const auto stopped = MCPROVE_TRY(watch(at, wires, token, view.jws.has_value()));
  for (const auto& wire : wires) {
    auto* control = MCPROVE_TRY(at.facts().token_control(wire.oracle.endpoint, main));
    auto seen = *wire.last;
    seen.evidence.insert(seen.evidence.end(), before.begin(), before.end());
    Probe probe;
    probe.name = std::string(mcp::name(wire.oracle.endpoint.wire));
    probe.run = [seen]() -> Result<Observation> { return seen; };
    probe.judge = [&](const Settled& settled) { return judge(settled, wire, view, stopped); };
    sandwich(*control).probe(std::move(probe)).settle(cases);
  }
  return {};
}

}  // namespace

MCPROVE_CHECK(revoke_access_effective) = define(
    {
        .title = "Revoked access tokens keep working",
        .what =
            "Logs in with a client of its own, uses the access token at the MCP server, revokes it, and presents it again at once and then at "
            "growing intervals for up to a minute. It must be refused; a self-contained token is judged by the life it has left.",
        .why =
            "Revocation is what is left after a token leaked; where it changes nothing, the thief stays in until the token ends.",
        .fix =
            "Let the MCP server ask introspection, or share the list of revoked tokens with it; where tokens are self-contained, make them short-lived.",
        .severity = Severity::high,
        .at_issuer = true,
        .per = Axis::issuer,
        .burns = true,
        .assumes = {"malformed-token-accepted"},
        .cwe = 613,
        .spec = {{{"RFC 7009", "2"}, {"RFC 7009", "2.1"}, {"MCP 2025-11-25 authorization", "Token Handling"}}},
        .since = "0.1",
    },
    run);
