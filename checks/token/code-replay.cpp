#include "engine/context.h"

namespace {

using namespace mcprove;

/// A code of our own, redeemed once as it should be.
struct Redeemed {
  oauth::FlowResult flow{};
  oauth::TokenRequest request{};
};

Result<Redeemed> redeem_once(Context& at, const oauth::Client& client) {
  oauth::Flow flow;
  flow.client(client).stop_at_code().purpose("a code that is to be replayed");
  Redeemed once;
  once.flow = MCPROVE_TRY(at.run(flow));
  if (once.flow.end != oauth::FlowEnd::code) return failure(Error::Kind::login, "no code: " + once.flow.why);
  once.request = at.redeem(once.flow);
  once.request.purpose = "the code is redeemed";
  auto& control = at.flow_control(ClientKind::web);
  const auto mark = control.mark();
  const auto first = MCPROVE_TRY(at.token(once.request));
  if (first.answer != Answer::accepted)
    return failure(Error::Kind::login, "the code was not redeemed the first time: " + first.why);
  control.succeeded(mark, cite(first.reply.id, "status", "control: " + first.why));
  return once;
}

Result<void> run(Context& at, Cases& cases) {
  const auto alone = at.alone_with(ClientKind::web);
  const auto client = MCPROVE_TRY(at.client(ClientKind::web));
  // The first redemption is the control before the replay.
  std::optional<Redeemed> once = MCPROVE_TRY(redeem_once(at, client));
  auto& control = at.flow_control(ClientKind::web);
  const auto again = [&]() -> Result<Observation> {
    auto request = once->request;
    request.purpose = "probe: the same code again";
    return observe(MCPROVE_TRY(at.token(request)));
  };
  const auto settled = MCPROVE_TRY(Sandwich::one(control, again));
  if (settled.answer() != Answer::accepted) {
    cases.add("at once", settled.answer() == Answer::denied ? Verdict::pass(settled, "refused") : Verdict::unclear(settled));
    return {};
  }
  // Taken at once may be a grace window for lost answers: what counts is whether it closes.
  if (const auto waited = at.wait(std::chrono::seconds(30)); !waited) {
    cases.add("at once",
              Verdict::inconclusive(reason_of(waited.error()), "the code was taken twice at once; " + waited.error().message,
                                    settled.evidence()));
    return {};
  }
  const auto later = MCPROVE_TRY(Sandwich::one(control, again));
  switch (later.answer()) {
    case Answer::accepted: cases.add("30 s later", Verdict::fail(later, "a code was redeemed three times")); break;
    case Answer::denied:
      cases.add("at once", Verdict::fail(settled, "a code was redeemed twice within a grace window",
                                         {.severity = Severity::low, .level = Level::should}));
      break;
    case Answer::other: cases.add("30 s later", Verdict::unclear(later)); break;
  }
  return {};
}

}  // namespace

MCPROVE_CHECK(code_replay) = define(
    {
        .title = "An authorization code can be redeemed more than once",
        .what =
            "Redeems a code, sends the same request again at once, and, if that is taken, again after 30 seconds. The second must be "
            "refused.",
        .why = "Codes leak through logs, histories and referrers. One that stays good after use is a login for whoever finds it.",
        .fix = "Mark a code as used in the same step that reads it, and refuse it afterwards.",
        .severity = Severity::high,
        .at_issuer = true,
        .per = Axis::issuer,
        .burns = true,
        .requirement = Requirement::code_flow,
        .cwe = 294,
        .spec = {{{"OAuth 2.1 draft-13", "4.1.3"}, {"RFC 6749", "4.1.2"}}},
        .since = "0.1",
    },
    run);
