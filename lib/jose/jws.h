#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "jose/jwk.h"
#include "json/json.h"

namespace mcprove::jose {

/// A compact JWS taken apart, trusted in nothing (RFC 7515 section 7.1). An auditor must forge, so every part is open.
struct Jws {
  std::string protected_b64{};
  std::string payload_b64{};
  std::string signature_b64{};
  json::Value header{};
  json::Value claims{};  ///< null if the payload is not JSON

  /// Empty unless there are three parts and the header is a JSON object with `alg`.
  static std::optional<Jws> parse(std::string_view token);
  std::string signing_input() const { return protected_b64 + "." + payload_b64; }
  std::string compact() const { return signing_input() + "." + signature_b64; }
  std::string alg() const { return header.string("alg").value_or(""); }
  /// False also for `crit`, of which this class understands no extension (RFC 7515 section 4.1.11).
  bool verify(const Key& key) const;

  // Bending: each returns a token text.
  /// The same payload under another header; the signature is kept as it is.
  std::string with_header(const json::Value& new_header) const;
  std::string with_claims(const json::Value& new_claims) const;
  std::string without_signature() const;
  /// One bit of a byte in the middle of the signature flipped (the last characters may hold bits nobody reads); the same
  /// token if it has no signature.
  std::string with_flipped_bit() const;
};

/// A compact JWS under the header's `alg`; a header without one gets the key's.
Result<std::string> sign(const json::Value& header, const json::Value& claims, const Key& key);
/// HMAC under any bytes, empty ones too: for confusion attacks. The header's `alg` becomes `alg`, one of HS256, HS384, HS512.
std::string sign_hmac(const json::Value& header, const json::Value& claims, std::string_view secret,
                      std::string_view alg = "HS256");
std::string unsigned_token(const json::Value& header, const json::Value& claims);  ///< "header.payload."

/// PKCE (RFC 7636).
std::string pkce_verifier(Random& random);              ///< 43 characters
std::string pkce_challenge(std::string_view verifier);  ///< S256

}  // namespace mcprove::jose
