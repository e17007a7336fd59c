#include "checks/tool-vetting/texts.h"

namespace {

using namespace mcprove;

Result<void> run(Context& at, Cases& cases) {
  const auto told = MCPROVE_TRY(checks::told_texts(at));
  if (told.texts.empty()) {
    cases.add("texts", Verdict::not_applicable(Reason::not_offered, "the server tells the model nothing"));
    return {};
  }
  const Document seen(told.evidence);
  for (const auto& each : told.texts) {
    const auto commands = vet::of_family(each.signals, vet::Family::injection);
    const auto worst = vet::heaviest(commands);
    if (!worst || *worst == vet::Weight::low) continue;  // honest authors write like this too
    const auto name = text::one_line(each.name, 80);
    const auto why = checks::described(commands.front());
    if (*worst == vet::Weight::high) cases.add(name, Verdict::fail(seen, why, {.confidence = Confidence::likely}));
    else
      cases.add(name,
                Verdict::inconclusive(Reason::evidence_weak, "one rule alone points at it, look at it: " + why, seen.evidence()));
  }
  if (cases.empty()) cases.add("texts", Verdict::pass(seen, fmt::format("{} texts, none commands the model", told.texts.size())));
  return {};
}

}  // namespace

MCPROVE_CHECK(injection_patterns) = define(
    {
        .title = "Tool text commands the model instead of describing the tool",
        .what =
            "Judges every string of the tools, prompts, resources and instructions by a list of rules: orders to the model, secrecy "
            "towards the user, secret files, copies to strangers, interference with other tools. Two rules must agree on a text.",
        .why = "A model that reads the list of tools carries out what it says: files are read and sent away in the user's name.",
        .fix = "Say in a description what the tool does and nothing else; find out who wrote the passage.",
        .severity = Severity::high,
        .effect = Effect::passive,
        .per = Axis::wire,
        .cwe = 1427,
        .spec = {{{"MCP 2025-11-25 server/tools", "Security Considerations"},
                  {"OWASP MCP Top 10", "MCP03"},
                  {"OWASP MCP Top 10", "MCP06"}}},
        .since = "0.1",
    },
    run);
