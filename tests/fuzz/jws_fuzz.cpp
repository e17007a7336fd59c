#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "jose/jwk.h"
#include "jose/jws.h"

// A token or a key set from a hostile server: taken apart, bent and checked, never believed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mcprove;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const auto key =
      jose::Key::from_jwk(json::Value::object({{"kty", json::str("EC")},
                                               {"crv", json::str("P-256")},
                                               {"x", json::str("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")},
                                               {"y", json::str("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")}}));
  if (const auto jws = jose::Jws::parse(text)) {
    // Nobody has the private key, so nothing may verify.
    if (!key || jws->verify(*key) || jws->compact() != text) std::abort();
    const auto flipped = jose::Jws::parse(jws->with_flipped_bit());
    if (!flipped || (!jws->signature_b64.empty() && flipped->signature_b64 == jws->signature_b64)) std::abort();
    if (!jose::Jws::parse(jws->without_signature())) std::abort();
  }
  if (const auto document = json::parse(text)) {
    const auto set = jose::KeySet::parse(*document);
    for (const auto& one : set.keys) static_cast<void>(one.verify(one.alg(), "input", "signature"));
    for (const auto& one : set.keys) static_cast<void>(one.thumbprint());
  }
  static_cast<void>(jose::Key::from_pem(text));
  return 0;
}
