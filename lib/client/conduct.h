#pragma once

#include <string>

#include "base/result.h"
#include "net/url.h"
#include "oauth/dpop.h"
#include "oauth/flow.h"
#include "oauth/metadata.h"
#include "oauth/registration.h"

namespace mcprove::client {

/// The decisions that a client's safety rests on, each alone, and sound as they stand here. They are virtual so that tests
/// can break one at a time and see that it is noticed; the programs use them as they are.
class Conduct {
 public:
  virtual ~Conduct() = default;

  /// Is `named`, from protected resource metadata, this server (RFC 9728 section 3.3)? The same origin, and its path or
  /// one above it.
  virtual bool is_resource(const std::string& named, const net::Url& server) const;
  /// RFC 8414 section 3.3: equal as text, without any normalisation.
  virtual bool is_issuer(const std::string& claimed, const std::string& issuer) const { return claimed == issuer; }
  /// Metadata without S256 means no PKCE, and no PKCE means no login (2025-11-25, authorization code protection).
  virtual bool has_pkce(const oauth::ServerMetadata& server) const;
  /// May clients of that issuer use this endpoint? The same site over TLS, or this machine talking to itself.
  virtual bool belongs(const net::Url& endpoint, const net::Url& issuer) const;
  /// Credentials are used at the issuer that they were made for (2026-07-28, authorization server binding).
  virtual bool may_use(const oauth::Client& client, const std::string& issuer) const { return client.issuer == issuer; }
  /// Authorizations in answer to one request's refusals (2025-11-25, scope challenge handling: limits).
  virtual int most_rounds() const { return 3; }
  /// Strict: what must be refused ends the flow.
  virtual oauth::Profile profile() const { return oauth::Profile::strict; }
  /// The flow to run: the honest one.
  virtual oauth::Flow flow() const { return {}; }
  /// A proof for this request alone (RFC 9449 section 4.2).
  virtual Result<std::string> proof(const oauth::Prover& prover, const std::string& method, const std::string& url,
                                    const std::string& access_token) const {
    return prover.proof(method, url, access_token);
  }
};

}  // namespace mcprove::client
