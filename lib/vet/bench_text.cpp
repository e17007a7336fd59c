#include <fmt/format.h>

#include "vet/bench.h"

namespace mcprove::vet {

namespace {

double share(const Tally& tally) {
  return tally.all == 0 ? 0 : 100.0 * static_cast<double>(tally.flagged) / static_cast<double>(tally.all);
}

std::string row(std::string_view name, const Tally& tally) {
  return fmt::format("  {:<36} {:>5} of {:<5} {:>6.2f} %\n", name, tally.flagged, tally.all, share(tally));
}

void table(std::string& out, std::string_view title, const std::map<std::string, Tally>& rows) {
  if (rows.empty()) return;
  out += fmt::format("\n{}\n", title);
  for (const auto& [name, tally] : rows) out += row(name, tally);
}

Tally sum(const std::map<std::string, Tally>& rows) {
  Tally out;
  for (const auto& [name, tally] : rows) {
    out.all += tally.all;
    out.flagged += tally.flagged;
  }
  return out;
}

/// The mean of the shares, so that a template with forty copies weighs no more than one.
double macro(const std::map<std::string, Tally>& rows) {
  double total = 0;
  for (const auto& [name, tally] : rows) total += share(tally);
  return rows.empty() ? 0 : total / static_cast<double>(rows.size());
}

void list(std::string& out, std::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  out += fmt::format("\n{}\n", title);
  for (const auto& line : lines) out += "  " + line + "\n";
}

}  // namespace

std::string bench_text(const Measured& m, bool listed) {
  const Tally tools = sum(m.benign_tools);
  const Tally servers = sum(m.benign_servers);
  const Tally precision{m.poisoned_tools.flagged + tools.flagged + m.bystanders.flagged, m.poisoned_tools.flagged};
  std::string out = "Flagged is a finding of medium or high severity. Poisoned and scored: malicious, visible in metadata.\n";
  table(out, "Recall by source (servers)", m.poisoned_by_source);
  table(out, "Recall by category (servers)", m.poisoned_by_category);
  table(out, "Recall by template (servers)", m.poisoned_by_template);
  table(out, "False alarms by source (tools)", m.benign_tools);
  table(out, "False alarms by source (servers)", m.benign_servers);
  table(out, "Capabilities seen, by label (tools)", m.powers);
  out += "\nTogether\n";
  out += row("recall, servers", m.poisoned);
  out += fmt::format("  {:<36} {:>14} {:>6.2f} %\n", "recall, mean over sources", "", macro(m.poisoned_by_source));
  out += fmt::format("  {:<36} {:>14} {:>6.2f} %\n", "recall, mean over categories", "", macro(m.poisoned_by_category));
  out += fmt::format("  {:<36} {:>14} {:>6.2f} %\n", "recall, mean over templates", "", macro(m.poisoned_by_template));
  out += row("recall, tools", m.poisoned_tools);
  out += row("recall, hidden or encoded, servers", m.concealed);
  out += row("precision, tools", precision);
  out += row("false alarms, benign tools", tools);
  out += row("false alarms, benign servers", servers);
  out += row("false alarms, hard negatives", m.hard_negatives);
  out += row("flagged beside poisoned ones", m.bystanders);
  out += row("flagged, able to do much", m.unsafe);
  out += row("power seen where none is", m.powerless);
  out += row("flagged, openly offensive", m.offensive);
  out +=
      "\nNoise of the labels: openly offensive tools say what they do, which is not poisoning; tools beside poisoned ones\n"
      "are blamed by nobody but not reviewed either; names are judged beside the benign servers of their source.\n";
  for (const auto& [surface, rows] : m.unscored)
    out += fmt::format("Not scored: {} rows whose evil is not in the metadata ({}).\n", rows, surface);
  if (listed) {
    list(out, "Missed", m.missed);
    list(out, "False alarms: id, tool, rule, pointer: words", m.false_alarms);
  }
  return out;
}

}  // namespace mcprove::vet
