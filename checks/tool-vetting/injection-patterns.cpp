#include "checks/tool-vetting/texts.h"

namespace {

using namespace mcprove;

std::optional<Verdict> judged(const Document& seen, const std::vector<vet::Signal>& commands) {
  const auto why = checks::described(commands.front());
  switch (commands.front().weight) {
    case vet::Weight::high: return Verdict::fail(seen, why, {.confidence = Confidence::likely});
    case vet::Weight::medium:
      return Verdict::inconclusive(Reason::evidence_weak, "one rule alone points at it, look at it: " + why, seen.evidence());
    case vet::Weight::low: return std::nullopt;  // honest authors write like this too
  }
  return std::nullopt;
}

Result<void> run(Context& at, Cases& cases) {
  return checks::judge_told(at, cases, vet::Family::injection, judged, "none commands the model");
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
