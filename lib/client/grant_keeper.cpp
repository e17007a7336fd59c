#include "client/grant_keeper.h"

#include <utility>

namespace mcprove::client {

void GrantKeeper::keep(const oauth::StoredGrant& grant) {
  // What renew() wrote in its turn may have been renewed again by somebody else meanwhile.
  if (!keeps_ || grant.access_token == written_) return;
  problem_.reset();
  if (auto done = store_.keep(grant); !done) {
    problem_ = done.error();
    return;
  }
  kept_ = true;
  for (const auto& former : store_.list().grants) {
    if (former.target == grant.target && former.person == grant.person && former.key() != grant.key())
      static_cast<void>(store_.remove(former));
  }
}

Result<oauth::StoredGrant> GrantKeeper::renew(
    const oauth::StoredGrant& grant, const std::function<Result<oauth::StoredGrant>(const oauth::StoredGrant&)>& refresh) {
  auto turn = store_.take_turn(grant);
  if (!turn && turn.error().kind == Error::Kind::unavailable) return refresh(grant);  // it was never kept
  if (!turn) return tl::unexpected(std::move(turn).error());
  if (turn->grant.access_token != grant.access_token && !turn->grant.expired(clock_.now())) {
    written_ = turn->grant.access_token;
    return std::move(turn->grant);
  }
  auto fresh = MCPROVE_TRY(refresh(turn->grant));
  // The old refresh token is worth nothing now; a grant that cannot be written is lost for the next run, not for this one.
  problem_.reset();
  if (auto done = store_.keep(fresh); !done) problem_ = done.error();
  written_ = fresh.access_token;
  return fresh;
}

std::optional<oauth::Client> GrantKeeper::find_client(const std::string& issuer) {
  if (!keeps_) return std::nullopt;
  for (auto& grant : store_.list().grants)
    if (grant.client.issuer == issuer && grant.client.dynamic && !grant.client.redirect_uris.empty())
      return std::move(grant.client);
  return std::nullopt;
}

}  // namespace mcprove::client
