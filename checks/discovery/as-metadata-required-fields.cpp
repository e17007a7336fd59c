#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/context.h"

namespace {

using namespace mcprove;

constexpr std::array endpoints{"authorization_endpoint",
                               "token_endpoint",
                               "registration_endpoint",
                               "revocation_endpoint",
                               "introspection_endpoint",
                               "userinfo_endpoint",
                               "jwks_uri",
                               "pushed_authorization_request_endpoint",
                               "end_session_endpoint",
                               "device_authorization_endpoint"};

struct Problem {
  std::string text{};
  std::optional<Severity> severity{};
};

/// What is wrong with an endpoint's address, worst first.
Problem judge(const std::string& address, const net::Url& issuer) {
  const auto colon = address.find(':');
  const auto scheme = text::lower(address.substr(0, colon == std::string::npos ? 0 : colon));
  if (scheme != "https" && scheme != "http")
    return {fmt::format("has the scheme {}", scheme.empty() ? "of no address" : text::one_line(scheme, 20)), Severity::high};
  const auto url = net::Url::parse(address);
  if (!url) return {"is no valid address", {}};
  if (!url->user.empty()) return {"carries user information", Severity::high};
  if (address.find('#') != std::string::npos) return {"has a fragment", {}};
  if (url->is_private_host() && !issuer.is_private_host()) return {"leads into a private network", Severity::high};
  if (url->scheme == "http" && !url->is_loopback_host()) return {"is plain http", Severity::high};
  return {};
}

Result<void> run(Context& at, Cases& cases) {
  const auto& metadata = at.issuer().metadata;
  if (!metadata.fetched.usable()) {
    cases.add("document", Verdict::not_applicable(Reason::not_offered, "there is no metadata document"));
    return {};
  }
  const auto& document = metadata.fetched.document;
  const auto issuer = net::Url::parse(at.issuer().id);
  for (const auto* required : {"issuer", "authorization_endpoint", "token_endpoint"}) {
    const auto seen =
        mcprove::document(metadata.fetched, fmt::format("body:/{}", required), document.has(required) ? "present" : "missing");
    if (document.string(required)) cases.add(required, Verdict::pass(seen, "present"));
    else cases.add(required, Verdict::fail(seen, fmt::format("{} is missing", required)));
  }
  const auto types = document.strings("response_types_supported");
  const auto seen = mcprove::document(metadata.fetched, "body:/response_types_supported", scope_text(types));
  if (types.empty()) cases.add("response types", Verdict::fail(seen, "response_types_supported is missing"));
  else if (std::ranges::find(types, "code") == types.end())
    cases.add("response types", Verdict::fail(seen, "response_types_supported does not list code"));
  else cases.add("response types", Verdict::pass(seen, "code is listed"));

  for (const auto* name : endpoints) {
    const auto address = document.string(name);
    if (!address || !issuer) continue;
    const auto problem = judge(*address, *issuer);
    const auto there = mcprove::document(metadata.fetched, fmt::format("body:/{}", name), text::one_line(*address, 100));
    if (problem.text.empty()) cases.add(fmt::format("address of {}", name), Verdict::pass(there, "https, or loopback"));
    else
      cases.add(fmt::format("address of {}", name),
                Verdict::fail(there, fmt::format("{} {}", name, problem.text), {.severity = problem.severity}));
    const auto url = net::Url::parse(*address);
    if (url && url->host != issuer->host && net::registrable_domain(url->host) != net::registrable_domain(issuer->host))
      cases.note(fmt::format("{} is on {}, another domain than the issuer", name, url->host));
  }
  return {};
}

}  // namespace

MCPROVE_CHECK(as_metadata_required_fields) = define(
    {
        .title = "Authorization server metadata is incomplete or leads astray",
        .what =
            "Reads the metadata document: required members, response type code, and for each endpoint an absolute https address "
            "(http on loopback only) without fragment, user information, script scheme or a private network behind it.",
        .why =
            "Clients open and call these addresses. Script schemes and private addresses attack the client and its network; plain "
            "http shows codes and tokens to the path.",
        .fix = "List the required members and only https addresses of the authorization server itself.",
        .severity = Severity::high,
        .effect = Effect::passive,
        .at_issuer = true,
        .per = Axis::issuer,
        .requirement = Requirement::code_flow,
        .cwe = 20,
        .spec = {{{"RFC 8414", "2"}, {"MCP 2025-11-25 authorization", "Communication Security"}}},
        .since = "0.1",
    },
    run);
