#include <algorithm>

#include "checks/tool-vetting/texts.h"

namespace {

using namespace mcprove;

/// What a client has to fetch to read a schema, or what would exhaust it.
struct Flaws {
  std::string remote{};
  std::size_t depth = 0;
};

void look(const json::Value& value, std::size_t depth, Flaws& out) {
  out.depth = std::max(out.depth, depth);
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) look(value.at(i), depth + 1, out);
  } else if (value.is_object()) {
    for (const auto& key : value.keys()) {
      const auto member = value.at(key);
      const bool reference = key == "$ref" || key == "$dynamicRef" || key == "$recursiveRef";
      if (reference && member.string().value_or("").find("://") != std::string::npos) out.remote = *member.string();
      look(member, depth + 1, out);
    }
  }
}

void judge(const Document& seen, const std::string& name, const json::Value& schema, Cases& cases) {
  constexpr std::size_t deepest = 32;
  constexpr std::size_t largest = 256U << 10U;
  Flaws found;
  look(schema, 0, found);
  if (!found.remote.empty()) cases.add(name, Verdict::fail(seen, "refers to " + text::one_line(found.remote, 120)));
  if (schema.string("type").value_or("object") != "object")
    cases.add(name + " type",
              Verdict::fail(seen, fmt::format("is of type {}, not object", text::one_line(schema.at("type").dump(), 40))));
  if (found.depth > deepest || schema.dump().size() > largest)
    cases.add(name + " size", Verdict::fail(seen, fmt::format("{} levels deep, {} bytes", found.depth, schema.dump().size()),
                                            {.severity = Severity::low, .level = Level::should}));
}

Result<void> run(Context& at, Cases& cases) {
  const auto listed = MCPROVE_TRY(checks::listed_tools(at));
  if (listed.manifest.tools.empty()) {
    cases.add("schemas", Verdict::not_applicable(Reason::not_offered, "the server has no tools"));
    return {};
  }
  const Document seen(listed.evidence);
  for (const auto& tool : listed.manifest.tools) {
    const auto name = text::one_line(tool.string("name").value_or("?"), 60);
    if (!tool.at("inputSchema").is_object()) cases.add(name + " input", Verdict::fail(seen, "has no input schema"));
    else judge(seen, name + " input", tool.at("inputSchema"), cases);
    if (tool.at("outputSchema").is_object()) judge(seen, name + " output", tool.at("outputSchema"), cases);
  }
  if (cases.empty())
    cases.add("schemas", Verdict::pass(seen, fmt::format("the schemas of {} tools stand alone", listed.manifest.tools.size())));
  return {};
}

}  // namespace

MCPROVE_CHECK(schema_safety) = define(
    {
        .title = "A tool's schema has to be fetched from elsewhere or is unbounded",
        .what =
            "Reads the input and output schemas of all tools for references to the network, a type other than object, depth and size.",
        .why = "A client that follows a reference asks an address of the server's choice; a schema without end exhausts it.",
        .fix = "Put definitions under $defs of the same schema, and keep schemas small.",
        .severity = Severity::medium,
        .effect = Effect::passive,
        .per = Axis::wire,
        .cwe = 918,
        .spec = {{{"MCP 2025-11-25 basic", "JSON Schema Usage"}, {"OWASP MCP Top 10", "MCP05"}}},
        .since = "0.1",
    },
    run);
