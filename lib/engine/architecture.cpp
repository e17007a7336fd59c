#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "engine/facts_impl.h"

namespace mcprove {
namespace {

/// What speaks for a class; strong evidence counts for confidence.
struct Evidence {
  std::vector<std::string> lines{};
  int strong = 0;
  void add(std::string line, bool is_strong = true) {
    lines.push_back(std::move(line));
    strong += is_strong ? 1 : 0;
  }
};

ArchitectureOutcome conclude(std::string architecture, Evidence evidence) {
  return {std::move(architecture), evidence.strong >= 2 ? Confidence::confirmed : Confidence::likely, std::move(evidence.lines)};
}

bool at(const std::string& endpoint, const net::Url& origin) {
  const auto url = net::Url::parse(endpoint);
  return url && url->same_origin(origin);
}

/// The first hop of an authorization request that leaves our issuer's origin with a request of its own for somebody else.
std::optional<net::Url> upstream_hop(const std::vector<std::string>& hops, const net::Url& origin) {
  for (const auto& hop : hops) {
    const auto url = net::Url::parse(hop);
    if (!url || url->same_origin(origin)) continue;
    const auto params = url->params();
    if (params.has("client_id") || params.has("redirect_uri") || params.has("response_type") || params.has("SAMLRequest"))
      return *url;
  }
  return std::nullopt;
}

}  // namespace

namespace {

/// Catalogue 3.2, step 4: where does a browser without cookies end up?
void look_at_first_hop(Session& session, const Issuer& issuer, Evidence& evidence, bool& proxy) {
  const auto& identity = session.main_identity();
  const auto client = session.facts().client(issuer, ClientKind::main);
  if (!client || !session.may_log_in(issuer, identity)) {
    evidence.add("the authorization endpoint was not tried", false);
    return;
  }
  oauth::Flow flow;
  flow.fresh_jar().interaction(oauth::Interaction::none).stop_at_code().purpose("where the browser is sent");
  const auto result = session.run(issuer, flow, identity, *client, nullptr);
  if (!result) {
    evidence.add("the authorization endpoint did not answer: " + result.error().message, false);
    return;
  }
  if (const auto upstream = upstream_hop(result->authorization.hops, session.url())) {
    proxy = true;
    const bool ours = upstream->params().get("client_id") == client->id;
    evidence.add(fmt::format("the authorization endpoint sends the browser to {} with {}", upstream->origin(),
                             ours ? "our own client_id" : "a client_id of the proxy's"));
    return;
  }
  for (const auto& page : result->authorization.pages) {
    for (const auto& action : page.form_actions) {
      const auto url = net::Url::parse(action);
      if (url && !url->same_origin(session.url()) && url->params().has("client_id")) {
        proxy = true;
        evidence.add("the first page leads to " + url->origin());
        return;
      }
    }
  }
  if (!result->authorization.pages.empty()) evidence.add("the login page is on the MCP server's origin");
  else if (result->end == oauth::FlowEnd::code) evidence.add("codes are issued by the MCP server's origin", false);
}

}  // namespace

Result<ArchitectureOutcome> Facts::Impl::classify() {
  auto& facts = session.facts();
  const auto seen = MCPROVE_TRY(facts.surface());
  const auto all = MCPROVE_TRY(facts.issuers());
  const auto& origin = session.url();
  Evidence evidence;
  if (all.empty()) {
    evidence.add(seen.demands_token() ? "a credential is demanded" : "answers without a credential");
    evidence.add("no protected resource metadata, no authorization server metadata");
    return conclude("none", std::move(evidence));
  }
  const bool own = std::ranges::any_of(all, &Issuer::own_origin);
  const bool foreign = std::ranges::any_of(all, [](const Issuer& issuer) { return !issuer.own_origin; });
  if (own && foreign) {
    evidence.add("the metadata names authorization servers on this origin and elsewhere");
    return conclude("hybrid", std::move(evidence));
  }
  const auto& issuer = all.front();
  const auto& m = issuer.metadata;
  if (!own) {
    evidence.add("the protected resource metadata names " + issuer.id);
    if (m.token_endpoint.empty()) {
      evidence.add("its metadata could not be read", false);
      return conclude("external", std::move(evidence));
    }
    if (at(m.token_endpoint, origin)) {
      evidence.add("yet the token endpoint is on the MCP server's origin");
      return conclude(at(m.authorization_endpoint, origin) ? "proxy" : "hybrid", std::move(evidence));
    }
    evidence.add("authorization and token endpoint are there");
    if (at(m.registration_endpoint, origin)) {
      evidence.add("the registration endpoint is on the MCP server's origin");
      return conclude("proxy", std::move(evidence));
    }
    const auto copy = look_at_server(origin.origin());
    if (copy && copy->found && copy->found->claimed_issuer != issuer.id && at(copy->found->token_endpoint, origin)) {
      evidence.add("and the MCP server's origin is an authorization server of its own too");
      return conclude("hybrid", std::move(evidence));
    }
    return conclude("external", std::move(evidence));
  }
  evidence.add("the issuer is on the MCP server's origin");
  if (!m.authorization_endpoint.empty() && !at(m.authorization_endpoint, origin)) {
    evidence.add("the authorization endpoint is at " + m.authorization_endpoint);
    return conclude(at(m.token_endpoint, origin) ? "proxy" : "hybrid", std::move(evidence));
  }
  if (at(m.token_endpoint, origin)) evidence.add("the token endpoint is on the MCP server's origin");
  bool proxy = false;
  look_at_first_hop(session, issuer, evidence, proxy);
  return conclude(proxy ? "proxy" : "native", std::move(evidence));
}

}  // namespace mcprove
