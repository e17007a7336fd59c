#include <fmt/format.h>

#include "checks/registration/redirect_probe.h"
#include "engine/context.h"

namespace {

using namespace mcprove;

/// A client of this run was registered by a stranger: that is the answer, and spares a registration. A kept one tells nothing
/// of today.
Result<oauth::Registered> register_or_recall(Context& at) {
  const bool no_token = at.facts().main_identity().client.initial_access_token.empty();
  for (const auto kind : {ClientKind::main, ClientKind::web}) {
    if (!no_token) break;
    const auto ours = at.client(kind);
    if (!ours || !ours->dynamic || !ours->exchange || ours->document.is_null()) continue;
    oauth::Registered before;
    before.answer = Answer::accepted;
    before.client = *ours;
    before.reply = {*ours->exchange, at.transcript().at(*ours->exchange).response.value_or(net::Response{})};
    return before;
  }
  return at.register_client(checks::registration_with(at, {"http://127.0.0.1:33418/callback"}, "native"), true);
}

Result<void> run(Context& at, Cases& cases) {
  if (checks::no_registration(at, cases)) return {};
  const auto registered = MCPROVE_TRY(register_or_recall(at));
  const Document seen(cite_status(registered.reply));
  const auto status = registered.reply.response.status;
  switch (registered.answer) {
    case Answer::accepted: {
      std::vector<std::string> notes{"anybody may register a client"};
      if (registered.client && registered.client->registration_token.empty())
        notes.emplace_back("registrations cannot be deleted again (no RFC 7592)");
      if (status != 201) notes.push_back(fmt::format("the answer is {} instead of 201", status));
      if (at.options().expect_closed_registration)
        cases.add("registration", Verdict::fail(seen, "a stranger registered a client at a server that is declared closed",
                                                {.severity = Severity::medium}));
      else cases.add("registration", Verdict::pass(seen, "registration is open", std::move(notes)));
      break;
    }
    case Answer::denied:
      if (status == 401 || status == 403)
        cases.add("registration",
                  Verdict::pass(seen, "registration asks for an initial access token", {"registration is closed to strangers"}));
      else
        cases.add("registration",
                  Verdict::inconclusive(Reason::unclear_answer, "an ordinary registration was refused: " + registered.why,
                                        seen.evidence()));
      break;
    case Answer::other:
      cases.add("registration", Verdict::inconclusive(reason_of(registered.reply.response), registered.why, seen.evidence()));
      break;
  }
  return {};
}

}  // namespace

MCPROVE_CHECK(dcr_open) = define(
    {
        .title = "Anybody may register a client",
        .what =
            "Registers an ordinary public client without any credential, and says whether that is possible. Open registration is a "
            "choice, not a flaw, unless the operator declared the server closed.",
        .why =
            "With open registration every attack that needs a client of the attacker's own begins here; consent for each client "
            "becomes the line of defence.",
        .fix =
            "Ask for consent for every new client, limit registrations, and close the endpoint if clients are known beforehand.",
        .severity = Severity::medium,
        .at_issuer = true,
        .per = Axis::issuer,
        .requirement = Requirement::dynamic_registration,
        .cwe = 0,
        .spec = {{{"RFC 7591", "3"}, {"MCP 2025-11-25 authorization", "Dynamic Client Registration"}}},
        .since = "0.1",
    },
    run);
