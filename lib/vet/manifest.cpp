#include "vet/manifest.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/text.h"
#include "vet/set_rules.h"

namespace mcprove::vet {

namespace {

constexpr std::array<std::pair<Power, std::string_view>, 10> powers = {{{Power::execute, "execute"},
                                                                        {Power::read_files, "read-files"},
                                                                        {Power::write_files, "write-files"},
                                                                        {Power::network, "network"},
                                                                        {Power::database, "database"},
                                                                        {Power::messages, "messages"},
                                                                        {Power::secrets, "secrets"},
                                                                        {Power::identity, "identity"},
                                                                        {Power::payment, "payment"},
                                                                        {Power::memory, "memory"}}};

Finding finding(const Manifest& manifest, Kind kind, std::string tool, Signal signal) {
  Finding out;
  out.server = manifest.server;
  out.kind = kind;
  out.tool = std::move(tool);
  out.pointer = std::move(signal.pointer);
  out.rule = std::move(signal.rule);
  out.family = signal.family;
  out.severity = signal.weight;
  out.confidence = signal.family == Family::hidden ? Confidence::confirmed : Confidence::likely;
  out.excerpt = std::move(signal.excerpt);
  out.why = std::move(signal.why);
  return out;
}

void judge_entries(const Manifest& manifest, Kind kind, std::span<const json::Value> entries, std::vector<Finding>& out) {
  for (const auto& entry : entries) {
    const auto name = entry.string("name").value_or("");
    for (auto& signal : judge_tool(entry)) out.push_back(finding(manifest, kind, name, std::move(signal)));
  }
}

void heaviest_first(std::vector<Finding>& findings) {
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
}

void judge_alone(const Manifest& manifest, std::vector<Finding>& out) {
  judge_entries(manifest, Kind::tool, manifest.tools, out);
  judge_entries(manifest, Kind::prompt, manifest.prompts, out);
  judge_entries(manifest, Kind::resource, manifest.resources, out);
  judge_entries(manifest, Kind::resource_template, manifest.templates, out);
  for (auto& signal : judge_text(manifest.instructions, "/instructions")) {
    signal.pointer.clear();  // the kind says it
    out.push_back(finding(manifest, Kind::instructions, "", std::move(signal)));
  }
  judge_annotations(manifest, out);
  judge_schemas(manifest, out);
}

}  // namespace

std::vector<Finding> judge(const std::vector<Manifest>& set) {
  std::vector<Finding> out;
  for (const auto& manifest : set) judge_alone(manifest, out);
  judge_set(set, out);
  heaviest_first(out);
  return out;
}

std::vector<Finding> judge(const Manifest& manifest) { return judge(std::vector<Manifest>{manifest}); }

std::string fingerprint(const Finding& finding) {
  const auto identity =
      json::strings({finding.rule, finding.server, std::string(name(finding.kind)), finding.tool, finding.pointer});
  constexpr std::size_t digits = 32;
  return "mcprove1:" + text::sha256_hex(identity.canonical()).substr(0, digits);
}

std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::tool: return "tool";
    case Kind::prompt: return "prompt";
    case Kind::resource: return "resource";
    case Kind::resource_template: return "template";
    case Kind::instructions: return "instructions";
    case Kind::server: return "server";
  }
  return "tool";
}

std::string_view name(Confidence confidence) { return confidence == Confidence::confirmed ? "confirmed" : "likely"; }

std::string_view name(Power power) {
  for (const auto& [each, word] : powers)
    if (each == power) return word;
  return "execute";
}

std::string_view name(Bound bound) {
  switch (bound) {
    case Bound::none: return "none";
    case Bound::said: return "said";
    case Bound::enforced: return "enforced";
  }
  return "none";
}

std::optional<Power> power_of(std::string_view name) {
  for (const auto& [each, word] : powers)
    if (word == name) return each;
  return std::nullopt;
}

std::vector<std::string> power_names() {
  std::vector<std::string> out;
  for (const auto& [each, word] : powers) out.emplace_back(word);
  return out;
}

}  // namespace mcprove::vet
