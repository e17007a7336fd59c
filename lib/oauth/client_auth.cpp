#include "oauth/client_auth.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "jose/jws.h"

namespace mcprove::oauth {

namespace {

constexpr std::chrono::seconds assertion_lifetime{60};
constexpr const char* assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
constexpr std::array<std::string_view, 10> signature_algorithms{"ES256", "EdDSA", "RS256", "PS256", "ES384",
                                                                "ES512", "RS384", "RS512", "PS384", "PS512"};

bool lists(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool signs_assertions(const Client& client) {
  return client.auth_method == "private_key_jwt" || client.auth_method == "client_secret_jwt";
}

Result<std::string> client_assertion(const Client& client, const std::string& issuer, const Signing& signing) {
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(signing.clock.now().time_since_epoch()).count();
  const auto claims = json::Value::object({{"iss", json::str(client.id)},
                                           {"sub", json::str(client.id)},
                                           {"aud", json::str(issuer)},
                                           {"iat", json::num(now)},
                                           {"exp", json::num(now + assertion_lifetime.count())},
                                           {"jti", json::str(signing.random.base64url(16))}});
  std::string assertion;
  if (client.auth_method == "client_secret_jwt") {
    if (client.secret.empty()) return failure(Error::Kind::usage, "client_secret_jwt needs a client secret");
    const auto alg = client.signing_alg.empty() ? "HS256" : client.signing_alg;
    assertion = jose::sign_hmac(json::Value::object({{"typ", json::str("JWT")}}), claims, client.secret, alg);
  } else {
    if (!client.key) return failure(Error::Kind::usage, "private_key_jwt needs the client's private key");
    auto header = json::Value::object({{"typ", json::str("JWT")}});
    header = header.with("alg", json::str(client.signing_alg.empty() ? client.key->alg() : client.signing_alg));
    if (!client.key->kid().empty()) header = header.with("kid", json::str(client.key->kid()));
    assertion = MCPROVE_TRY(jose::sign(header, claims, *client.key));
  }
  signing.redactor.add("client_assertion", assertion);
  return assertion;
}

Result<void> sign(TokenRequest& request, const Signing& signing) {
  if (!request.signer) return {};
  const auto assertion = MCPROVE_TRY(client_assertion(*request.signer, request.signer->issuer, signing));
  request.params.set("client_assertion_type", assertion_type).set("client_assertion", assertion);
  return {};
}

std::string method_for(const ServerMetadata& server, bool has_key, bool has_secret) {
  const auto& listed = server.token_endpoint_auth_methods;
  if (has_key && (listed.empty() || lists(listed, "private_key_jwt"))) return "private_key_jwt";
  if (has_secret) {
    if (listed.empty()) return "client_secret_basic";
    for (const auto* method : {"client_secret_basic", "client_secret_post", "client_secret_jwt"})
      if (lists(listed, method)) return method;
  }
  if (!has_key && (listed.empty() || lists(listed, "none"))) return "none";
  return {};
}

std::string algorithm_for(const ServerMetadata& server, const jose::Key& key, const std::string& given) {
  if (!given.empty()) return given;
  const auto& listed = server.token_endpoint_signing_algs;
  if (listed.empty() || lists(listed, key.alg())) return key.alg();
  for (const auto alg : signature_algorithms)
    if (lists(listed, alg) && key.fits(alg)) return std::string(alg);
  return key.alg();
}

}  // namespace mcprove::oauth
