#include "checks/tool-vetting/texts.h"

namespace {

using namespace mcprove;

Grade grade_of(vet::Weight weight) {
  switch (weight) {
    case vet::Weight::high: return {};
    case vet::Weight::medium: return {.severity = Severity::medium, .confidence = Confidence::likely};
    case vet::Weight::low: return {.severity = Severity::low, .level = Level::should};
  }
  return {};
}

std::optional<Verdict> judged(const Document& seen, const std::vector<vet::Signal>& hidden) {
  return Verdict::fail(seen, checks::described(hidden.front()), grade_of(hidden.front().weight));
}

Result<void> run(Context& at, Cases& cases) {
  return checks::judge_told(at, cases, vet::Family::hidden, judged, "nothing hidden in them");
}

}  // namespace

MCPROVE_CHECK(hidden_instructions) = define(
    {
        .title = "Tool text hides characters from the person who reads it",
        .what =
            "Reads every string of the tools, prompts, resources and instructions for tag characters, bidirectional controls, "
            "zero-width characters, terminal escapes, padding, comments and encoded passages.",
        .why = "The person approves what he sees; the model obeys what stands there.",
        .fix = "Send plain text: strip control, tag, bidirectional and zero-width characters from whatever others may write.",
        .severity = Severity::high,
        .effect = Effect::passive,
        .per = Axis::wire,
        .cwe = 451,
        .spec = {{{"MCP 2025-11-25 server/tools", "Security Considerations"}, {"OWASP MCP Top 10", "MCP03"}}},
        .since = "0.1",
    },
    run);
