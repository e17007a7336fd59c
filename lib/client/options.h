#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/redactor.h"
#include "base/result.h"
#include "client/conduct.h"
#include "jose/jwk.h"
#include "json/json.h"
#include "net/recorder.h"
#include "oauth/grant_store.h"
#include "oauth/login.h"

namespace mcprove::client {

/// How a token is had: by a person's consent (OAuth 2.1 section 4.1), by the client's own right (section 4.2), for a JWT
/// that somebody else signed (RFC 7523), or for an ID token by way of the company's identity provider (ID-JAG).
enum class GrantType : std::uint8_t { authorization_code, client_credentials, jwt_bearer, enterprise };

/// Tokens bound to a key of ours (RFC 9449). Automatic: where the server and its authorization server both speak of it.
enum class Dpop : std::uint8_t { automatic, never, always };

/// How we are known to authorization servers. With none of it a client is registered. Preferred in this order: `id`, a
/// client kept from earlier, `cimd_url` where the server takes it, a registration.
struct ClientOptions {
  std::string name = "mcprove";
  std::string id{};                ///< registered by the user beforehand
  std::string secret{};            ///< empty: public, or with a key
  std::string issuer{};            ///< where `id` was registered; empty: at the first issuer that this server names
  std::string auth_method{};       ///< empty: by what the user gave and the metadata lists
  std::optional<jose::Key> key{};  ///< private, for private_key_jwt
  std::string signing_alg{};       ///< of assertions; empty: by the key and the metadata
  std::string cimd_url{};          ///< where our Client ID Metadata Document is published; empty: nowhere
  std::string initial_access_token{};
  std::string software_statement{};  ///< RFC 7591 section 2.3
  std::string redirect_uri = oauth::loopback_redirect;
};

/// Enterprise-managed authorization: the identity provider turns the person's ID token into an assertion for the server's
/// authorization server (RFC 8693, then RFC 7523).
struct Enterprise {
  std::string issuer{};          ///< of the identity provider; asked for its metadata if no endpoint is given
  std::string token_endpoint{};  ///< of the identity provider
  std::string client_id{};       ///< ours at the identity provider
  std::string client_secret{};
  std::string id_token{};
};

struct Options {
  std::string url{};       ///< the MCP server
  std::string revision{};  ///< speak this one and no other; empty: newest first, and back to what the server speaks
  std::string scope{};     ///< asked for from the first; empty: by the server's guidance
  std::string person{};    ///< as the store names who logs in
  std::string login{};     ///< as the store names how
  GrantType grant_type = GrantType::authorization_code;
  std::string assertion{};  ///< of jwt_bearer
  Enterprise enterprise{};  ///< of enterprise
  Dpop dpop = Dpop::automatic;
  bool push = false;  ///< pushed authorization requests wherever there is an endpoint; without it where they are required
  ClientOptions client{};
  /// Where a password may be typed besides the server's own origin.
  std::set<std::string> login_origins{};
  /// Origins where an authorization server may have its endpoints, besides its issuer's site: the user's word.
  std::set<std::string> trusted_origins{};
  std::optional<oauth::StoredGrant> grant{};  ///< of an earlier run
  std::chrono::milliseconds patience{30'000};

  /// What the client can be asked by a server: its capabilities, and the answer to elicitation/create, roots/list, ...:
  /// the result, or nothing for what it cannot. Without a function it declares and answers nothing.
  json::Value capabilities{};
  std::function<std::optional<json::Value>(std::string_view method, const json::Value& params)> answer{};
};

/// Where grants and clients live between runs; this one keeps nothing.
class Keeper {
 public:
  virtual ~Keeper() = default;
  /// A new or renewed grant.
  virtual void keep(const oauth::StoredGrant&) {}
  /// Runs `refresh` on the grant as it is now, alone: a refresh token is good for one use. A keeper that finds the grant
  /// already renewed returns that instead.
  virtual Result<oauth::StoredGrant> renew(const oauth::StoredGrant& grant,
                                           const std::function<Result<oauth::StoredGrant>(const oauth::StoredGrant&)>& refresh) {
    return refresh(grant);
  }
  /// A client of ours registered earlier at this issuer.
  virtual std::optional<oauth::Client> find_client(const std::string&) { return std::nullopt; }
};

/// What surrounds a connection. The Scope behind the recorder must know the server's origin as named by the user, with
/// Reach::honest at least; what discovery finds is added to it by the connection.
struct Setting {
  net::Recorder& recorder;
  Redactor& redactor;
  Random& random;
  Clock& clock;
  oauth::LoginDriver& driver;
  oauth::CookieJar& jar;
  Keeper* keeper = nullptr;
  const Conduct* conduct = nullptr;  ///< null: the sound one
};

}  // namespace mcprove::client
