#pragma once

#include <chrono>
#include <vector>

#include "engine/audit.h"
#include "engine/journal.h"
#include "net/recorder.h"
#include "oauth/token.h"

namespace mcprove {

/// How long leaving may take.
inline constexpr std::chrono::seconds clean_up_limit{10};

/// Deletes clients (RFC 7592) and revokes tokens (RFC 7009), at most until `deadline`. What could not be undone comes back
/// in `left`, with the reason in `leftovers`; what can never be undone is reported and not kept.
struct CleanedUp {
  int deleted = 0;
  int revoked = 0;
  std::vector<Journal::Entry> left{};
  std::vector<Leftover> leftovers{};
};
CleanedUp clean_up(net::Recorder& recorder, const oauth::Signing& signing, Clock::Tick deadline,
                   const std::vector<Journal::Entry>& entries);

class Session;
/// Undoes what this run registered and was given, save the client that is kept for the next; what is left stays in the
/// journal.
std::vector<Leftover> leave(Session& session);

}  // namespace mcprove
