#include "cli/revoke.h"

#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "net/curl.h"
#include "net/recorder.h"
#include "oauth/token.h"

namespace mcprove::cli {

std::string taken_back(const oauth::StoredGrant& grant, const Options& options) {
  if (grant.revocation_endpoint.empty()) return "not revoked: its authorization server named no place for that";
  SystemClock clock;
  SystemRandom random;
  Redactor redactor;
  grant.hide_secrets(redactor);
  net::Scope scope;
  // The store's own words: where the user logged in.
  for (const auto& url : {grant.client.issuer, grant.revocation_endpoint})
    if (const auto there = net::Url::parse(url)) scope.name_origin(there->origin(), net::Reach::honest);
  if (!options.proxy.empty()) scope.allow_any_address();
  const auto transport = net::make_curl_transport(scope, {options.ca_file, options.proxy, 2});
  net::Transcript transcript;
  net::Recorder recorder(*transport, scope, transcript, clock);
  oauth::ServerMetadata server;
  server.issuer = grant.client.issuer;
  server.revocation_endpoint = grant.revocation_endpoint;
  const oauth::Signing signing{clock, random, redactor};
  std::string trouble;
  // With the refresh token goes, on most servers, what came of it; the access token is named too, for the others.
  for (const auto& [token, hint] :
       {std::pair{&grant.refresh_token, "refresh_token"}, std::pair{&grant.access_token, "access_token"}}) {
    if (token->empty()) continue;
    const auto answer = oauth::revoke(recorder, server, grant.client, *token, hint, signing);
    if (answer && answer->answer == Answer::accepted) continue;
    if (answer && answer->error == "unsupported_token_type") continue;
    trouble = text::one_line(answer ? answer->why : answer.error().message, 160);
    if (!answer) break;
  }
  return trouble.empty() ? "revoked" : redactor.redact("not revoked: " + trouble);
}

}  // namespace mcprove::cli
