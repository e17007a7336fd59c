#include <algorithm>
#include <set>

#include "checks/tool-vetting/schema_walk.h"
#include "checks/tool-vetting/secret_words.h"
#include "checks/tool-vetting/texts.h"

namespace {

using namespace mcprove;

constexpr std::string_view annotation = "x-mcp-header";

/// RFC 9110 section 5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || marks.find(c) != std::string_view::npos;
  });
}

bool is_reserved(const std::string& name) {
  constexpr auto reserved = std::to_array<std::string_view>(
      {"authorization", "proxy-authorization", "cookie", "set-cookie", "host", "content-length", "content-type",
       "transfer-encoding", "connection", "upgrade", "origin", "forwarded", "x-forwarded-for", "x-forwarded-host"});
  return std::ranges::find(reserved, text::lower(name)) != reserved.end();
}

bool is_carried(const json::Value& schema) {
  const auto carried = [](const std::string& type) { return type == "string" || type == "integer" || type == "boolean"; };
  if (const auto one = schema.string("type")) return carried(*one);
  const auto several = schema.strings("type");
  return !several.empty() &&
         std::ranges::all_of(several, [&](const std::string& type) { return carried(type) || type == "null"; });
}

/// What makes the annotation one that a client must not follow; empty: nothing does.
std::string invalid(const checks::Subschema& at, std::set<std::string>& taken) {
  const auto name = at.schema.string(annotation);
  if (!name || !is_token(*name)) return "is no name of a header field";
  if (!at.reachable || at.name.empty())
    return "stands where not every call has the parameter: only properties of properties may be annotated";
  if (!is_carried(at.schema)) return "is on a parameter that is no string, integer or boolean";
  if (!taken.insert(text::lower(*name)).second)
    return fmt::format("names {}, as another parameter does", text::one_line(*name, 60));
  return {};
}

void judge(const Document& seen, const std::string& tool, const std::vector<checks::Subschema>& found, Cases& cases) {
  std::set<std::string> taken;
  for (const auto& each : found) {
    const auto name = fmt::format("tool {} {}", text::one_line(tool, 60), text::one_line(each.pointer, 80));
    const auto field = each.schema.string(annotation).value_or("");
    if (const auto why = invalid(each, taken); !why.empty()) {
      cases.add(name, Verdict::fail(seen, fmt::format("the annotation {}; clients must leave the tool out", why)));
    } else if (is_reserved(field)) {
      cases.add(name, Verdict::fail(seen,
                                    fmt::format("Mcp-Param-{} passes for {} wherever the prefix is taken off",
                                                text::one_line(field, 60), text::one_line(field, 60)),
                                    {.severity = Severity::low, .level = Level::should}));
    } else {
      const auto secret = checks::secret_in(each.name, each.schema);
      const auto sensitive = secret ? secret : checks::personal_in(each.name);
      if (!sensitive) continue;
      const bool sure = secret && secret->by_name;
      cases.add(name, Verdict::fail(seen,
                                    fmt::format("{} reads like {}, and every proxy on the way logs header fields",
                                                text::one_line(each.name, 60), sensitive->shows),
                                    {.severity = sure ? Severity::medium : Severity::low,
                                     .confidence = Confidence::likely,
                                     .level = sure ? Level::must : Level::should}));
    }
  }
}

Result<void> run(Context& at, Cases& cases) {
  if (at.wire() != mcp::Wire::stateless) {
    cases.add("annotations",
              Verdict::not_applicable(Reason::wrong_wire, "arguments are repeated in headers on the stateless wire only"));
    return {};
  }
  const auto listed = MCPROVE_TRY(checks::listed_tools(at));
  const Document seen(listed.evidence);
  std::size_t annotations = 0;
  for (const auto& tool : listed.manifest.tools) {
    auto found = checks::SchemaWalk::all(tool.at("inputSchema"));
    std::erase_if(found, [](const checks::Subschema& each) { return !each.schema.has(annotation); });
    annotations += found.size();
    judge(seen, tool.string("name").value_or("?"), found, cases);
  }
  if (annotations == 0)
    cases.add("annotations",
              Verdict::not_applicable(Reason::not_offered, "no parameter is annotated with x-mcp-header", seen.evidence()));
  else if (cases.empty())
    cases.add("annotations",
              Verdict::pass(seen, fmt::format("{} annotated parameters, all valid and none a secret", annotations)));
  return {};
}

}  // namespace

MCPROVE_CHECK(x_mcp_header_safety) = define(
    {
        .title = "A parameter is repeated in a header wrongly, or is a secret",
        .what =
            "Reads the x-mcp-header annotations of all input schemas: the name must be a field name and unique without regard to case, "
            "the parameter a string, integer or boolean that is reached by properties alone, and no password, token or personal data.",
        .why =
            "Clients must leave out a tool with an invalid annotation; headers are written to logs and seen by every proxy on the way.",
        .fix = "Annotate only plain parameters of the top levels that intermediaries route by, each with a name of its own.",
        .severity = Severity::medium,
        .effect = Effect::passive,
        .per = Axis::wire,
        .cwe = 532,
        .spec = {{{"MCP 2026-07-28 server/tools", "x-mcp-header"},
                  {"MCP 2026-07-28 basic/transports/streamable-http", "Custom Headers from Tool Parameters"}}},
        .since = "0.1",
    },
    run);
