#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <openssl/core_names.h>

#include "base/result.h"
#include "jose/algorithm.h"
#include "jose/jwk.h"

namespace mcprove::jose {

/// What a Key holds.
struct KeyData {
  std::string kty{};
  const Curve* curve = nullptr;  ///< of EC
  std::string kid{};
  std::string alg{};  ///< as given
  std::string use{};
  bool has_private = false;
  PkeyPtr pkey{};        ///< none for oct
  std::string secret{};  ///< of oct
};

struct Key::Impl : KeyData {};

/// Of RSA beyond n, e and d, all there or none (RFC 7518 section 6.3.2): OpenSSL's name and the JWK's.
inline constexpr std::array<std::pair<const char*, std::string_view>, 5> rsa_factors{{
    {OSSL_PKEY_PARAM_RSA_FACTOR1, "p"},
    {OSSL_PKEY_PARAM_RSA_FACTOR2, "q"},
    {OSSL_PKEY_PARAM_RSA_EXPONENT1, "dp"},
    {OSSL_PKEY_PARAM_RSA_EXPONENT2, "dq"},
    {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, "qi"},
}};

/// The OpenSSL key that the members of a JWK describe.
Result<PkeyPtr> make_rsa(const json::Value& jwk);
Result<PkeyPtr> make_ec(const json::Value& jwk, const Curve& curve);
Result<PkeyPtr> make_ed25519(const json::Value& jwk);

/// A number of the key as unsigned big-endian bytes, at least `size` long; empty if it has none of that name.
std::string number_of(const EVP_PKEY* key, const char* parameter, std::size_t size = 0);

}  // namespace mcprove::jose
