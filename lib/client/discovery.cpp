#include "client/discovery.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace mcprove::client {

namespace {

constexpr std::size_t shown = 120;

std::string quoted(const std::string& text) { return text::one_line(text, shown); }

Result<oauth::ProtectedResource> read_resource(net::Recorder& recorder, const net::Url& url, const Demand& demand,
                                               const Conduct& conduct) {
  auto found = MCPROVE_TRY(oauth::discover_resource(recorder, url, demand.resource_metadata, nullptr, oauth::Search::first));
  if (!conduct.is_resource(found.resource, url)) {
    return failure(Error::Kind::malformed, fmt::format("the protected resource metadata is for {}, not for {}",
                                                       found.resource.empty() ? "nothing" : quoted(found.resource), url.text()));
  }
  if (found.authorization_servers.empty())
    return failure(Error::Kind::malformed, "the protected resource metadata names no authorization server");
  return found;
}

/// The endpoints that this client may come to use may be sent to from now on.
Result<void> admit(net::Recorder& recorder, const oauth::ServerMetadata& server, const DiscoveryOptions& options,
                   const Conduct& conduct) {
  const auto issuer = MCPROVE_TRY(net::Url::parse(server.issuer));
  for (const auto& [what, endpoint] :
       {std::pair{"token endpoint", &server.token_endpoint}, std::pair{"authorization endpoint", &server.authorization_endpoint},
        std::pair{"registration endpoint", &server.registration_endpoint},
        std::pair{"endpoint for pushed requests", &server.pushed_authorization_request_endpoint}}) {
    if (endpoint->empty()) continue;
    const auto url = MCPROVE_TRY(net::Url::parse(*endpoint));
    const bool own = url.host == options.url.host && issuer.host == options.url.host;
    if (!own && !conduct.belongs(url, issuer) && !options.trusted_origins.contains(url.origin())) {
      return failure(Error::Kind::out_of_scope,
                     fmt::format("the {} of {} is at {}, which is not its own site; if that is right, name it", what,
                                 quoted(server.issuer), url.origin()));
    }
    // RFC 6749 sections 3.1 and 3.2: no fragment; and nobody logs in to an endpoint with a user and password of its own.
    if (!url.user.empty() || endpoint->find('#') != std::string::npos) {
      return failure(Error::Kind::malformed, fmt::format("the {} of {} has {}, which no endpoint has", what,
                                                         quoted(server.issuer), url.user.empty() ? "a fragment" : "userinfo"));
    }
    recorder.scope().found_origin(url.origin(), net::Reach::honest);
  }
  return {};
}

/// Tokens are taken back only at the issuer's own site; one that names another place has none.
void drop_foreign_revocation(oauth::ServerMetadata& server, const DiscoveryOptions& options, const Conduct& conduct) {
  if (server.revocation_endpoint.empty()) return;
  const auto issuer = net::Url::parse(server.issuer);
  const auto url = net::Url::parse(server.revocation_endpoint);
  const bool good = issuer && url && url->user.empty() && server.revocation_endpoint.find('#') == std::string::npos &&
                    (conduct.belongs(*url, *issuer) || options.trusted_origins.contains(url->origin()) ||
                     (url->host == options.url.host && issuer->host == options.url.host));
  if (!good) server.revocation_endpoint.clear();
}

Result<void> judge(const oauth::ServerMetadata& server, bool needs_code, const Conduct& conduct) {
  if (!server.assumed && !conduct.is_issuer(server.claimed_issuer, server.issuer)) {
    return failure(Error::Kind::malformed, fmt::format("the metadata of {} names the issuer {}", quoted(server.issuer),
                                                       server.claimed_issuer.empty() ? "nobody" : quoted(server.claimed_issuer)));
  }
  if (server.token_endpoint.empty())
    return failure(Error::Kind::unavailable, fmt::format("{} has no token endpoint", quoted(server.issuer)));
  if (needs_code && !conduct.has_pkce(server))
    return failure(Error::Kind::malformed, fmt::format("{} does not support PKCE with S256", quoted(server.issuer)));
  return {};
}

Result<Place> at_issuer(net::Recorder& recorder, const DiscoveryOptions& options, const std::string& issuer,
                        const oauth::ProtectedResource& resource, const Demand& demand, const Conduct& conduct) {
  Place place;
  place.server = MCPROVE_TRY(oauth::discover_server(recorder, issuer, nullptr, oauth::Search::first));
  MCPROVE_TRY(judge(place.server, options.needs_code, conduct));
  MCPROVE_TRY(admit(recorder, place.server, options, conduct));
  drop_foreign_revocation(place.server, options, conduct);
  place.resource = resource.resource;
  place.scopes_supported = resource.scopes_supported;
  place.dpop_required = resource.dpop_required;
  place.dpop_wanted = resource.dpop_required || !resource.dpop_signing_algs.empty() || demand.dpop;
  return place;
}

/// 2025-03-26, server metadata discovery: the server's own origin is its authorization server. No identifier was published,
/// so what the document there says of itself is taken if it is that origin.
Result<Place> of_first_revision(net::Recorder& recorder, const DiscoveryOptions& options, const Conduct& conduct) {
  Place place;
  const auto base = options.url.origin();
  auto server = oauth::discover_server(recorder, base, nullptr, oauth::Search::first);
  if (!server && server.error().kind != Error::Kind::unavailable) return tl::unexpected(std::move(server).error());
  if (server) {
    place.server = *std::move(server);
    if (place.server.claimed_issuer == base + "/") place.server.issuer = place.server.claimed_issuer;
  } else {
    place.server = oauth::assumed_metadata(options.url);
  }
  MCPROVE_TRY(judge(place.server, options.needs_code, conduct));
  MCPROVE_TRY(admit(recorder, place.server, options, conduct));
  drop_foreign_revocation(place.server, options, conduct);
  place.resource = options.url.text();
  return place;
}

}  // namespace

Result<Place> discover(net::Recorder& recorder, const DiscoveryOptions& options, const Demand& demand, const Conduct& conduct) {
  const auto resource = read_resource(recorder, options.url, demand, conduct);
  if (!resource) {
    // Nothing published is one thing; no answer, or one to be refused, is no reason to fall back.
    if (resource.error().kind != Error::Kind::unavailable || !demand.resource_metadata.empty())
      return tl::unexpected(resource.error());
    return of_first_revision(recorder, options, conduct);
  }
  auto issuers = resource->authorization_servers;
  std::stable_partition(issuers.begin(), issuers.end(),
                        [&](const std::string& issuer) { return issuer == options.preferred_issuer; });
  return at_issuer(recorder, options, issuers.front(), *resource, demand, conduct);
}

}  // namespace mcprove::client
