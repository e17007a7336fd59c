#include "checks/token-scope/granted.h"

namespace {

using namespace mcprove;

/// The narrowest request that the server grants: plain permissions first, then privileged ones.
Result<Grant> narrowest(Context& at, const std::vector<std::string>& offered) {
  std::vector<std::string> order;
  for (const bool privileged : {false, true})
    for (const auto& scope : offered)
      if (is_privileged_scope(scope) == privileged) order.push_back(scope);
  Error last{Error::Kind::unavailable, "no single scope was granted"};
  for (std::size_t i = 0; i < order.size() && i < 2; ++i) {
    auto grant = at.facts().grant(at.issuer(), at.facts().main_identity(), ClientKind::main, order[i], "");
    if (grant) return grant;
    last = grant.error();
    if (last.kind != Error::Kind::login) break;
  }
  return tl::unexpected(last);
}

Result<void> run(Context& at, Cases& cases) {
  const auto offered = checks::permissions(at.facts().narrow_scopes(at.issuer()));
  if (offered.size() < 2) {
    cases.add("single scope", Verdict::not_applicable(Reason::not_offered, "fewer than two permissions are on offer"));
    return {};
  }
  const auto narrow = MCPROVE_TRY(narrowest(at, offered));
  if (narrow.issuer.empty()) {
    cases.add("single scope", Verdict::not_applicable(Reason::not_offered, "the token was given, not asked for"));
    return {};
  }
  const Document seen(narrow.view.evidence);
  const auto name = std::string("single scope");
  const auto has = checks::granted(narrow.view);
  if (!has) {
    cases.add(name, Verdict::inconclusive(Reason::evidence_weak, "the server does not tell which scopes the token has",
                                          seen.evidence()));
    return {};
  }
  const auto asked = scope_list(narrow.requested_scope);
  const auto extra = checks::permissions(checks::beyond(*has, asked));
  if (extra.empty()) {
    cases.add(name, Verdict::pass(seen, "asked for " + checks::shown(asked) + ", granted " + checks::shown(*has)));
    return {};
  }
  const auto told = narrow.tokens.scope ? scope_list(*narrow.tokens.scope) : asked;
  const auto untold = checks::permissions(checks::beyond(*has, told));
  if (!untold.empty())
    cases.add(name, Verdict::fail(seen, fmt::format("asked for {}; the token has {} besides, and the response does not say so",
                                                    checks::shown(asked), checks::shown(untold))));
  else
    cases.add(name,
              Verdict::fail(seen, fmt::format("asked for {}, granted {} besides", checks::shown(asked), checks::shown(extra)),
                            {.severity = Severity::medium}));
  return {};
}

}  // namespace

MCPROVE_CHECK(scope_downscope_honoured) = define(
    {
        .title = "A request for one scope brings a token with more",
        .what =
            "Asks for a single one of the scopes on offer and reads what was granted in the token response, the token's claims and "
            "introspection. Nothing beyond the request may be there, least of all without a word in the response.",
        .why =
            "A client that wants to hold little power cannot: its tokens do more than anybody agreed to, and their loss costs more.",
        .fix = "Grant at most what was asked for, and report the scope in the token response whenever it differs.",
        .severity = Severity::high,
        .at_issuer = true,
        .per = Axis::issuer,
        .requirement = Requirement::scopes_and_claims,
        .cwe = 250,
        .spec = {{{"OAuth 2.1 draft-13", "1.4.1"}, {"RFC 9700", "2.3"}, {"MCP Security Best Practices", "Scope Minimization"}}},
        .since = "0.1",
    },
    run);
