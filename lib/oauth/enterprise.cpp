#include "oauth/enterprise.h"

#include <utility>

#include "net/url.h"
#include "oauth/client_auth.h"

namespace mcprove::oauth {

namespace {

constexpr const char* id_token_type = "urn:ietf:params:oauth:token-type:id_token";
constexpr const char* id_jag_type = "urn:ietf:params:oauth:token-type:id-jag";

}  // namespace

ServerMetadata identity_provider(const Enterprise& company, net::Scope& scope) {
  ServerMetadata provider;
  provider.issuer = company.issuer;
  provider.token_endpoint = company.token_endpoint;
  for (const auto& named : {company.issuer, company.token_endpoint})
    if (const auto url = net::Url::parse(named)) scope.name_origin(url->origin(), net::Reach::honest);
  return provider;
}

Result<std::string> id_jag(net::Recorder& recorder, const Signing& signing, const ServerMetadata& provider,
                           const Enterprise& company, const std::string& audience, const std::string& resource,
                           const std::string& scope) {
  Client ours;
  ours.issuer = provider.issuer;
  ours.id = company.client_id;
  ours.secret = company.client_secret;
  ours.auth_method = company.client_secret.empty() ? "none" : method_for(provider, false, true);
  auto request = exchange_request(provider, ours,
                                  {.subject_token = company.id_token,
                                   .subject_token_type = id_token_type,
                                   .requested_token_type = id_jag_type,
                                   .audience = audience,
                                   .resource = resource,
                                   .scope = scope});
  MCPROVE_TRY(sign(request, signing));
  const auto answer = MCPROVE_TRY(request_token(recorder, signing.redactor, signing.clock, request));
  if (!answer.tokens) return failure(Error::Kind::login, "the identity provider gave no assertion: " + answer.why);
  if (answer.tokens->document.string("issued_token_type") != id_jag_type)
    return failure(Error::Kind::login, "the identity provider gave something other than an ID-JAG");
  return answer.tokens->access_token;
}

}  // namespace mcprove::oauth
