#include "checks/registration/redirect_probe.h"
#include "engine/context.h"

namespace {

using namespace mcprove;

Result<void> run(Context& at, Cases& cases) {
  if (checks::no_registration(at, cases)) return {};
  constexpr auto plain = "a plain http redirect URI off loopback was registered";
  const Grade medium{.severity = Severity::medium};
  checks::RedirectProbe(at, cases).run(
      {{"web",
        {{"http host", "http://" + at.audit_host() + "/cb", plain, medium},
         {"http address", "http://192.0.2.1/cb", plain, medium},
         {"host that begins like loopback", "http://localhost." + at.audit_host() + "/cb",
          "a plain http redirect URI at a host whose name begins like loopback was registered", medium, "http host"}}}});
  return {};
}

}  // namespace

MCPROVE_CHECK(dcr_redirect_http_nonloopback) = define(
    {
        .title = "Plain http redirect URIs off loopback can be registered",
        .what =
            "Registers clients whose redirect URIs are plain http: at a host name, at an address, and at a name that merely begins "
            "with localhost. None may be registered.",
        .why = "The authorization code crosses the network in clear text; a name that begins like loopback belongs to anybody.",
        .fix = "Accept http only for the loopback addresses and the exact name localhost.",
        .severity = Severity::high,
        .at_issuer = true,
        .per = Axis::issuer,
        .burns = true,  // registrations are limited, and others need theirs more
        .requirement = Requirement::dynamic_registration,
        .cwe = 319,
        .spec = {{{"MCP 2025-11-25 authorization", "Communication Security"},
                  {"RFC 8252", "8.3"},
                  {"OAuth 2.1 draft-13", "2.3.1"}}},
        .since = "0.1",
    },
    run);
