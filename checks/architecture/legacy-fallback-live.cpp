#include <string>
#include <utility>

#include <fmt/format.h>

#include "engine/context.h"

namespace {

using namespace mcprove;

/// Does a live OAuth endpoint answer there? Only JSON that speaks OAuth counts: many servers answer anything with a page.
Result<void> ask(Context& at, Cases& cases, const std::string& name, net::Request request, const std::string& flaw) {
  const auto reply = MCPROVE_TRY(at.send(std::move(request)));
  const Document seen(cite_status(reply));
  const auto body = json::parse(reply.response.body);
  const bool speaks_oauth = body && body->is_object() &&
                            (body->has("error") || body->has("client_id") || body->has("access_token")) &&
                            net::is_json(reply.response) && reply.response.status != 404 && reply.response.status < 500;
  const auto status = reply.response.status;
  const auto oddity = net::oddity(reply.response);
  // A token endpoint may ask who the client is before it looks at anything else (RFC 6749 section 5.2).
  const bool asks_for_client = speaks_oauth && status == 401 && body->string("error") == "invalid_client";
  if (speaks_oauth && (status == 400 || status < 300 || asks_for_client)) cases.add(name, Verdict::fail(seen, flaw));
  else if (status == 404 || status == 405 || status == 410)
    cases.add(name, Verdict::pass(seen, fmt::format("nothing there ({})", status)));
  else if (oddity == net::Oddity::server_error || oddity == net::Oddity::rate_limited || oddity == net::Oddity::blocked)
    cases.add(name, Verdict::inconclusive(reason_of(reply.response), fmt::format("answered {}", status), seen.evidence()));
  else cases.add(name, Verdict::pass(seen, fmt::format("no OAuth endpoint ({})", status)));
  return {};
}

net::Request post(const std::string& url, const char* type, std::string body) {
  net::Request request;
  request.method = "POST";
  request.url = url;
  request.headers.add("Content-Type", type).add("Accept", "application/json");
  request.body = std::move(body);
  request.purpose = "probe: a former endpoint";
  return request;
}

Result<void> metadata(Context& at, Cases& cases, const Issuer& external) {
  const auto origin = at.url().origin();
  const oauth::Fetched* found = nullptr;
  const auto tried = at.facts().server_metadata_tried(origin);
  for (const auto& place : tried)
    if (found == nullptr && place.usable()) found = &place;
  if (found == nullptr) {
    // Only an answer says that there is none; a breakdown says nothing.
    for (const auto& place : tried)
      if (place.exchange && place.status != 0 && place.status < 500 && place.status != 429) {
        cases.add("metadata", Verdict::pass(Document(cite(*place.exchange, "status", place.problem)),
                                            "no metadata at the MCP server's origin"));
        return {};
      }
    cases.add("metadata", Verdict::inconclusive(Reason::transport_error, "the well-known addresses did not answer"));
    return {};
  }
  const auto issuer = found->document.string("issuer").value_or("");
  const auto seen = document(*found, "body:/issuer", issuer);
  const auto token = net::Url::parse(found->document.string("token_endpoint").value_or(""));
  if (token && token->same_origin(at.url()))
    cases.add(
        "metadata",
        Verdict::fail(seen, "the MCP server's origin advertises endpoints of its own beside the external authorization server"));
  else if (issuer == external.id || issuer == external.metadata.claimed_issuer)
    cases.add("metadata", Verdict::pass(seen, "a copy of the external server's metadata",
                                        {"an identical copy of the external metadata is served here"}));
  else
    cases.add("metadata",
              Verdict::fail(seen, fmt::format("metadata of another issuer, {}, is served here", text::one_line(issuer, 100)),
                            {.severity = Severity::low}));
  return {};
}

Result<void> run(Context& at, Cases& cases) {
  const auto architecture = MCPROVE_TRY(at.facts().architecture());
  const auto issuers = MCPROVE_TRY(at.facts().issuers());
  if (issuers.empty() || (architecture.architecture != "external" && architecture.architecture != "hybrid")) {
    cases.add("metadata", Verdict::not_applicable(Reason::wrong_architecture, architecture.architecture + " architecture"));
    return {};
  }
  const Issuer* external = nullptr;
  for (const auto& issuer : issuers)
    if (!issuer.own_origin) external = &issuer;
  if (external == nullptr) {
    cases.add("metadata", Verdict::not_applicable(Reason::wrong_architecture, "no external authorization server is named"));
    return {};
  }
  MCPROVE_TRY(metadata(at, cases, *external));
  const auto origin = at.url().origin();
  // Requests that are wrong in themselves: a live endpoint says how, and nothing is made.
  MCPROVE_TRY(
      ask(at, cases, "/token",
          post(origin + "/token", "application/x-www-form-urlencoded", "grant_type=authorization_code&code=audit-" + at.nonce()),
          "a token endpoint is live beside the external authorization server"));
  MCPROVE_TRY(ask(at, cases, "/register", post(origin + "/register", "application/json", R"({"redirect_uris":"audit"})"),
                  "a registration endpoint is live beside the external authorization server"));
  return {};
}

}  // namespace

MCPROVE_CHECK(legacy_fallback_live) = define(
    {
        .title = "Former OAuth endpoints are live beside the external server",
        .what =
            "Where the metadata names an external authorization server, asks the MCP server's own origin for metadata and for the "
            "default /token and /register of revision 2025-03-26. Nothing but a copy of the external metadata may be there.",
        .why = "A second way to tokens is the weaker one: it has its own registration, its own PKCE, and nobody watches it.",
        .fix = "Remove the former endpoints, and refuse the tokens that they issued.",
        .severity = Severity::high,
        .cwe = 1059,
        .spec = {{{"MCP 2025-03-26 authorization", "Fallbacks for Servers without Metadata Discovery"}, {"RFC 8414", "3.3"}}},
        .since = "0.1",
    },
    run);
