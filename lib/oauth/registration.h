#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/redactor.h"
#include "base/result.h"
#include "jose/jwk.h"
#include "json/json.h"
#include "net/answer.h"
#include "net/recorder.h"
#include "oauth/metadata.h"

namespace mcprove::oauth {

/// Where this machine takes an authorization response (RFC 8252 section 7.3).
inline constexpr auto loopback_redirect = "http://127.0.0.1:33418/callback";

/// An OAuth client that is ours, at one issuer. Never used at another.
struct Client {
  std::string issuer{};
  std::string id{};
  std::string secret{};              ///< empty: public
  std::string auth_method = "none";  ///< none, client_secret_basic, _post or _jwt, private_key_jwt
  std::optional<jose::Key> key{};    ///< private; of private_key_jwt
  std::string signing_alg{};         ///< of client_secret_jwt and private_key_jwt; empty: HS256, or the key's own
  std::vector<std::string> redirect_uris{};
  std::string name{};
  std::string registration_token{};  ///< RFC 7592
  std::string registration_uri{};
  json::Value document{};  ///< the registration response; null if configured
  std::optional<net::ExchangeId> exchange{};
  bool dynamic = true;
  bool is_public() const { return auth_method == "none"; }
};

/// RFC 7591 section 2. Empty members are left out.
struct Registration {
  std::string name{};
  std::vector<std::string> redirect_uris{};
  std::string auth_method = "none";
  std::string application_type = "native";  ///< SEP-837
  std::vector<std::string> grant_types{"authorization_code", "refresh_token"};
  std::vector<std::string> response_types{"code"};
  std::string scope{};
  json::Value extra{};  ///< further members, winning over those above
  json::Value document() const;
};

struct Registered {
  Answer answer = Answer::other;  ///< accepted: 2xx with a client_id; denied: 400, 401, 403 from the endpoint
  std::optional<Client> client{};
  net::Reply reply{};
  std::string error{};  ///< RFC 7591 error code, if any
  std::string why{};
};

/// One registration. 200 counts like 201. The secret and registration token are given to the Redactor before anything
/// else is done with them. `initial_token` may be empty.
Result<Registered> register_client(net::Recorder& recorder, Redactor& redactor, const ServerMetadata& server,
                                   const Registration& wanted, const std::string& initial_token = {});
/// RFC 7592 section 2.3; accepted: 204 or 200.
Result<Registered> delete_client(net::Recorder& recorder, const Client& client);

}  // namespace mcprove::oauth
