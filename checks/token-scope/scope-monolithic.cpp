#include <array>

#include "checks/token-scope/granted.h"

namespace {

using namespace mcprove;

/// A name that stands for everything.
bool is_omnibus(const std::string& scope) {
  constexpr std::array<std::string_view, 11> known{"*",   "all",   "full", "full-access", "full_access", "fullaccess",
                                                   "mcp", "admin", "root", "default",     "api"};
  const auto low = text::lower(scope);
  return std::ranges::find(known, low) != known.end() || low.ends_with("/.default");
}

Result<void> run(Context& at, Cases& cases) {
  const auto offered = checks::permissions(at.facts().offered_scopes(at.issuer()));
  const std::string name = "vocabulary";
  if (offered.empty()) {
    cases.add(name, Verdict::not_applicable(Reason::not_offered, "no scopes are advertised; the server may decide by user"));
    return {};
  }
  const auto grant = MCPROVE_TRY(at.facts().full_grant(at.issuer()));
  const auto tools = MCPROVE_TRY(checks::tool_counts(at, grant));
  auto evidence = tools.evidence;
  if (const auto metadata = at.issuer().metadata.fetched.exchange)
    evidence.push_back(cite(*metadata, "body:/scopes_supported", checks::shown(offered)));
  const bool divided = offered.size() > 1 && !std::ranges::all_of(offered, is_omnibus);
  if (divided) {
    cases.add(name, Verdict::pass(Document(evidence), "scopes on offer: " + checks::shown(offered)));
  } else if (tools.reading == 0 || tools.changing() == 0) {
    cases.add(name,
              Verdict::pass(Document(evidence), fmt::format("{} alone, but all tools are of one kind", checks::shown(offered))));
  } else {
    const auto why = fmt::format("{} is all there is for {} tools that read and {} that change", checks::shown(offered),
                                 tools.reading, tools.changing());
    if (tools.declared > 0) cases.add(name, Verdict::fail(Document(evidence), why, {.confidence = Confidence::likely}));
    else cases.add(name, Verdict::inconclusive(Reason::evidence_weak, why + ", by their names alone", evidence));
  }
  return {};
}

}  // namespace

MCPROVE_CHECK(scope_monolithic) = define(
    {
        .title = "One scope covers reading and changing alike",
        .what =
            "Collects the scopes of the challenge, the resource metadata and the authorization server, and counts the tools that read "
            "and those that change something. With both kinds there must be more than one scope, and not only omnibus ones.",
        .why = "A client that only reads must be trusted with everything; no consent can be small.",
        .fix = "Divide the permissions at least into reading and changing, better by domain or tool.",
        .severity = Severity::medium,
        .at_issuer = true,
        .per = Axis::issuer,
        .requirement = Requirement::scopes_and_claims,
        .cwe = 250,
        .spec = {{{"MCP Security Best Practices", "Scope Minimization"}, {"RFC 9700", "2.3"}}},
        .since = "0.1",
    },
    run);
