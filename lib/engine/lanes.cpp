#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/facts_impl.h"
#include "engine/logins.h"

namespace mcprove {
namespace {

constexpr std::size_t long_line = 4;  // two more logins and a token save nothing in a shorter one

Coexistence no(std::string why) { return {false, std::move(why), {}}; }

}  // namespace

bool asked_for_password(const oauth::Authorization& authorization) {
  return std::ranges::any_of(authorization.pages, [](const auto& page) { return page.kind == oauth::PageKind::login; });
}

/// A second browser logs in and gets a code; the first comes again; then the code is redeemed and the former token tried.
/// Whatever one more login ends has ended by then.
Result<Coexistence> Facts::Impl::find_coexistence(const Issuer& issuer, const Identity& identity) {
  auto& facts = session.facts();
  const auto former = MCPROVE_TRY(facts.grant(issuer, identity, ClientKind::main, "", ""));
  const auto client = MCPROVE_TRY(facts.client(issuer, ClientKind::main));
  const auto endpoints = MCPROVE_TRY(facts.wires());
  if (endpoints.empty()) return failure(Error::Kind::oracle, "no wire of MCP was recognised");
  auto* served = MCPROVE_TRY(facts.token_control(endpoints.front().endpoint, former));
  auto& person = session.person(identity);
  const Lane::Hold alone(person.lane, Lane::Turn::next);

  const auto to_code = [](std::string_view who) {
    oauth::Flow flow;
    return flow.stop_at_code().purpose(fmt::format("do grants coexist: {}", who));
  };
  const auto second = MCPROVE_TRY(session.run(issuer, to_code("a second browser"), identity, client, &person.seats[1].jar, true));
  if (second.end != oauth::FlowEnd::code) return no("a second browser got no code: " + second.why);
  const auto knew = person.memory.load();
  const auto first = MCPROVE_TRY(session.run(issuer, to_code("the first browser again"), identity, client, nullptr, true));
  if (first.end != oauth::FlowEnd::code) return no("the first browser got no code after a second one: " + first.why);
  if (asked_for_password(first.authorization) && knew != PersonState::Memory::forgotten)
    return no("a login in a second browser ended the session of the first");
  const auto request =
      oauth::code_request(issuer.metadata, second.client, second.code, second.redirect_uri, second.verifier, second.resource);
  const auto redeemed = MCPROVE_TRY(session.token(issuer, request, second.client));
  if (redeemed.answer != Answer::accepted) return no("a new authorization ended the code of the former: " + redeemed.why);
  if (const auto still = served->after(served->mark()); !still)
    return no("a new login ended the former grant: " + still.error().message);
  return Coexistence{true, "a second login left session, code and token of the first alone", {}};
}

Result<Coexistence> Facts::coexistence(const Issuer& issuer, const Identity& identity) {
  return impl_->coexistence_memo.get(impl_->session.recorder(), issuer.id + "\n" + identity.name, [&]() -> Result<Coexistence> {
    const net::Recorder::Capture capture;
    auto found = MCPROVE_TRY(impl_->find_coexistence(issuer, identity));
    found.exchanges = capture.exchanges();
    return found;
  });
}

void Session::shorten_the_line(const Issuer& issuer, const Identity& identity) {
  auto& person = this->person(identity);
  // Only who needs nobody at the keyboard can log in several times at once.
  if (!identity.has_person() || needs_a_person(identity) || person.asked) return;
  const auto line = person.lane.waiting();
  if (line < long_line || person.flow_time.load() * line < options_.line_patience) return;
  const auto issuers = facts_->issuers();
  if (!issuers || issuers->size() != 1 || person.asked.exchange(true)) return;
  const auto found = facts_->coexistence(issuer, identity);
  if (found && found->coexist) person.lane.widen(person.seats.size());
}

}  // namespace mcprove
