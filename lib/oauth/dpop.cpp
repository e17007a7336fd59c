#include "oauth/dpop.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/text.h"
#include "jose/jws.h"
#include "net/challenge.h"
#include "net/url.h"
#include "oauth/token_json.h"

namespace mcprove::oauth {

namespace {

constexpr std::size_t longest_nonce = 1024;

/// NQCHAR of RFC 6749 appendix A: what a nonce may be made of (RFC 9449 section 8.1).
bool is_nonce(std::string_view text) {
  return !text.empty() && text.size() <= longest_nonce &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x21 && c <= 0x7e && c != '"' && c != '\\'; });
}

}  // namespace

Prover::Prover(jose::Key key, Clock& clock, Random& random) : key_(std::move(key)), clock_(clock), random_(random) {}

Result<std::string> Prover::proof(std::string_view method, std::string_view url, std::string_view access_token) const {
  const auto target = MCPROVE_TRY(net::Url::parse(url));
  // The algorithm belongs to the header, and the rest of what a JWK may say to nobody.
  const auto jwk = key_.public_jwk().without("alg").without("kid").without("use");
  const auto header = json::Value::object({{"typ", json::str("dpop+jwt")}, {"alg", json::str(key_.alg())}, {"jwk", jwk}});
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(clock_.now().time_since_epoch()).count();
  auto claims = json::Value::object({{"jti", json::str(random_.base64url(16))},
                                     {"htm", json::str(method)},
                                     {"htu", json::str(target.origin() + target.path)},
                                     {"iat", json::num(now)}});
  if (!access_token.empty()) claims = claims.with("ath", json::str(text::base64url_encode(text::sha256(access_token))));
  {
    const std::lock_guard lock(mutex_);
    if (const auto nonce = nonces_.find(target.origin()); nonce != nonces_.end())
      claims = claims.with("nonce", json::str(nonce->second));
  }
  return jose::sign(header, claims, key_);
}

bool Prover::learn(std::string_view url, const net::Headers& headers) {
  const auto given = headers.all("DPoP-Nonce");
  const auto from = net::Url::parse(url);
  if (given.size() != 1 || !from || !is_nonce(given.front())) return false;
  const std::lock_guard lock(mutex_);
  auto& kept = nonces_[from->origin()];
  if (kept == given.front()) return false;
  kept = given.front();
  return true;
}

bool wants_nonce(const net::Response& response) {
  if (response.status != 400 && response.status != 401) return false;
  for (const auto& challenge : net::challenges(response.headers))
    if (challenge.is("DPoP") && challenge.param("error") == "use_dpop_nonce") return true;
  return error_of(response).code == "use_dpop_nonce";
}

std::string proof_algorithm(const std::vector<std::string>& listed) {
  for (const auto* alg : {"ES256", "EdDSA", "ES384", "PS256", "RS256"})
    if (std::find(listed.begin(), listed.end(), alg) != listed.end()) return alg;
  return {};
}

}  // namespace mcprove::oauth
