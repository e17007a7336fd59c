#include "engine/cleanup.h"

#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "base/private_file.h"
#include "engine/session.h"
#include "net/curl.h"
#include "oauth/token.h"

namespace mcprove {
namespace {

Leftover leftover(const Journal::Entry& entry, std::string why) {
  const bool is_client = entry.kind == "client";
  return {entry.kind,
          is_client ? fmt::format("{} at {}", entry.client.id, entry.issuer) : fmt::format("a token of {}", entry.issuer),
          std::move(why), entry.issuer, is_client ? entry.client.id : ""};
}

enum class Undone : std::uint8_t { yes, never, not_now };

Undone undo_client(net::Recorder& recorder, const Journal::Entry& entry, std::string& why) {
  if (entry.client.registration_uri.empty() || entry.client.registration_token.empty()) {
    why = "the server offers no deletion (RFC 7592)";
    return Undone::never;
  }
  const auto answer = oauth::delete_client(recorder, entry.client);
  if (answer && answer->answer == Answer::accepted) return Undone::yes;
  why = answer ? "deletion was not accepted: " + answer->why : answer.error().message;
  return answer && answer->answer == Answer::denied ? Undone::never : Undone::not_now;
}

Undone undo_token(net::Recorder& recorder, const oauth::Signing& signing, const Journal::Entry& entry, std::string& why) {
  if (entry.revocation_endpoint.empty()) {
    why = "the server offers no revocation (RFC 7009)";
    return Undone::never;
  }
  oauth::ServerMetadata metadata;
  metadata.issuer = entry.issuer;
  metadata.revocation_endpoint = entry.revocation_endpoint;
  const auto answer = oauth::revoke(recorder, metadata, entry.client, entry.token, "", signing);
  if (answer && answer->answer == Answer::accepted) return Undone::yes;
  why = answer ? "revocation was not accepted: " + answer->why : answer.error().message;
  return answer && answer->answer == Answer::denied ? Undone::never : Undone::not_now;
}

}  // namespace

CleanedUp clean_up(net::Recorder& recorder, const oauth::Signing& signing, Clock::Tick deadline,
                   const std::vector<Journal::Entry>& entries) {
  CleanedUp done;
  // Tokens before the clients that they belong to.
  for (const auto* kind : {"token", "client"}) {
    for (const auto& entry : entries) {
      if (entry.kind != kind) continue;
      if (signing.clock.tick() >= deadline) {
        done.left.push_back(entry);
        done.leftovers.push_back(leftover(entry, "no time was left; run mcprove cleanup"));
        continue;
      }
      std::string why;
      const bool is_client = entry.kind == "client";
      switch (is_client ? undo_client(recorder, entry, why) : undo_token(recorder, signing, entry, why)) {
        case Undone::yes: ++(is_client ? done.deleted : done.revoked); break;
        case Undone::never: done.leftovers.push_back(leftover(entry, why)); break;
        case Undone::not_now:
          done.left.push_back(entry);
          done.leftovers.push_back(leftover(entry, why + "; run mcprove cleanup"));
          break;
      }
    }
  }
  return done;
}

Result<CleanupOutcome> clean_up(const std::string& state_dir, World world) {
  const auto directory = state_dir.empty() ? default_state_dir() : state_dir;
  SystemClock system;
  Clock& clock = world.clock == nullptr ? system : *world.clock;
  SystemRandom random;
  Redactor redactor;
  CleanupOutcome all;
  for (const auto& file : Journal::files(directory)) {
    const auto entries = Journal::read(file);
    net::Scope scope;
    for (const auto& entry : entries) {
      // Our own journal: whom it names, the user audited.
      for (const auto& url : {entry.issuer, entry.client.registration_uri, entry.revocation_endpoint})
        if (const auto there = net::Url::parse(url)) scope.name_origin(there->origin(), net::Reach::active);
    }
    const auto transport = world.transport ? world.transport(scope) : net::make_curl_transport(scope);
    net::Transcript transcript;
    net::Recorder recorder(*transport, scope, transcript, clock);
    auto done = clean_up(recorder, {clock, random, redactor}, clock.tick() + clean_up_limit, entries);
    all.deleted += done.deleted;
    all.revoked += done.revoked;
    all.leftovers.insert(all.leftovers.end(), done.leftovers.begin(), done.leftovers.end());
    Journal journal(directory, std::filesystem::path(file).stem().string());
    journal.keep(std::move(done.left));
  }
  return all;
}

std::vector<Leftover> leave(Session& session) {
  auto entries = session.journal().entries();
  // The shared client stays for the next run.
  if (session.clients().enabled()) {
    std::erase_if(entries, [&](const Journal::Entry& entry) {
      const auto kept = session.clients().find(session.url().text(), entry.issuer);
      return entry.kind == "client" && kept && kept->id == entry.client.id;
    });
  }
  auto done = clean_up(session.last_recorder(), session.signing(), session.clock().tick() + clean_up_limit, entries);
  session.journal().keep(std::move(done.left));
  return std::move(done.leftovers);
}

}  // namespace mcprove
