#include <algorithm>

#include <fmt/format.h>

#include "checks/registration/redirect_probe.h"
#include "engine/context.h"

namespace {

using namespace mcprove;

Result<void> run(Context& at, Cases& cases) {
  if (checks::no_registration(at, cases)) return {};
  const auto invented = "audit:" + at.nonce();
  auto scopes = at.facts().offered_scopes(at.issuer());
  for (const auto* extra : {"admin", "*"})
    if (std::ranges::find(scopes, extra) == scopes.end()) scopes.emplace_back(extra);
  scopes.push_back(invented);
  auto wanted = checks::registration_with(at, {oauth::loopback_redirect}, "native");
  // As the ordinary client was registered that logs in, so that the scope alone is new.
  if (const auto main = at.client(ClientKind::main); main && main->dynamic)
    wanted.application_type = main->document.string("application_type").value_or(wanted.application_type);
  wanted.scope = scope_text(scopes);
  const auto registered = MCPROVE_TRY(at.register_client(wanted));
  const Document seen(cite_status(registered.reply));
  if (registered.answer == Answer::denied) {
    // RFC 7591 section 3.2.2: a closed door, or a redirect URI that is not liked, says nothing of scopes.
    const bool of_scope = registered.error == "invalid_client_metadata" || registered.error == "invalid_scope";
    if (of_scope) cases.add("unknown scope", Verdict::pass(seen, "refused: " + registered.why));
    else
      cases.add("unknown scope",
                Verdict::inconclusive(Reason::unclear_answer, "refused for another reason than the scope: " + registered.why,
                                      seen.evidence()));
    return {};
  }
  if (registered.answer == Answer::other || !registered.client) {
    cases.add("unknown scope", Verdict::inconclusive(reason_of(registered.reply.response), registered.why, seen.evidence()));
    return {};
  }
  const auto echoed = registered.client->document.string("scope");
  if (!echoed) {
    cases.add("unknown scope",
              Verdict::not_applicable(Reason::not_offered, "the registration says nothing of scopes", seen.evidence()));
    return {};
  }
  const auto granted = scope_list(*echoed);
  const auto has = [&](std::string_view scope) { return std::ranges::find(granted, scope) != granted.end(); };
  if (!has(invented) && !has("*")) {
    cases.add("unknown scope", Verdict::pass(seen, "the unknown scopes were dropped"));
    return {};
  }
  // The echo alone may be empty words: what counts is a token.
  oauth::Flow flow;
  flow.client(*registered.client).scope(invented).purpose("probe: the invented scope of the registration");
  const auto result = at.run(flow);
  const auto view =
      result && result->tokens() ? at.facts().view(*result->tokens(), at.issuer(), "") : Result<TokenView>(TokenView{});
  const bool carried = view && view->scopes && std::ranges::find(*view->scopes, invented) != view->scopes->end();
  if (carried) {
    auto evidence = seen.evidence();
    evidence.push_back(cite(result->token->reply.id, "body:/scope", "the token carries it"));
    cases.add("unknown scope", Verdict::fail(Document(std::move(evidence)),
                                             "the registration was granted an invented scope, and a token carries it"));
  } else {
    cases.add("unknown scope",
              Verdict::fail(seen, "the registration lists an invented scope as granted; no token was seen to carry it",
                            {.severity = Severity::low, .confidence = Confidence::likely, .level = Level::should}));
  }
  return {};
}

}  // namespace

MCPROVE_CHECK(dcr_scope_overgrant) = define(
    {
        .title = "Registration grants whatever scope is asked for",
        .what =
            "Registers a client for every scope on offer, admin, an asterisk and an invented scope, and reads what the server says "
            "it granted; if the invented one is listed, asks for a token with it.",
        .why =
            "Limits on what a client may ever ask for are the second line behind consent; a server that writes down anything has none.",
        .fix = "Keep a list of scopes that dynamic clients may have; drop or refuse the others at registration.",
        .severity = Severity::medium,
        .at_issuer = true,
        .per = Axis::issuer,
        .requirement = Requirement::scopes_and_claims,
        .cwe = 269,
        .spec = {{{"RFC 7591", "2"}, {"RFC 9700", "2.3"}}},
        .since = "0.1",
    },
    run);
