#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/facts_impl.h"
#include "engine/logins.h"

namespace mcprove {
namespace {

constexpr std::size_t max_issuers = 4;

bool is_refusal(const net::Response& response) {
  return response.status == 401 || (response.status == 403 && response.headers.has("WWW-Authenticate"));
}

}  // namespace

Facts::Facts(Session& session) : impl_(std::make_unique<Impl>(session)) {}
Facts::~Facts() = default;

Result<Surface> Facts::Impl::look_at_surface() {
  Surface found;
  found.url = session.url();
  found.wires = MCPROVE_TRY(mcp::detect_wires(session.recorder(), found.url, mcp::Credential::none()));
  for (const auto& wire : found.wires) {
    for (const auto id : wire.exchanges) {
      const auto& exchange = session.recorder().transcript().at(id);
      if (!exchange.response || !is_refusal(*exchange.response)) continue;
      auto challenges = net::challenges(exchange.response->headers);
      // The first refusal speaks for the server, but one with a challenge says more than one without.
      if (!found.refusal || (found.challenges.empty() && !challenges.empty())) {
        found.refusal = id;
        found.challenges = std::move(challenges);
      }
    }
  }
  for (const auto& challenge : found.challenges) {
    if (!challenge.is("Bearer") && !challenge.is("DPoP")) continue;
    if (found.resource_metadata.empty()) found.resource_metadata = challenge.param("resource_metadata").value_or("");
    if (found.challenge_scope.empty()) found.challenge_scope = challenge.param("scope").value_or("");
  }
  return found;
}

Result<Surface> Facts::surface() {
  return impl_->surface_memo.get(impl_->session.recorder(), "", [&] { return impl_->look_at_surface(); });
}

Result<oauth::ProtectedResource> Facts::resource_metadata() {
  const auto look = impl_->resource_memo.get(impl_->session.recorder(), "", [&]() -> Result<Impl::ResourceLook> {
    const auto seen = MCPROVE_TRY(surface());
    Impl::ResourceLook found;
    found.found = oauth::discover_resource(impl_->session.recorder(), seen.url, seen.resource_metadata, &found.tried);
    return found;
  });
  if (!look) return tl::unexpected(look.error());
  return look->found;
}

std::vector<oauth::Fetched> Facts::resource_metadata_tried() {
  static_cast<void>(resource_metadata());
  const auto look =
      impl_->resource_memo.get(impl_->session.recorder(), "", [] { return Result<Impl::ResourceLook>{Impl::ResourceLook{}}; });
  return look ? look->tried : std::vector<oauth::Fetched>{};
}

Issuer Facts::Impl::make_issuer(const std::string& id, const Result<oauth::ServerMetadata>& metadata) {
  Issuer issuer;
  issuer.id = id;
  issuer.metadata.issuer = id;
  if (metadata) issuer.metadata = *metadata;
  const auto url = net::Url::parse(id);
  if (!url) return issuer;
  issuer.own_origin = url->same_origin(session.url());
  issuer.active = session.options().effect >= Effect::active && session.active_at(id);

  // The issuer's own origin goes as far as we may; another origin that its metadata names goes no further than reading,
  // unless the user named that host or everything is loopback.
  const bool login_given = logs_in(session.main_identity());
  const auto reach = issuer.active ? net::Reach::active : login_given ? net::Reach::honest : net::Reach::read;
  if (!issuer.own_origin) session.scope().found_origin(url->origin(), reach);
  const auto& m = issuer.metadata;
  for (const auto& endpoint : {m.authorization_endpoint, m.token_endpoint, m.registration_endpoint, m.introspection_endpoint,
                               m.revocation_endpoint, m.userinfo_endpoint, m.jwks_uri}) {
    const auto there = net::Url::parse(endpoint);
    if (!there || there->same_origin(session.url())) continue;
    if (there->same_origin(*url)) session.scope().found_origin(there->origin(), reach);
    else session.scope().found_origin(there->origin(), session.active_at(endpoint) ? reach : net::Reach::read);
  }
  return issuer;
}

Result<Facts::Impl::ServerLook> Facts::Impl::look_at_server(const std::string& issuer) {
  return server_memo.get(session.recorder(), issuer, [&]() -> Result<ServerLook> {
    ServerLook at;
    at.found = oauth::discover_server(session.recorder(), issuer, &at.tried);
    return at;
  });
}

Result<std::vector<Issuer>> Facts::Impl::find_issuers() {
  auto& facts = session.facts();
  static_cast<void>(MCPROVE_TRY(facts.surface()));
  std::vector<std::string> ids;
  if (const auto resource = facts.resource_metadata()) ids = resource->authorization_servers;
  const bool named = !ids.empty();
  // Revision 2025-03-26: the MCP server's own origin is the authorization base URL.
  if (!named) ids.push_back(session.url().origin());
  std::vector<Issuer> found;
  for (const auto& id : ids) {
    if (found.size() == max_issuers) break;
    if (std::ranges::any_of(found, [&](const Issuer& other) { return other.id == id; })) continue;
    const auto look = look_at_server(id);
    if (!look) return tl::unexpected(look.error());
    if (look->found) {
      // An issuer we only guessed at is called what it calls itself.
      const auto& claimed = look->found->claimed_issuer;
      found.push_back(make_issuer(named || claimed.empty() ? id : claimed, look->found));
    } else if (named) {
      found.push_back(make_issuer(id, look->found));
    }
  }
  return found;
}

Result<std::vector<Issuer>> Facts::issuers() {
  return impl_->issuers_memo.get(impl_->session.recorder(), "", [&] { return impl_->find_issuers(); });
}

std::vector<oauth::Fetched> Facts::server_metadata_tried(const std::string& issuer) {
  const auto look = impl_->look_at_server(issuer);
  return look ? look->tried : std::vector<oauth::Fetched>{};
}

Result<jose::KeySet> Facts::keys(const Issuer& issuer) {
  return impl_->keys_memo.get(impl_->session.recorder(), issuer.id, [&]() -> Result<jose::KeySet> {
    if (issuer.metadata.jwks_uri.empty()) return failure(Error::Kind::unavailable, "no jwks_uri is advertised");
    net::Request request;
    request.url = issuer.metadata.jwks_uri;
    request.headers.add("Accept", "application/json");
    request.purpose = "key set";
    const auto reply = MCPROVE_TRY(impl_->session.recorder().send(std::move(request)));
    if (reply.response.status != 200)
      return failure(Error::Kind::unavailable, fmt::format("jwks_uri answers {}", reply.response.status));
    const auto document = MCPROVE_TRY(json::parse(reply.response.body));
    if (!document.is_object()) return failure(Error::Kind::malformed, "the key set is no JSON object");
    return jose::KeySet::parse(document);
  });
}

Result<ArchitectureOutcome> Facts::architecture() {
  return impl_->architecture_memo.get(impl_->session.recorder(), "", [&] { return impl_->classify(); });
}

/// RFC 9728 section 2 and RFC 9449 section 7.1: it says so, or its challenges know no other scheme.
bool Facts::demands_proof() {
  if (const auto resource = resource_metadata(); resource && resource->dpop_required) return true;
  const auto seen = surface();
  if (!seen) return false;
  const auto is = [](const char* scheme) { return [scheme](const net::Challenge& c) { return c.is(scheme); }; };
  return std::ranges::any_of(seen->challenges, is("DPoP")) && std::ranges::none_of(seen->challenges, is("Bearer"));
}

std::string Facts::guidance_scope() {
  if (const auto seen = surface(); seen && !seen->challenge_scope.empty()) return seen->challenge_scope;
  if (const auto resource = resource_metadata(); resource && !resource->scopes_supported.empty())
    return scope_text(resource->scopes_supported);
  return {};
}

std::string Facts::resource_id() {
  const auto& url = impl_->session.url();
  if (const auto resource = resource_metadata()) {
    const auto named = net::Url::parse(resource->resource);
    if (named && named->same_origin(url)) return resource->resource;
  }
  return url.text();
}

std::vector<std::string> Facts::offered_scopes(const Issuer& issuer) {
  std::vector<std::string> all;
  const auto take = [&](const std::vector<std::string>& some) {
    for (const auto& scope : some)
      if (std::ranges::find(all, scope) == all.end()) all.push_back(scope);
  };
  if (const auto seen = surface()) take(scope_list(seen->challenge_scope));
  if (const auto resource = resource_metadata()) take(resource->scopes_supported);
  take(issuer.metadata.scopes_supported);
  return all;
}

}  // namespace mcprove
