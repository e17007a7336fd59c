#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "json/json.h"

namespace mcprove::jose {

/// A key, public or private (RFC 7517, RFC 7518 section 6, RFC 8037): RSA, EC P-256/384/521, Ed25519, oct.
class Key {
 public:
  /// Error::malformed for members that make no key, Error::unavailable for kinds of key that this class does not know.
  static Result<Key> from_jwk(const json::Value& jwk);
  /// A SubjectPublicKeyInfo, an unencrypted private key or a certificate.
  static Result<Key> from_pem(std::string_view pem);
  /// "RS256", "ES256", "EdDSA", "HS256" and their longer kin: a fresh key pair for our own clients and forgeries.
  static Result<Key> generate(std::string_view alg);
  ~Key();
  Key(Key&&) noexcept;
  Key& operator=(Key&&) noexcept;
  Key(const Key&);
  Key& operator=(const Key&);

  json::Value public_jwk() const;
  json::Value private_jwk() const;  ///< with the secret members; of a public key the same as public_jwk()
  std::string kid() const;          ///< as given, else empty
  std::string kty() const;          ///< "RSA", "EC", "OKP", "oct"
  std::string alg() const;          ///< the JWK's, else the natural one: RS256, ES256/384/512, EdDSA, HS256
  std::string use() const;          ///< "sig", "enc" or as given, else empty
  int bits() const;                 ///< RSA modulus, curve size, or oct length
  bool has_private() const;
  bool fits(std::string_view alg) const;  ///< this kind of key can make or check `alg` (RFC 7518 section 3.1)
  std::string thumbprint() const;         ///< RFC 7638, base64url SHA-256
  std::string public_pem() const;         ///< SubjectPublicKeyInfo
  std::string public_der() const;
  std::string modulus() const;  ///< raw bytes of RSA n; empty otherwise

  /// The raw signature, r||s for EC (RFC 7518 section 3.4). Error::usage if the key has no private part or does not fit.
  Result<std::string> sign(std::string_view alg, std::string_view input) const;
  bool verify(std::string_view alg, std::string_view input, std::string_view signature) const;

 private:
  struct Impl;
  explicit Key(std::shared_ptr<const Impl> impl);
  std::shared_ptr<const Impl> impl_;
};

/// What a JWKS document holds, flaws included.
struct KeySet {
  std::vector<Key> keys{};
  std::vector<std::string> private_members{};  ///< JSON pointers of d, p, q, dp, dq, qi, oth, k
  std::vector<std::string> duplicate_kids{};
  std::vector<std::string> unreadable{};  ///< pointer and reason of entries that are not usable keys
  static KeySet parse(const json::Value& document);
  /// The key of that name that fits `alg`, else the only one for signatures that fits; null if none or several do.
  const Key* find(std::string_view kid, std::string_view alg) const;
};

}  // namespace mcprove::jose
