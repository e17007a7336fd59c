#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "checks/oracle_at.h"

namespace {

using namespace mcprove;

/// An authorization request that follows redirects and clicks nothing.
oauth::Flow silent(const oauth::Client& client, const std::string& purpose) {
  oauth::Flow flow;
  flow.client(client).interaction(oauth::Interaction::none).stop_at_code().purpose(purpose);
  return flow;
}

/// The request that leaves for the upstream server, if one did.
std::optional<net::Url> upstream_of(const oauth::FlowResult& result, const net::Url& own) {
  for (const auto& hop : result.authorization.hops) {
    const auto url = net::Url::parse(hop);
    if (url && !url->same_origin(own) && url->params().has("client_id")) return *url;
  }
  return std::nullopt;
}

bool own_page_first(const oauth::FlowResult& result, const net::Url& own) {
  return std::ranges::any_of(result.authorization.pages, [&](const oauth::PageSeen& page) {
    const auto url = net::Url::parse(page.url);
    return url && url->same_origin(own);
  });
}

Result<void> run(Context& at, Cases& cases) {
  const auto architecture = MCPROVE_TRY(at.facts().architecture());
  if (architecture.architecture != "proxy" && architecture.architecture != "hybrid") {
    cases.add("consent", Verdict::not_applicable(Reason::wrong_architecture,
                                                 architecture.architecture + " architecture: there is no upstream"));
    return {};
  }
  if (checks::credential_given(at)) {
    cases.not_run("consent", Reason::no_login, "the token was given: nobody has been through the proxy");
    return {};
  }
  const auto main = MCPROVE_TRY(at.client(ClientKind::main));
  static_cast<void>(MCPROVE_TRY(at.facts().grant(at.issuer())));
  auto jar = at.logged_in_jar(at.facts().main_identity());
  const auto second = MCPROVE_TRY(at.client(ClientKind::second));
  auto fresh = silent(main, "control: a fresh browser, no click");
  fresh.fresh_jar();
  const auto control = MCPROVE_TRY(at.run(fresh));
  const auto probe = MCPROVE_TRY(
      at.run(silent(second, "probe: a new client in the logged-in browser, no click"), at.facts().main_identity(), jar));
  std::vector<Citation> evidence;
  if (probe.authorization.last) evidence.push_back(cite(*probe.authorization.last, "status", probe.why));
  if (control.authorization.last)
    evidence.push_back(cite(*control.authorization.last, "status", "control, fresh browser: " + control.why));
  if (evidence.empty()) {
    cases.add("consent", Verdict::inconclusive(Reason::unclear_answer, probe.why));
    return {};
  }
  const Document seen(evidence);

  // Only a client_id that the proxy uses for everybody makes it a deputy that can be confused.
  const auto upstream = upstream_of(probe, at.url());
  if (upstream && upstream->params().get("client_id") == second.id) {
    cases.add("consent",
              Verdict::not_applicable(Reason::wrong_architecture,
                                      "the upstream sees each client's own client_id and can ask for consent itself", evidence));
  } else if (control.authorization.end == oauth::AuthorizeEnd::code) {
    cases.add("consent", Verdict::inconclusive(Reason::control_failed,
                                               "a fresh browser gets a code too: consent-each-client judges that", evidence));
  } else if (probe.authorization.end == oauth::AuthorizeEnd::code) {
    cases.add("consent", Verdict::fail(seen, "a client that the person never saw got a code without a click"));
  } else if (upstream && !own_page_first(probe, at.url())) {
    cases.add("consent",
              Verdict::fail(seen,
                            fmt::format("the browser is sent on to {} for a new client, and no page of the proxy's asks first",
                                        upstream->origin()),
                            {.severity = Severity::high}));
  } else if (own_page_first(probe, at.url())) {
    cases.add("consent", Verdict::pass(seen, "the proxy asks before it sends the browser on"));
  } else {
    cases.add("consent", Verdict::inconclusive(Reason::unclear_answer, probe.why, evidence));
  }
  return {};
}

}  // namespace

MCPROVE_CHECK(proxy_consent_missing) = define(
    {
        .title = "The proxy forwards new clients without asking for consent",
        .what =
            "In a browser that has been through the proxy once, asks for authorization for a newly registered client and clicks "
            "nothing. The proxy must show a page of its own before it sends the browser to the upstream server.",
        .why =
            "The upstream knows one client, the proxy, and remembers the consent to it. Whoever registers at the proxy rides on that "
            "consent: one link, and the victim's code is his (confused deputy).",
        .fix = "Keep consent per registered client at the proxy, and ask for it before the upstream request is made.",
        .severity = Severity::critical,
        .at_issuer = true,
        .per = Axis::issuer,
        .cwe = 441,
        .spec = {{{"MCP Security Best Practices", "Confused Deputy Problem"},
                  {"MCP 2025-11-25 authorization", "Confused Deputy Problem"}}},
        .since = "0.1",
    },
    run);
