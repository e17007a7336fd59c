#include <fmt/format.h>

#include "engine/context.h"

namespace {

using namespace mcprove;

Result<void> run(Context& at, Cases& cases) {
  const net::Recorder::Capture capture;
  const auto found = MCPROVE_TRY(at.facts().architecture());
  std::vector<Citation> evidence;
  for (const auto id : capture.exchanges()) {
    if (evidence.size() == 6) break;
    evidence.push_back(cite(id, "status", "read to tell the architecture"));
  }
  if (evidence.empty()) {
    cases.add("class", Verdict::inconclusive(Reason::evidence_weak, "nothing was read"));
    return {};
  }
  if (found.architecture == "unknown") {
    cases.add("class", Verdict::inconclusive(Reason::evidence_weak, "the evidence does not decide: classify by hand", evidence));
    return {};
  }
  const auto surface = MCPROVE_TRY(at.facts().surface());
  auto notes = found.evidence;
  if (found.architecture == "external") {
    const auto copy = at.facts().server_metadata_tried(surface.url.origin());
    for (const auto& place : copy)
      if (place.usable())
        notes.push_back("the MCP server's origin publishes authorization server metadata as well: " + place.url);
  }
  cases.add("class", Verdict::pass(Document(evidence), fmt::format("{} ({})", found.architecture, name(found.confidence)),
                                   std::move(notes)));
  return {};
}

}  // namespace

MCPROVE_CHECK(arch_classify) = define(
    {
        .title = "The architecture of the authorization cannot be told",
        .what =
            "Tells from outside whether the MCP server is its own authorization server, stands as a proxy before another one, sends "
            "clients to an external one, or asks for none; by metadata, endpoints and where a browser is sent.",
        .why = "Each architecture has weaknesses of its own; the checks that follow depend on it.",
        .fix = "Nothing to fix. If the class is unknown or hybrid, find out whether every path is meant to be live.",
        .severity = Severity::info,
        .effect = Effect::passive,
        .cwe = 0,
        .spec = {{{"MCP 2025-03-26 authorization", "Third-Party Authorization Flow"},
                  {"MCP 2025-11-25 authorization", "Authorization Server Location"}}},
        .since = "0.1",
    },
    run);
