#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checks/tool-vetting/texts.h"
#include "vet/set_rules.h"

namespace {

using namespace mcprove;

constexpr std::size_t most_called = 4;

struct Reading {
  std::string answer{};
  Citation shown{};
};

/// Calls tools that say that they only read, twice in turn. Where one returns something else then, each of the others is called
/// between readings of it: what it returned twice before and twice after, and not the same, changed at that call; and because
/// others may be at work, it has to happen once more.
class ReadBack {
 public:
  ReadBack(Context& at, Cases& cases, const Grant& grant, std::vector<mcp::Tool> tools)
      : cases_(cases), at_(at), client_(at.connect(grant.credential())), tools_(std::move(tools)) {}

  void run() {
    const auto first = round();
    const auto second = round();
    std::vector<Citation> same;
    for (std::size_t i = 0; i < tools_.size(); ++i) {
      if (!first[i] || !second[i]) continue;
      if (first[i]->answer == second[i]->answer) same.push_back(second[i]->shown);
      else if (blames_another(tools_[i])) return;
    }
    if (same.size() < 2) return;
    const auto what = fmt::format("{} tools that say they only read return the same after all were called", same.size());
    cases_.add("calls", Verdict::pass(Document(std::move(same)), what));
  }

 private:
  std::optional<Reading> read(const mcp::Tool& tool) {
    const auto outcome = mcp::call_tool(client_, tool, at_.allowed_arguments(tool).value_or(json::Value::object({})),
                                        "does a tool that says it only reads change anything?");
    if (!outcome || outcome->answer != Answer::accepted || outcome->result().boolean("isError").value_or(false))
      return std::nullopt;
    return Reading{outcome->result().at("content").canonical(),
                   cite(outcome->exchange, "body:/result", "what " + text::one_line(tool.name, 60) + " returns")};
  }

  std::vector<std::optional<Reading>> round() {
    std::vector<std::optional<Reading>> out;
    for (const auto& tool : tools_) out.push_back(at_.stopping() ? std::nullopt : read(tool));
    return out;
  }

  bool blames_another(const mcp::Tool& witness) {
    return std::ranges::any_of(
        tools_, [&](const mcp::Tool& tool) { return tool.name != witness.name && !at_.stopping() && changes(tool, witness); });
  }

  /// Nothing if it is not the same twice.
  std::optional<Reading> settled(const mcp::Tool& tool) {
    auto once = read(tool);
    const auto twice = once ? read(tool) : std::nullopt;
    return twice && once->answer == twice->answer ? twice : std::nullopt;
  }

  /// What stood before and after one call, if it stood still on both sides.
  std::optional<std::pair<Reading, Reading>> around(const mcp::Tool& tool, const mcp::Tool& witness) {
    const auto before = settled(witness);
    if (!before || !read(tool)) return std::nullopt;
    const auto after = settled(witness);
    return after ? std::optional(std::pair(*before, *after)) : std::nullopt;
  }

  bool changes(const mcp::Tool& tool, const mcp::Tool& witness) {
    const auto first = around(tool, witness);
    if (!first || first->first.answer == first->second.answer) return false;
    const auto again = around(tool, witness);
    if (!again || again->first.answer == again->second.answer) {
      cases_.note(fmt::format("what {} returns changed once when {} was called, and not again", text::one_line(witness.name, 60),
                              text::one_line(tool.name, 60)));
      return false;
    }
    cases_.add("calls",
               Verdict::fail(Document({first->first.shown, first->second.shown, again->first.shown, again->second.shown}),
                             fmt::format("{} says that it only reads, and each call of it changes what {} returns",
                                         text::one_line(tool.name, 60), text::one_line(witness.name, 60)),
                             {.severity = Severity::high}));
    return true;
  }

  Cases& cases_;
  Context& at_;
  mcp::Client client_;
  std::vector<mcp::Tool> tools_;
};

Result<void> call_readers(Context& at, Cases& cases) {
  const auto grant = MCPROVE_TRY(at.facts().grant());
  auto tools = MCPROVE_TRY(at.facts().catalogue(at.endpoint(), grant)).tools;
  std::erase_if(tools, [&](const mcp::Tool& tool) {
    return !tool.raw.at("annotations").boolean("readOnlyHint").value_or(false) || !at.may_call(tool);
  });
  const auto& allowed = at.options().allow_tools;
  std::ranges::stable_sort(tools, {}, [&](const mcp::Tool& tool) { return allowed.contains(tool.name) ? 0 : 1; });
  if (tools.size() > most_called) tools.resize(most_called);
  ReadBack(at, cases, grant, std::move(tools)).run();
  return {};
}

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
  MCPROVE_TRY(call_readers(at, cases));
  if (annotated == 0) cases.add("annotations", Verdict::not_applicable(Reason::not_offered, "no tool has annotations"));
  else if (std::ranges::none_of(cases.all(), [](const auto& each) { return each.first.starts_with("tool "); }))
    cases.add("annotations", Verdict::pass(seen, fmt::format("{} annotated tools, none contradicts its name", annotated)));
  return {};
}

}  // namespace

MCPROVE_CHECK(annotation_contradiction) = define(
    {
        .title = "A tool's annotations say less than its name does",
        .what =
            "Compares readOnlyHint, destructiveHint and openWorldHint with the verbs of the tool's name and with its arguments: a tool "
            "that deletes and claims to only read, or that fetches any URL and claims a closed world. Tools that claim to only read "
            "and may be called (because they take no arguments, or by --allow-tool) are called, and what the others of them return "
            "is compared before and after.",
        .why = "Clients ask the person for tools that change something, and let tools that only read run by themselves.",
        .fix = "Annotate what the tool does, or leave the annotations out: clients then assume the worst.",
        .severity = Severity::high,
        .effect = Effect::passive,
        .per = Axis::wire,
        .cwe = 451,
        .spec = {{{"MCP 2025-11-25 schema", "ToolAnnotations"}, {"OWASP MCP Top 10", "MCP03"}}},
        .since = "0.1",
    },
    run);
