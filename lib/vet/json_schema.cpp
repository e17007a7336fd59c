#include "vet/json_schema.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/text.h"

namespace mcprove::vet {

namespace {

using Answer = Fit::Answer;
using json::Value;

constexpr std::size_t most_steps = 50'000;
constexpr std::size_t deepest = 100;
constexpr std::size_t widest = 10'000;  ///< members or items

/// Keywords that may refuse a value and are not judged here.
constexpr auto not_judged =
    std::to_array<std::string_view>({"$dynamicRef", "$recursiveRef", "unevaluatedProperties", "unevaluatedItems",
                                     "dependentSchemas", "dependencies", "minContains", "maxContains"});

Fit misfit(const std::string& pointer, std::string why) { return {Answer::misfits, pointer, std::move(why)}; }
Fit unknown(const std::string& pointer, std::string why) { return {Answer::unknown, pointer, std::move(why)}; }

/// One misfit decides; failing that, one thing we cannot tell does.
void both(Fit& so_far, Fit next) {
  if (static_cast<int>(so_far.answer) == static_cast<int>(Answer::misfits)) return;
  if (next.answer == Answer::misfits || (next.answer == Answer::unknown && so_far.answer == Answer::fits))
    so_far = std::move(next);
}

bool is_whole(const Value& value) {
  const auto number = value.number();
  return value.integer() || (number && std::isfinite(*number) && std::floor(*number) == *number);
}

std::string_view type_of(const Value& value) {
  switch (value.type()) {
    case Value::Type::null: return "null";
    case Value::Type::boolean: return "boolean";
    case Value::Type::number: return "number";
    case Value::Type::string: return "string";
    case Value::Type::array: return "array";
    case Value::Type::object: return "object";
  }
  return "null";
}

bool equal(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return a.integer() && b.integer() ? a.integer() == b.integer() : a.number() == b.number();
  return a == b;
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// Empty: an expression that RE2 does not read.
std::optional<bool> matches(const std::string& expression, const std::string& text) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  const re2::RE2 compiled(expression, options);
  if (!compiled.ok()) return std::nullopt;
  return re2::RE2::PartialMatch(text, compiled);
}

class Judge {
 public:
  explicit Judge(const Value& root) : root_(root) {
    const auto dialect = root.string("$schema").value_or("");
    older_ = dialect.find("draft-0") != std::string::npos;
    strange_ = !dialect.empty() && dialect.find("json-schema.org/") == std::string::npos;
  }

  Fit judge(const Value& schema, const Value& value, const std::string& pointer, std::size_t depth) {
    if (strange_) return unknown(pointer, "the schema is of a dialect that is not judged");
    if (++steps_ > most_steps || depth > deepest || value.size() > widest)
      return unknown(pointer, "it is too large to be judged");
    if (const auto all = schema.boolean()) return *all ? Fit{} : misfit(pointer, "the schema allows nothing here");
    if (!schema.is_object()) return unknown(pointer, "what stands there is no schema");
    Fit out;
    if (const auto reference = schema.string("$ref")) {
      both(out, refer(*reference, value, pointer, depth));
      if (older_) return out;  // drafts 4 to 7 look at nothing beside it
    }
    both(out, simple(schema, value, pointer));
    if (const auto text = value.string()) both(out, string(schema, *text, pointer));
    if (value.is_number()) both(out, number(schema, value, pointer));
    if (value.is_object()) both(out, object(schema, value, pointer, depth));
    if (value.is_array()) both(out, array(schema, value, pointer, depth));
    both(out, combined(schema, value, pointer, depth));
    for (const auto keyword : not_judged)
      if (schema.has(keyword)) both(out, unknown(pointer, fmt::format("the keyword {} is not judged", keyword)));
    return out;
  }

 private:
  Fit refer(const std::string& reference, const Value& value, const std::string& pointer, std::size_t depth) {
    const bool plain = reference == "#" || (reference.starts_with("#/") && reference.find('%') == std::string::npos);
    const auto target = !plain ? Value() : reference == "#" ? root_ : root_.pointer(reference.substr(1));
    if (target.is_null()) return unknown(pointer, fmt::format("the reference {} is not followed", text::one_line(reference, 80)));
    return judge(target, value, pointer, depth + 1);
  }

  static Fit simple(const Value& schema, const Value& value, const std::string& pointer) {
    auto types = schema.strings("type");
    if (const auto one = schema.string("type")) types = {*one};
    const auto named = [&](const std::string& type) { return type == type_of(value) || (type == "integer" && is_whole(value)); };
    if (!types.empty() && std::ranges::none_of(types, named)) {
      if (value.is_null() && schema.boolean("nullable").value_or(false))
        return unknown(pointer, "nullable is no keyword of JSON schema");
      return misfit(pointer,
                    fmt::format("has the type {}, not {}", type_of(value), text::one_line(text::join(types, " or "), 80)));
    }
    if (schema.has("const") && !equal(schema.at("const"), value)) return misfit(pointer, "is not the only value that is allowed");
    const auto values = schema.at("enum");
    if (values.is_array()) {
      for (std::size_t i = 0; i < values.size(); ++i)
        if (equal(values.at(i), value)) return {};
      return misfit(pointer, "is none of the values that are allowed");
    }
    return {};
  }

  static Fit string(const Value& schema, const std::string& text, const std::string& pointer) {
    const auto length = static_cast<std::int64_t>(characters(text));
    if (const auto least = schema.integer("minLength"); least && length < *least) return misfit(pointer, "is too short");
    if (const auto most = schema.integer("maxLength"); most && length > *most) return misfit(pointer, "is too long");
    if (const auto expression = schema.string("pattern")) {
      const auto matched = matches(*expression, text);
      if (!matched) return unknown(pointer, fmt::format("the pattern {} is not judged", text::one_line(*expression, 60)));
      if (!*matched) return misfit(pointer, fmt::format("does not match {}", text::one_line(*expression, 60)));
    }
    return {};
  }

  static Fit number(const Value& schema, const Value& value, const std::string& pointer) {
    const auto n = value.number().value_or(0);
    const auto bound = [&](const char* keyword) { return schema.at(keyword).number(); };
    if (const auto least = bound("minimum"); least && n < *least) return misfit(pointer, "is below the minimum");
    if (const auto most = bound("maximum"); most && n > *most) return misfit(pointer, "is above the maximum");
    if (const auto least = bound("exclusiveMinimum"); least && n <= *least) return misfit(pointer, "is not above the minimum");
    if (const auto most = bound("exclusiveMaximum"); most && n >= *most) return misfit(pointer, "is not below the maximum");
    if (schema.boolean("exclusiveMinimum") || schema.boolean("exclusiveMaximum"))
      return unknown(pointer, "an exclusive bound in the spelling of draft 4 is not judged");
    if (!schema.has("multipleOf")) return {};
    const auto step = schema.integer("multipleOf");
    const auto whole = value.integer();
    if (!step || !whole || *step <= 0) return unknown(pointer, "multipleOf is judged of whole numbers only");
    return *whole % *step == 0 ? Fit{} : misfit(pointer, fmt::format("is no multiple of {}", *step));
  }

  /// A member that `properties` and patternProperties leave over.
  Fit member(const Value& schema, const std::string& key, const Value& value, const std::string& pointer, std::size_t depth) {
    Fit out;
    const auto properties = schema.at("properties");
    bool known = properties.has(key);
    if (known) both(out, judge(properties.at(key), value, pointer, depth + 1));
    const auto patterns = schema.at("patternProperties");
    for (const auto& expression : patterns.keys()) {
      const auto matched = matches(expression, key);
      if (!matched) return unknown(pointer, "a pattern of names is not judged");
      if (*matched) both(out, judge(patterns.at(expression), value, pointer, depth + 1));
      known = known || *matched;
    }
    if (!known && schema.has("additionalProperties")) {
      const auto rest = schema.at("additionalProperties");
      if (rest.boolean() == false) both(out, misfit(pointer, "is a member that the schema does not know"));
      else both(out, judge(rest, value, pointer, depth + 1));
    }
    if (schema.has("propertyNames")) both(out, judge(schema.at("propertyNames"), json::str(key), pointer, depth + 1));
    return out;
  }

  Fit object(const Value& schema, const Value& value, const std::string& pointer, std::size_t depth) {
    Fit out;
    for (const auto& name : schema.strings("required"))
      if (!value.has(name)) both(out, misfit(pointer, fmt::format("lacks the member {}", text::one_line(name, 60))));
    const auto dependent = schema.at("dependentRequired");
    for (const auto& key : dependent.keys())
      for (const auto& name : value.has(key) ? dependent.strings(key) : std::vector<std::string>{})
        if (!value.has(name)) both(out, misfit(pointer, fmt::format("lacks the member {}", text::one_line(name, 60))));
    const auto size = static_cast<std::int64_t>(value.size());
    if (const auto least = schema.integer("minProperties"); least && size < *least)
      both(out, misfit(pointer, "has too few members"));
    if (const auto most = schema.integer("maxProperties"); most && size > *most)
      both(out, misfit(pointer, "has too many members"));
    for (const auto& key : value.keys()) both(out, member(schema, key, value.at(key), pointer + json::pointer_step(key), depth));
    return out;
  }

  Fit array(const Value& schema, const Value& value, const std::string& pointer, std::size_t depth) {
    Fit out;
    const auto size = static_cast<std::int64_t>(value.size());
    if (const auto least = schema.integer("minItems"); least && size < *least) both(out, misfit(pointer, "has too few items"));
    if (const auto most = schema.integer("maxItems"); most && size > *most) both(out, misfit(pointer, "has too many items"));
    // Drafts up to 2019-09 write the tuple as `items` and the rest as additionalItems.
    const bool tuple = schema.at("items").is_array();
    const auto first = tuple ? schema.at("items") : schema.at("prefixItems");
    const char* rest = tuple ? "additionalItems" : "items";
    for (std::size_t i = 0; i < value.size(); ++i) {
      const auto here = fmt::format("{}/{}", pointer, i);
      if (i < first.size()) both(out, judge(first.at(i), value.at(i), here, depth + 1));
      else if (schema.has(rest)) both(out, judge(schema.at(rest), value.at(i), here, depth + 1));
    }
    if (schema.has("contains") && !schema.has("minContains")) both(out, contains(schema.at("contains"), value, pointer, depth));
    std::set<std::string> seen;
    for (std::size_t i = 0; schema.boolean("uniqueItems").value_or(false) && i < value.size(); ++i)
      if (!seen.insert(value.at(i).canonical()).second) both(out, misfit(pointer, "has an item twice"));
    return out;
  }

  Fit contains(const Value& wanted, const Value& value, const std::string& pointer, std::size_t depth) {
    auto out = misfit(pointer, "lacks an item that it must contain");
    for (std::size_t i = 0; i < value.size(); ++i) {
      const auto one = judge(wanted, value.at(i), fmt::format("{}/{}", pointer, i), depth + 1);
      if (one.answer == Answer::fits) return {};
      if (one.answer == Answer::unknown) out = one;
    }
    return out;
  }

  Fit combined(const Value& schema, const Value& value, const std::string& pointer, std::size_t depth) {
    Fit out;
    const auto all = schema.at("allOf");
    for (std::size_t i = 0; i < all.size(); ++i) both(out, judge(all.at(i), value, pointer, depth + 1));
    if (schema.at("anyOf").is_array()) both(out, of_branches(schema.at("anyOf"), value, pointer, depth, false));
    if (schema.at("oneOf").is_array()) both(out, of_branches(schema.at("oneOf"), value, pointer, depth, true));
    if (schema.has("not")) {
      const auto denied = judge(schema.at("not"), value, pointer, depth + 1);
      if (denied.answer == Answer::fits) both(out, misfit(pointer, "fits what it must not fit"));
      else if (denied.answer == Answer::unknown) both(out, denied);
    }
    if (schema.has("if")) {
      const auto condition = judge(schema.at("if"), value, pointer, depth + 1);
      const char* branch = condition.answer == Answer::fits ? "then" : "else";
      if (condition.answer == Answer::unknown) both(out, condition);
      else if (schema.has(branch)) both(out, judge(schema.at(branch), value, pointer, depth + 1));
    }
    return out;
  }

  Fit of_branches(const Value& branches, const Value& value, const std::string& pointer, std::size_t depth, bool exactly_one) {
    std::size_t fitting = 0;
    std::optional<Fit> open;
    for (std::size_t i = 0; i < branches.size(); ++i) {
      auto one = judge(branches.at(i), value, pointer, depth + 1);
      if (one.answer == Answer::fits && !exactly_one) return {};
      fitting += one.answer == Answer::fits ? 1 : 0;
      if (one.answer == Answer::unknown) open = std::move(one);
    }
    if (exactly_one && fitting > 1) return misfit(pointer, "fits more than one of the alternatives");
    if (open) return *open;
    return fitting == 1 ? Fit{} : misfit(pointer, "fits none of the alternatives");
  }

  const Value& root_;
  bool older_ = false;
  bool strange_ = false;
  std::size_t steps_ = 0;
};

}  // namespace

Fit fit(const Value& schema, const Value& value) { return Judge(schema).judge(schema, value, "", 0); }

}  // namespace mcprove::vet
