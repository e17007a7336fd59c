#include "engine/audit.h"

#include <algorithm>
#include <future>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "engine/cleanup.h"
#include "engine/logins.h"
#include "engine/runner.h"
#include "engine/session.h"

namespace mcprove {

std::string_view version() { return "0.1.0"; }

struct Audit::Impl {
  Impl(const Registry& r, Options options, Progress progress, World world)
      : registry(r), session(std::move(options), std::move(progress), std::move(world)) {}

  void phase(const std::string& text) {
    const std::scoped_lock lock(telling);
    if (session.progress().phase) session.progress().phase(text);
  }
  bool meet(RunOutcome& out);
  std::optional<Error> log_in();
  void describe(RunOutcome& out);
  void leave(RunOutcome& out);
  void headline(RunOutcome& out) const;

  const Registry& registry;
  Session session;
  std::mutex telling;
};

/// Everybody, side by side; those who need somebody at the keyboard one after the other. The first error, if any: its checks
/// become inconclusive, and the run goes on.
std::optional<Error> Audit::Impl::log_in() {
  const auto& identities = session.options().identities;
  std::vector<std::optional<Error>> errors(identities.size());
  const auto one = [&](std::size_t i) {
    const auto& identity = identities[i];
    phase("logging in as " + (identity.has_person() ? identity.user : identity.name));
    if (const auto grant = session.facts().grant(identity); !grant) errors[i] = grant.error();
  };
  const auto past = session.recorder().past();
  std::vector<std::future<void>> others;
  std::vector<std::size_t> in_turn;
  for (std::size_t i = 0; i < identities.size(); ++i) {
    if (i == 0 || needs_a_person(identities[i])) {
      in_turn.push_back(i);
    } else {
      others.push_back(std::async(std::launch::async, [&, i] {
        session.recorder().begin_task();
        session.recorder().join(past);
        one(i);
      }));
    }
  }
  for (const auto i : in_turn) one(i);
  for (auto& other : others) other.get();
  for (auto& error : errors)
    if (error) return std::move(error);
  return std::nullopt;
}

/// Is there an MCP server at all, and can we log in? False: nothing more can be done.
bool Audit::Impl::meet(RunOutcome& out) {
  if (session.bad_url() != nullptr) {
    out.fatal = *session.bad_url();
    return false;
  }
  phase("discovering");
  const auto surface = session.facts().surface();
  if (!surface) {
    out.fatal = surface.error();
    return false;
  }
  const bool answers = std::ranges::any_of(surface->wires, [](const mcp::WireReport& w) { return w.speaks || w.needs_token; });
  if (!answers && !surface->demands_token()) {
    out.fatal = Error{Error::Kind::malformed, fmt::format("{} does not answer as an MCP server", session.url().text())};
    if (!surface->wires.empty() && !surface->wires.front().why.empty()) out.fatal->message += ": " + surface->wires.front().why;
    return false;
  }
  out.login_error = log_in();
  if (session.options().identities.empty() && surface->demands_token()) {
    // Nobody was named: consent may be given at once. If not, no login was asked for, and yet all behind it stays untested.
    const auto token = session.facts().grant();
    if (!token && session.options().effect != Effect::passive)
      out.untested.push_back("nobody logged in: " + token.error().message);
  }
  return true;
}

void Audit::Impl::describe(RunOutcome& out) {
  auto& facts = session.facts();
  if (const auto issuers = facts.issuers())
    for (const auto& issuer : *issuers) out.issuers.push_back(issuer.id);
  if (auto architecture = facts.architecture()) out.architecture = *std::move(architecture);
  if (const auto wires = facts.wires()) {
    for (const auto& wire : *wires) {
      out.wires.push_back({std::string(mcp::name(wire.endpoint.wire)), wire.endpoint.url, wire.endpoint.revision, wire.why});
      if (out.server_name.empty())
        if (const auto name = wire.server_info.string("name"))
          out.server_name = fmt::format("{} {}", *name, wire.server_info.string("version").value_or(""));
    }
  }
}

void Audit::Impl::leave(RunOutcome& out) {
  phase("cleaning up");
  auto left = mcprove::leave(session);
  // A token that only ages is worth one line, not one each.
  std::set<std::string> said;
  for (auto& leftover : left)
    if (leftover.kind != "token" || said.insert(leftover.what + leftover.why).second)
      out.leftovers.push_back(std::move(leftover));
}

void Audit::Impl::headline(RunOutcome& out) const {
  const auto count = [&](auto test) { return static_cast<int>(std::ranges::count_if(out.checks, test)); };
  const auto because = [&](Reason reason) {
    return count([&](const CheckResult& r) { return r.folded.outcome == Outcome::inconclusive && r.folded.reason == reason; });
  };
  if (out.fatal) return;
  if (out.login_error) out.untested.push_back("no login: " + out.login_error->message);
  if (session.options().effect == Effect::passive) {
    const int ran = count([](const CheckResult& r) { return r.folded.reason != Reason::effect_not_allowed; });
    out.untested.push_back(fmt::format("passive only: {} of {} ran", ran, out.checks.size()));
  }
  if (const int n = because(Reason::out_of_scope); n > 0) out.untested.push_back(fmt::format("out of scope: {}", n));
  if (const int n = because(Reason::budget_spent) + because(Reason::rate_limited); n > 0)
    out.untested.push_back(fmt::format("cut by limits: {}", n));
  if (const int n = because(Reason::needs_wait); n > 0) out.untested.push_back(fmt::format("need a longer --max-wait: {}", n));
  if (out.interrupted) out.untested.push_back("interrupted");
  const int open = count(
      [](const CheckResult& r) { return r.folded.outcome == Outcome::inconclusive && r.folded.reason != Reason::root_cause; });
  out.complete = out.untested.empty() && open == 0;
}

Audit::Audit(const Registry& registry, Options options, Progress progress, World world)
    : impl_(std::make_unique<Impl>(registry, std::move(options), std::move(progress), std::move(world))) {}
Audit::~Audit() = default;

RunOutcome Audit::run() {
  auto& session = impl_->session;
  const auto began = session.clock().tick();
  RunOutcome out;
  out.version = version();
  out.options = session.options();
  out.started = rfc3339(session.clock().now());
  out.transcript = session.shared_transcript();
  out.redactor = session.shared_redactor();
  const auto& url = session.url();
  out.target_name = !session.options().target_name.empty() ? session.options().target_name : url.path;

  if (impl_->meet(out)) {
    if (session.options().plan_only) {
      impl_->describe(out);
      out.plan = Runner(session, impl_->registry).plan();
    } else {
      impl_->phase("checking");
      Runner runner(session, impl_->registry);
      out.checks = runner.run();
      out.bugs = runner.bugs();
      impl_->describe(out);
      out.requirements = requirements_of(out.checks, session);
    }
  }
  out.signal = session.signal();
  out.interrupted = session.stopping();
  impl_->leave(out);
  std::ranges::stable_sort(out.checks, {},
                           [](const CheckResult& r) { return std::tuple(r.check->family, r.check->id, r.subject.name); });
  out.findings = findings_of(out.checks, out.target_name, *out.transcript);
  for (const auto& result : out.checks) {
    switch (result.folded.outcome) {
      case Outcome::pass: ++out.totals.pass; break;
      case Outcome::fail: ++out.totals.fail; break;
      case Outcome::inconclusive: ++out.totals.inconclusive; break;
      case Outcome::not_applicable: ++out.totals.not_applicable; break;
    }
  }
  out.totals.requests = static_cast<int>(out.transcript->requests());
  out.totals.registrations = session.budgets().used(Spending::registration);
  out.totals.tokens = session.budgets().used(Spending::token);
  out.totals.authorizations = session.budgets().used(Spending::authorization);
  out.options.budgets.registrations = session.budgets().limit(Spending::registration);
  out.options.budgets.tokens = session.budgets().limit(Spending::token);
  out.options.budgets.authorizations = session.budgets().limit(Spending::authorization);
  out.totals.wall = std::chrono::duration_cast<std::chrono::microseconds>(session.clock().tick() - began);
  out.totals.chain = net::chain(*out.transcript);
  impl_->headline(out);
  return out;
}

void Audit::interrupt(int signal) { impl_->session.interrupt(signal); }

}  // namespace mcprove
