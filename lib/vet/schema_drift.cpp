#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "vet/drift.h"
#include "vet/schema_forms.h"

// One schema is no wider than another if all that satisfies it satisfies the other. That is judged keyword by keyword and
// form by form: where it cannot be seen, the schema counts as wider, and a person looks.
namespace mcprove::vet {
namespace {

constexpr int deepest = 32;
constexpr std::size_t most_comparisons = 50'000;
constexpr std::size_t most_changes = 100;

std::string shown(const json::Value& value) { return value.is_null() ? "" : text::one_line(value.dump(), 120); }

std::string child(const std::string& at, std::string_view key) { return at + json::pointer_step(key); }

/// Whether a value that satisfies it can be of that type at all: else what is said of that type does not matter.
bool can_be(const json::Value& schema, std::string_view type) {
  const auto types = schema_types(schema);
  return types.empty() || types.contains(std::string(type)) || (type == "number" && types.contains("integer"));
}

struct Bound {
  const char* key;
  bool upper;
  const char* type;
};
constexpr std::array<Bound, 10> all_bounds{{{"maxLength", true, "string"},
                                            {"minLength", false, "string"},
                                            {"maximum", true, "number"},
                                            {"exclusiveMaximum", true, "number"},
                                            {"minimum", false, "number"},
                                            {"exclusiveMinimum", false, "number"},
                                            {"maxItems", true, "array"},
                                            {"minItems", false, "array"},
                                            {"maxProperties", true, "object"},
                                            {"minProperties", false, "object"}}};

class Comparison {
 public:
  Comparison(const json::Value& before, const json::Value& after)
      : before_(before), after_(after), references_(has_reference(before) || has_reference(after)) {}

  void compare(const json::Value& before, const json::Value& after, const std::string& at, int depth);
  std::vector<Change> take(const json::Value& before, const json::Value& after);

 private:
  void add(const std::string& pointer, std::string why, const json::Value& before, const json::Value& after);
  template <class Compare>
  bool clean(Compare comparison);
  bool fits(const json::Value& before, const json::Value& form, int depth);
  void reference(const json::Value& before, const json::Value& after, const std::string& at, int depth);
  void parts(const json::Value& before, const json::Value& after, const std::string& at, int depth);
  void rest(const json::Value& before, const json::Value& after, const std::string& at, int depth);
  void choice(std::string_view group, const json::Value& before, const json::Value& after, const std::string& at, int depth);
  void new_form(const json::Value& list, const SchemaForm& form, const json::Value& after, const std::string& at, int depth);

  void keywords(const json::Value& before, const json::Value& after, const std::string& at, int depth);
  void types(const json::Value& before, const json::Value& after, const std::string& at);
  void values(const json::Value& before, const json::Value& after, const std::string& at);
  void strings(const json::Value& before, const json::Value& after, const std::string& at);
  void bounds(const json::Value& before, const json::Value& after, const std::string& at);
  void objects(const json::Value& before, const json::Value& after, const std::string& at, int depth);
  void closed(const json::Value& before, const json::Value& after, const std::string& at, int depth);
  void dependent(const json::Value& before, const json::Value& after, const std::string& at, int depth);
  void arrays(const json::Value& before, const json::Value& after, const std::string& at, int depth);
  void conditions(const json::Value& before, const json::Value& after, const std::string& at, int depth);

  SchemaDocument before_;
  SchemaDocument after_;
  bool references_;
  bool exhausted_ = false;
  int trials_ = 0;  // comparisons whose outcome is asked for and not told
  std::size_t spent_ = 0;
  struct Definition {
    bool wider = false;
    bool told = false;
  };
  std::map<std::pair<std::string, std::string>, Definition> definitions_{};
  std::vector<Change> changes_{};
};

void Comparison::add(const std::string& pointer, std::string why, const json::Value& before, const json::Value& after) {
  if (changes_.size() >= most_changes) return;
  changes_.push_back({.pointer = pointer,
                      .rule = "widened-schema",
                      .fault = true,
                      .severity = Weight::medium,
                      .why = std::move(why),
                      .before = shown(before),
                      .after = shown(after)});
}

/// Whether a comparison finds nothing; what it finds is forgotten.
template <class Compare>
bool Comparison::clean(Compare comparison) {
  auto so_far = std::exchange(changes_, {});
  ++trials_;
  comparison();
  --trials_;
  const bool nothing = changes_.empty();
  changes_ = std::move(so_far);
  return nothing;
}

bool Comparison::fits(const json::Value& before, const json::Value& form, int depth) {
  return clean([&] { compare(before, form, "", depth + 1); });
}

void Comparison::compare(const json::Value& before, const json::Value& given, const std::string& at, int depth) {
  if (trials_ > 0 && !changes_.empty()) return;  // its outcome is known
  if (depth > deepest || ++spent_ > most_comparisons) exhausted_ = true;
  if (exhausted_ || (before == given && !references_)) return;
  if (given.boolean() == false) return;
  if (before.boolean() == false) return add(at, "takes what it refused", before, given);
  if (!before.is_object()) return;
  const auto after = given.is_object() ? given : json::Value::object({});
  if (before.has("$ref")) reference(before, after, at, depth);
  if (before.has("allOf")) parts(before, after, at, depth);
  const auto whole = after_.flat(after);
  rest(before, whole, at, depth);
  for (const auto* group : {"anyOf", "oneOf"}) {
    if (before.at(group).is_array()) choice(group, before.at(group), whole, at, depth);
  }
}

void Comparison::reference(const json::Value& before, const json::Value& after, const std::string& at, int depth) {
  const auto name = *before.string("$ref");
  const auto other = after.string("$ref").value_or("");
  const auto target = before_.target(name);
  if (!target) {
    if (name != other) add(child(at, "$ref"), "refers to something else", before.at("$ref"), after);
    return;
  }
  if (other.empty()) return compare(*target, after, at, depth + 1);
  const auto now = after_.target(other);
  if (!now) return add(child(at, "$ref"), "refers to something that cannot be judged", before.at("$ref"), after.at("$ref"));
  // A definition is compared once, and told where it stands; one that refers to itself is what the rest of it is.
  const auto [known, fresh] = definitions_.try_emplace({name, other});
  auto& definition = known->second;
  const auto place = name == other ? text::percent_decode(name.substr(1)) : at;
  const auto so_far = changes_.size();
  if (fresh || (definition.wider && !definition.told && trials_ == 0)) {
    definition.told = trials_ == 0;
    compare(*target, *now, place, depth + 1);
    definition.wider = definition.wider || changes_.size() > so_far;
  } else if (definition.wider && trials_ > 0) {
    add(at, "refers to what is wider", before, after);
  }
}

/// Each part of what must all be satisfied.
void Comparison::parts(const json::Value& before, const json::Value& after, const std::string& at, int depth) {
  const auto list = before.at("allOf");
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (fits(list.at(i), after, depth)) continue;
    const auto so_far = changes_.size();
    const auto counterpart = after.at("allOf").at(i);
    if (!counterpart.is_null()) compare(list.at(i), counterpart, fmt::format("{}/allOf/{}", at, i), depth + 1);
    if (changes_.size() == so_far) compare(list.at(i), after, at, depth + 1);
  }
}

/// What stands beside references and choices. It may be gone if every form that is left says it by itself.
void Comparison::rest(const json::Value& before, const json::Value& after, const std::string& at, int depth) {
  const auto so_far = changes_.size();
  keywords(before, after, at, depth);
  const bool choices = after.has("anyOf") || after.has("oneOf") || after.strings("type").size() > 1;
  if (changes_.size() == so_far || !choices) return;
  const bool said = std::ranges::all_of(
      after_.forms(after), [&](const SchemaForm& form) { return clean([&] { keywords(before, form.schema, at, depth); }); });
  if (!said) return;
  changes_.resize(so_far);
  for (auto& [names, definition] : definitions_) definition.told = false;
}

void Comparison::choice(std::string_view group, const json::Value& list, const json::Value& after, const std::string& at,
                        int depth) {
  if (const auto now = after.at(group); now == list) {
    // Branch by branch, for what they refer to may differ.
    for (std::size_t i = 0; references_ && i < list.size(); ++i)
      compare(list.at(i), now.at(i), fmt::format("{}/{}/{}", at, group, i), depth + 1);
    return;
  }
  const auto fits_one = [&](const json::Value& form) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (fits(list.at(i), form, depth)) return true;
    }
    return false;
  };
  for (const auto& form : after_.forms(after)) {
    bool known = fits_one(form.schema);
    if (const auto several = form.schema.at("enum"); !known && several.size() > 0) {
      // Some values may fit one branch and some another.
      known = true;
      for (std::size_t i = 0; known && i < several.size(); ++i) known = fits_one(json::Value::object({{"const", several.at(i)}}));
    }
    if (!known) new_form(list, form, after, child(at, group), depth);
    if (exhausted_) return;
  }
}

/// Told as the change of the branch at its place, if it is one, else as a branch that was not there.
void Comparison::new_form(const json::Value& list, const SchemaForm& form, const json::Value& after, const std::string& at,
                          int depth) {
  const auto group = at.substr(at.rfind('/'));
  if (!form.from.starts_with(group + "/")) return add(at, "the choice of forms is gone", list, form.schema);
  const auto place = form.from.substr(group.size());
  const auto branch = after.pointer(form.from);
  const auto old = list.pointer(place);
  const auto so_far = changes_.size();
  if (list.size() == after.pointer(group).size() && !old.is_null()) compare(old, branch, at + place, depth + 1);
  const bool told = std::ranges::any_of(changes_, [&](const Change& change) { return change.pointer.starts_with(at + place); });
  if (changes_.size() == so_far && !told) add(at + place, "takes a form that it did not", json::Value(), branch);
}

void Comparison::keywords(const json::Value& before, const json::Value& after, const std::string& at, int depth) {
  types(before, after, at);
  values(before, after, at);
  const bool listed = (after.has("enum") || after.has("const")) && !before.has("enum") && !before.has("const");
  if (listed) return;  // a list that can be read whole is narrower than any description of its values
  if (can_be(after, "string")) strings(before, after, at);
  bounds(before, after, at);
  if (can_be(after, "object")) objects(before, after, at, depth);
  if (can_be(after, "array")) arrays(before, after, at, depth);
  conditions(before, after, at, depth);
}

void Comparison::types(const json::Value& before, const json::Value& after, const std::string& at) {
  if (!before.has("type")) return;
  const auto old_types = schema_types(before);
  const auto new_types = schema_types(after);
  const bool wider = new_types.empty() || std::ranges::any_of(new_types, [&](const std::string& type) {
                       return !old_types.contains(type) && !(type == "integer" && old_types.contains("number"));
                     });
  if (wider) add(child(at, "type"), "takes more types than it did", before.at("type"), after.at("type"));
}

void Comparison::values(const json::Value& before, const json::Value& after, const std::string& at) {
  const auto* key = before.has("const") ? "const" : "enum";
  if (!before.has(key)) return;
  const auto listed = [](const json::Value& schema) {
    if (schema.has("const")) return std::set<std::string>{schema.at("const").canonical()};
    std::set<std::string> out;
    for (std::size_t i = 0; i < schema.at("enum").size(); ++i) out.insert(schema.at("enum").at(i).canonical());
    return out;
  };
  const auto* now = after.has("const") ? "const" : "enum";
  if (!after.has(now)) return add(child(at, key), "the list of values is gone", before.at(key), json::Value());
  if (!std::ranges::includes(listed(before), listed(after)))
    add(child(at, now), "takes more values than it did", before.at(key), after.at(now));
}

void Comparison::strings(const json::Value& before, const json::Value& after, const std::string& at) {
  for (const auto* key : {"pattern", "format", "contentMediaType", "contentEncoding"}) {
    if (!before.has(key) || before.at(key) == after.at(key)) continue;
    add(child(at, key), fmt::format("its {} is {}", key, after.has(key) ? "another" : "gone"), before.at(key), after.at(key));
  }
}

void Comparison::bounds(const json::Value& before, const json::Value& after, const std::string& at) {
  for (const auto& bound : all_bounds) {
    const auto was = before.at(bound.key).number();
    if (!was || !can_be(after, bound.type)) continue;
    const auto is = after.at(bound.key).number();
    if (!is || (bound.upper ? *is > *was : *is < *was))
      add(child(at, bound.key), is ? "its bound is wider" : "its bound is gone", before.at(bound.key), after.at(bound.key));
  }
  const auto step = before.at("multipleOf");
  if (step.is_number() && can_be(after, "number") && !(after.at("multipleOf") == step))
    add(child(at, "multipleOf"), "its step is another", step, after.at("multipleOf"));
}

void Comparison::objects(const json::Value& before, const json::Value& after, const std::string& at, int depth) {
  const auto required = after.strings("required");
  for (const auto& name : before.strings("required")) {
    if (std::ranges::find(required, name) == required.end())
      add(child(at, "required"), fmt::format("'{}' is no longer required", text::one_line(name, 60)), before.at("required"),
          after.at("required"));
  }
  for (const auto* key : {"properties", "patternProperties"}) {
    const auto old = before.at(key);
    for (const auto& name : old.keys()) {
      // An argument that is gone is asked for no more.
      if (after.at(key).has(name)) compare(old.at(name), after.at(key).at(name), child(child(at, key), name), depth + 1);
    }
  }
  if (before.has("propertyNames"))
    compare(before.at("propertyNames"), after.at("propertyNames"), child(at, "propertyNames"), depth + 1);
  closed(before, after, at, depth);
  dependent(before, after, at, depth);
}

void Comparison::closed(const json::Value& before, const json::Value& after, const std::string& at, int depth) {
  for (const auto* key : {"additionalProperties", "unevaluatedProperties"}) {
    const auto was = before.at(key);
    // The one closes what the other does.
    const bool still =
        after.at("additionalProperties").boolean() == false || after.at("unevaluatedProperties").boolean() == false;
    if (was.boolean() == false && !still) add(child(at, key), "takes members that it refused", was, after.at(key));
    if (was.is_object() && !still) compare(was, after.at(key), child(at, key), depth + 1);
  }
}

void Comparison::dependent(const json::Value& before, const json::Value& after, const std::string& at, int depth) {
  for (const auto* key : {"dependentRequired", "dependentSchemas", "dependencies"}) {
    for (const auto& name : before.at(key).keys()) {
      const auto was = before.at(key).at(name);
      const auto is = after.at(key).at(name);
      const auto place = child(child(at, key), name);
      if (!was.is_array()) {
        compare(was, is, place, depth + 1);
        continue;
      }
      const auto now = is.strings();
      if (std::ranges::any_of(was.strings(), [&](const auto& one) { return std::ranges::find(now, one) == now.end(); }))
        add(place, "asks for less beside it", was, is);
    }
  }
}

void Comparison::arrays(const json::Value& before, const json::Value& after, const std::string& at, int depth) {
  for (const auto* key : {"items", "additionalItems", "unevaluatedItems", "contains"}) {
    if (before.has(key) && !before.at(key).is_array()) compare(before.at(key), after.at(key), child(at, key), depth + 1);
  }
  // Elements by their place: prefixItems, and items as a list before 2020-12.
  for (const auto* key : {"prefixItems", "items"}) {
    const auto old = before.at(key);
    if (!old.is_array()) continue;
    for (std::size_t i = 0; i < old.size(); ++i) {
      const auto now = after.at(key).is_object() ? after.at(key) : after.at(key).at(i);
      compare(old.at(i), now, fmt::format("{}/{}/{}", at, key, i), depth + 1);
    }
  }
  if (before.boolean("uniqueItems") == true && after.boolean("uniqueItems") != true)
    add(child(at, "uniqueItems"), "takes an element twice", before.at("uniqueItems"), after.at("uniqueItems"));
}

void Comparison::conditions(const json::Value& before, const json::Value& after, const std::string& at, int depth) {
  if (before.has("not")) {
    // What is refused must not shrink.
    const auto is = after.at("not");
    if (is.is_null() || !fits(is, before.at("not"), depth))
      add(child(at, "not"), "refuses less than it did", before.at("not"), is);
  }
  if (!before.has("if") || (!before.has("then") && !before.has("else"))) return;
  if (!(before.at("if") == after.at("if")))
    return add(child(at, "if"), "its condition is another or gone", before.at("if"), after.at("if"));
  for (const auto* key : {"then", "else"}) {
    if (before.has(key)) compare(before.at(key), after.at(key), child(at, key), depth + 1);
  }
}

std::vector<Change> Comparison::take(const json::Value& before, const json::Value& after) {
  if (exhausted_ || before_.exhausted() || after_.exhausted())
    add("", "too large or too deep to be compared: review it whole", before, after);
  const auto told_before = [&](auto change) {
    return std::any_of(changes_.begin(), change,
                       [&](const Change& other) { return other.pointer == change->pointer && other.why == change->why; });
  };
  std::vector<Change> out;
  for (auto change = changes_.begin(); change != changes_.end(); ++change) {
    if (!told_before(change)) out.push_back(*change);
  }
  return out;
}

}  // namespace

std::vector<Change> widened(const json::Value& before, const json::Value& after) {
  if (!before.is_object() || before == after) return {};
  Comparison comparison(before, after);
  comparison.compare(before, after, "", 0);
  return comparison.take(before, after);
}

}  // namespace mcprove::vet
