#include <algorithm>

#include <fmt/format.h>

#include "engine/context.h"

namespace {

using namespace mcprove;

std::string places(const std::vector<oauth::Fetched>& tried) {
  std::string text;
  for (const auto& place : tried)
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", place.url, place.usable() ? "usable" : place.problem);
  return text;
}

/// Revision 2025-03-26 knows no protected resource metadata; from 2025-06-18 on it is required.
bool speaks_newer(Context& at) {
  const auto wires = at.facts().wires();
  return wires && std::ranges::any_of(
                      *wires, [](const mcp::WireReport& wire) { return mcp::at_least(wire.endpoint.revision, "2025-06-18"); });
}

Result<void> run(Context& at, Cases& cases) {
  const auto surface = MCPROVE_TRY(at.facts().surface());
  const auto tried = at.facts().resource_metadata_tried();
  const auto found = at.facts().resource_metadata();
  if (!surface.demands_token() && !found) {
    cases.add("metadata", Verdict::not_applicable(Reason::not_offered, "the server asks nobody for a token"));
    return {};
  }
  std::vector<Citation> evidence;
  bool unreachable = !tried.empty();
  const oauth::Fetched* named = nullptr;
  for (const auto& place : tried) {
    if (place.exchange) evidence.push_back(cite(*place.exchange, "status", place.usable() ? "metadata" : place.problem));
    if (place.status != 0 && place.status != 429 && place.status < 500) unreachable = false;
    if (!surface.resource_metadata.empty() && place.url == surface.resource_metadata) named = &place;
  }
  if (evidence.empty() || unreachable) {
    cases.add("metadata", Verdict::inconclusive(Reason::transport_error, places(tried), evidence));
    return {};
  }
  const Document seen(evidence);
  if (found) {
    cases.add("metadata",
              Verdict::pass(seen, fmt::format("found by the {}: {}", oauth::name(found->source), found->fetched.url)));
  } else {
    const auto issuers = MCPROVE_TRY(at.facts().issuers());
    if (!issuers.empty() && !speaks_newer(at))
      cases.add("metadata", Verdict::not_applicable(Reason::not_offered,
                                                    "the server publishes authorization server metadata at its own origin, as "
                                                    "revision 2025-03-26 has it",
                                                    evidence));
    else if (!at.facts().main_identity().headers.fields.empty())
      cases.add("metadata",
                Verdict::not_applicable(Reason::declared_by_operator,
                                        "the operator gave an API key: the server asks for no OAuth token", evidence));
    else if (surface.challenges.empty() || !surface.challenges.front().is("Bearer"))
      cases.add("metadata", Verdict::not_applicable(Reason::not_offered,
                                                    "no OAuth here: the credential asked for is not a bearer token", evidence));
    else cases.add("metadata", Verdict::fail(seen, "a token is demanded, and no place says where to get one: " + places(tried)));
  }
  if (!surface.resource_metadata.empty() && named != nullptr && !named->usable())
    cases.add("address in the challenge",
              Verdict::fail(seen, fmt::format("resource_metadata leads to {}: {}", surface.resource_metadata, named->problem)));
  return {};
}

}  // namespace

MCPROVE_CHECK(prm_discoverable) = define(
    {
        .title = "Protected resource metadata cannot be found",
        .what =
            "Looks for RFC 9728 metadata where a client does: at the resource_metadata address of the challenge, at the well-known "
            "address with the server's path, and at the root one. One of them must hold it, and the address in the challenge must.",
        .why = "Clients that follow the specification cannot log in, and users are taught to paste static tokens instead.",
        .fix =
            "Serve the metadata at /.well-known/oauth-protected-resource plus the path of the MCP endpoint, and name that address "
            "in WWW-Authenticate.",
        .severity = Severity::medium,
        .effect = Effect::passive,
        .cwe = 0,
        .spec = {{{"RFC 9728", "3.1"}, {"MCP 2025-11-25 authorization", "Protected Resource Metadata Discovery Requirements"}}},
        .since = "0.1",
    },
    run);
