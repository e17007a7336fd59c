#include "engine/sandwich.h"

#include <utility>

namespace mcprove {
namespace {

/// A control that cannot be had is a reason of its own, unless its error names a better one.
Verdict no_control(const Error& error) {
  switch (error.kind) {
    case Error::Kind::budget:
    case Error::Kind::wait:
    case Error::Kind::rate_limited:
    case Error::Kind::blocked:
    case Error::Kind::login:
    case Error::Kind::out_of_scope:
    case Error::Kind::registration:
    case Error::Kind::oracle:
    case Error::Kind::interrupted: return Verdict::inconclusive(error);
    case Error::Kind::network:
    case Error::Kind::timeout:
    case Error::Kind::tls:
    case Error::Kind::too_large:
    case Error::Kind::malformed:
    case Error::Kind::unavailable:
    case Error::Kind::usage: break;
  }
  return Verdict::inconclusive(Reason::control_failed, error.message);
}

Verdict judged(const Probe& probe, const Settled& settled) {
  if (probe.judge) return probe.judge(settled);
  switch (settled.answer()) {
    case Answer::accepted: return Verdict::fail(settled, probe.accepted, probe.grade);
    case Answer::denied: return Verdict::pass(settled, probe.denied);
    case Answer::other: break;
  }
  return Verdict::unclear(settled);
}

}  // namespace

Sandwich& Sandwich::probe(std::string name, std::function<Result<Observation>()> run, std::string accepted, Grade grade) {
  Probe p;
  p.name = std::move(name);
  p.run = std::move(run);
  p.accepted = std::move(accepted);
  p.grade = grade;
  return probe(std::move(p));
}

void Sandwich::settle(Cases& cases) {
  const auto before = control_.before();
  if (!before) {
    for (const auto& p : probes_) cases.add(p.name, no_control(before.error()));
    return;
  }
  std::vector<Result<Observation>> seen;
  seen.reserve(probes_.size());
  {
    const Control::Probing probing(control_);
    for (const auto& p : probes_) seen.push_back(p.run());
  }
  const auto after = control_.after(control_.mark());
  for (std::size_t i = 0; i < probes_.size(); ++i) {
    if (!seen[i]) {
      cases.add(probes_[i].name, Verdict::inconclusive(seen[i].error()));
    } else if (!after) {
      cases.add(probes_[i].name, no_control(after.error()));
    } else {
      cases.add(probes_[i].name, judged(probes_[i], Settled(*std::move(seen[i]), {*before, *after})));
    }
  }
}

Result<Settled> Sandwich::one(Control& control, const std::function<Result<Observation>()>& probe) {
  auto before = MCPROVE_TRY(control.before());
  const auto probed = [&] {
    const Control::Probing probing(control);
    return probe();
  };
  auto seen = MCPROVE_TRY(probed());
  auto after = MCPROVE_TRY(control.after(control.mark()));
  return Settled(std::move(seen), {std::move(before), std::move(after)});
}

}  // namespace mcprove
