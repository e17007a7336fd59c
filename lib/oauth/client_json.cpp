#include "oauth/client_json.h"

#include <utility>

namespace mcprove::oauth {

json::Value client_to_json(const Client& client) {
  auto value = json::Value::object({{"issuer", json::str(client.issuer)},
                                    {"client_id", json::str(client.id)},
                                    {"client_secret", json::str(client.secret)},
                                    {"token_endpoint_auth_method", json::str(client.auth_method)},
                                    {"redirect_uris", json::strings(client.redirect_uris)},
                                    {"client_name", json::str(client.name)},
                                    {"registration_access_token", json::str(client.registration_token)},
                                    {"registration_client_uri", json::str(client.registration_uri)}});
  // Without its key a client that signs assertions could never refresh again.
  if (client.key) value = value.with("private_key", client.key->private_jwk()).with("signing_alg", json::str(client.signing_alg));
  return value;
}

Client client_from_json(const json::Value& value) {
  Client client;
  client.issuer = value.string("issuer").value_or("");
  client.id = value.string("client_id").value_or("");
  client.secret = value.string("client_secret").value_or("");
  client.auth_method = value.string("token_endpoint_auth_method").value_or("none");
  client.redirect_uris = value.strings("redirect_uris");
  client.name = value.string("client_name").value_or("");
  client.registration_token = value.string("registration_access_token").value_or("");
  client.registration_uri = value.string("registration_client_uri").value_or("");
  if (value.has("private_key")) {
    if (auto key = jose::Key::from_jwk(value.at("private_key"))) client.key = *std::move(key);
    client.signing_alg = value.string("signing_alg").value_or("");
  }
  return client;
}

}  // namespace mcprove::oauth
