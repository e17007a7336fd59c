#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "engine/control.h"
#include "engine/verdict.h"

namespace mcprove {

/// One deliberate change to the experiment that the control runs unchanged, and how its three answers read.
struct Probe {
  std::string name{};  ///< of the case: "alg none"
  std::function<Result<Observation>()> run{};
  std::string accepted{};  ///< why acceptance is a flaw: "a token signed by nobody was served"
  std::string denied = "refused";
  Grade grade{};  ///< of the failure
  /// Instead of accepted → fail, denied → pass, other → inconclusive.
  std::function<Verdict(const Settled&)> judge{};
};

/// Positive control, the probes, positive control again. If a control does not work, every probe is inconclusive; a
/// probe that brings no answer is inconclusive with its own reason; what is left is judged. Nothing else makes a Settled.
class Sandwich {
 public:
  explicit Sandwich(Control& control) : control_(control) {}
  Sandwich& probe(Probe p) {
    probes_.push_back(std::move(p));
    return *this;
  }
  /// `text` explains acceptance; the shortest form.
  Sandwich& probe(std::string name, std::function<Result<Observation>()> run, std::string accepted, Grade grade = {});
  /// Runs everything and adds one case per probe.
  void settle(Cases& cases);
  /// One probe, settled, for a check that judges by itself. The Error is the reason why it could not be.
  static Result<Settled> one(Control& control, const std::function<Result<Observation>()>& probe);

 private:
  Control& control_;
  std::vector<Probe> probes_{};
};

}  // namespace mcprove
