#include "engine/possession.h"

#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "jose/jwk.h"
#include "json/json.h"

namespace mcprove {
namespace {

constexpr std::string_view bearer = "Bearer ";

/// The token of a request that presents one properly; empty: it presents none, or in another way, and that is left alone.
std::string presented(const net::Request& request) {
  const auto fields = request.headers.all("Authorization");
  if (fields.size() != 1 || !fields.front().starts_with(bearer) || request.headers.has("DPoP")) return {};
  return fields.front().substr(bearer.size());
}

/// Tokens that a request without the field may carry in its query.
std::vector<std::string> in_query(const net::Request& request) {
  std::vector<std::string> out;
  if (request.headers.has("Authorization") || request.headers.has("DPoP") || request.url.find('?') == std::string::npos)
    return out;
  const auto url = net::Url::parse(request.url);
  if (!url) return out;
  const auto params = url->params();
  for (const auto& [name, value] : params.fields())
    out.push_back(value.starts_with(bearer) ? value.substr(bearer.size()) : value);
  return out;
}

}  // namespace

Result<void> Possession::begin(const std::string& alg) {
  const std::scoped_lock lock(mutex_);
  if (prover_) return {};
  auto key = MCPROVE_TRY(jose::Key::generate(alg.empty() ? "ES256" : alg));
  prover_ = std::make_unique<oauth::Prover>(std::move(key), clock_, random_);
  return {};
}

Result<void> Possession::begin_with(const std::string& private_jwk) {
  const auto jwk = MCPROVE_TRY(json::parse(private_jwk));
  auto key = MCPROVE_TRY(jose::Key::from_jwk(jwk));
  const std::scoped_lock lock(mutex_);
  if (prover_ && prover_->key().thumbprint() == key.thumbprint()) return {};
  if (prover_) return failure(Error::Kind::usage, "two tokens are bound to different keys");
  prover_ = std::make_unique<oauth::Prover>(std::move(key), clock_, random_);
  return {};
}

oauth::Prover* Possession::prover() const {
  const std::scoped_lock lock(mutex_);
  return prover_.get();
}

void Possession::bind(const std::string& token) {
  const std::scoped_lock lock(mutex_);
  binding_ = true;
  bound_.insert(text::sha256_hex(token));
}

void Possession::spare(const std::string& token) {
  if (token.empty()) return;
  const std::scoped_lock lock(mutex_);
  spared_.insert(text::sha256_hex(token));
}

bool Possession::is_meant(const net::Request& request, const std::string& token) const {
  const auto digest = text::sha256_hex(token);
  const std::scoped_lock lock(mutex_);
  if (!binding_ || !prover_ || spared_.contains(digest)) return false;
  if (bound_.contains(digest)) return true;
  const auto url = net::Url::parse(request.url);
  return url && url->same_origin(target_);
}

void Possession::finish(net::Request& request) {
  // A probe moves the token and nothing else: its proof stays (RFC 9449 section 7.1).
  if (prover() == nullptr) return;
  const auto is_bound = [this](const std::string& token) {
    const std::scoped_lock lock(mutex_);
    return bound_.contains(text::sha256_hex(token));
  };
  for (const auto& token : in_query(request)) {
    if (!is_bound(token)) continue;
    if (auto proof = prover()->proof(request.method, request.url, token)) request.headers.set("DPoP", *std::move(proof));
    return;
  }
  const auto token = presented(request);
  if (token.empty() || !is_meant(request, token)) return;
  auto proof = prover()->proof(request.method, request.url, token);
  if (!proof) return;
  request.headers.set("Authorization", "DPoP " + token);
  request.headers.set("DPoP", *std::move(proof));
}

bool Possession::again(const net::Request& request, const net::Response& response) {
  auto* prover = this->prover();
  if (prover == nullptr) return false;
  const bool fresh = prover->learn(request.url, response.headers);
  const auto field = request.headers.find("Authorization");
  const bool proven = field && field->starts_with("DPoP ") && request.headers.has("DPoP");
  return fresh && proven && oauth::wants_nonce(response);
}

}  // namespace mcprove
