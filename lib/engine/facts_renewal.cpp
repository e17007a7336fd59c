#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/facts_impl.h"

namespace mcprove {
namespace {

constexpr std::chrono::seconds longest_margin{10};
constexpr std::chrono::seconds longest_early_margin{300};

/// Has the token less left than a check needs for its first request; or, if early, for all of them? What the server promised
/// decides; what nobody said lasts for ever.
bool expires_soon(const Grant& grant, Clock::Wall now, bool early) {
  const auto life = grant.view.lifetime();
  // A lifetime of nothing is a server's mistake, not a reason to renew for ever.
  if (!life || *life <= std::chrono::seconds(0) || grant.tokens.received == Clock::Wall{}) return false;
  const auto margin = early ? std::min(longest_early_margin, *life * 3 / 4) : std::min(longest_margin, *life / 4);
  return now >= grant.tokens.received + *life - margin;
}

}  // namespace

Result<Grant> Facts::Impl::refresh(const Grant& old, const Issuer& issuer) {
  if (old.tokens.refresh_token.empty()) return failure(Error::Kind::unavailable, "there is no refresh token");
  const net::Recorder::Capture capture;
  auto request = oauth::refresh_request(issuer.metadata, old.client, old.tokens.refresh_token, {}, old.resource);
  request.purpose = "refresh of a token that expired";
  const auto answer = MCPROVE_TRY(session.token(issuer, request, old.client));
  if (answer.answer != Answer::accepted || !answer.tokens)
    return failure(Error::Kind::login, "the refresh was not accepted: " + answer.why);
  auto grant = old;
  grant.tokens = oauth::after_refresh(*answer.tokens, old.tokens.refresh_token, old.tokens.scope);
  grant.exchanges = capture.exchanges();
  grant.view = MCPROVE_TRY(session.facts().view(grant.tokens, issuer, grant.requested_scope));
  return grant;
}

std::optional<Result<Grant>> Facts::Impl::renewed(const Grant& old, const Issuer& issuer,
                                                  const std::function<Result<Grant>()>& log_in) {
  bool is_dead = false;
  {
    const std::scoped_lock lock(dead_mutex);
    is_dead = dead.contains(secret_key(old.tokens.access_token));
  }
  if (!is_dead && !expires_soon(old, session.clock().now(), early)) return std::nullopt;
  ++renewals;
  // What ended a token early ended its refresh token too.
  if (!is_dead)
    if (auto fresh = refresh(old, issuer)) return fresh;
  auto again = log_in();
  if (!again) again.error().message = "the token ended and could not be renewed: " + again.error().message;
  return again;
}

std::optional<Grant> Facts::Impl::replacement(const Grant& refused) {
  if (refused.issuer.empty()) return std::nullopt;
  {
    const std::scoped_lock lock(dead_mutex);
    dead.insert(secret_key(refused.tokens.access_token));
  }
  auto living = session.facts().grant();
  if (!living || living->tokens.access_token == refused.tokens.access_token) return std::nullopt;
  return *std::move(living);
}

std::uint64_t Facts::renewals() const { return impl_->renewals; }

void Facts::renew_early() { impl_->early = true; }

void Facts::revive_main_grant() {
  const auto main = grant();
  if (!main || main->issuer.empty()) return;
  const auto endpoints = wires();
  if (!endpoints || endpoints->empty()) return;
  const auto control = token_control(endpoints->front().endpoint, *main);
  if (!control) {
    impl_->oracle_memo.forget_failures();
    static_cast<void>(oracle(endpoints->front().endpoint));
  } else if (!(*control)->after((*control)->mark())) {
    static_cast<void>(impl_->replacement(*main));
  }
}

}  // namespace mcprove
