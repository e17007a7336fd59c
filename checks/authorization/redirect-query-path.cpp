#include "checks/authorization/redirect_variants.h"

namespace {

using namespace mcprove;

Result<void> run(Context& at, Cases& cases) {
  const auto client = MCPROVE_TRY(at.client(ClientKind::web));
  const auto base = client.redirect_uris.front();
  const auto upper = base.substr(0, base.rfind('/')) + "/CB";
  checks::probe_variants(at, cases, client,
                         {{"added query", base + "?extra=1"},
                          {"trailing slash", base + "/"},
                          {"longer path", base + "/x"},
                          {"other case", upper},
                          {"trailing space", base + "%20"},
                          {"empty query", base + "?"},
                          {"path parameter", base + ";x"},
                          {"fragment", base + "#x"}},
                         "a redirect URI that was never registered was used");
  return {};
}

}  // namespace

MCPROVE_CHECK(redirect_query_path) = define(
    {
        .title = "Redirect URIs are not compared exactly",
        .what =
            "Asks for authorization with redirect URIs that differ from the registered one by a query, a slash, a longer path, case, "
            "a space, a path parameter or a fragment. Nothing may be sent there, not even an error.",
        .why = "Every address that the server trusts beyond the registered one is a place where a code can be made to land: open "
               "redirectors and pages of other users on the same host.",
        .fix = "Compare redirect URIs as plain strings; only the port of a loopback address may differ.",
        .severity = Severity::high,
        .at_issuer = true,
        .per = Axis::issuer,
        .requirement = Requirement::code_flow,
        .cwe = 601,
        .spec = {{{"RFC 9700", "2.1"}, {"RFC 9700", "4.1.3"}, {"OAuth 2.1 draft-13", "4.1.1"}}},
        .since = "0.1",
    },
    run);
