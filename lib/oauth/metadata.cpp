#include "oauth/metadata.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "oauth/fetch.h"

namespace mcprove::oauth {

namespace {

constexpr const char* resource_document = "/.well-known/oauth-protected-resource";
constexpr const char* server_document = "/.well-known/oauth-authorization-server";
constexpr const char* openid_document = "/.well-known/openid-configuration";

std::string with_path(const net::Url& url, const std::string& path) { return url.origin() + path; }

void add_once(std::vector<std::string>& urls, std::string url) {
  if (!url.empty() && std::find(urls.begin(), urls.end(), url) == urls.end()) urls.push_back(std::move(url));
}

bool is_resource_document(const json::Value& document) {
  return document.has("resource") || document.has("authorization_servers");
}

bool is_server_document(const json::Value& document) {
  return document.has("issuer") || document.has("authorization_endpoint") || document.has("token_endpoint");
}

void read_resource(ProtectedResource& out) {
  const auto& document = out.fetched.document;
  out.resource = document.string("resource").value_or("");
  out.authorization_servers = document.strings("authorization_servers");
  out.scopes_supported = document.strings("scopes_supported");
  out.dpop_signing_algs = document.strings("dpop_signing_alg_values_supported");
  out.dpop_required = document.boolean("dpop_bound_access_tokens_required").value_or(false);
}

void read_server(ServerMetadata& out) {
  const auto& document = out.fetched.document;
  const auto text_of = [&](std::string_view key) { return document.string(key).value_or(""); };
  out.claimed_issuer = text_of("issuer");
  out.authorization_endpoint = text_of("authorization_endpoint");
  out.token_endpoint = text_of("token_endpoint");
  out.registration_endpoint = text_of("registration_endpoint");
  out.introspection_endpoint = text_of("introspection_endpoint");
  out.revocation_endpoint = text_of("revocation_endpoint");
  out.userinfo_endpoint = text_of("userinfo_endpoint");
  out.jwks_uri = text_of("jwks_uri");
  out.pushed_authorization_request_endpoint = text_of("pushed_authorization_request_endpoint");
  out.scopes_supported = document.strings("scopes_supported");
  out.token_endpoint_auth_methods = document.strings("token_endpoint_auth_methods_supported");
  out.token_endpoint_signing_algs = document.strings("token_endpoint_auth_signing_alg_values_supported");
  out.dpop_signing_algs = document.strings("dpop_signing_alg_values_supported");
  out.cimd_supported = document.boolean("client_id_metadata_document_supported").value_or(false);
  out.par_required = document.boolean("require_pushed_authorization_requests").value_or(false);
  out.code_challenge_methods = document.strings("code_challenge_methods_supported");
  out.iss_parameter_supported = document.boolean("authorization_response_iss_parameter_supported").value_or(false);
}

}  // namespace

std::string_view name(ResourceSource source) {
  switch (source) {
    case ResourceSource::header: return "header";
    case ResourceSource::path: return "path";
    case ResourceSource::root: return "root";
  }
  return "root";
}

std::vector<std::string> resource_well_known_urls(const net::Url& mcp_url) {
  std::vector<std::string> urls;
  const auto suffix = (mcp_url.path == "/" ? "" : mcp_url.path) + (mcp_url.query.empty() ? "" : "?" + mcp_url.query);
  add_once(urls, with_path(mcp_url, resource_document + suffix));
  add_once(urls, with_path(mcp_url, resource_document));
  return urls;
}

Result<ProtectedResource> discover_resource(net::Recorder& recorder, const net::Url& mcp_url, const std::string& header_url,
                                            std::vector<Fetched>* tried, Search search) {
  std::vector<std::string> urls;
  if (!header_url.empty()) {
    found_url(recorder, header_url);
    add_once(urls, header_url);
  }
  for (auto& url : resource_well_known_urls(mcp_url)) add_once(urls, std::move(url));
  ProtectedResource out;
  out.header_url = header_url;
  const auto usable = [](const Fetched& place) { return is_resource_document(place.document); };
  const char* purpose = "protected resource metadata";
  out.tried = search == Search::first ? fetch_until(recorder, urls, purpose, usable) : fetch_all(recorder, urls, purpose);
  if (tried != nullptr) *tried = out.tried;
  const auto used = std::find_if(out.tried.begin(), out.tried.end(), usable);
  if (used == out.tried.end()) return tl::unexpected(none_usable("protected resource metadata", out.tried));
  out.fetched = *used;
  const auto root = resource_well_known_urls(mcp_url).back();
  out.source = !header_url.empty() && used->url == header_url ? ResourceSource::header
               : used->url == root                            ? ResourceSource::root
                                                              : ResourceSource::path;
  read_resource(out);
  for (const auto& server : out.authorization_servers) found_url(recorder, server);
  return out;
}

std::vector<std::string> well_known_urls(const net::Url& issuer) {
  std::string path = issuer.path;
  while (path.ends_with('/')) path.pop_back();
  std::vector<std::string> urls;
  add_once(urls, with_path(issuer, server_document + path));
  add_once(urls, with_path(issuer, openid_document + path));
  add_once(urls, with_path(issuer, path + openid_document));
  return urls;
}

Result<ServerMetadata> discover_server(net::Recorder& recorder, const std::string& issuer, std::vector<Fetched>* tried,
                                       Search search) {
  const auto url = MCPROVE_TRY(net::Url::parse(issuer));
  recorder.scope().found_origin(url.origin());
  ServerMetadata out;
  out.issuer = issuer;
  const auto usable = [](const Fetched& place) { return is_server_document(place.document); };
  const char* purpose = "authorization server metadata";
  out.tried = search == Search::first ? fetch_until(recorder, well_known_urls(url), purpose, usable)
                                      : fetch_all(recorder, well_known_urls(url), purpose);
  if (tried != nullptr) *tried = out.tried;
  const auto used = std::find_if(out.tried.begin(), out.tried.end(), usable);
  if (used == out.tried.end())
    return tl::unexpected(none_usable(fmt::format("metadata of {}", text::one_line(issuer, 120)), out.tried));
  out.fetched = *used;
  out.openid = std::any_of(out.tried.begin(), out.tried.end(), [&](const Fetched& place) {
    return usable(place) && place.url.find(openid_document) != std::string::npos;
  });
  read_server(out);
  for (const auto* endpoint : {&out.claimed_issuer, &out.authorization_endpoint, &out.token_endpoint, &out.registration_endpoint,
                               &out.introspection_endpoint, &out.revocation_endpoint, &out.userinfo_endpoint, &out.jwks_uri,
                               &out.pushed_authorization_request_endpoint}) {
    found_url(recorder, *endpoint);
  }
  return out;
}

ServerMetadata assumed_metadata(const net::Url& mcp_url) {
  ServerMetadata out;
  out.issuer = mcp_url.origin();
  out.assumed = true;
  out.authorization_endpoint = with_path(mcp_url, "/authorize");
  out.token_endpoint = with_path(mcp_url, "/token");
  out.registration_endpoint = with_path(mcp_url, "/register");
  return out;
}

}  // namespace mcprove::oauth
