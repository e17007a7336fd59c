#include "vet/bench.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace mcprove::vet {

struct Bench::Row {
  std::string id{};
  std::string source{};
  std::string label{};
  std::string surface{};
  std::string pattern{};  ///< the template, or the server
  std::vector<std::string> categories{};
  std::optional<std::set<std::string>> blamed{};  ///< malicious_tools, if the row names any
  Manifest manifest{};

  bool is(std::string_view category) const {
    return std::find(categories.begin(), categories.end(), category) != categories.end();
  }
  bool poisoned() const { return label == "malicious" && !is("overt-offensive"); }
};

namespace {

std::vector<json::Value> items(const json::Value& array) {
  std::vector<json::Value> out;
  for (std::size_t i = 0; i < array.size(); ++i) out.push_back(array.at(i));
  return out;
}

/// What a person cannot see although it stands there.
constexpr std::array concealing{"hidden-unicode", "ansi-escape", "t8_ansi", "html-comment", "encoded"};

bool visible_in_metadata(std::string_view surface) { return surface != "impl-only" && surface != "return" && surface != "drift"; }

bool flags(const Finding& finding) { return finding.severity >= Weight::medium; }

bool in_half(Half half, std::string_view key) {
  if (half == Half::both) return true;
  const auto digest = text::sha256(key);
  const bool even = (static_cast<unsigned char>(digest[0]) & 1U) == 0;
  return even == (half == Half::a);
}

std::optional<Power> power_of_category(std::string_view category) {
  if (category == "cap-shell" || category == "cap-eval") return Power::execute;
  if (category == "cap-sql") return Power::database;
  if (category == "cap-ssrf") return Power::network;
  return std::nullopt;
}

bool has_power(const json::Value& tool, std::string_view category) {
  const auto found = capabilities(tool);
  return std::any_of(found.begin(), found.end(), [&](const Capability& each) {
    if (each.bound == Bound::enforced) return false;  // nothing that a caller could steer
    if (category == "cap-file") return each.power == Power::read_files || each.power == Power::write_files;
    return power_of_category(category) == each.power;
  });
}

}  // namespace

Bench::Bench(Half half) : half_(half) {}
Bench::~Bench() = default;

Result<void> Bench::add(std::string_view name, std::string_view lines) {
  std::size_t number = 0;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = text::trim(lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
    ++number;
    if (line.empty()) continue;
    auto parsed = json::parse(line);
    if (!parsed || !parsed->is_object() || !parsed->at("label").is_string())
      return failure(Error::Kind::malformed, fmt::format("{}: line {} is no labelled manifest", name, number));
    const json::Value& value = *parsed;
    Row row;
    row.id = value.string("id").value_or(fmt::format("{}:{}", name, number));
    row.source = value.string("source").value_or(std::string(name));
    row.label = *value.string("label");
    row.surface = value.string("surface").value_or("metadata");
    row.categories = value.strings("category");
    if (value.at("malicious_tools").is_array()) {
      const auto names = value.strings("malicious_tools");
      if (!names.empty()) row.blamed = std::set<std::string>(names.begin(), names.end());
    }
    row.manifest.server = value.string("server").value_or(row.id);
    row.pattern = value.string("template").value_or(row.manifest.server);
    row.manifest.tools = items(value.at("tools"));
    row.manifest.prompts = items(value.at("prompts"));
    row.manifest.resources = items(value.at("resources"));
    row.manifest.instructions = value.string("instructions").value_or("");
    if (row.poisoned() && visible_in_metadata(row.surface)) mixed_.insert(row.source);
    rows_.push_back(std::move(row));
  }
  return {};
}

Measured Bench::measure() const {
  Measured out;
  for (const Row& row : rows_)
    if (in_half(half_, row.pattern)) judge_row(row, out);
  return out;
}

/// A name is taken only where somebody else has it: such rows are judged beside the honest servers of their source.
std::vector<Manifest> Bench::stage(const Row& row) const {
  std::vector<Manifest> set{row.manifest};
  set.front().server = row.id;
  if (row.surface != "name" && !row.is("name-collision")) return set;
  for (const Row& other : rows_)
    if (other.source == row.source && other.label != "malicious") set.push_back(other.manifest);
  return set;
}

void Bench::judge_row(const Row& row, Measured& out) const {
  if (!visible_in_metadata(row.surface)) {
    ++out.unscored[row.surface];
    return;
  }
  std::set<std::string> flagged;
  bool any = false;
  std::vector<std::string> alarms;
  for (const Finding& finding : judge(stage(row))) {
    if (!flags(finding) || finding.server != row.id) continue;
    any = true;
    if (finding.kind == Kind::tool) flagged.insert(finding.tool);
    alarms.push_back(fmt::format("{} {} {} {}: {}", row.id, finding.tool, finding.rule, finding.pointer, finding.excerpt));
  }
  for (const auto& category : row.categories) {
    if (!category.starts_with("cap-") || row.label != "unsafe-capability" || row.surface != "capability") continue;
    for (const auto& tool : row.manifest.tools) out.powers[category].add(has_power(tool, category));
  }
  if (row.poisoned()) {
    bool hit = false;
    for (const auto& tool : row.manifest.tools) {
      const auto name = tool.string("name").value_or("");
      const bool blamed = !row.blamed || row.blamed->contains(name);
      hit = hit || (blamed && flagged.contains(name));
      (blamed ? out.poisoned_tools : out.bystanders).add(flagged.contains(name));
    }
    hit = hit || (any && flagged.empty());
    out.poisoned.add(hit);
    out.poisoned_by_source[row.source].add(hit);
    out.poisoned_by_template[row.pattern].add(hit);
    for (const auto& category : row.categories) out.poisoned_by_category[category].add(hit);
    const bool concealed = std::any_of(concealing.begin(), concealing.end(), [&](const char* c) { return row.is(c); });
    if (concealed) out.concealed.add(hit);
    if (!hit) out.missed.push_back(row.id);
    return;
  }
  for (const auto& tool : row.manifest.tools) {
    const bool flag = flagged.contains(tool.string("name").value_or(""));
    if (row.label == "malicious") out.offensive.add(flag);
    if (row.label == "unsafe-capability") out.unsafe.add(flag);
    if (row.label != "benign") continue;
    out.benign_tools[row.source].add(flag);
    if (mixed_.contains(row.source)) out.hard_negatives.add(flag);
    for (const auto& category : row.categories)
      if (category.starts_with("candidate:")) out.powerless.add(has_power(tool, "cap-" + category.substr(10)));
  }
  if (row.label != "benign") return;
  out.benign_servers[row.source].add(any);
  out.false_alarms.insert(out.false_alarms.end(), alarms.begin(), alarms.end());
}

}  // namespace mcprove::vet
