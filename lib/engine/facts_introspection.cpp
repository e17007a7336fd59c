#include <algorithm>

#include <fmt/format.h>

#include "engine/facts_impl.h"

namespace mcprove {
namespace {

/// RFC 8414 section 2: what the metadata lists for this endpoint; Basic where it says nothing.
std::string auth_method_at(const oauth::ServerMetadata& metadata) {
  const auto listed = metadata.fetched.document.strings("introspection_endpoint_auth_methods_supported");
  const auto lists = [&](std::string_view method) { return std::ranges::find(listed, method) != listed.end(); };
  return !lists("client_secret_basic") && lists("client_secret_post") ? "client_secret_post" : "client_secret_basic";
}

}  // namespace

Result<oauth::Client> Facts::Impl::resource_server(const Issuer& issuer, const std::string& endpoint) const {
  const auto& lent = session.options().introspection;
  if (lent.id.empty()) return failure(Error::Kind::unavailable, "no introspection client was given");
  const auto there = net::Url::parse(endpoint);
  const auto home = net::Url::parse(issuer.id);
  const bool valid = issuer.metadata.fetched.usable() && issuer.metadata.claimed_issuer == issuer.id;
  if (!there || !home || !valid || endpoint != issuer.metadata.introspection_endpoint)
    return failure(Error::Kind::out_of_scope, "the introspection client is only for an endpoint that a valid document names");
  if (!session.named_by_user(*home) || !(there->same_origin(*home) || session.named_by_user(*there)))
    return failure(Error::Kind::out_of_scope,
                   fmt::format("the introspection client is not sent to {}, which nobody named: --login-origin, or --as-in-scope",
                               there->origin()));
  oauth::Client client;
  client.issuer = issuer.id;
  client.id = lent.id;
  client.secret = lent.secret;
  client.auth_method = auth_method_at(issuer.metadata);
  client.dynamic = false;
  return client;
}

}  // namespace mcprove
