#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "checks/token/jwt_probe.h"
#include "engine/context.h"

namespace {

using namespace mcprove;

/// The secrets that a confused verifier would take from a public key.
std::vector<std::pair<std::string, std::string>> confusions(const jose::Key& key) {
  std::vector<std::pair<std::string, std::string>> secrets{
      {"PEM", key.public_pem()}, {"DER", key.public_der()}, {"JWK", key.public_jwk().dump()}};
  auto bare = key.public_pem();
  while (bare.ends_with('\n')) bare.pop_back();
  secrets.emplace_back("PEM without line end", std::move(bare));
  if (!key.modulus().empty()) secrets.emplace_back("modulus", text::base64_encode(key.modulus()));
  return secrets;
}

Result<void> run(Context& at, Cases& cases) {
  const auto grant = MCPROVE_TRY(at.facts().grant());
  const auto jwt = checks::own_jwt(at, cases, grant);
  if (!jwt) return {};
  auto* control = MCPROVE_TRY(at.token_control());
  auto group = sandwich(*control);
  for (const auto* spelling : {"none", "None", "NONE", "nOnE"})
    group.probe(fmt::format("alg {}", spelling),
                checks::presents(at, jose::unsigned_token(jwt->header.with("alg", json::str(spelling)), jwt->claims)),
                "a token that says it needs no signature was served");
  group.probe("signature removed", checks::presents(at, jwt->without_signature()), "a token without its signature was served");
  group.probe("HS256 with an empty key", checks::presents(at, jose::sign_hmac(jwt->header, jwt->claims, "")),
              "a token signed with an empty key was served");
  const auto issuers = at.facts().issuers();
  if (issuers && !issuers->empty()) {
    if (const auto keys = at.facts().keys(issuers->front())) {
      std::size_t number = 0;
      for (const auto& key : keys->keys) {
        if (++number > 4) break;
        for (const auto& [form, secret] : confusions(key))
          group.probe(fmt::format("HS256 with key {} as {}", number, form),
                      checks::presents(at, jose::sign_hmac(jwt->header, jwt->claims, secret)),
                      "a token signed with the public key as an HMAC secret was served");
      }
    }
  }
  group.settle(cases);
  return {};
}

}  // namespace

MCPROVE_CHECK(jwt_alg_none) = define(
    {
        .title = "Unsigned or HMAC-confused JWTs are accepted",
        .what =
            "Re-encodes a good JWT with alg none in several spellings, without its signature, and as HS256 keyed with nothing and with "
            "each form of the published public keys. Each must be refused, while the good one is served before and after.",
        .why = "Anybody can make such a token, for any person and any scope.",
        .fix = "Accept only the algorithms that the issuer uses, fixed in the configuration and not read from the token.",
        .severity = Severity::critical,
        .per = Axis::wire,
        .assumes = {"malformed-token-accepted"},
        .cwe = 347,
        .spec = {{{"RFC 9068", "4"}, {"RFC 8725", "3.1"}, {"RFC 8725", "3.2"}}},
        .since = "0.1",
    },
    run);
