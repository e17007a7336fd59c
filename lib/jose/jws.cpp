#include "jose/jws.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "jose/algorithm.h"

namespace mcprove::jose {

namespace {

constexpr std::size_t largest_token = 256U << 10U;

/// RFC 7515 section 2: the URL-safe alphabet without padding, and nothing else.
std::optional<std::string> decode(std::string_view part) {
  if (part.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  return text::base64_decode(part);
}

std::string encode(const json::Value& value) { return text::base64url_encode(value.dump()); }

}  // namespace

std::optional<Jws> Jws::parse(std::string_view token) {
  if (token.size() > largest_token || std::count(token.begin(), token.end(), '.') != 2) return std::nullopt;
  const std::vector<std::string> parts = text::split(token, '.');
  const auto header = decode(parts[0]);
  const auto payload = decode(parts[1]);
  if (!header || !payload || !decode(parts[2])) return std::nullopt;
  const auto parsed = json::parse(*header);
  if (!parsed || !parsed->is_object() || !parsed->string("alg")) return std::nullopt;
  Jws jws{parts[0], parts[1], parts[2], *parsed, {}};
  if (auto claims = json::parse(*payload)) jws.claims = std::move(*claims);
  return jws;
}

bool Jws::verify(const Key& key) const {
  const auto signature = decode(signature_b64);
  return signature && !header.has("crit") && key.verify(alg(), signing_input(), *signature);
}

std::string Jws::with_header(const json::Value& new_header) const {
  return encode(new_header) + "." + payload_b64 + "." + signature_b64;
}

std::string Jws::with_claims(const json::Value& new_claims) const {
  return protected_b64 + "." + encode(new_claims) + "." + signature_b64;
}

std::string Jws::without_signature() const { return signing_input() + "."; }

std::string Jws::with_flipped_bit() const {
  auto signature = decode(signature_b64);
  if (!signature || signature->empty()) return compact();
  char& middle = (*signature)[signature->size() / 2];
  middle = static_cast<char>(static_cast<unsigned char>(middle) ^ 1U);
  return signing_input() + "." + text::base64url_encode(*signature);
}

Result<std::string> sign(const json::Value& header, const json::Value& claims, const Key& key) {
  const json::Value complete = header.has("alg") ? header : header.with("alg", json::str(key.alg()));
  const std::string input = encode(complete) + "." + encode(claims);
  const std::string signature = MCPROVE_TRY(key.sign(complete.string("alg").value_or(""), input));
  return input + "." + text::base64url_encode(signature);
}

std::string sign_hmac(const json::Value& header, const json::Value& claims, std::string_view secret, std::string_view alg) {
  const std::string input = encode(header.with("alg", json::str(alg))) + "." + encode(claims);
  const Algorithm* algorithm = find_algorithm(alg);
  const bool known = algorithm != nullptr && algorithm->family == Algorithm::Family::hmac;
  return input + "." + (known ? text::base64url_encode(hmac(*algorithm, secret, input)) : std::string());
}

std::string unsigned_token(const json::Value& header, const json::Value& claims) {
  return encode(header) + "." + encode(claims) + ".";
}

std::string pkce_verifier(Random& random) { return random.base64url(32); }

std::string pkce_challenge(std::string_view verifier) { return text::base64url_encode(text::sha256(verifier)); }

}  // namespace mcprove::jose
