#include <fmt/format.h>

#include "engine/context.h"

namespace {

using namespace mcprove;

Result<void> run(Context& at, Cases& cases) {
  const auto& issuer = at.issuer();
  if (issuer.metadata.jwks_uri.empty()) {
    cases.add("key set", Verdict::not_applicable(Reason::not_offered, "no jwks_uri is advertised"));
    return {};
  }
  const net::Recorder::Capture capture;
  const auto keys = MCPROVE_TRY(at.facts().keys(issuer));
  if (capture.exchanges().empty()) {
    cases.add("key set", Verdict::inconclusive(Reason::evidence_weak, "the key set was read elsewhere"));
    return {};
  }
  const auto exchange = capture.exchanges().back();
  if (keys.keys.empty() && keys.private_members.empty()) {
    cases.add("key set", Verdict::inconclusive(Reason::evidence_weak, "no usable key is published",
                                               {cite(exchange, "body:/keys", "none that can be read")}));
    for (const auto& odd : keys.unreadable) cases.note("not a usable key: " + text::one_line(odd, 120));
    return {};
  }
  const auto seen = [&](const std::string& where, const std::string& shows) {
    return Document(cite(exchange, "body:" + where, shows));
  };

  std::string symmetric;
  std::string weak;
  for (const auto& key : keys.keys) {
    if (key.kty() == "oct") symmetric = fmt::format("kid {}", text::one_line(key.kid(), 60));
    if (key.kty() == "RSA" && key.bits() < 2048)
      weak = fmt::format("an RSA key of {} bits, kid {}", key.bits(), text::one_line(key.kid(), 60));
  }
  if (!symmetric.empty())
    cases.add("symmetric keys",
              Verdict::fail(seen("/keys", "kty oct"), "a symmetric key is published: anybody can sign with it, " + symmetric,
                            {.severity = Severity::critical}));
  else cases.add("symmetric keys", Verdict::pass(seen("/keys", "none"), "none"));
  std::string private_at;
  for (const auto& pointer : keys.private_members)
    if (symmetric.empty() || !pointer.ends_with("/k")) private_at += (private_at.empty() ? "" : ", ") + pointer;
  if (!private_at.empty())
    cases.add("private keys", Verdict::fail(seen(keys.private_members.front(), "private"),
                                            "private key material is published: " + text::one_line(private_at, 120),
                                            {.severity = Severity::critical}));
  else cases.add("private keys", Verdict::pass(seen("/keys", "public only"), "public keys only"));
  if (!weak.empty()) cases.add("strength", Verdict::fail(seen("/keys", weak), weak + " is too short"));
  else cases.add("strength", Verdict::pass(seen("/keys", fmt::format("{} keys", keys.keys.size())), "strong enough"));
  if (!keys.duplicate_kids.empty())
    cases.add("key ids", Verdict::fail(seen("/keys", "kid"),
                                       fmt::format("the key id {} stands twice", text::one_line(keys.duplicate_kids.front(), 60)),
                                       {.severity = Severity::low}));
  else cases.add("key ids", Verdict::pass(seen("/keys", "distinct"), "distinct"));
  for (const auto& odd : keys.unreadable) cases.note("not a usable key: " + text::one_line(odd, 120));
  return {};
}

}  // namespace

MCPROVE_CHECK(jwks_hygiene) = define(
    {
        .title = "The published key set holds weak or secret keys",
        .what =
            "Reads the document behind jwks_uri: public keys only, RSA of 2048 bits or more, no symmetric key, distinct key ids.",
        .why = "Whoever reads a private or symmetric key there signs tokens for anybody; short RSA keys can be factored.",
        .fix = "Publish public keys only, of sufficient size, each with its own kid; replace every key that was exposed.",
        .severity = Severity::critical,
        .effect = Effect::passive,
        .at_issuer = true,
        .per = Axis::issuer,
        .cwe = 321,
        .spec = {{{"RFC 8414", "2"}, {"RFC 7517", "9.2"}, {"RFC 7518", "3.3"}}},
        .since = "0.1",
    },
    run);
