#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <openssl/bn.h>
#include <openssl/evp.h>

namespace mcprove::jose {

/// What a JWS algorithm name means (RFC 7518 section 3.1, RFC 8037 section 3.1).
struct Algorithm {
  enum class Family : std::uint8_t { rsa, rsa_pss, ecdsa, eddsa, hmac };
  std::string_view name{};
  Family family = Family::rsa;
  const char* digest = nullptr;  ///< OpenSSL's name; null for EdDSA
  std::string_view curve{};      ///< of ECDSA
};

/// An elliptic curve (RFC 7518 section 6.2.1.1).
struct Curve {
  std::string_view name{};
  const char* group = nullptr;  ///< OpenSSL's name
  int bits = 0;
  std::string_view alg{};
  std::size_t bytes() const { return static_cast<std::size_t>(bits + 7) / 8; }
};

inline constexpr std::array<Curve, 3> curves{{
    {"P-256", "P-256", 256, "ES256"},
    {"P-384", "P-384", 384, "ES384"},
    {"P-521", "P-521", 521, "ES512"},
}};

const Algorithm* find_algorithm(std::string_view name);
const Curve* find_curve(std::string_view name);

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIGNUM* number) const { BN_clear_free(number); }
};
using PkeyPtr = std::unique_ptr<EVP_PKEY, Free>;
using BignumPtr = std::unique_ptr<BIGNUM, Free>;

inline const unsigned char* bytes_of(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }

std::string hmac(const Algorithm& algorithm, std::string_view secret, std::string_view input);
std::optional<std::string> sign_with(EVP_PKEY* key, const Algorithm& algorithm, std::string_view input);
bool verify_with(EVP_PKEY* key, const Algorithm& algorithm, std::string_view input, std::string_view signature);

}  // namespace mcprove::jose
