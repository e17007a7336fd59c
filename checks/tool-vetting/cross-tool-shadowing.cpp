#include <algorithm>
#include <map>

#include "checks/tool-vetting/texts.h"
#include "vet/set_rules.h"

namespace {

using namespace mcprove;

Grade grade_of(vet::Weight weight) {
  switch (weight) {
    case vet::Weight::high: return {.severity = Severity::high};
    case vet::Weight::medium: return {};
    case vet::Weight::low: return {.severity = Severity::low, .level = Level::should};
  }
  return {};
}

/// 1 to 128 letters, digits, underscores, hyphens, dots and slashes (2025-11-25, tools, tool names).
bool is_plain(const std::string& name) {
  constexpr std::size_t longest = 128;
  return !name.empty() && name.size() <= longest && std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.' ||
           c == '/';
  });
}

/// What the specification advises against: names that differ by case alone, and characters that not every client takes.
void judge_spelling(const Document& seen, const std::vector<json::Value>& tools, Cases& cases) {
  const Grade advice{.severity = Severity::low, .level = Level::should};
  std::map<std::string, std::string> folded;
  for (const auto& tool : tools) {
    const auto name = tool.string("name").value_or("");
    const auto shown = "tool " + text::one_line(name, 60);
    if (!is_plain(name))
      cases.add(shown + " spelling",
                Verdict::fail(seen, "other characters than letters, digits, _ - . and /, or too many", advice));
    const auto [first, added] = folded.emplace(text::lower(name), name);
    if (!added && first->second != name)
      cases.add(
          shown + " case",
          Verdict::fail(seen, fmt::format("differs from {} by upper and lower case alone", text::one_line(first->second, 60)),
                        advice));
  }
}

Result<void> run(Context& at, Cases& cases) {
  const auto listed = MCPROVE_TRY(checks::listed_tools(at));
  if (listed.manifest.tools.empty()) {
    cases.add("names", Verdict::not_applicable(Reason::not_offered, "the server has no tools"));
    return {};
  }
  const Document seen(listed.evidence);
  std::vector<vet::Finding> findings;
  vet::judge_names({listed.manifest}, findings);
  for (const auto& finding : findings) {
    cases.add("tool " + text::one_line(finding.tool, 60),
              Verdict::fail(seen, fmt::format("{}: {}", finding.rule, finding.why), grade_of(finding.severity)));
  }
  judge_spelling(seen, listed.manifest.tools, cases);
  if (cases.empty())
    cases.add("names",
              Verdict::pass(seen, fmt::format("{} tools, no two of them can be mistaken", listed.manifest.tools.size())));
  return {};
}

}  // namespace

MCPROVE_CHECK(cross_tool_shadowing) = define(
    {
        .title = "Two tools of the server can be mistaken for each other",
        .what = "Compares the names of the server's tools: equal ones, such as look alike but are spelt with other characters "
                "(Unicode TS 39) or differ by case alone, and characters that not every client takes.",
        .why = "A model that means one tool calls the other, with the arguments and the authority of the first.",
        .fix = "Give every tool one name of plain letters, digits, underscores and hyphens, and list it once.",
        .severity = Severity::medium,
        .effect = Effect::passive,
        .per = Axis::wire,
        .cwe = 1007,
        .spec = {{{"MCP 2025-11-25 server/tools", "Tool Names"}, {"OWASP MCP Top 10", "MCP03"}}},
        .since = "0.1",
    },
    run);
