#include "client/conduct.h"

#include <algorithm>

namespace mcprove::client {

bool Conduct::is_resource(const std::string& named, const net::Url& server) const {
  const auto resource = net::Url::parse(named);
  if (!resource || !resource->fragment.empty() || !resource->same_origin(server)) return false;
  if (!resource->query.empty() && (resource->query != server.query || resource->path != server.path)) return false;
  auto path = resource->path;
  while (path.ends_with('/')) path.pop_back();
  return server.path.starts_with(path) && (server.path.size() == path.size() || server.path[path.size()] == '/');
}

bool Conduct::belongs(const net::Url& endpoint, const net::Url& issuer) const {
  if (endpoint.is_loopback_host() && issuer.is_loopback_host()) return true;
  return endpoint.scheme == "https" && issuer.scheme == "https" &&
         net::registrable_domain(endpoint.host) == net::registrable_domain(issuer.host);
}

bool Conduct::has_pkce(const oauth::ServerMetadata& server) const {
  const auto& methods = server.code_challenge_methods;
  return server.assumed || std::find(methods.begin(), methods.end(), "S256") != methods.end();
}

}  // namespace mcprove::client
