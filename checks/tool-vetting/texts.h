#pragma once

#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/context.h"
#include "vet/manifest.h"
#include "vet/vet.h"

namespace mcprove::checks {

/// One thing that a model is told: a tool, a prompt, a resource, the instructions.
struct ToldText {
  std::string name{};
  std::vector<vet::Signal> signals{};
};

struct ToldTexts {
  std::vector<ToldText> texts{};
  std::vector<Citation> evidence{};
};

inline void judge_entries(ToldTexts& all, std::string_view kind, const std::vector<json::Value>& entries) {
  for (const auto& entry : entries)
    all.texts.push_back({fmt::format("{} {}", kind, entry.string("name").value_or("?")), vet::judge_tool(entry)});
}

/// The lists of a catalogue, as evidence.
inline std::vector<Citation> lists_of(Context& at, const mcp::Catalogue& catalogue) {
  std::vector<Citation> evidence;
  for (const auto id : catalogue.exchanges) {
    const auto& exchange = at.transcript().at(id);
    if (exchange.request.body.find("/list\"") != std::string::npos)
      evidence.push_back(cite(id, "body:/result", "a list of the server"));
  }
  if (evidence.empty() && !catalogue.exchanges.empty())
    evidence.push_back(cite(catalogue.exchanges.back(), "body", "a list of the server"));
  return evidence;
}

/// Everything that the server tells about its tools, prompts and resources on this wire, with what vet has to say.
inline Result<ToldTexts> told_texts(Context& at) {
  const auto grant = MCPROVE_TRY(at.facts().grant());
  const auto catalogue = MCPROVE_TRY(at.facts().catalogue(at.endpoint(), grant));
  ToldTexts all;
  for (const auto& tool : catalogue.tools) all.texts.push_back({"tool " + tool.name, vet::judge_tool(tool.raw)});
  judge_entries(all, "prompt", catalogue.prompts);
  judge_entries(all, "resource", catalogue.resources);
  judge_entries(all, "resource template", catalogue.templates);
  if (!catalogue.instructions.empty())
    all.texts.push_back({"instructions", vet::judge_text(catalogue.instructions, "/instructions")});
  all.evidence = lists_of(at, catalogue);
  return all;
}

inline std::string described(const vet::Signal& signal) {
  return fmt::format("{}: {} (\"{}\" at {})", signal.rule, signal.why, text::one_line(signal.excerpt, 100),
                     text::one_line(signal.pointer, 80));
}

/// One case for each text that `judged` has something to say of, given its signals of one family, heaviest first.
using JudgeText = std::optional<Verdict> (*)(const Document& seen, const std::vector<vet::Signal>& signals);
inline Result<void> judge_told(Context& at, Cases& cases, vet::Family family, JudgeText judged, std::string_view clean) {
  const auto told = MCPROVE_TRY(told_texts(at));
  if (told.texts.empty()) {
    cases.add("texts", Verdict::not_applicable(Reason::not_offered, "the server tells the model nothing"));
    return {};
  }
  const Document seen(told.evidence);
  for (const auto& each : told.texts) {
    const auto signals = vet::of_family(each.signals, family);
    if (signals.empty()) continue;
    if (auto verdict = judged(seen, signals)) cases.add(text::one_line(each.name, 80), std::move(*verdict));
  }
  if (cases.empty()) cases.add("texts", Verdict::pass(seen, fmt::format("{} texts, {}", told.texts.size(), clean)));
  return {};
}

/// The tools of this wire and where they were listed; nothing if the server has none.
struct Listed {
  vet::Manifest manifest{};
  std::vector<Citation> evidence{};
};
inline Result<Listed> listed_tools(Context& at) {
  const auto grant = MCPROVE_TRY(at.facts().grant());
  const auto catalogue = MCPROVE_TRY(at.facts().catalogue(at.endpoint(), grant));
  Listed out;
  for (const auto& tool : catalogue.tools) out.manifest.tools.push_back(tool.raw);
  out.evidence = lists_of(at, catalogue);
  return out;
}

}  // namespace mcprove::checks
