#include <functional>
#include <memory>

#include "checks/token-scope/granted.h"

namespace {

using namespace mcprove;

/// One flow that must not bring `forbidden` scopes.
struct Attempt {
  std::string name{};
  oauth::Flow flow{};
  std::vector<std::string> forbidden{};
  std::string flaw{};
  std::function<bool()> sent{};  ///< false: the bend found nothing to bend
};

void settle(Context& at, Cases& cases, const Attempt& attempt) {
  std::optional<oauth::FlowResult> result;
  const auto settled = Sandwich::one(at.flow_control(), [&]() -> Result<Observation> {
    result = MCPROVE_TRY(at.run(attempt.flow));
    return observe(*result);
  });
  if (!settled) {
    cases.add(attempt.name, Verdict::inconclusive(settled.error()));
    return;
  }
  if (attempt.sent && !attempt.sent()) {
    cases.note(attempt.name + ": not tried, for no form of consent was shown");
    return;
  }
  if (settled->answer() == Answer::denied) {
    cases.add(attempt.name, Verdict::pass(*settled, "refused: " + result->why));
    return;
  }
  if (result->tokens() == nullptr) {
    cases.add(attempt.name, Verdict::unclear(*settled));
    return;
  }
  const auto view = at.facts().view(*result->tokens(), at.issuer(), "");
  const auto has = view ? checks::granted(*view) : std::nullopt;
  if (!has) {
    cases.add(attempt.name, Verdict::inconclusive(Reason::evidence_weak, "the server does not tell which scopes the token has",
                                                  settled->evidence()));
    return;
  }
  std::vector<std::string> got;
  for (const auto& scope : attempt.forbidden)
    if (std::ranges::find(*has, scope) != has->end()) got.push_back(scope);
  if (got.empty()) cases.add(attempt.name, Verdict::pass(*settled, "granted " + checks::shown(*has)));
  else cases.add(attempt.name, Verdict::fail(*settled, fmt::format("{}: {}", attempt.flaw, checks::shown(got))));
}

std::string with(const std::string& base, const std::vector<std::string>& more) {
  return base + (base.empty() || more.empty() ? "" : " ") + scope_text(more);
}

void try_unknown(Context& at, Cases& cases, const std::string& base, const std::vector<std::string>& offered) {
  const auto invented = "audit:" + at.nonce();
  Attempt unknown{"unknown scope", {}, {invented}, "the token carries a scope that was made up", {}};
  unknown.flow.scope(with(base, {invented})).purpose("probe: an invented scope");
  settle(at, cases, unknown);
  if (std::ranges::find(offered, "admin") != offered.end()) return;
  Attempt admin{"admin", {}, {"admin"}, "the token carries a privileged scope that the server does not even offer", {}};
  admin.flow.scope(with(base, {"admin"})).purpose("probe: a scope admin that is not on offer");
  settle(at, cases, admin);
}

void try_widening(Context& at, Cases& cases, const std::string& base, const std::vector<std::string>& wider) {
  Attempt token{"token request", {}, wider, "the token request widened what the person granted", {}};
  token.flow.scope(base)
      .purpose("probe: a wider scope in the token request")
      .at_token([scope = with(base, wider)](oauth::TokenRequest& request) { request.params.set("scope", scope); });
  settle(at, cases, token);

  const auto bent = std::make_shared<bool>(false);
  Attempt consent{"consent form", {}, wider, "the consent form widened what the client had asked for", [bent] { return *bent; }};
  consent.flow.scope(base).purpose("probe: a wider scope in the consent form");
  consent.flow.at_authorize([](net::Params& query) { query.set("prompt", "consent"); });
  consent.flow.at_form([bent, scope = with(base, wider)](oauth::Submission& form, oauth::PageKind kind) {
    if (kind != oauth::PageKind::consent) return;
    *bent = true;
    form.fields.set("scope", scope);
    for (const auto& [field, value] : std::vector(form.fields.fields()))
      if (value.find(' ') != std::string::npos && text::icontains(field, "scope")) form.fields.set(field, scope);
  });
  settle(at, cases, consent);
}

/// Does the MCP server itself refuse this person where it serves the main one, for want of more than a scope?
std::optional<Citation> person_refused(Context& at, const Grant& theirs, const Grant& mine) {
  const auto wires = at.facts().wires();
  if (!wires || wires->empty()) return std::nullopt;
  const auto& endpoint = wires->front().endpoint;
  const auto tools = at.facts().catalogue(endpoint, mine);
  if (!tools) return std::nullopt;
  auto me = at.connect(endpoint, mine.credential());
  auto them = at.connect(endpoint, theirs.credential());
  for (const auto& tool : tools->tools) {
    const auto arguments = at.allowed_arguments(tool);
    if (!arguments || !tool.harmless()) continue;
    const auto refused = mcp::call_tool(them, tool, *arguments, "second identity, tool " + tool.name);
    if (!refused || refused->answer != Answer::denied || refused->response.status == 401) continue;
    const auto served = mcp::call_tool(me, tool, *arguments, "main identity, tool " + tool.name);
    if (served && served->answer == Answer::accepted) return cite(refused->exchange, "status", tool.name + ": " + refused->why);
  }
  return std::nullopt;
}

void try_second_identity(Context& at, Cases& cases, const std::vector<std::string>& offered) {
  const auto* second = at.facts().second_identity();
  std::vector<std::string> privileged;
  std::ranges::copy_if(offered, std::back_inserter(privileged), [](const std::string& s) {
    const auto low = text::lower(s);
    return s == "*" || low.find("admin") != std::string::npos || low.find("root") != std::string::npos ||
           low.find("owner") != std::string::npos;
  });
  if (second == nullptr || privileged.empty()) return;
  const std::string name = "administrative scope for " + second->name;
  const auto mine = at.facts().full_grant(at.issuer());
  const auto theirs = at.facts().grant(at.issuer(), *second, ClientKind::main, scope_text(offered), "");
  if (!mine || !theirs) {
    cases.add(name, Verdict::inconclusive(mine ? theirs.error() : mine.error()));
    return;
  }
  const auto has = checks::granted(theirs->view);
  const auto i_have = checks::granted(mine->view);
  if (!has || !i_have) {
    cases.add(name, Verdict::inconclusive(Reason::evidence_weak, "the server does not tell which scopes the token has",
                                          theirs->view.evidence));
    return;
  }
  auto evidence = theirs->view.evidence;
  std::vector<std::string> got;
  for (const auto& scope : privileged)
    if (std::ranges::find(*has, scope) != has->end()) got.push_back(scope);
  if (got.empty()) {
    cases.add(name, Verdict::pass(Document(evidence), "granted " + checks::shown(*has)));
  } else if (const auto refused = person_refused(at, *theirs, *mine)) {
    evidence.push_back(*refused);
    cases.add(name,
              Verdict::fail(Document(evidence),
                            fmt::format("granted {} to a person whom the MCP server itself refuses with it", checks::shown(got)),
                            {.severity = Severity::medium, .confidence = Confidence::likely}));
  } else {
    cases.add(name, Verdict::inconclusive(Reason::needs_operator_fact,
                                          fmt::format("granted {}; only the operator knows whether {} may have it",
                                                      checks::shown(got), second->name),
                                          evidence));
  }
}

Result<void> run(Context& at, Cases& cases) {
  const auto honest = MCPROVE_TRY(at.facts().grant(at.issuer()));
  if (honest.issuer.empty()) {
    cases.add("unknown scope", Verdict::not_applicable(Reason::not_offered, "the token was given, not asked for"));
    return {};
  }
  const auto offered = at.facts().offered_scopes(at.issuer());
  const auto permissions = checks::permissions(offered);
  // A narrow base leaves something to widen to.
  const auto base = permissions.empty() ? honest.requested_scope : permissions.front();
  auto wider = checks::beyond(permissions, scope_list(base));
  wider.push_back("audit:" + at.nonce());
  try_unknown(at, cases, honest.requested_scope.empty() ? base : honest.requested_scope, offered);
  try_widening(at, cases, base, wider);
  try_second_identity(at, cases, permissions);
  return {};
}

}  // namespace

MCPROVE_CHECK(scope_unrequested) = define(
    {
        .title = "Tokens carry scopes that were never granted",
        .what =
            "Asks for an invented scope, for admin where it is not on offer, adds scopes to the token request and to the consent form, "
            "and asks for administrative scopes as the second identity. None of it may appear in a token.",
        .why = "A client or a person without the right gives itself any permission whose name it can write.",
        .fix =
            "Keep a list of known scopes, refuse others with invalid_scope, take the scope of a token only from what the person granted, "
            "and limit it to what the person may do.",
        .severity = Severity::high,
        .at_issuer = true,
        .per = Axis::issuer,
        .assumes = {"scope-downscope-honoured"},
        .requirement = Requirement::scopes_and_claims,
        .cwe = 269,
        .spec = {{{"OAuth 2.1 draft-13", "1.4.1"}, {"OAuth 2.1 draft-13", "4.1.2.1"}, {"RFC 6749", "3.3"}}},
        .since = "0.1",
    },
    run);
