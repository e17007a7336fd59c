#include "checks/tool-vetting/texts.h"
#include "vet/set_rules.h"

namespace {

using namespace mcprove;

Result<void> run(Context& at, Cases& cases) {
  const auto listed = MCPROVE_TRY(checks::listed_tools(at));
  std::size_t annotated = 0;
  const Document seen(listed.evidence);
  for (const auto& tool : listed.manifest.tools) {
    if (!tool.at("annotations").is_object()) continue;
    ++annotated;
    // A name is no proof of what a tool does: at most low, unless the operator has a policy.
    if (const auto lie = vet::annotation_lie(tool))
      cases.add("tool " + text::one_line(tool.string("name").value_or("?"), 60),
                Verdict::fail(seen, *lie, {.severity = Severity::low, .confidence = Confidence::likely, .level = Level::should}));
  }
  if (annotated == 0) cases.add("annotations", Verdict::not_applicable(Reason::not_offered, "no tool has annotations"));
  else if (cases.empty())
    cases.add("annotations", Verdict::pass(seen, fmt::format("{} annotated tools, none contradicts its name", annotated)));
  return {};
}

}  // namespace

MCPROVE_CHECK(annotation_contradiction) = define(
    {
        .title = "A tool's annotations say less than its name does",
        .what =
            "Compares readOnlyHint, destructiveHint and openWorldHint with the verbs of the tool's name and with its arguments: a tool "
            "that deletes and claims to only read, or that fetches any URL and claims a closed world.",
        .why = "Clients ask the person for tools that change something, and let tools that only read run by themselves.",
        .fix = "Annotate what the tool does, or leave the annotations out: clients then assume the worst.",
        .severity = Severity::low,
        .effect = Effect::passive,
        .per = Axis::wire,
        .cwe = 451,
        .spec = {{{"MCP 2025-11-25 schema", "ToolAnnotations"}, {"OWASP MCP Top 10", "MCP03"}}},
        .since = "0.1",
    },
    run);
