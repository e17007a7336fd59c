#include "checks/token/jwt_probe.h"
#include "engine/context.h"

namespace {

using namespace mcprove;

Result<void> run(Context& at, Cases& cases) {
  const auto grant = MCPROVE_TRY(at.facts().grant());
  const auto jwt = checks::own_jwt(at, cases, grant);
  if (!jwt) return {};
  auto* control = MCPROVE_TRY(at.token_control());
  const auto& claims = jwt->claims;
  constexpr auto edited = "a token whose claims were changed after it was signed was served";
  auto group = sandwich(*control);
  group.probe("one bit of the signature", checks::presents(at, jwt->with_flipped_bit()),
              "a token whose signature is wrong was served");
  auto shorter = *jwt;
  shorter.signature_b64.resize(shorter.signature_b64.size() / 2);
  group.probe("half a signature", checks::presents(at, shorter.compact()), "a token with half a signature was served");
  group.probe(
      "scope added",
      checks::presents(at, jwt->with_claims(claims.with("scope", json::str(claims.string("scope").value_or("") + " admin")))),
      edited);
  group.probe("another subject", checks::presents(at, jwt->with_claims(claims.with("sub", json::str("audit-" + at.nonce())))),
              edited);
  group.probe("longer life",
              checks::presents(at, jwt->with_claims(claims.with("exp", json::num(claims.integer("exp").value_or(0) + 86400)))),
              edited);
  group.settle(cases);
  return {};
}

}  // namespace

MCPROVE_CHECK(jwt_signature_tamper) = define(
    {
        .title = "The signature of JWT access tokens is not verified",
        .what =
            "Presents a good JWT with one bit of its signature flipped, with half a signature, and with scope, subject or expiry "
            "changed under the old signature. Each must be refused, while the good one is served before and after.",
        .why = "Whoever holds any token writes himself another person's, with every scope and without end.",
        .fix = "Verify the signature over the exact bytes received, with the issuer's published keys, on every request.",
        .severity = Severity::critical,
        .per = Axis::wire,
        .assumes = {"malformed-token-accepted"},
        .cwe = 347,
        .spec = {{{"RFC 9068", "4"}, {"RFC 7515", "5.2"}}},
        .since = "0.1",
    },
    run);
