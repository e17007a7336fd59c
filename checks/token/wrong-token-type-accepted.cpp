#include <string>

#include "checks/token/jwt_probe.h"
#include "engine/context.h"

namespace {

using namespace mcprove;

/// A client's secret is shown to nobody but its issuer.
std::string secret_of(Context& at, const Grant& grant) {
  const auto issuer = net::Url::parse(grant.issuer);
  return issuer && issuer->same_origin(at.url()) ? grant.client.secret : std::string();
}

Result<void> run(Context& at, Cases& cases) {
  const auto grant = MCPROVE_TRY(at.facts().grant());
  if (grant.issuer.empty()) {
    cases.add("artefacts",
              Verdict::not_applicable(Reason::not_offered, "there is no login whose other artefacts could be tried"));
    return {};
  }
  auto* control = MCPROVE_TRY(at.token_control());
  auto group = sandwich(*control);
  struct Artefact {
    const char* name;
    std::string value;
    const char* flaw;
  };
  auto id_token = grant.tokens.id_token;
  if (id_token.empty()) {
    // The widest login asks for openid too, where that is on offer.
    const auto issuers = at.facts().issuers();
    const auto widest = issuers && !issuers->empty() ? at.facts().full_grant(issuers->front()) : Result<Grant>(grant);
    if (widest) id_token = widest->tokens.id_token;
  }
  auto owner = at.connect(grant.credential());  // its session is open as long as its id is tried
  const auto greeted =
      at.wire() == mcp::Wire::handshake ? owner.greet() : Result<mcp::Outcome>(failure(Error::Kind::unavailable, ""));
  const auto session = greeted && greeted->answer == Answer::accepted ? owner.session_id() : std::string();
  const Artefact artefacts[] = {
      {"ID token", id_token, "an ID token was taken for an access token"},
      {"refresh token", grant.tokens.refresh_token, "a refresh token was taken for an access token"},
      {"registration access token", grant.client.registration_token, "a registration access token was taken for an access token"},
      {"client id", grant.client.id, "a client id was taken for an access token"},
      {"client secret", secret_of(at, grant), "a client's secret was taken for an access token"},
      {"session id", session, "the id of a session was taken for an access token"},
  };
  for (const auto& artefact : artefacts) {
    if (artefact.value.empty()) {
      cases.add(artefact.name, Verdict::not_applicable(Reason::not_offered, "none was issued"));
      continue;
    }
    const auto credential = mcp::Credential::bearer(artefact.value);
    group.probe(artefact.name, [&at, credential] { return at.present(credential); }, artefact.flaw);
  }
  group.settle(cases);
  return {};
}

}  // namespace

MCPROVE_CHECK(wrong_token_type_accepted) = define(
    {
        .title = "Other artefacts than access tokens open the server",
        .what =
            "Presents the ID token, the refresh token, the registration access token, the client id and the id of the session of our own "
            "login as bearer tokens. Each must be refused, while the access token is served before and after.",
        .why =
            "ID tokens are shown to browsers and logs, refresh tokens live for months: a server that takes them makes each theft of "
            "one a theft of access.",
        .fix = "Check the type (at+jwt) and the audience of JWTs, and that introspection speaks of an access token.",
        .severity = Severity::high,
        .per = Axis::wire,
        .assumes = {"malformed-token-accepted"},
        .cwe = 287,
        .spec = {{{"RFC 9068", "2.1"}, {"OpenID Connect Core 1.0", "2"}, {"RFC 7662", "2.2"}}},
        .since = "0.1",
    },
    run);
