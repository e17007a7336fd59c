#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "jose/jwk.h"
#include "net/http.h"

namespace mcprove::oauth {

/// Proves possession of a key with each request (RFC 9449), so that a stolen token alone is worth nothing. Keeps the
/// nonces that servers hand out, one for each origin. Thread-safe.
class Prover {
 public:
  Prover(jose::Key key, Clock& clock, Random& random);

  /// A proof for one request, good for it alone (section 4.2). `access_token` empty: a request for a token.
  Result<std::string> proof(std::string_view method, std::string_view url, std::string_view access_token = {}) const;
  /// Remembers the nonce of an answer from this URL's origin (section 8.2), if it has one. True if it is a new one.
  bool learn(std::string_view url, const net::Headers& headers);

  const jose::Key& key() const { return key_; }

 private:
  jose::Key key_;
  Clock& clock_;
  Random& random_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string> nonces_;
};

/// The answer wants the same request again with the nonce that it brings (sections 8 and 9).
bool wants_nonce(const net::Response& response);

/// The algorithm for a fresh key: the first of ours among those a server lists; empty if there is none.
std::string proof_algorithm(const std::vector<std::string>& listed);

}  // namespace mcprove::oauth
