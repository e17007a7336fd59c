#include <algorithm>

#include <fmt/format.h>

#include "engine/context.h"

namespace {

using namespace mcprove;

Result<void> run(Context& at, Cases& cases) {
  const auto& metadata = at.issuer().metadata;
  const auto tried = metadata.tried.empty() ? at.facts().server_metadata_tried(at.issuer().id) : metadata.tried;
  std::vector<Citation> evidence;
  bool answered = false;
  std::string problems;
  for (const auto& place : tried) {
    if (place.exchange) evidence.push_back(cite(*place.exchange, "status", place.usable() ? "metadata" : place.problem));
    // A page with a 403 is a firewall's, which may let clients through and not us.
    const bool blocked = place.status == 429 || (place.status == 403 && place.media_type == "text/html");
    answered = answered || (place.status != 0 && place.status < 500 && !blocked);
    if (!place.usable()) problems += fmt::format("{}{}: {}", problems.empty() ? "" : "; ", place.url, place.problem);
  }
  if (metadata.fetched.usable()) {
    const auto others = std::ranges::count_if(tried, &oauth::Fetched::usable);
    cases.add("document", Verdict::pass(document(metadata.fetched, "body", "authorization server metadata"),
                                        fmt::format("{} ({} of {} well-known addresses answer)", metadata.fetched.url, others,
                                                    tried.size())));
  } else if (!answered || evidence.empty()) {
    cases.add("document", Verdict::inconclusive(Reason::transport_error,
                                                "the authorization server could not be reached: " + problems, evidence));
  } else {
    cases.add("document", Verdict::fail(Document(evidence), "no well-known address holds metadata: " + problems));
  }
  return {};
}

}  // namespace

MCPROVE_CHECK(as_metadata_reachable) = define(
    {
        .title = "Authorization server metadata cannot be found",
        .what =
            "Asks every well-known address of the issuer, RFC 8414 and OpenID Connect, with the path inserted and appended. At "
            "least one must hold a JSON document.",
        .why =
            "A client that finds no metadata cannot log in safely: it has to guess endpoints and cannot tell what the server supports.",
        .fix = "Serve RFC 8414 metadata at the issuer's well-known address.",
        .severity = Severity::medium,
        .effect = Effect::passive,
        .at_issuer = true,
        .per = Axis::issuer,
        .requirement = Requirement::code_flow,
        .cwe = 0,
        .spec = {{{"RFC 8414", "3.1"}, {"MCP 2025-11-25 authorization", "Authorization Server Metadata Discovery"}}},
        .since = "0.1",
    },
    run);
