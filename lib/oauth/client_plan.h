#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/redactor.h"
#include "base/result.h"
#include "jose/jwk.h"
#include "json/json.h"
#include "oauth/metadata.h"
#include "oauth/registration.h"

namespace mcprove::oauth {

/// How a token is had: by a person's consent (OAuth 2.1 section 4.1), by the client's own right (section 4.2), for a JWT
/// that somebody else signed (RFC 7523), or for an ID token by way of the company's identity provider (ID-JAG).
enum class GrantType : std::uint8_t { authorization_code, client_credentials, jwt_bearer, enterprise };

/// Tokens bound to a key of ours (RFC 9449). Automatic: a strict client binds them where the server and its authorization
/// server both speak of it, an audit where the server demands it.
enum class Dpop : std::uint8_t { automatic, never, always };

/// Enterprise-managed authorization: the identity provider turns the person's ID token into an assertion for the server's
/// authorization server (RFC 8693, then RFC 7523).
struct Enterprise {
  std::string issuer{};          ///< of the identity provider; asked for its metadata if no endpoint is given
  std::string token_endpoint{};  ///< of the identity provider
  std::string client_id{};       ///< ours at the identity provider
  std::string client_secret{};
  std::string id_token{};
};

/// How we are known to authorization servers, and by which grant and with what protection tokens are asked for: the user's
/// word, the same for `login`, `call` and `audit`. With none of it a client is registered. Preferred in this order: `id`, a
/// client kept from earlier, `cimd_url` where the server takes it, a registration.
struct ClientPlan {
  std::string name = "mcprove";
  std::string id{};                ///< registered by the user beforehand
  std::string secret{};            ///< empty: public, or with a key
  std::string issuer{};            ///< where `id` was registered; empty: at the first issuer that this server names
  std::string auth_method{};       ///< at the token endpoint; empty: by what the user gave and the metadata lists
  std::optional<jose::Key> key{};  ///< private, for private_key_jwt
  std::string signing_alg{};       ///< of assertions; empty: by the key and the metadata
  std::string cimd_url{};          ///< where our Client ID Metadata Document is published; empty: nowhere
  std::string initial_access_token{};
  std::string software_statement{};  ///< RFC 7591 section 2.3
  std::string application_type{};    ///< native or web; empty: native, and web where that is refused
  std::string redirect_uri = loopback_redirect;

  GrantType grant_type = GrantType::authorization_code;
  std::string assertion{};  ///< of jwt_bearer
  Enterprise enterprise{};  ///< of enterprise
  Dpop dpop = Dpop::automatic;
  bool push = false;  ///< pushed authorization requests wherever there is an endpoint; without it where they are required
};

/// The grant types that a client of this plan is registered with (RFC 7591 section 2).
std::vector<std::string> grant_types_of(const ClientPlan& plan);

/// Our Client ID Metadata Document (draft-ietf-oauth-client-id-metadata-document), as it must stand at `plan.cimd_url`.
json::Value metadata_document(const ClientPlan& plan);

/// The client that the document makes us at this server.
Client document_client(const ClientPlan& plan, const ServerMetadata& server);

/// The user's client, made at `issuer`, as it would authenticate at this server; whether it may be used there is the
/// caller's to say. Error::registration: the server takes none of the ways in which it could authenticate.
Result<Client> given_client(const ClientPlan& plan, const ServerMetadata& server, const std::string& issuer);

/// Secrets of the plan, and their derived forms, told to the redactor.
void hide_secrets(const ClientPlan& plan, Redactor& redactor);

}  // namespace mcprove::oauth
