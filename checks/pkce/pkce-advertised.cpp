#include <algorithm>

#include "engine/context.h"

namespace {

using namespace mcprove;

Result<void> run(Context& at, Cases& cases) {
  const auto& metadata = at.issuer().metadata;
  if (!metadata.fetched.usable()) {
    cases.add("metadata", Verdict::not_applicable(Reason::not_offered, "there is no metadata document"));
    return {};
  }
  for (const auto& place : metadata.tried) {
    if (!place.usable()) continue;
    const bool openid = place.url.find("openid-configuration") != std::string::npos;
    const auto methods = place.document.strings("code_challenge_methods_supported");
    const auto seen = document(place, "body:/code_challenge_methods_supported", methods.empty() ? "absent" : scope_text(methods));
    const std::string name = openid ? "OpenID document" : "RFC 8414 document";
    if (std::ranges::find(methods, "S256") != methods.end()) cases.add(name, Verdict::pass(seen, "S256 is listed"));
    else if (methods.empty())
      cases.add(name,
                Verdict::fail(seen, "no challenge method is listed: clients that follow the specification refuse to log in"));
    else cases.add(name, Verdict::fail(seen, "S256 is not listed, only " + text::one_line(scope_text(methods), 60)));
  }
  return {};
}

}  // namespace

MCPROVE_CHECK(pkce_advertised) = define(
    {
        .title = "The metadata does not advertise PKCE with S256",
        .what = "Reads code_challenge_methods_supported in every metadata document of the issuer. S256 must be listed.",
        .why =
            "An MCP client must refuse a server that does not advertise PKCE, because a code would go unprotected without notice.",
        .fix = "List S256 in code_challenge_methods_supported, in both documents if there are two.",
        .severity = Severity::medium,
        .effect = Effect::passive,
        .at_issuer = true,
        .per = Axis::issuer,
        .requirement = Requirement::pkce,
        .cwe = 0,
        .spec = {{{"MCP 2025-11-25 authorization", "Authorization Code Protection"}, {"RFC 8414", "2"}, {"RFC 9700", "2.1.1"}}},
        .since = "0.1",
    },
    run);
