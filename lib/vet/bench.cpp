#include "vet/bench.h"

#include <algorithm>
#include <array>
#include <istream>
#include <optional>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace mcprove::vet {

struct Bench::Row {
  std::size_t number = 0;  ///< among all that were added
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
  /// A name is taken only where somebody else has it.
  bool names() const { return surface == "name" || is("name-collision"); }

  static Result<Row> read(std::string_view name, std::size_t number, std::string_view line);
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

/// Calls each(number, line) for those that are not empty.
template <class Each>
Result<void> each_line(std::istream& lines, Each each) {
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number)
    if (const auto trimmed = text::trim(line); !trimmed.empty()) MCPROVE_TRY(each(number, trimmed));
  return {};
}

std::vector<std::string> in_order(std::vector<std::pair<std::size_t, std::string>> told) {
  std::ranges::stable_sort(told, {}, [](const auto& each) { return each.first; });
  std::vector<std::string> out;
  for (auto& [row, text] : told) out.push_back(std::move(text));
  return out;
}

}  // namespace

Result<Bench::Row> Bench::Row::read(std::string_view name, std::size_t number, std::string_view line) {
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
  return row;
}

Bench::Bench(Half half) : half_(half) {}
Bench::~Bench() = default;

Result<void> Bench::add(std::string_view name, std::istream& lines) {
  return each_line(lines, [&](std::size_t number, std::string_view line) -> Result<void> {
    take(MCPROVE_TRY(Row::read(name, number, line)));
    return {};
  });
}

Result<void> Bench::add(std::string_view name, std::string_view lines) {
  std::istringstream in{std::string(lines)};
  return add(name, in);
}

void Bench::take(Row row) {
  row.number = rows_++;
  if (row.poisoned() && visible_in_metadata(row.surface)) mixed_.insert(row.source);
  if (!in_half(half_, row.pattern)) return;
  if (!visible_in_metadata(row.surface)) {
    ++measured_.unscored[row.surface];
  } else if (row.names()) {
    waiting_.push_back(std::move(row));
  } else {
    judge_row(row, stage(row));
  }
}

bool Bench::needs_neighbours() const { return !waiting_.empty(); }

Result<void> Bench::add_neighbours(std::string_view name, std::istream& lines) {
  return each_line(lines, [&](std::size_t number, std::string_view line) -> Result<void> {
    Row row = MCPROVE_TRY(Row::read(name, number, line));
    const bool wanted = std::ranges::find(waiting_, row.source, &Row::source) != waiting_.end();
    if (wanted && row.label != "malicious") neighbours_.push_back(std::move(row));
    return {};
  });
}

Measured Bench::measure() {
  for (const Row& row : std::exchange(waiting_, {})) judge_row(row, stage(row));
  neighbours_.clear();
  Measured out = measured_;
  out.missed = in_order(missed_);
  out.false_alarms = in_order(false_alarms_);
  for (const auto& [source, tally] : out.benign_tools) {
    if (!mixed_.contains(source)) continue;
    out.hard_negatives.all += tally.all;
    out.hard_negatives.flagged += tally.flagged;
  }
  return out;
}

/// Names are judged beside the honest servers of their source.
std::vector<Manifest> Bench::stage(const Row& row) const {
  std::vector<Manifest> set{row.manifest};
  set.front().server = row.id;
  for (const Row& other : neighbours_)
    if (row.names() && other.source == row.source) set.push_back(other.manifest);
  return set;
}

void Bench::judge_row(const Row& row, const std::vector<Manifest>& set) {
  std::set<std::string> flagged;
  std::vector<std::string> alarms;
  for (const Finding& finding : judge(set)) {
    if (!flags(finding) || finding.server != row.id) continue;
    if (finding.kind == Kind::tool) flagged.insert(finding.tool);
    alarms.push_back(fmt::format("{} {} {} {}: {}", row.id, finding.tool, finding.rule, finding.pointer, finding.excerpt));
  }
  for (const auto& category : row.categories) {
    if (!category.starts_with("cap-") || row.label != "unsafe-capability" || row.surface != "capability") continue;
    for (const auto& tool : row.manifest.tools) measured_.powers[category].add(has_power(tool, category));
  }
  if (row.poisoned()) return tally_poisoned(row, flagged, !alarms.empty());
  tally_others(row, flagged);
  if (row.label != "benign") return;
  measured_.benign_servers[row.source].add(!alarms.empty());
  for (auto& alarm : alarms) false_alarms_.emplace_back(row.number, std::move(alarm));
}

void Bench::tally_poisoned(const Row& row, const std::set<std::string>& flagged, bool any) {
  bool hit = any && flagged.empty();
  for (const auto& tool : row.manifest.tools) {
    const auto name = tool.string("name").value_or("");
    const bool blamed = !row.blamed || row.blamed->contains(name);
    hit = hit || (blamed && flagged.contains(name));
    (blamed ? measured_.poisoned_tools : measured_.bystanders).add(flagged.contains(name));
  }
  measured_.poisoned.add(hit);
  measured_.poisoned_by_source[row.source].add(hit);
  measured_.poisoned_by_template[row.pattern].add(hit);
  for (const auto& category : row.categories) measured_.poisoned_by_category[category].add(hit);
  const bool concealed = std::any_of(concealing.begin(), concealing.end(), [&](const char* c) { return row.is(c); });
  if (concealed) measured_.concealed.add(hit);
  if (!hit) missed_.emplace_back(row.number, row.id);
}

void Bench::tally_others(const Row& row, const std::set<std::string>& flagged) {
  for (const auto& tool : row.manifest.tools) {
    const bool flag = flagged.contains(tool.string("name").value_or(""));
    if (row.label == "malicious") measured_.offensive.add(flag);
    if (row.label == "unsafe-capability") measured_.unsafe.add(flag);
    if (row.label != "benign") continue;
    measured_.benign_tools[row.source].add(flag);
    for (const auto& category : row.categories)
      if (category.starts_with("candidate:")) measured_.powerless.add(has_power(tool, "cap-" + category.substr(10)));
  }
}

}  // namespace mcprove::vet
