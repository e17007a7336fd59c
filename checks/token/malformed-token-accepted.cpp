#include <chrono>

#include "engine/context.h"

namespace {

using namespace mcprove;

/// A token as the server's own would look, signed by a key that is nobody's but ours.
Result<std::string> self_signed(Context& at, const Grant& grant) {
  const auto key = MCPROVE_TRY(jose::Key::generate("ES256"));
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(at.clock().now().time_since_epoch()).count();
  const auto header =
      json::Value::object({{"alg", json::str("ES256")}, {"typ", json::str("at+jwt")}, {"kid", json::str(at.nonce())}});
  const auto claims =
      json::Value::object({{"iss", json::str(grant.issuer)},
                           {"aud", json::str(at.facts().resource_id())},
                           {"sub", json::str("audit-" + at.nonce())},
                           {"scope", json::str(scope_text(grant.view.scopes.value_or(std::vector<std::string>{})))},
                           {"iat", json::num(now)},
                           {"exp", json::num(now + 300)}});
  return jose::sign(header, claims, key);
}

Result<void> run(Context& at, Cases& cases) {
  const auto grant = MCPROVE_TRY(at.facts().grant());
  auto* control = MCPROVE_TRY(at.token_control());
  const std::pair<const char*, std::string> tokens[] = {
      {"random string", at.random().base64url(32)},
      {"null", "null"},
      {"undefined", "undefined"},
      {"test", "test"},
      {"braces", "{}"},
      {"JWT signed by a key of ours", MCPROVE_TRY(self_signed(at, grant))},
      {"7 kB", std::string(7000, 'a')},  // below the 8 kB that many servers allow a header line
  };
  auto group = sandwich(*control);
  for (const auto& [name, token] : tokens) {
    const auto credential = mcp::Credential::bearer(token);
    group.probe(
        name, [&at, credential] { return at.present(credential, {}, net::Connection::fresh()); },
        "a bearer token that nobody issued was served");
  }
  group.settle(cases);
  return {};
}

}  // namespace

MCPROVE_CHECK(malformed_token_accepted) = define(
    {
        .title = "Arbitrary strings are taken as access tokens",
        .what =
            "Sends a request that is refused without a token, with strings that no authorization server issued: random bytes, "
            "null, undefined, test, braces, a JWT signed by a key of our own, and 7 kB of text. Each must be refused.",
        .why = "Anybody who sends any token at all gets in.",
        .fix =
            "Validate every token: signature and claims of a JWT against the issuer's keys, or introspection of an opaque one.",
        .severity = Severity::critical,
        .per = Axis::wire,
        .cwe = 287,
        .spec = {{{"MCP 2025-11-25 authorization", "Token Handling"}, {"OAuth 2.1 draft-13", "5.2"}}},
        .since = "0.1",
    },
    run);
