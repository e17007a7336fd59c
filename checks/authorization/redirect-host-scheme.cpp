#include "checks/authorization/redirect_variants.h"

namespace {

using namespace mcprove;

Result<void> run(Context& at, Cases& cases) {
  const auto client = at.client(ClientKind::web);
  const auto evil = "evil-" + at.nonce() + ".example";
  constexpr auto flaw = "the browser was sent to a host that was never registered";
  if (client) {
    const auto registered = MCPROVE_TRY(net::Url::parse(client->redirect_uris.front()));
    const auto& host = registered.host;
    checks::probe_variants(at, cases, *client,
                           {{"other host", "https://" + evil + "/cb"},
                            {"subdomain", "https://sub." + host + "/cb"},
                            {"host as prefix", "https://" + host + "." + evil + "/cb"},
                            {"user information", "https://" + host + "@" + evil + "/cb"},
                            {"plain http", "http://" + host + "/cb"},
                            {"other port", "https://" + host + ":8443/cb"},
                            {"no scheme", "//" + evil + "/cb"}},
                           flaw);
  } else {
    cases.add("https registration", Verdict::inconclusive(client.error()));
  }
  const auto native = MCPROVE_TRY(at.client(ClientKind::main));
  const auto loopback = net::Url::parse(native.redirect_uris.empty() ? std::string() : native.redirect_uris.front());
  if (!loopback || !loopback->is_loopback_host()) return {};
  checks::probe_variants(
      at, cases, native,
      {{"host that begins like loopback", "http://127.0.0.1." + evil + loopback->path},
       {"loopback as user information", "http://localhost:" + std::to_string(loopback->port) + "@" + evil + loopback->path}},
      flaw);
  return {};
}

}  // namespace

MCPROVE_CHECK(redirect_host_scheme) = define(
    {
        .title = "Codes can be sent to a host that was never registered",
        .what =
            "Asks for authorization with redirect URIs on another host, a subdomain, a host that the registered one is a prefix or "
            "the user information of, plain http, another port; and, for a loopback registration, hosts that merely look like it.",
        .why = "Who lures a user to such a link receives the authorization code at a host of his own.",
        .fix = "Compare redirect URIs as plain strings; only the port of a loopback address may differ.",
        .severity = Severity::critical,
        .at_issuer = true,
        .per = Axis::issuer,
        .requirement = Requirement::code_flow,
        .cwe = 601,
        .spec = {{{"RFC 9700", "2.1"}, {"RFC 9700", "4.1"}, {"RFC 8252", "7.3"}}},
        .since = "0.1",
    },
    run);
