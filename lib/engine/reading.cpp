#include "engine/reading.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/cleanup.h"
#include "engine/facts.h"
#include "engine/session.h"

namespace mcprove {

struct ReadOnlyVisit::Impl {
  Impl(Options options, Progress progress, World world) : session(std::move(options), std::move(progress), std::move(world)) {}

  Result<ServerReading> read();
  Result<void> read_as(ServerReading& reading, const mcp::Endpoint& endpoint, const std::string& who, const Result<Grant>& grant);

  Session session;
};

Result<void> ReadOnlyVisit::Impl::read_as(ServerReading& reading, const mcp::Endpoint& endpoint, const std::string& who,
                                          const Result<Grant>& grant) {
  if (!grant) return tl::unexpected(grant.error());
  auto catalogue = MCPROVE_TRY(session.facts().catalogue(endpoint, *grant));
  if (!catalogue.refused.empty() && catalogue.refused.front() == "tools/list")
    return failure(Error::Kind::unavailable, "tools/list was denied");
  for (const auto& gap : gaps_in(catalogue)) reading.notes.push_back(fmt::format("{}: {}", who, gap));
  reading.seen.push_back({who, std::move(catalogue)});
  return {};
}

Result<ServerReading> ReadOnlyVisit::Impl::read() {
  if (session.bad_url() != nullptr) return tl::unexpected(*session.bad_url());
  auto& facts = session.facts();
  const auto surface = MCPROVE_TRY(facts.surface());
  const auto wires = MCPROVE_TRY(facts.wires());
  if (wires.empty()) return failure(Error::Kind::malformed, "it does not answer as an MCP server");
  const auto& wire = wires.front();
  ServerReading reading;
  reading.name = wire.server_info.string("name").value_or(session.url().host + session.url().path);
  reading.version = wire.server_info.string("version").value_or("");
  const auto& people = session.options().identities;
  for (const auto& identity : people) {
    if (auto read = read_as(reading, wire.endpoint, identity.name, facts.grant(identity)); !read) {
      if (&identity == &people.front()) return tl::unexpected(std::move(read).error());
      reading.notes.push_back(fmt::format("{}: {}", identity.name, read.error().message));
    }
  }
  const bool open = !surface.demands_token();
  if (people.empty()) MCPROVE_TRY(read_as(reading, wire.endpoint, open ? "anonymous" : "default", facts.grant()));
  // What a stranger sees beside those who log in belongs into a lock: it must not grow unseen.
  if (!people.empty() && open) static_cast<void>(read_as(reading, wire.endpoint, "anonymous", Grant{}));
  return reading;
}

ReadOnlyVisit::ReadOnlyVisit(Options options, Progress progress, World world) {
  options.effect = Effect::passive;
  options.effect_given = true;
  impl_ = std::make_unique<Impl>(std::move(options), std::move(progress), std::move(world));
}
ReadOnlyVisit::~ReadOnlyVisit() = default;

Result<ServerReading> ReadOnlyVisit::run() {
  auto reading = impl_->read();
  const auto left = leave(impl_->session);
  if (impl_->session.stopping()) return failure(Error::Kind::interrupted, "interrupted");
  if (reading) {
    for (const auto& leftover : left) {
      if (leftover.kind != "token") reading->notes.push_back(fmt::format("left behind: {}: {}", leftover.what, leftover.why));
    }
  }
  return reading;
}

void ReadOnlyVisit::interrupt(int signal) { impl_->session.interrupt(signal); }

std::shared_ptr<const Redactor> ReadOnlyVisit::redactor() const { return impl_->session.shared_redactor(); }

std::vector<std::string> gaps_in(const mcp::Catalogue& catalogue) {
  std::vector<std::string> out;
  for (const auto& method : catalogue.refused) out.push_back(method + " was denied");
  for (const auto& method : catalogue.unclear) out.push_back(method + " got no usable answer");
  if (catalogue.truncated) out.emplace_back("a list was cut short: only its beginning was read");
  return out;
}

}  // namespace mcprove
