#include "vet/item_drift.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace mcprove::vet {
namespace {

constexpr int deepest = 32;
constexpr std::size_t most_changes = 100;

/// The pointer of every argument of a schema at any depth, and its schema.
void arguments_in(const json::Value& schema, const std::string& at, int depth, std::map<std::string, json::Value>& out) {
  if (depth > deepest) return;
  if (schema.is_array()) {
    for (std::size_t i = 0; i < schema.size(); ++i) arguments_in(schema.at(i), fmt::format("{}/{}", at, i), depth + 1, out);
    return;
  }
  for (const auto& key : schema.keys()) {
    const auto value = schema.at(key);
    const auto place = at + json::pointer_step(key);
    if (!value.is_object() && !value.is_array()) continue;
    if (key == "properties" && value.is_object()) {
      for (const auto& name : value.keys()) out.emplace(place + json::pointer_step(name), value.at(name));
    }
    if (key != "enum" && key != "default" && key != "examples") arguments_in(value, place, depth + 1, out);
  }
}

/// What comes back loosens nothing that a caller is held to; only what the model reads of it may not become freer.
bool frees_output(const Change& change) {
  static const std::set<std::string_view> harmless{"required",         "minLength",        "maximum",    "minimum",
                                                   "exclusiveMaximum", "exclusiveMinimum", "minItems",   "maxItems",
                                                   "minProperties",    "maxProperties",    "multipleOf", "uniqueItems"};
  return !harmless.contains(std::string_view(change.pointer).substr(change.pointer.rfind('/') + 1));
}

std::string whole_line(const json::Value& value) {
  return value.is_null() ? std::string{} : text::one_line(value.string().value_or(value.dump()), 1U << 20U);
}

/// Two long texts from shortly before the word in which they begin to differ: their beginnings would look alike.
void from_the_difference(std::string& was, std::string& is) {
  constexpr std::size_t before = 60;
  const auto common = static_cast<std::size_t>(std::ranges::mismatch(was, is).in1 - was.begin());
  if (common <= before || was.empty() || is.empty()) return;
  const auto space = was.rfind(' ', common - before);
  if (space == std::string::npos) return;
  was.replace(0, space, "…");
  is.replace(0, space, "…");
}

class ItemDrift {
 public:
  ItemDrift(Kind kind, const std::string& name, const json::Value& before, const json::Value& after)
      : kind_(kind), name_(name), before_(before), after_(after) {}

  std::vector<Change> run() {
    std::set<std::string> keys;
    for (const auto& item : {before_, after_}) {
      for (auto& key : item.keys()) keys.insert(std::move(key));
    }
    for (const auto& key : keys) {
      if (before_.at(key) == after_.at(key)) continue;
      if (key == "annotations") annotations();
      else if (key == "inputSchema" || key == "outputSchema") schema(key);
      else changed("/" + key, before_.at(key), after_.at(key), "other words than those reviewed");
    }
    if (kind_ == Kind::tool) powers();
    return std::move(changes_);
  }

 private:
  void add(Change change) {
    // A server can change more than anybody reads.
    if (changes_.size() >= most_changes && !change.fault) return;
    change.kind = kind_;
    change.name = name_;
    changes_.push_back(std::move(change));
  }

  void changed(const std::string& pointer, const json::Value& before, const json::Value& after, std::string why) {
    auto was = whole_line(before);
    auto is = whole_line(after);
    from_the_difference(was, is);
    add({.pointer = pointer,
         .rule = "changed",
         .why = std::move(why),
         .before = text::one_line(was, 200),
         .after = text::one_line(is, 200)});
  }

  /// A schema that is only told better, or narrower, is a change like another.
  void schema(const std::string& key) {
    const auto before = before_.at(key);
    const auto after = after_.at(key);
    const auto so_far = changes_.size();
    for (auto& change : widened(before, after)) {
      change.pointer = "/" + key + change.pointer;
      if (key == "outputSchema" && !frees_output(change)) {
        change.fault = false;
        change.severity = Weight::low;
      }
      add(std::move(change));
    }
    new_arguments(key, before, after);
    if (changes_.size() == so_far) differing(before, after, "/" + key, 0);
  }

  void new_arguments(const std::string& key, const json::Value& before, const json::Value& after) {
    std::map<std::string, json::Value> known;
    arguments_in(before, "/" + key, 0, known);
    std::map<std::string, json::Value> now;
    arguments_in(after, "/" + key, 0, now);
    std::erase_if(now, [&](const auto& argument) { return known.contains(argument.first); });
    if (now.empty()) return;
    // One that only stands elsewhere, such as in a definition of its own, was reviewed.
    const auto step_of = [](const std::string& pointer) { return pointer.substr(pointer.rfind('/')); };
    std::set<std::string> names;
    for (const auto& [pointer, argument] : known) names.insert(step_of(pointer));
    const auto signals = kind_ == Kind::tool ? judge_tool(after_) : std::vector<Signal>{};
    for (const auto& [pointer, schema] : now) {
      const auto objects = std::ranges::find_if(signals, [&, &at = pointer](const Signal& signal) {
        return signal.pointer == at || signal.pointer.starts_with(at + "/");
      });
      if (objects == signals.end() || names.contains(step_of(pointer))) {
        changed(pointer, json::Value(), schema, "an argument that it did not take");
        continue;
      }
      add({.pointer = pointer,
           .rule = "widened-schema",
           .fault = true,
           .severity = std::max(Weight::medium, objects->weight),
           .why = fmt::format("an argument that it did not take, and that the rule {} objects to", objects->rule),
           .after = shown_value(schema)});
    }
  }

  /// The places where two values differ, the deepest that say all.
  void differing(const json::Value& before, const json::Value& after, const std::string& at, int depth) {
    if (before == after) return;
    if (depth > deepest || !before.is_object() || !after.is_object())
      return changed(at, before, after, "other words than those reviewed");
    std::set<std::string> keys;
    for (const auto& value : {before, after}) {
      for (auto& key : value.keys()) keys.insert(std::move(key));
    }
    for (const auto& key : keys) differing(before.at(key), after.at(key), at + json::pointer_step(key), depth + 1);
  }

  void annotations() {
    const auto before = before_.at("annotations");
    const auto after = after_.at("annotations");
    bool flipped = false;
    for (const auto* hint : {"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"}) {
      // Absent means the default of the specification (MCP schema, ToolAnnotations).
      const bool otherwise = std::string_view(hint) == "destructiveHint" || std::string_view(hint) == "openWorldHint";
      const bool was = before.boolean(hint).value_or(otherwise);
      const bool is = after.boolean(hint).value_or(otherwise);
      if (was == is) continue;
      flipped = true;
      add({.pointer = std::string("/annotations/") + hint,
           .rule = "flipped-annotation",
           .fault = true,
           .severity = Weight::medium,
           .why = "a client may ask no longer before it calls, or what it calls does more",
           .before = was ? "true" : "false",
           .after = is ? "true" : "false"});
    }
    if (!flipped) changed("/annotations", before, after, "other words than those reviewed");
  }

  void powers() {
    std::set<Power> had;
    for (const auto& capability : capabilities(before_)) had.insert(capability.power);
    for (const auto& capability : capabilities(after_)) {
      if (had.contains(capability.power)) continue;
      add({.pointer = capability.pointer,
           .rule = "new-power",
           .fault = true,
           .severity = Weight::medium,
           .why = fmt::format("it can now {}", vet::name(capability.power)),
           .after = text::one_line(capability.shows, 200)});
    }
  }

  Kind kind_;
  const std::string& name_;
  const json::Value& before_;
  const json::Value& after_;
  std::vector<Change> changes_{};
};

}  // namespace

std::string shown_value(const json::Value& value) {
  if (value.is_null()) return {};
  return text::one_line(value.string().value_or(value.dump()), 200);
}

std::vector<Change> item_drift(Kind kind, const std::string& name, const json::Value& before, const json::Value& after) {
  return ItemDrift(kind, name, before, after).run();
}

}  // namespace mcprove::vet
