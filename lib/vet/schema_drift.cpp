#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "vet/drift.h"

namespace mcprove::vet {
namespace {

constexpr int deepest = 32;

std::string shown(const json::Value& value) { return value.is_null() ? "" : text::one_line(value.dump(), 120); }

std::set<std::string> types_of(const json::Value& schema) {
  if (const auto one = schema.string("type")) return {*one};
  const auto several = schema.strings("type");
  return {several.begin(), several.end()};
}

class Comparison {
 public:
  void compare(const json::Value& before, const json::Value& after, const std::string& at, int depth) {
    if (depth > deepest || before == after) return;
    types(before, after, at);
    lists(before, after, at);
    bounds(before, after, at);
    closed(before, after, at);
    for (const auto* key : {"properties", "$defs", "definitions", "patternProperties"}) {
      for (const auto& name : before.at(key).keys()) {
        if (after.at(key).has(name))
          compare(before.at(key).at(name), after.at(key).at(name), child(child(at, key), name), depth + 1);
      }
    }
    if (before.at("items").is_object() && !after.at("items").is_object()) {
      add(child(at, "items"), "the elements are no longer described", before.at("items"), after.at("items"));
    } else {
      compare(before.at("items"), after.at("items"), child(at, "items"), depth + 1);
    }
  }
  std::vector<Change> take() { return std::move(changes_); }

 private:
  static std::string child(const std::string& at, std::string_view key) {
    std::string out = at + "/";
    for (const char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return out;
  }

  void add(const std::string& pointer, std::string why, const json::Value& before, const json::Value& after) {
    changes_.push_back({.pointer = pointer,
                        .rule = "widened-schema",
                        .fault = true,
                        .severity = Weight::medium,
                        .why = std::move(why),
                        .before = shown(before),
                        .after = shown(after)});
  }

  void types(const json::Value& before, const json::Value& after, const std::string& at) {
    const auto old_types = types_of(before);
    if (old_types.empty()) return;
    const auto new_types = types_of(after);
    const bool wider = new_types.empty() || std::ranges::any_of(new_types, [&](const std::string& type) {
                         return !old_types.contains(type) && !(type == "integer" && old_types.contains("number"));
                       });
    // A reference, a value or a choice elsewhere may say the type instead.
    if (new_types.empty() && (after.has("$ref") || after.has("const") || after.has("enum") || after.has("anyOf"))) return;
    if (wider) add(child(at, "type"), "takes more types than it did", before.at("type"), after.at("type"));
  }

  void lists(const json::Value& before, const json::Value& after, const std::string& at) {
    if (before.at("enum").is_array() && !after.has("const")) {
      const auto was = before.at("enum");
      const auto is = after.at("enum");
      std::set<std::string> known;
      for (std::size_t i = 0; i < was.size(); ++i) known.insert(was.at(i).canonical());
      bool wider = !is.is_array();
      for (std::size_t i = 0; i < is.size(); ++i) wider = wider || !known.contains(is.at(i).canonical());
      if (wider) add(child(at, "enum"), is.is_array() ? "takes more values than it did" : "the list of values is gone", was, is);
    }
    const auto now_required = after.strings("required");
    for (const auto& name : before.strings("required")) {
      if (std::ranges::find(now_required, name) == now_required.end())
        add(child(at, "required"), fmt::format("'{}' is no longer required", text::one_line(name, 60)), before.at("required"),
            after.at("required"));
    }
    for (const auto* key : {"pattern", "const", "format", "contentMediaType", "not"}) {
      if (!before.has(key) || before.at(key) == after.at(key)) continue;
      if (std::string_view(key) == "const" && after.has("enum")) {
        add(child(at, "enum"), "takes more values than it did", before.at(key), after.at("enum"));
      } else if (!after.has(key) || std::string_view(key) == "const" || std::string_view(key) == "pattern") {
        add(child(at, key), fmt::format("its {} is {}", key, after.has(key) ? "another" : "gone"), before.at(key), after.at(key));
      }
    }
  }

  void bounds(const json::Value& before, const json::Value& after, const std::string& at) {
    struct Bound {
      const char* key;
      bool upper;
    };
    constexpr std::array<Bound, 10> all{{{"maxLength", true},
                                         {"maximum", true},
                                         {"exclusiveMaximum", true},
                                         {"maxItems", true},
                                         {"maxProperties", true},
                                         {"minLength", false},
                                         {"minimum", false},
                                         {"exclusiveMinimum", false},
                                         {"minItems", false},
                                         {"minProperties", false}}};
    for (const auto& bound : all) {
      const auto was = before.at(bound.key).number();
      if (!was) continue;
      const auto is = after.at(bound.key).number();
      if (!is || (bound.upper ? *is > *was : *is < *was))
        add(child(at, bound.key), is ? "its bound is wider" : "its bound is gone", before.at(bound.key), after.at(bound.key));
    }
  }

  void closed(const json::Value& before, const json::Value& after, const std::string& at) {
    for (const auto* key : {"additionalProperties", "unevaluatedProperties"}) {
      const auto was = before.at(key);
      const auto is = after.at(key);
      const bool open_now = is.is_null() || is.boolean() == true;
      if ((was.boolean() == false && is.boolean() != false) || (was.is_object() && open_now))
        add(child(at, key), "takes members that it refused", was, is);
    }
  }

  std::vector<Change> changes_{};
};

}  // namespace

std::vector<Change> widened(const json::Value& before, const json::Value& after) {
  if (!before.is_object()) return {};
  Comparison comparison;
  comparison.compare(before, after, "", 0);
  return comparison.take();
}

}  // namespace mcprove::vet
