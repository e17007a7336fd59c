#include "jose/jwk.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/text.h"
#include "jose/algorithm.h"
#include "jose/key_impl.h"

namespace mcprove::jose {

namespace {

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using BioPtr = std::unique_ptr<BIO, FreeBio>;

BioPtr reader(std::string_view bytes) { return BioPtr(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))); }

/// OpenSSL would ask the terminal otherwise.
int no_password(char*, int, int, void*) { return -1; }

/// Fills in what the key itself tells; false for kinds that this class does not know.
bool describe(KeyData& impl) {
  const EVP_PKEY* key = impl.pkey.get();
  if (EVP_PKEY_is_a(key, "RSA") == 1) return impl.kty = "RSA", true;
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return impl.kty = "OKP", true;
  if (EVP_PKEY_is_a(key, "EC") != 1) return false;
  impl.kty = "EC";
  const int bits = EVP_PKEY_get_bits(key);
  const auto curve = std::find_if(curves.begin(), curves.end(), [&](const Curve& c) { return c.bits == bits; });
  std::array<char, 64> group{};
  if (curve == curves.end() || EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) != 1) return false;
  // secp256k1 has 256 bits too.
  constexpr std::array<std::string_view, 3> groups{"prime256v1", "secp384r1", "secp521r1"};
  const std::string_view name = group.data();
  if (name != groups.at(static_cast<std::size_t>(curve - curves.begin())) && name != curve->group) return false;
  impl.curve = &*curve;
  return true;
}

std::string ed25519_public(const EVP_PKEY* key) {
  std::string raw(32, '\0');
  std::size_t size = raw.size();
  if (EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(raw.data()), &size) != 1) return {};
  raw.resize(size);
  return raw;
}

std::string ed25519_private(const EVP_PKEY* key) {
  std::string raw(32, '\0');
  std::size_t size = raw.size();
  if (EVP_PKEY_get_raw_private_key(key, reinterpret_cast<unsigned char*>(raw.data()), &size) != 1) return {};
  raw.resize(size);
  return raw;
}

/// The members that RFC 7638 section 3.2 and RFC 8037 section 2 require of a public key.
json::Value required_members(const KeyData& impl) {
  const auto encoded = [](const std::string& bytes) { return json::str(text::base64url_encode(bytes)); };
  const EVP_PKEY* key = impl.pkey.get();
  if (impl.kty == "RSA") {
    return json::Value::object({{"kty", json::str("RSA")},
                                {"n", encoded(number_of(key, OSSL_PKEY_PARAM_RSA_N))},
                                {"e", encoded(number_of(key, OSSL_PKEY_PARAM_RSA_E))}});
  }
  if (impl.kty == "EC") {
    return json::Value::object({{"kty", json::str("EC")},
                                {"crv", json::str(impl.curve->name)},
                                {"x", encoded(number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, impl.curve->bytes()))},
                                {"y", encoded(number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, impl.curve->bytes()))}});
  }
  if (impl.kty == "OKP")
    return json::Value::object({{"kty", json::str("OKP")}, {"crv", json::str("Ed25519")}, {"x", encoded(ed25519_public(key))}});
  return json::Value::object({{"kty", json::str("oct")}});
}

Result<PkeyPtr> pkey_of(const json::Value& jwk, const std::string& kty) {
  if (kty == "RSA") return make_rsa(jwk);
  const std::string crv = jwk.string("crv").value_or("");
  if (kty == "EC") {
    if (const Curve* curve = find_curve(crv)) return make_ec(jwk, *curve);
  } else if (kty == "OKP" && crv == "Ed25519") {
    return make_ed25519(jwk);
  }
  return failure(Error::Kind::unavailable,
                 fmt::format("keys of type {} {} are not supported", text::one_line(kty, 20), text::one_line(crv, 20)));
}

}  // namespace

Key::Key(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Key::~Key() = default;
Key::Key(Key&&) noexcept = default;
Key& Key::operator=(Key&&) noexcept = default;
Key::Key(const Key&) = default;
Key& Key::operator=(const Key&) = default;

Result<Key> Key::from_jwk(const json::Value& jwk) {
  const auto kty = jwk.string("kty");
  if (!kty) return failure(Error::Kind::malformed, "key without kty");
  auto impl = std::make_shared<Impl>();
  impl->kty = *kty;
  impl->kid = jwk.string("kid").value_or("");
  impl->alg = jwk.string("alg").value_or("");
  impl->use = jwk.string("use").value_or("");
  impl->has_private = jwk.has("d") || *kty == "oct";
  if (*kty == "oct") {
    auto secret = text::base64_decode(jwk.string("k").value_or("!"));
    if (!secret) return failure(Error::Kind::malformed, "key member k is not base64url");
    impl->secret = std::move(*secret);
    return Key(std::move(impl));
  }
  impl->pkey = MCPROVE_TRY(pkey_of(jwk, *kty));
  if (!describe(*impl)) return failure(Error::Kind::unavailable, "the key is of an unknown kind");
  return Key(std::move(impl));
}

Result<Key> Key::from_pem(std::string_view pem) {
  constexpr std::size_t largest = 64U << 10U;
  if (pem.size() > largest) return failure(Error::Kind::too_large, "PEM text of more than 64 KiB");
  auto impl = std::make_shared<Impl>();
  impl->pkey.reset(PEM_read_bio_PrivateKey_ex(reader(pem).get(), nullptr, no_password, nullptr, nullptr, nullptr));
  impl->has_private = impl->pkey != nullptr;
  if (!impl->pkey) impl->pkey.reset(PEM_read_bio_PUBKEY_ex(reader(pem).get(), nullptr, no_password, nullptr, nullptr, nullptr));
  if (!impl->pkey) {
    const std::unique_ptr<X509, FreeBio> certificate(PEM_read_bio_X509(reader(pem).get(), nullptr, no_password, nullptr));
    if (certificate) impl->pkey.reset(X509_get_pubkey(certificate.get()));
  }
  ERR_clear_error();
  if (!impl->pkey) return failure(Error::Kind::malformed, "not a PEM text of a key");
  if (!describe(*impl)) return failure(Error::Kind::unavailable, "the key is of an unknown kind");
  return Key(std::move(impl));
}

Result<Key> Key::generate(std::string_view alg) {
  const Algorithm* algorithm = find_algorithm(alg);
  if (algorithm == nullptr)
    return failure(Error::Kind::usage, fmt::format("no signature algorithm is called {}", text::one_line(alg, 20)));
  auto impl = std::make_shared<Impl>();
  impl->alg = std::string(alg);
  impl->has_private = true;
  switch (algorithm->family) {
    case Algorithm::Family::rsa:
    case Algorithm::Family::rsa_pss: impl->pkey.reset(EVP_RSA_gen(2048)); break;
    case Algorithm::Family::ecdsa: impl->pkey.reset(EVP_EC_gen(find_curve(algorithm->curve)->group)); break;
    case Algorithm::Family::eddsa: impl->pkey.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); break;
    case Algorithm::Family::hmac:
      impl->kty = "oct";
      // RFC 7518 section 3.2: at least as long as the digest.
      impl->secret = text::base64_decode(SystemRandom().base64url(64)).value_or("");
      return Key(std::move(impl));
  }
  if (!impl->pkey || !describe(*impl)) return failure(Error::Kind::unavailable, fmt::format("cannot generate a key for {}", alg));
  return Key(std::move(impl));
}

json::Value Key::public_jwk() const {
  json::Value jwk = required_members(*impl_);
  if (!impl_->kid.empty()) jwk = jwk.with("kid", json::str(impl_->kid));
  if (!impl_->alg.empty()) jwk = jwk.with("alg", json::str(impl_->alg));
  if (!impl_->use.empty()) jwk = jwk.with("use", json::str(impl_->use));
  return jwk;
}

json::Value Key::private_jwk() const {
  json::Value jwk = public_jwk();
  if (!impl_->has_private) return jwk;
  const auto put = [&jwk](std::string_view member, const std::string& bytes) {
    jwk = jwk.with(member, json::str(text::base64url_encode(bytes)));
  };
  const EVP_PKEY* key = impl_->pkey.get();
  if (impl_->kty == "oct") {
    put("k", impl_->secret);
  } else if (impl_->kty == "OKP") {
    put("d", ed25519_private(key));
  } else if (impl_->kty == "EC") {
    put("d", number_of(key, OSSL_PKEY_PARAM_PRIV_KEY, impl_->curve->bytes()));
  } else {
    put("d", number_of(key, OSSL_PKEY_PARAM_RSA_D));
    // RFC 7518 section 6.3.2: all of the factors or none.
    if (!number_of(key, OSSL_PKEY_PARAM_RSA_FACTOR1).empty())
      for (const auto& [parameter, member] : rsa_factors) put(member, number_of(key, parameter));
  }
  return jwk;
}

std::string Key::kid() const { return impl_->kid; }

std::string Key::kty() const { return impl_->kty; }

std::string Key::alg() const {
  if (!impl_->alg.empty()) return impl_->alg;
  if (impl_->kty == "RSA") return "RS256";
  if (impl_->kty == "OKP") return "EdDSA";
  return impl_->curve != nullptr ? std::string(impl_->curve->alg) : "HS256";
}

std::string Key::use() const { return impl_->use; }

int Key::bits() const { return impl_->pkey ? EVP_PKEY_get_bits(impl_->pkey.get()) : static_cast<int>(impl_->secret.size() * 8); }

bool Key::has_private() const { return impl_->has_private; }

bool Key::fits(std::string_view alg) const {
  const Algorithm* algorithm = find_algorithm(alg);
  if (algorithm == nullptr) return false;
  switch (algorithm->family) {
    case Algorithm::Family::rsa:
    case Algorithm::Family::rsa_pss: return impl_->kty == "RSA";
    case Algorithm::Family::ecdsa: return impl_->curve != nullptr && impl_->curve->name == algorithm->curve;
    case Algorithm::Family::eddsa: return impl_->kty == "OKP";
    case Algorithm::Family::hmac: return impl_->kty == "oct";
  }
  return false;
}

std::string Key::thumbprint() const {
  json::Value members = required_members(*impl_);
  // RFC 7638 section 3.2: the secret itself is the required member of a symmetric key.
  if (impl_->kty == "oct") members = members.with("k", json::str(text::base64url_encode(impl_->secret)));
  return text::base64url_encode(text::sha256(members.canonical()));
}

std::string Key::public_pem() const {
  const std::string der = public_der();
  if (der.empty()) return {};
  const std::string encoded = text::base64_encode(der);
  std::string out = "-----BEGIN PUBLIC KEY-----\n";
  for (std::size_t at = 0; at < encoded.size(); at += 64) out += encoded.substr(at, 64) + "\n";
  return out + "-----END PUBLIC KEY-----\n";
}

std::string Key::public_der() const {
  unsigned char* der = nullptr;
  const int size = impl_->pkey ? i2d_PUBKEY(impl_->pkey.get(), &der) : 0;
  if (size <= 0) return {};
  std::string out(der, der + size);
  OPENSSL_free(der);
  return out;
}

std::string Key::modulus() const {
  return impl_->kty == "RSA" ? number_of(impl_->pkey.get(), OSSL_PKEY_PARAM_RSA_N) : std::string();
}

Result<std::string> Key::sign(std::string_view alg, std::string_view input) const {
  if (!fits(alg))
    return failure(Error::Kind::usage, fmt::format("a key of type {} does not fit {}", impl_->kty, text::one_line(alg, 20)));
  if (!impl_->has_private) return failure(Error::Kind::usage, "the key has no private part");
  const Algorithm& algorithm = *find_algorithm(alg);
  if (algorithm.family == Algorithm::Family::hmac) return hmac(algorithm, impl_->secret, input);
  auto signature = sign_with(impl_->pkey.get(), algorithm, input);
  if (!signature) return failure(Error::Kind::unavailable, fmt::format("signing with {} failed", alg));
  return std::move(*signature);
}

bool Key::verify(std::string_view alg, std::string_view input, std::string_view signature) const {
  if (!fits(alg)) return false;
  const Algorithm& algorithm = *find_algorithm(alg);
  if (algorithm.family != Algorithm::Family::hmac) return verify_with(impl_->pkey.get(), algorithm, input, signature);
  return hmac(algorithm, impl_->secret, input) == signature;
}

}  // namespace mcprove::jose
