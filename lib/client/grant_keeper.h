#pragma once

#include <functional>
#include <optional>
#include <string>

#include "client/options.h"
#include "oauth/grant_store.h"

namespace mcprove::client {

/// Keeps grants in the user's store. A person has one grant for each target: a new one takes the place of the former. A
/// grant is renewed by one process at a time, and whoever comes second takes what the first brought.
class GrantKeeper final : public Keeper {
 public:
  /// `keeps` false: reads, and writes only renewals of what is there already (a used refresh token must not stay).
  GrantKeeper(const oauth::GrantStore& store, Clock& clock, bool keeps) : store_(store), clock_(clock), keeps_(keeps) {}

  void keep(const oauth::StoredGrant& grant) override;
  Result<oauth::StoredGrant> renew(const oauth::StoredGrant& grant,
                                   const std::function<Result<oauth::StoredGrant>(const oauth::StoredGrant&)>& refresh) override;
  /// Of any grant at this issuer whose client was registered by us.
  std::optional<oauth::Client> find_client(const std::string& issuer) override;

  /// Why the last grant could not be kept; empty: it was, or was not to be.
  const std::optional<Error>& problem() const { return problem_; }
  bool kept() const { return kept_; }

 private:
  const oauth::GrantStore& store_;
  Clock& clock_;
  bool keeps_;
  bool kept_ = false;
  std::string written_{};  // the access token that renew() has put into the store
  std::optional<Error> problem_{};
};

}  // namespace mcprove::client
