#include "checks/token-scope/granted.h"

namespace {

using namespace mcprove;

/// One grant that nobody asked to be wide.
void judge(Context& at, Cases& cases, const std::string& name, const Grant& grant) {
  const auto granted = checks::granted(grant.view);
  if (!granted) {
    cases.add(name, Verdict::inconclusive(Reason::evidence_weak, "the server does not tell which scopes the token has",
                                          grant.view.evidence));
    return;
  }
  auto evidence = grant.view.evidence;
  const auto& expected = at.options().expected_scopes;
  if (!expected.empty()) {
    const auto extra = checks::beyond(*granted, expected);
    if (extra.empty()) cases.add(name, Verdict::pass(Document(evidence), checks::shown(*granted) + ", as the operator expects"));
    else
      cases.add(name, Verdict::fail(Document(evidence), "more than the operator expects: " + checks::shown(extra),
                                    {.severity = Severity::medium}));
    return;
  }
  const auto offered = checks::permissions(at.facts().offered_scopes(at.issuer()));
  const bool everything = offered.size() > 1 && checks::beyond(offered, *granted).empty();
  const auto tools = checks::tool_counts(at, grant);
  if (everything && tools && tools->declared > 0) {
    evidence.insert(evidence.end(), tools->evidence.begin(), tools->evidence.end());
    cases.add(name, Verdict::fail(
                        Document(evidence),
                        fmt::format("every scope on offer at once, and {} of the tools declare that they change something: {}",
                                    tools->declared, checks::shown(*granted)),
                        {.confidence = Confidence::likely}));
    return;
  }
  std::vector<std::string> privileged;
  std::ranges::copy_if(*granted, std::back_inserter(privileged), [](const std::string& s) { return is_privileged_scope(s); });
  if (!privileged.empty()) {
    cases.add(name, Verdict::fail(Document(evidence), "the first token of all already has " + checks::shown(privileged),
                                  {.severity = Severity::medium}));
    return;
  }
  std::vector<std::string> notes;
  if (everything) notes.emplace_back("it is every scope on offer, but none of them sounds privileged");
  cases.add(name, Verdict::pass(Document(evidence), checks::shown(*granted), notes));
}

Result<void> run(Context& at, Cases& cases) {
  const auto guided = MCPROVE_TRY(at.facts().grant(at.issuer()));
  judge(at, cases, "by the server's guidance", guided);
  if (guided.requested_scope.empty() || guided.issuer.empty()) return {};
  oauth::Flow silent;
  silent.scope("").purpose("probe: no scope named");
  const auto result = MCPROVE_TRY(at.run(silent));
  if (result.tokens() == nullptr) {
    if (result.answer() == Answer::denied && !result.exchanges.empty())
      cases.add("no scope named",
                Verdict::pass(Document(cite(result.exchanges.back(), "status", result.why)), "refused: " + result.why));
    else cases.add("no scope named", Verdict::inconclusive(observe(result).reason.value_or(Reason::unclear_answer), result.why));
    return {};
  }
  Grant grant;
  grant.issuer = at.issuer().id;
  grant.tokens = *result.tokens();
  grant.view = MCPROVE_TRY(at.facts().view(grant.tokens, at.issuer(), ""));
  judge(at, cases, "no scope named", grant);
  return {};
}

}  // namespace

MCPROVE_CHECK(default_scope_overbroad) = define(
    {
        .title = "The first token already has far-reaching scopes",
        .what =
            "Logs in asking for what the server's own guidance names (challenge, else resource metadata), and once without any scope. "
            "The token must not carry scopes such as write, admin or an asterisk, nor every scope on offer while tools declare changes.",
        .why = "Whoever gets hold of an ordinary token can do everything, and people are asked once for all of it.",
        .fix =
            "Name a small first set of scopes in the challenge and in scopes_supported, and ask for more with insufficient_scope when "
            "a tool needs it.",
        .severity = Severity::high,
        .at_issuer = true,
        .per = Axis::issuer,
        .assumes = {"scope-downscope-honoured", "scope-monolithic"},
        .requirement = Requirement::scopes_and_claims,
        .cwe = 250,
        .spec = {{{"MCP Security Best Practices", "Scope Minimization"},
                  {"MCP 2025-11-25 authorization", "Scope Selection Strategy"},
                  {"RFC 9700", "2.3"}}},
        .since = "0.1",
    },
    run);
