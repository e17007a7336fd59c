#include "checks/registration/redirect_probe.h"
#include "engine/context.h"

namespace {

using namespace mcprove;

Result<void> run(Context& at, Cases& cases) {
  if (checks::no_registration(at, cases)) return {};
  constexpr auto script = "a client with a script as redirect URI was registered";
  constexpr auto local = "a client with a redirect URI that leads into the browser itself was registered";
  // A server that looks at all refuses the first, and then most likely its kin too. view-source is asked of a web client: to a
  // native one it may pass for a scheme of the app's own.
  checks::RedirectProbe(at, cases).run(
      {{"native", {{.name = "javascript", .uri = "javascript:alert(1)//", .flaw = script, .script = true}}},
       {"native",
        {{.name = "javascript in mixed case", .uri = "JaVaScRiPt://x/%0aalert(1)", .flaw = script, .script = true},
         {.name = "data", .uri = "data:text/html,x", .flaw = script, .script = true},
         {.name = "vbscript", .uri = "vbscript:x", .flaw = script, .script = true}},
        true},
       {"native", {{"file", "file:///etc/passwd", local}, {"about", "about:blank", local}, {"blob", "blob:https://x/y", local}}},
       {"web", {{"view-source", "view-source:https://x", local}}}});
  return {};
}

}  // namespace

MCPROVE_CHECK(dcr_redirect_dangerous_scheme) = define(
    {
        .title = "Script, data or file redirect URIs can be registered",
        .what =
            "Registers clients whose redirect URIs have the schemes javascript (also in mixed case), data, vbscript, file, about, blob "
            "and view-source, beside an ordinary client that is taken. None may be registered, or be of use if it is. "
            "Where a script is, the pages of an authorization with it are searched for a link, form or refresh that leads to it: then "
            "it is critical. Nothing of it is run.",
        .why =
            "A page that links or redirects to such an address runs the attacker's script on the authorization server's own origin, "
            "beside its cookies and consent buttons.",
        .fix =
            "Accept https redirect URIs, http on loopback, and private-use schemes of reversed domain names; refuse everything else "
            "with invalid_redirect_uri, comparing schemes without case.",
        .severity = Severity::high,
        .at_issuer = true,
        .per = Axis::issuer,
        .burns = true,  // registrations are limited, and others need theirs more
        .requirement = Requirement::dynamic_registration,
        .cwe = 79,
        .spec = {{{"RFC 9700", "4.11"}, {"OAuth 2.1 draft-13", "2.3.1"}, {"RFC 7591", "5"}}},
        .since = "0.1",
    },
    run);
