#include <algorithm>
#include <array>

#include "checks/tool-vetting/schema_walk.h"
#include "checks/tool-vetting/texts.h"
#include "vet/backtracking.h"

namespace {

using namespace mcprove;
using checks::Subschema;

constexpr std::size_t deepest = 32;
constexpr std::size_t largest = 256U << 10U;

std::size_t depth_of(const json::Value& value) {
  std::size_t below = 0;
  if (value.is_array())
    for (std::size_t i = 0; i < value.size(); ++i) below = std::max(below, depth_of(value.at(i)) + 1);
  else if (value.is_object())
    for (const auto& key : value.keys()) below = std::max(below, depth_of(value.at(key)) + 1);
  return below;
}

std::optional<std::string> reference_in(const json::Value& schema) {
  for (const auto* key : {"$ref", "$dynamicRef", "$recursiveRef"})
    if (auto reference = schema.string(key)) return reference;
  return std::nullopt;
}

/// A reference that no network is needed for and that leads nowhere. Names and other bases are not followed.
bool leads_nowhere(const json::Value& root, const std::string& reference) {
  return reference.starts_with("#/") && reference.find('%') == std::string::npos && root.pointer(reference.substr(1)).is_null();
}

bool is_type(const std::string& type) {
  constexpr auto types = std::to_array<std::string_view>({"null", "boolean", "number", "integer", "string", "array", "object"});
  return std::ranges::find(types, type) != types.end();
}

/// What keeps this from being a JSON schema (2020-12, meta-schema); empty: nothing that we look at.
std::string misshapen(const json::Value& schema) {
  const auto wrong = [&](const char* key, auto right) { return schema.has(key) && !right(schema.at(key)); };
  const auto is_schema = [](const json::Value& v) { return v.is_object() || v.boolean().has_value(); };
  const auto is_list = [](const json::Value& v) { return v.is_array(); };
  if (wrong("type", [](const json::Value& v) {
        if (const auto one = v.string()) return is_type(*one);
        const auto several = v.strings();
        return v.is_array() && several.size() == v.size() && std::ranges::all_of(several, is_type);
      }))
    return fmt::format("the type {} is none of JSON schema", text::one_line(schema.at("type").dump(), 40));
  for (const auto* key : {"properties", "patternProperties", "$defs", "definitions"})
    if (wrong(key, [](const json::Value& v) { return v.is_object(); })) return fmt::format("{} is no object", key);
  for (const auto* key : {"enum", "allOf", "anyOf", "oneOf", "prefixItems"})
    if (wrong(key, is_list)) return fmt::format("{} is no list", key);
  if (wrong("required", [](const json::Value& v) { return v.is_array() && v.strings().size() == v.size(); }))
    return "required is no list of names";
  for (const auto* key : {"additionalProperties", "not", "contains", "propertyNames"})
    if (wrong(key, is_schema)) return fmt::format("{} is no schema", key);
  for (const auto* key : {"minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum"})
    if (wrong(key, [](const json::Value& v) { return v.is_number(); })) return fmt::format("{} is no number", key);
  if (wrong("pattern", [](const json::Value& v) { return v.is_string(); })) return "pattern is no text";
  return {};
}

class Judge {
 public:
  Judge(Document seen, mcp::Wire wire, Cases& cases) : seen_(std::move(seen)), wire_(wire), cases_(cases) {}

  void judge(const std::string& name, const json::Value& schema, bool input) {
    const auto parts = checks::SchemaWalk::all(schema);
    references(name, schema, parts);
    shapes(name, parts);
    // From 2026-07-28 on a result may be anything that its schema says; arguments are an object on every wire.
    const bool free = !input && wire_ == mcp::Wire::stateless;
    if (!free && schema.string("type").value_or("object") != "object")
      fault(name + " type", fmt::format("is of type {}, not object", text::one_line(schema.at("type").dump(), 40)));
    const auto dialect = schema.string("$schema").value_or("");
    if (!dialect.empty() && dialect.find("json-schema.org/") == std::string::npos)
      cases_.add(name + " dialect",
                 Verdict::inconclusive(Reason::unclear_answer, fmt::format("an unknown dialect: {}", text::one_line(dialect, 80)),
                                       seen_.evidence()));
    const auto depth = depth_of(schema);
    const auto size = schema.dump().size();
    if (depth > deepest || size > largest) advise(name + " size", fmt::format("{} levels deep, {} bytes", depth, size));
  }

  void fault(const std::string& name, std::string why) { cases_.add(name, Verdict::fail(seen_, std::move(why))); }
  void advise(const std::string& name, std::string why) {
    cases_.add(name, Verdict::fail(seen_, std::move(why), {.severity = Severity::low, .level = Level::should}));
  }

 private:
  void references(const std::string& name, const json::Value& root, const std::vector<Subschema>& parts) {
    const bool other_base =
        std::ranges::any_of(parts, [](const Subschema& p) { return !p.pointer.empty() && p.schema.has("$id"); });
    for (const auto& part : parts) {
      const auto reference = reference_in(part.schema);
      if (!reference) continue;
      if (reference->find("://") != std::string::npos) return fault(name, "refers to " + text::one_line(*reference, 120));
      if (!other_base && leads_nowhere(root, *reference))
        return fault(name, fmt::format("refers to {}, which is not there", text::one_line(*reference, 80)));
    }
  }

  void shapes(const std::string& name, const std::vector<Subschema>& parts) {
    for (const auto& part : parts) {
      const auto where = part.pointer.empty() ? "" : fmt::format(" (at {})", text::one_line(part.pointer, 80));
      if (const auto why = misshapen(part.schema); !why.empty()) return fault(name + " validity", why + where);
      if (const auto costly = vet::costly_part(part.schema.string("pattern").value_or("")))
        return advise(name + " pattern", fmt::format("{} may take for ever{}", text::one_line(*costly, 60), where));
    }
  }

  Document seen_;
  mcp::Wire wire_;
  Cases& cases_;
};

/// Without a policy of the operator a capability is at most low; behind a login it is not worth a word.
void judge_commands(Context& at, const std::vector<json::Value>& tools, Judge& judge) {
  const auto surface = at.facts().surface();
  if (!surface || surface->demands_token()) return;
  for (const auto& tool : tools)
    for (const auto& capability : vet::capabilities(tool))
      if (capability.power == vet::Power::execute && capability.bound == vet::Bound::none)
        judge.advise(
            text::one_line(tool.string("name").value_or("?"), 60) + " command",
            fmt::format("anybody may have it run what he likes, without a login ({})", text::one_line(capability.shows, 80)));
}

Result<void> run(Context& at, Cases& cases) {
  const auto listed = MCPROVE_TRY(checks::listed_tools(at));
  const auto& tools = listed.manifest.tools;
  if (tools.empty()) {
    cases.add("schemas", Verdict::not_applicable(Reason::not_offered, "the server has no tools"));
    return {};
  }
  const Document seen(listed.evidence);
  Judge judge(seen, at.wire(), cases);
  for (const auto& tool : tools) {
    const auto name = text::one_line(tool.string("name").value_or("?"), 60);
    if (!tool.at("inputSchema").is_object()) judge.fault(name + " input", "has no input schema");
    else judge.judge(name + " input", tool.at("inputSchema"), true);
    if (tool.at("outputSchema").is_object()) judge.judge(name + " output", tool.at("outputSchema"), false);
  }
  judge_commands(at, tools, judge);
  if (cases.empty()) cases.add("schemas", Verdict::pass(seen, fmt::format("the schemas of {} tools stand alone", tools.size())));
  return {};
}

}  // namespace

MCPROVE_CHECK(schema_safety) = define(
    {
        .title = "A tool's schema is invalid, needs the network or has no bounds",
        .what =
            "Reads the input and output schemas of all tools for references to the network or to nothing, keywords that make no schema, "
            "a type other than object, depth and size, expressions that may take for ever, and free commands without a login.",
        .why = "A client that follows a reference asks an address of the server's choice; a schema without end exhausts it.",
        .fix = "Put definitions under $defs of the same schema, and keep schemas valid and small.",
        .severity = Severity::medium,
        .effect = Effect::passive,
        .per = Axis::wire,
        .cwe = 918,
        .spec = {{{"MCP 2025-11-25 basic", "JSON Schema Usage"}, {"OWASP MCP Top 10", "MCP05"}}},
        .since = "0.1",
    },
    run);
