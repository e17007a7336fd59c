#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "net/recorder.h"
#include "net/url.h"
#include "oauth/dpop.h"

namespace mcprove {

/// Tokens of a run that are bound to a key (RFC 9449). Checks present tokens as they would any: once one is known to be
/// bound, each that goes to the target goes in the way the target takes them, by the scheme DPoP with a proof of its own,
/// forged and foreign ones too; a probe would else be refused for how it was presented and not for what it is. Thread-safe.
class Possession final : public net::Finisher {
 public:
  Possession(const net::Url& target, Clock& clock, Random& random) : target_(target), clock_(clock), random_(random) {}

  /// Tokens are asked for with a proof from now on; `alg` for the key, if one is still to be made.
  Result<void> begin(const std::string& alg);
  /// The same, with a key of an earlier run.
  Result<void> begin_with(const std::string& private_jwk);
  /// For token requests; null before begin().
  oauth::Prover* prover() const;

  /// This token is bound to our key.
  void bind(const std::string& token);
  /// This credential is none of the target's: a registration's, which is presented as it is.
  void spare(const std::string& token);

  void finish(net::Request& request) override;
  bool again(const net::Request& request, const net::Response& response) override;

 private:
  bool is_meant(const net::Request& request, const std::string& token) const;

  const net::Url& target_;
  Clock& clock_;
  Random& random_;
  mutable std::mutex mutex_;
  std::unique_ptr<oauth::Prover> prover_{};
  bool binding_ = false;           // a token of ours is bound
  std::set<std::string> bound_{};  // digests
  std::set<std::string> spared_{};
};

}  // namespace mcprove
