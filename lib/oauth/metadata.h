#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/json.h"
#include "net/recorder.h"
#include "net/url.h"

namespace mcprove::oauth {

/// How many of the places are asked where a document may stand. An audit wants to know what stands at each; a client stops
/// at the first document, in the order of the specification.
enum class Search : std::uint8_t { everywhere, first };

/// The protected-resource URLs of an MCP server (RFC 9728 section 3.1): with its path inserted, and at the root.
std::vector<std::string> resource_well_known_urls(const net::Url& mcp_url);

/// One well-known URL that was asked, and what stood there.
struct Fetched {
  std::string url{};
  std::optional<net::ExchangeId> exchange{};
  int status = 0;  ///< 0: no answer
  std::string media_type{};
  json::Value document{};                ///< null unless the answer was 200 and a JSON object
  std::string problem{};                 ///< empty if usable; else "404", "not JSON: text/html", "refused: ..."
  std::optional<Error::Kind> failure{};  ///< why nothing came back; empty: an answer came
  bool usable() const { return document.is_object(); }
};

enum class ResourceSource : std::uint8_t { header, path, root };
std::string_view name(ResourceSource source);

/// Protected resource metadata (RFC 9728).
struct ProtectedResource {
  Fetched fetched{};  ///< the one that is used: header, else path, else root
  ResourceSource source = ResourceSource::header;
  std::string resource{};
  std::vector<std::string> authorization_servers{};
  std::vector<std::string> scopes_supported{};
  std::vector<std::string> dpop_signing_algs{};  ///< RFC 9449 section 5.1 at the resource; empty: not said
  bool dpop_required = false;
  std::vector<Fetched> tried{};  ///< every place that was asked, in that order, each URL once
  std::string header_url{};      ///< resource_metadata of the challenge, if any
};

/// Asks the challenge's URL, the path-inserted and the root well-known one; everywhere means side by side. Error::unavailable if none is
/// usable (its message says what stood where), or another kind if a place did not answer or refused for the moment.
/// Redirects are not followed to another origin. Origins found in a document may be read from then on, no more.
Result<ProtectedResource> discover_resource(net::Recorder& recorder, const net::Url& mcp_url, const std::string& header_url,
                                            std::vector<Fetched>* tried = nullptr, Search search = Search::everywhere);

/// Authorization server metadata (RFC 8414, OpenID Connect Discovery 1.0).
struct ServerMetadata {
  std::string issuer{};          ///< the identifier we were given; the audit goes by this
  std::string claimed_issuer{};  ///< the document's `issuer`; differing is a violation
  Fetched fetched{};             ///< the document that is used, first in the order of the specification
  std::vector<Fetched> tried{};  ///< every well-known form
  bool assumed = false;          ///< no document: the default endpoints of revision 2025-03-26
  std::string authorization_endpoint{};
  std::string token_endpoint{};
  std::string registration_endpoint{};
  std::string introspection_endpoint{};
  std::string revocation_endpoint{};
  std::string userinfo_endpoint{};
  std::string jwks_uri{};
  std::string pushed_authorization_request_endpoint{};
  std::vector<std::string> scopes_supported{};
  std::vector<std::string> token_endpoint_auth_methods{};  ///< empty: not said (default client_secret_basic)
  std::vector<std::string> token_endpoint_signing_algs{};  ///< for client assertions; empty: not said
  std::vector<std::string> dpop_signing_algs{};            ///< RFC 9449 section 5.1; empty: no DPoP
  std::vector<std::string> code_challenge_methods{};
  bool iss_parameter_supported = false;
  bool cimd_supported = false;  ///< client_id_metadata_document_supported
  bool par_required = false;    ///< require_pushed_authorization_requests (RFC 9126 section 5)
  bool openid = false;          ///< an openid-configuration document exists
};

/// The well-known URLs of an issuer in the specification's order: two for an issuer without a path, three with one.
std::vector<std::string> well_known_urls(const net::Url& issuer);
/// Asks them; everywhere means all, side by side. Errors as above. The document's issuer is compared by nobody here.
Result<ServerMetadata> discover_server(net::Recorder& recorder, const std::string& issuer, std::vector<Fetched>* tried = nullptr,
                                       Search search = Search::everywhere);
/// /authorize, /token, /register on the MCP server's origin (2025-03-26, fallbacks).
ServerMetadata assumed_metadata(const net::Url& mcp_url);

}  // namespace mcprove::oauth
