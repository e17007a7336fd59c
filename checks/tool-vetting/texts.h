#pragma once

#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/context.h"
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
  for (const auto id : catalogue.exchanges) {
    const auto& exchange = at.transcript().at(id);
    if (exchange.request.body.find("/list\"") != std::string::npos)
      all.evidence.push_back(cite(id, "body:/result", "a list of the server"));
  }
  if (all.evidence.empty() && !catalogue.exchanges.empty())
    all.evidence.push_back(cite(catalogue.exchanges.back(), "body", "a list of the server"));
  return all;
}

inline std::string described(const vet::Signal& signal) {
  return fmt::format("{}: {} (\"{}\" at {})", signal.rule, signal.why, text::one_line(signal.excerpt, 100),
                     text::one_line(signal.pointer, 80));
}

}  // namespace mcprove::checks
