#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "checks/oracle_at.h"

namespace {

using namespace mcprove;

constexpr std::chrono::hours longest{30 * 24};

/// How services spell the keys that they hand out once.
bool looks_like_key(std::string_view token) {
  constexpr std::array<std::string_view, 14> prefixes{"sk-",   "sk_",   "pk_",  "rk_",  "ghp_", "github_pat_", "glpat-",
                                                      "xoxb-", "xoxp-", "AKIA", "AIza", "api_", "api-",        "key-"};
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return token.starts_with(prefix); });
}

/// The credential was refused when missing and served when sent: what shows that it is one.
std::optional<Document> shown(Context& at) {
  const auto found = checks::oracles(at);
  if (!found || found->front().exchanges.empty()) return std::nullopt;
  std::vector<Citation> read;
  for (const auto id : found->front().exchanges) read.push_back(cite(id, "status", "without the credential, or with it"));
  std::ranges::reverse(read);
  return Document(std::move(read));
}

Verdict unproven(const std::string& why) { return Verdict::inconclusive(Reason::no_oracle, why); }

/// A token that somebody pasted.
Verdict judge_given(const Grant& grant, bool has_issuer, const Document& seen) {
  const auto& view = grant.view;
  const auto life = view.jws ? view.written : view.introspected_left;
  if (life) {
    if (*life <= longest) return Verdict::pass(seen, fmt::format("the token has an end: {} h", life->count() / 3600));
    return Verdict::fail(seen, fmt::format("the token that was given lives for {} days", *life / std::chrono::hours(24)));
  }
  if (view.jws) return Verdict::fail(seen, "the token that was given has no end");
  if (!has_issuer || looks_like_key(grant.tokens.access_token))
    return Verdict::fail(seen,
                         has_issuer ? "the credential is spelled like a key that is handed out once"
                                    : "the bearer token is a static key: no authorization server stands behind it",
                         {.confidence = Confidence::likely});
  return Verdict::inconclusive(Reason::evidence_weak, "an opaque token in a single run: whether it ever ends is not to be seen",
                               seen.evidence());
}

Verdict judge_header(const Identity& identity, bool has_issuer, const Document& seen) {
  const auto& [field, value] = identity.headers.fields.front();
  const auto name = text::one_line(field, 60);
  if (text::lower(field) == "cookie")
    return Verdict::inconclusive(Reason::evidence_weak, "a cookie: how long it lives is not to be seen", seen.evidence());
  if (text::lower(field) == "authorization" && text::lower(value).starts_with("bearer ")) {
    Grant bearer;
    bearer.tokens.access_token = value.substr(7);
    bearer.view.jws = jose::Jws::parse(bearer.tokens.access_token);
    if (bearer.view.jws) {
      const auto& claims = bearer.view.jws->claims;
      if (const auto exp = claims.integer("exp"))
        bearer.view.written = std::chrono::seconds(*exp - claims.integer("iat").value_or(*exp));
    }
    return judge_given(bearer, has_issuer, seen);
  }
  if (has_issuer)
    return Verdict::fail(seen, fmt::format("a static key in {} opens what OAuth is there for", name),
                         {.severity = Severity::medium});
  return Verdict::fail(seen, fmt::format("a static key in {} is the only credential", name));
}

Result<void> run(Context& at, Cases& cases) {
  const auto& identity = at.identity();
  const auto issuers = MCPROVE_TRY(at.facts().issuers());
  const bool given = !identity.token.empty() || !identity.headers.fields.empty();
  if (!given && issuers.empty()) {
    const auto surface = MCPROVE_TRY(at.facts().surface());
    if (surface.demands_token()) cases.not_run("credential", Reason::no_login, "a credential is wanted, and none was given");
    else cases.add("credential", Verdict::not_applicable(Reason::not_offered, "the server asks nobody for a credential"));
    return {};
  }
  const auto grant = MCPROVE_TRY(at.facts().grant(identity));
  if (!given) {
    const auto life = grant.view.lifetime();
    const Document seen(checks::evidence_of(at, grant));
    if (life && *life > std::chrono::seconds(0)) cases.add("credential", Verdict::pass(seen, "an OAuth token that has an end"));
    else
      cases.add("credential",
                Verdict::inconclusive(Reason::evidence_weak, "an OAuth token, and nothing tells when it ends", seen.evidence()));
    return {};
  }
  // Only a credential that the server asks for, and takes, is one.
  const auto seen = shown(at);
  if (!seen) cases.add("credential", unproven("no request is refused without the credential and served with it"));
  else if (!identity.token.empty()) cases.add("credential", judge_given(grant, !issuers.empty(), *seen));
  else cases.add("credential", judge_header(identity, !issuers.empty(), *seen));
  return {};
}

}  // namespace

MCPROVE_CHECK(static_token) = define(
    {
        .title = "The server relies on static keys that never end",
        .what =
            "Looks at the credential that the operator uses: a key in a header, a pasted token, or a token obtained by a login. A key, a "
            "JWT without an end, one that lives for more than a month, and a bearer token without any authorization server behind it are static.",
        .why =
            "A static key leaks once and works until somebody notices; it is shared between people and programs, and nobody knows who used it.",
        .fix =
            "Protect the server with OAuth and short-lived access tokens; until then, rotate the keys and give every client its own.",
        .severity = Severity::high,
        .effect = Effect::passive,
        .per = Axis::identity,
        .cwe = 798,
        .spec = {{{"RFC 9700", "2.2"}, {"MCP 2025-11-25 authorization", "Token Theft"}}},
        .since = "0.1",
    },
    run);
