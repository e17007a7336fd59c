#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/redactor.h"
#include "base/result.h"
#include "json/json.h"
#include "net/answer.h"
#include "net/recorder.h"
#include "oauth/dpop.h"
#include "oauth/registration.h"

namespace mcprove::oauth {

/// A request to a token-like endpoint, open to bending: any part may be changed before it is sent.
struct TokenRequest {
  std::string method = "POST";
  std::string url{};
  net::Params params{};    ///< body for POST, query for GET
  net::Params query{};     ///< added to the URL whatever the method
  net::Headers headers{};  ///< client authentication and more
  std::string purpose{};
  std::optional<Client> signer{};           ///< whose assertion is still to be made, as late as can be: see sign()
  void authenticate(const Client& client);  ///< by its method; RFC 6749 section 2.3.1
  void unauthenticate();                    ///< removes all of it, client_id too
};

/// What signing needs besides the client.
struct Signing {
  Clock& clock;
  Random& random;
  Redactor& redactor;
};

/// Adds a fresh assertion (RFC 7523 section 2.2) to a request of a client that proves itself by one; does nothing to others.
/// An assertion is good once, so this is done for each sending.
Result<void> sign(TokenRequest& request, const Signing& signing);

/// RFC 6749 section 5.1.
struct Tokens {
  std::string access_token{};
  std::string token_type{};
  std::optional<std::int64_t> expires_in{};  ///< seconds, if a JSON integer
  std::string refresh_token{};
  std::optional<std::string> scope{};  ///< as the response says; absent means as requested
  std::string id_token{};
  json::Value document{};
  std::optional<net::ExchangeId> exchange{};
  std::chrono::system_clock::time_point received{};
  std::chrono::system_clock::time_point server_date{};  ///< the Date header, else `received`
};

/// What a refresh brought, together with what was there before it (RFC 6749 section 6): without a new refresh token the old
/// one stays, without a scope it is the former.
Tokens after_refresh(Tokens fresh, const std::string& refresh_token, const std::optional<std::string>& scope);

struct TokenAnswer {
  Answer answer = Answer::other;  ///< accepted: 2xx JSON with access_token; denied: 400, 401 or 403 that is no block page
  std::optional<Tokens> tokens{};
  std::string error{};  ///< OAuth error code, if the body has one
  std::string why{};
  net::Reply reply{};
};

TokenRequest code_request(const ServerMetadata& server, const Client& client, const std::string& code,
                          const std::string& redirect_uri, const std::string& verifier, const std::string& resource);
TokenRequest refresh_request(const ServerMetadata& server, const Client& client, const std::string& refresh_token,
                             const std::string& scope = {}, const std::string& resource = {});

/// RFC 6749 section 4.4: a token for the client itself.
TokenRequest client_credentials_request(const ServerMetadata& server, const Client& client, const std::string& scope,
                                        const std::string& resource);
/// RFC 7523 section 2.1: a token for a JWT that somebody else signed (a workload's, an ID-JAG).
TokenRequest assertion_request(const ServerMetadata& server, const Client& client, const std::string& assertion,
                               const std::string& scope, const std::string& resource);
/// RFC 8693 section 2.1.
struct Exchange {
  std::string subject_token{};
  std::string subject_token_type{};
  std::string requested_token_type{};
  std::string audience{};
  std::string resource{};
  std::string scope{};
};
TokenRequest exchange_request(const ServerMetadata& server, const Client& client, const Exchange& exchange);

/// Sends it. Tokens in the answer are given to the Redactor first of all. With a prover a DPoP proof goes along, and a
/// nonce that the server asks for is used at once.
Result<TokenAnswer> request_token(net::Recorder& recorder, Redactor& redactor, Clock& clock, const TokenRequest& request,
                                  Prover* prover = nullptr);

/// RFC 9126 section 2: the parameters of an authorization request over the back channel; accepted: a request_uri came.
TokenRequest pushed_request(const ServerMetadata& server, const Client& client, const net::Params& authorization);
struct Pushed : TokenAnswer {
  std::string request_uri{};
};
Result<Pushed> push(net::Recorder& recorder, const TokenRequest& request, Prover* prover = nullptr);

/// RFC 7009. accepted: 200; `hint` may be empty.
Result<TokenAnswer> revoke(net::Recorder& recorder, const ServerMetadata& server, const Client& client, const std::string& token,
                           const std::string& hint, const Signing& signing);
/// RFC 7662. accepted: 200 JSON with a boolean `active` (true or false); the document is in `tokens->document`.
Result<TokenAnswer> introspect(net::Recorder& recorder, const TokenRequest& request);
TokenRequest introspection_request(const std::string& endpoint, const std::string& token);

}  // namespace mcprove::oauth
