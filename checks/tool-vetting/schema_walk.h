#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "json/json.h"

/// A tool's schema, schema by schema: what stands in examples, defaults and enumerations is data and is passed over.
namespace mcprove::checks {

struct Subschema {
  std::string name{};     ///< of the member that it describes; empty: the whole
  std::string pointer{};  ///< within the root
  json::Value schema{};
  bool reachable = false;  ///< every value has the member there, if at all: by `properties` alone
};

class SchemaWalk {
 public:
  static std::vector<Subschema> all(const json::Value& root) {
    SchemaWalk walk;
    walk.look(root, "", "", true);
    return std::move(walk.found_);
  }

 private:
  static constexpr std::size_t most = 10'000;

  static bool holds_named(std::string_view key) {
    return key == "properties" || key == "patternProperties" || key == "$defs" || key == "definitions" ||
           key == "dependentSchemas";
  }
  static bool holds_some(std::string_view key) {
    constexpr auto keys = std::to_array<std::string_view>({"items", "prefixItems", "additionalItems", "additionalProperties",
                                                           "contains", "propertyNames", "allOf", "anyOf", "oneOf", "not", "if",
                                                           "then", "else", "unevaluatedItems", "unevaluatedProperties"});
    return std::ranges::find(keys, key) != keys.end();
  }

  void look(const json::Value& schema, const std::string& pointer, const std::string& name, bool reachable) {
    if (!schema.is_object() || found_.size() == most) return;
    found_.push_back({name, pointer, schema, reachable && (!name.empty() || pointer.empty())});
    for (const auto& key : schema.keys()) {
      const auto member = schema.at(key);
      const auto here = pointer + json::pointer_step(key);
      if (holds_named(key)) {
        for (const auto& each : member.keys())
          look(member.at(each), here + json::pointer_step(each), each, reachable && key == "properties");
      } else if (holds_some(key) && member.is_array()) {
        for (std::size_t i = 0; i < member.size(); ++i) look(member.at(i), fmt::format("{}/{}", here, i), name, false);
      } else if (holds_some(key)) {
        look(member, here, name, false);
      }
    }
  }

  std::vector<Subschema> found_{};
};

}  // namespace mcprove::checks
