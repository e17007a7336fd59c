#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "client/conduct.h"
#include "client/demand.h"
#include "net/recorder.h"
#include "net/url.h"
#include "oauth/metadata.h"

namespace mcprove::client {

/// Where a token for a server is to be had.
struct Place {
  oauth::ServerMetadata server{};
  std::string resource{};  ///< to be sent, exactly as published (RFC 8707); the server's own URL where nothing is published
  std::vector<std::string> scopes_supported{};  ///< by the resource
  bool dpop_wanted = false;                     ///< the resource speaks of DPoP
  bool dpop_required = false;
};

struct DiscoveryOptions {
  net::Url url{};
  bool needs_code = true;          ///< an authorization endpoint and PKCE are needed
  std::string preferred_issuer{};  ///< of those that the resource names
  std::set<std::string> trusted_origins{};
};

/// RFC 9728 (the challenge's URL, else with the path, else at the root), then RFC 8414 and OpenID Connect Discovery, in the
/// order of the specification and no further than needed. A server without resource metadata is one of 2025-03-26: its own
/// origin's metadata, else the default endpoints there. Error::malformed where the specification says to refuse: another
/// resource, another issuer, no S256; Error::out_of_scope: an endpoint away from its issuer's site that the user did not
/// name. The endpoints that were accepted may be used from then on.
Result<Place> discover(net::Recorder& recorder, const DiscoveryOptions& options, const Demand& demand, const Conduct& conduct);

}  // namespace mcprove::client
