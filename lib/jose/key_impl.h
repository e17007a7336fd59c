#pragma once

#include <string>
#include <string_view>

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

/// The OpenSSL key that the members of a JWK describe.
Result<PkeyPtr> make_rsa(const json::Value& jwk);
Result<PkeyPtr> make_ec(const json::Value& jwk, const Curve& curve);
Result<PkeyPtr> make_ed25519(const json::Value& jwk);

/// A number of the key as unsigned big-endian bytes, at least `size` long; empty if it has none of that name.
std::string number_of(const EVP_PKEY* key, const char* parameter, std::size_t size = 0);

}  // namespace mcprove::jose
