#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/params.h>

#include "base/text.h"
#include "jose/key_impl.h"

namespace mcprove::jose {

namespace {

constexpr std::size_t largest_number = 2048;  ///< bytes; OpenSSL computes with no RSA modulus beyond 16384 bits

struct FreeBuild {
  void operator()(OSSL_PARAM_BLD* build) const { OSSL_PARAM_BLD_free(build); }
  void operator()(OSSL_PARAM* params) const { OSSL_PARAM_free(params); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
using BuildPtr = std::unique_ptr<OSSL_PARAM_BLD, FreeBuild>;
using ParamsPtr = std::unique_ptr<OSSL_PARAM, FreeBuild>;
using ContextPtr = std::unique_ptr<EVP_PKEY_CTX, FreeBuild>;

Result<std::string> member_bytes(const json::Value& jwk, std::string_view member) {
  const auto encoded = jwk.string(member);
  if (!encoded) return failure(Error::Kind::malformed, fmt::format("key without a string member {}", member));
  if (encoded->size() > largest_number * 2)
    return failure(Error::Kind::too_large, fmt::format("key member {} is too long", member));
  auto bytes = text::base64_decode(*encoded);
  if (!bytes || bytes->empty()) return failure(Error::Kind::malformed, fmt::format("key member {} is not base64url", member));
  return std::move(*bytes);
}

/// Collects numbers for EVP_PKEY_fromdata; they must live until the key is made.
class Numbers {
 public:
  Numbers() : build_(OSSL_PARAM_BLD_new()) {}

  Result<bool> add(const char* parameter, const json::Value& jwk, std::string_view member) {
    const std::string bytes = MCPROVE_TRY(member_bytes(jwk, member));
    numbers_.emplace_back(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
    if (!numbers_.back() || OSSL_PARAM_BLD_push_BN(build_.get(), parameter, numbers_.back().get()) != 1) {
      return failure(Error::Kind::malformed, fmt::format("key member {} is no number", member));
    }
    return true;
  }

  OSSL_PARAM_BLD* build() { return build_.get(); }

  Result<PkeyPtr> make(const char* type, bool is_private) {
    const ParamsPtr params(OSSL_PARAM_BLD_to_param(build_.get()));
    const ContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    const int selection = is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
    const bool made = params && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                      EVP_PKEY_fromdata(context.get(), &key, selection, params.get()) == 1;
    ERR_clear_error();
    if (!made) return failure(Error::Kind::malformed, fmt::format("the members make no {} key", type));
    return PkeyPtr(key);
  }

 private:
  BuildPtr build_;
  std::vector<BignumPtr> numbers_{};
};

}  // namespace

Result<PkeyPtr> make_rsa(const json::Value& jwk) {
  Numbers numbers;
  MCPROVE_TRY(numbers.add(OSSL_PKEY_PARAM_RSA_N, jwk, "n"));
  MCPROVE_TRY(numbers.add(OSSL_PKEY_PARAM_RSA_E, jwk, "e"));
  if (!jwk.has("d")) return numbers.make("RSA", false);
  MCPROVE_TRY(numbers.add(OSSL_PKEY_PARAM_RSA_D, jwk, "d"));
  // RFC 7518 section 6.3.2: all of them or none.
  if (jwk.has("p")) {
    for (const auto& [parameter, member] : rsa_factors) MCPROVE_TRY(numbers.add(parameter, jwk, member));
  }
  return numbers.make("RSA", true);
}

Result<PkeyPtr> make_ec(const json::Value& jwk, const Curve& curve) {
  const std::string x = MCPROVE_TRY(member_bytes(jwk, "x"));
  const std::string y = MCPROVE_TRY(member_bytes(jwk, "y"));
  // RFC 7518 section 6.2.1.2: the full length of a coordinate, zeros included.
  if (x.size() != curve.bytes() || y.size() != curve.bytes()) {
    return failure(Error::Kind::malformed,
                   fmt::format("coordinates are not {} bytes long as {} needs", curve.bytes(), curve.name));
  }
  const std::string point = "\x04" + x + y;
  Numbers numbers;
  OSSL_PARAM_BLD_push_utf8_string(numbers.build(), OSSL_PKEY_PARAM_GROUP_NAME, curve.group, 0);
  OSSL_PARAM_BLD_push_octet_string(numbers.build(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  if (jwk.has("d")) MCPROVE_TRY(numbers.add(OSSL_PKEY_PARAM_PRIV_KEY, jwk, "d"));
  return numbers.make("EC", jwk.has("d"));
}

Result<PkeyPtr> make_ed25519(const json::Value& jwk) {
  const bool is_private = jwk.has("d");
  const std::string x = MCPROVE_TRY(member_bytes(jwk, "x"));
  PkeyPtr key(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, bytes_of(x), x.size()));
  if (key && is_private) {
    const std::string d = MCPROVE_TRY(member_bytes(jwk, "d"));
    key.reset(EVP_PKEY_new_raw_private_key_ex(nullptr, "ED25519", nullptr, bytes_of(d), d.size()));
  }
  ERR_clear_error();
  if (!key) return failure(Error::Kind::malformed, "the members make no Ed25519 key");
  return key;
}

std::string number_of(const EVP_PKEY* key, const char* parameter, std::size_t size) {
  BIGNUM* raw = nullptr;
  if (key == nullptr || EVP_PKEY_get_bn_param(key, parameter, &raw) != 1) return {};
  const BignumPtr number(raw);
  std::string out(std::max(size, static_cast<std::size_t>(BN_num_bytes(raw))), '\0');
  BN_bn2binpad(raw, reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size()));
  return out;
}

}  // namespace mcprove::jose
