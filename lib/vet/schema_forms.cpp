#include "vet/schema_forms.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace mcprove::vet {
namespace {

constexpr int deepest = 16;
constexpr std::size_t most_steps = 20'000;
constexpr std::size_t most_forms = 64;

using Members = std::vector<std::pair<std::string, json::Value>>;

bool one_of(std::string_view key, std::initializer_list<std::string_view> list) {
  return std::ranges::find(list, key) != list.end();
}

/// Words about the schema, which allow and refuse nothing.
bool is_annotation(std::string_view key) {
  return one_of(key, {"title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$comment", "$id",
                      "$schema", "$anchor"});
}

std::string type_of(const json::Value& value) {
  switch (value.type()) {
    case json::Value::Type::null: return "null";
    case json::Value::Type::boolean: return "boolean";
    case json::Value::Type::number: return value.integer() ? "integer" : "number";
    case json::Value::Type::string: return "string";
    case json::Value::Type::array: return "array";
    case json::Value::Type::object: return "object";
  }
  return {};
}

std::vector<json::Value> elements(const json::Value& list) {
  std::vector<json::Value> out;
  for (std::size_t i = 0; i < list.size(); ++i) out.push_back(list.at(i));
  return out;
}

json::Value common(const json::Value& one, const json::Value& other) {
  std::set<std::string> known;
  for (const auto& value : elements(other)) known.insert(value.canonical());
  std::vector<json::Value> out;
  for (const auto& value : elements(one)) {
    if (known.contains(value.canonical())) out.push_back(value);
  }
  return json::Value::array(std::move(out));
}

json::Value common_types(const json::Value& one, const json::Value& other) {
  const auto listed = [](const json::Value& type) {
    return type.is_string() ? std::vector<std::string>{*type.string()} : type.strings();
  };
  const auto mine = listed(one);
  const auto theirs = listed(other);
  std::vector<std::string> out;
  for (const auto& type : mine) {
    if (std::ranges::find(theirs, type) != theirs.end()) out.push_back(type);
    else if (type == "integer" && std::ranges::find(theirs, "number") != theirs.end()) out.push_back(type);
    else if (type == "number" && std::ranges::find(theirs, "integer") != theirs.end()) out.emplace_back("integer");
  }
  return json::strings(out);
}

json::Value united(const json::Value& one, const json::Value& other) {
  auto names = one.strings();
  for (auto& name : other.strings()) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return json::strings(names);
}

json::Value both_maps(const json::Value& one, const json::Value& other) {
  std::map<std::string, json::Value> all;
  for (const auto& key : one.keys()) all.emplace(key, one.at(key));
  for (const auto& key : other.keys()) {
    const auto [place, fresh] = all.emplace(key, other.at(key));
    if (!fresh && !(place->second == other.at(key)))
      place->second = json::Value::object({{"allOf", json::Value::array({place->second, other.at(key)})}});
  }
  return json::Value::object(Members(all.begin(), all.end()));
}

/// One value for a keyword that both have, or nothing if no single one says it.
std::optional<json::Value> both_values(std::string_view key, const json::Value& one, const json::Value& other) {
  if (one == other || is_annotation(key)) return one;
  if (key == "type") return common_types(one, other);
  if (key == "enum") return common(one, other);
  if (key == "required") return united(one, other);
  if (one_of(key, {"properties", "patternProperties", "$defs", "definitions"})) return both_maps(one, other);
  if (one_of(key, {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"}))
    return one.number().value_or(0) <= other.number().value_or(0) ? one : other;
  if (one_of(key, {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"}))
    return one.number().value_or(0) >= other.number().value_or(0) ? one : other;
  if (key == "uniqueItems") return json::boolean(one.boolean() == true || other.boolean() == true);
  if (one_of(key, {"additionalProperties", "unevaluatedProperties", "items", "propertyNames"})) {
    if (one.boolean()) return *one.boolean() ? other : one;
    if (other.boolean()) return *other.boolean() ? one : other;
    return json::Value::object({{"allOf", json::Value::array({one, other})}});
  }
  return std::nullopt;
}

}  // namespace

std::set<std::string> schema_types(const json::Value& schema) {
  if (const auto one = schema.string("type")) return {*one};
  const auto several = schema.strings("type");
  if (!several.empty()) return {several.begin(), several.end()};
  std::set<std::string> out;
  if (schema.has("const")) out.insert(type_of(schema.at("const")));
  else
    for (const auto& value : elements(schema.at("enum"))) out.insert(type_of(value));
  return out;
}

json::Value both_schemas(const json::Value& one, const json::Value& other) {
  if (one.boolean()) return *one.boolean() ? other : one;
  if (other.boolean()) return *other.boolean() ? one : other;
  Members members;
  std::vector<json::Value> beside;
  for (const auto& key : one.keys()) {
    if (key == "allOf") {
      for (auto& part : elements(one.at(key))) beside.push_back(std::move(part));
      continue;
    }
    auto value = other.has(key) ? both_values(key, one.at(key), other.at(key)) : one.at(key);
    if (!value) beside.push_back(json::Value::object({{key, other.at(key)}}));
    members.emplace_back(key, value ? *std::move(value) : one.at(key));
  }
  for (const auto& key : other.keys()) {
    if (key == "allOf") {
      for (auto& part : elements(other.at(key))) beside.push_back(std::move(part));
    } else if (!one.has(key)) {
      members.emplace_back(key, other.at(key));
    }
  }
  if (!beside.empty()) members.emplace_back("allOf", json::Value::array(std::move(beside)));
  return json::Value::object(std::move(members));
}

bool has_reference(const json::Value& value) { return value.dump().find("\"$ref\"") != std::string::npos; }

bool SchemaDocument::spend() {
  if (++steps_ > most_steps) exhausted_ = true;
  return !exhausted_;
}

std::optional<json::Value> SchemaDocument::target(std::string_view reference) const {
  if (reference == "#") return root_;
  if (!reference.starts_with("#/")) return std::nullopt;
  const auto found = root_.pointer(text::percent_decode(reference.substr(1)));
  return found.is_null() ? std::nullopt : std::optional(found);
}

json::Value SchemaDocument::flat(const json::Value& schema) { return flat(schema, 0); }

json::Value SchemaDocument::flat(const json::Value& schema, int depth) {
  if (!schema.has("$ref") && !schema.has("allOf")) return schema;
  if (depth > deepest || !spend()) {
    exhausted_ = true;
    return schema;
  }
  auto out = schema.without("allOf");
  if (const auto reference = schema.string("$ref")) {
    if (const auto found = target(*reference)) out = both_schemas(out.without("$ref"), flat(*found, depth + 1));
  }
  for (const auto& part : elements(schema.at("allOf"))) out = both_schemas(out, flat(part, depth + 1));
  return out;
}

std::vector<SchemaForm> SchemaDocument::branches(const SchemaForm& form, std::string_view group) {
  const auto list = form.schema.at(group);
  if (!list.is_array() || list.size() == 0) return {form};
  std::vector<SchemaForm> out;
  const auto rest = form.schema.without(group);
  for (std::size_t i = 0; i < list.size() && spend(); ++i) {
    const auto from = form.from.empty() ? fmt::format("/{}/{}", group, i) : form.from;
    out.push_back({both_schemas(rest, flat(list.at(i), 1)), from});
  }
  return out;
}

std::vector<SchemaForm> SchemaDocument::forms(const json::Value& schema) {
  std::vector<SchemaForm> open{{flat(schema), ""}};
  std::vector<SchemaForm> out;
  while (!open.empty()) {
    auto form = std::move(open.back());
    open.pop_back();
    if (open.size() + out.size() > most_forms || !spend()) {
      exhausted_ = true;
      return out;
    }
    const std::string_view group = form.schema.has("anyOf") ? "anyOf" : form.schema.has("oneOf") ? "oneOf" : "";
    const auto types = form.schema.strings("type");
    if (!group.empty()) {
      auto more = form.schema.at(group).size() > 0 ? branches(form, group)
                                                   : std::vector{SchemaForm{form.schema.without(group), form.from}};
      std::ranges::move(more, std::back_inserter(open));
    } else if (types.size() > 1) {
      for (const auto& type : types) open.push_back({form.schema.with("type", json::str(type)), form.from});
    } else {
      // No type is left, after both sides of an allOf: nothing satisfies it.
      if (!(form.schema.at("type").is_array() && types.empty())) out.push_back(std::move(form));
    }
  }
  std::ranges::reverse(out);
  return out;
}

}  // namespace mcprove::vet
