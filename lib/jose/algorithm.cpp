#include "jose/algorithm.h"

#include <algorithm>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

namespace mcprove::jose {

namespace {

using Family = Algorithm::Family;

constexpr std::array<Algorithm, 13> algorithms{{
    {"RS256", Family::rsa, "SHA256", {}},
    {"RS384", Family::rsa, "SHA384", {}},
    {"RS512", Family::rsa, "SHA512", {}},
    {"PS256", Family::rsa_pss, "SHA256", {}},
    {"PS384", Family::rsa_pss, "SHA384", {}},
    {"PS512", Family::rsa_pss, "SHA512", {}},
    {"ES256", Family::ecdsa, "SHA256", "P-256"},
    {"ES384", Family::ecdsa, "SHA384", "P-384"},
    {"ES512", Family::ecdsa, "SHA512", "P-521"},
    {"EdDSA", Family::eddsa, nullptr, {}},
    {"HS256", Family::hmac, "SHA256", {}},
    {"HS384", Family::hmac, "SHA384", {}},
    {"HS512", Family::hmac, "SHA512", {}},
}};

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
using ContextPtr = std::unique_ptr<EVP_MD_CTX, FreeContext>;
using EcSignaturePtr = std::unique_ptr<ECDSA_SIG, FreeContext>;

/// PSS with a salt as long as the digest (RFC 7518 section 3.5).
bool set_padding(EVP_PKEY_CTX* context, const Algorithm& algorithm) {
  if (algorithm.family != Family::rsa_pss) return true;
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0;
}

std::size_t half_size(const Algorithm& algorithm) {
  const Curve* curve = find_curve(algorithm.curve);
  return curve == nullptr ? 0 : curve->bytes();
}

/// ASN.1 to r||s (RFC 7518 section 3.4).
std::optional<std::string> joined(std::string_view der, std::size_t half) {
  const unsigned char* at = bytes_of(der);
  const EcSignaturePtr signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  if (!signature) return std::nullopt;
  std::string out(2 * half, '\0');
  auto* bytes = reinterpret_cast<unsigned char*>(out.data());
  if (BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), bytes, static_cast<int>(half)) < 0) return std::nullopt;
  if (BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), bytes + half, static_cast<int>(half)) < 0) return std::nullopt;
  return out;
}

/// r||s to ASN.1.
std::optional<std::string> asn1(std::string_view joined_form, std::size_t half) {
  if (half == 0 || joined_form.size() != 2 * half) return std::nullopt;
  const EcSignaturePtr signature(ECDSA_SIG_new());
  BignumPtr r(BN_bin2bn(bytes_of(joined_form), static_cast<int>(half), nullptr));
  BignumPtr s(BN_bin2bn(bytes_of(joined_form) + half, static_cast<int>(half), nullptr));
  if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return std::nullopt;
  // The signature owns both from here.
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  if (size <= 0) return std::nullopt;
  std::string out(der, der + size);
  OPENSSL_free(der);
  return out;
}

}  // namespace

const Algorithm* find_algorithm(std::string_view name) {
  const auto found = std::find_if(algorithms.begin(), algorithms.end(), [&](const Algorithm& a) { return a.name == name; });
  return found == algorithms.end() ? nullptr : &*found;
}

const Curve* find_curve(std::string_view name) {
  const auto found = std::find_if(curves.begin(), curves.end(), [&](const Curve& c) { return c.name == name; });
  return found == curves.end() ? nullptr : &*found;
}

std::string hmac(const Algorithm& algorithm, std::string_view secret, std::string_view input) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  const EVP_MD* digest = EVP_get_digestbyname(algorithm.digest);
  if (HMAC(digest, secret.data(), static_cast<int>(secret.size()), bytes_of(input), input.size(), mac.data(), &size) == nullptr)
    return {};
  return std::string(mac.begin(), mac.begin() + size);
}

std::optional<std::string> sign_with(EVP_PKEY* key, const Algorithm& algorithm, std::string_view input) {
  ERR_clear_error();
  const ContextPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  if (!context || EVP_DigestSignInit_ex(context.get(), &parameters, algorithm.digest, nullptr, nullptr, key, nullptr) != 1)
    return std::nullopt;
  if (!set_padding(parameters, algorithm)) return std::nullopt;
  std::size_t size = 0;
  if (EVP_DigestSign(context.get(), nullptr, &size, bytes_of(input), input.size()) != 1) return std::nullopt;
  std::string signature(size, '\0');
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  if (EVP_DigestSign(context.get(), out, &size, bytes_of(input), input.size()) != 1) return std::nullopt;
  signature.resize(size);
  return algorithm.family == Family::ecdsa ? joined(signature, half_size(algorithm)) : std::optional(std::move(signature));
}

bool verify_with(EVP_PKEY* key, const Algorithm& algorithm, std::string_view input, std::string_view signature) {
  ERR_clear_error();
  std::string native(signature);
  if (algorithm.family == Family::ecdsa) {
    auto der = asn1(signature, half_size(algorithm));
    if (!der) return false;
    native = std::move(*der);
  }
  const ContextPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  const bool ready = context &&
                     EVP_DigestVerifyInit_ex(context.get(), &parameters, algorithm.digest, nullptr, nullptr, key, nullptr) == 1 &&
                     set_padding(parameters, algorithm);
  const bool good = ready && EVP_DigestVerify(context.get(), bytes_of(native), native.size(), bytes_of(input), input.size()) == 1;
  // A refused signature leaves errors in the thread's queue that a later TLS call would take for its own.
  ERR_clear_error();
  return good;
}

}  // namespace mcprove::jose
