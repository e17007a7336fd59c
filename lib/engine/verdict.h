#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/check.h"
#include "net/answer.h"
#include "net/transcript.h"

namespace mcprove {

/// What a verdict rests on: an exchange, and where in it to look.
struct Citation {
  net::ExchangeId exchange{};
  std::string where{};  ///< "status", "header:WWW-Authenticate", "body:/access_token"
  std::string shows{};  ///< a few words
};

/// What one experiment showed.
struct Observation {
  Answer answer = Answer::other;
  std::string why{};  ///< "401 with a Bearer challenge"
  std::vector<Citation> evidence{};
  std::optional<Reason> reason{};  ///< for other: why it does not tell
};

/// A probe between two controls that worked. Only Sandwich makes one.
class Settled {
 public:
  Answer answer() const { return probe_.answer; }
  const Observation& probe() const { return probe_; }
  std::vector<Citation> evidence() const;  ///< the probe's first, then the controls'

 private:
  friend class Sandwich;
  Settled(Observation probe, std::vector<Citation> controls) : probe_(std::move(probe)), controls_(std::move(controls)) {}
  Observation probe_;
  std::vector<Citation> controls_;
};

/// Something that was read, not attacked: a metadata document, a response's headers, a list of tools, an honest grant.
class Document {
 public:
  explicit Document(Citation read) : read_{std::move(read)} {}
  explicit Document(std::vector<Citation> read) : read_(std::move(read)) {}
  const std::vector<Citation>& evidence() const { return read_; }

 private:
  std::vector<Citation> read_;
};

/// How bad, how sure, how binding. Empty members take the check's.
struct Grade {
  std::optional<Severity> severity{};
  Confidence confidence = Confidence::confirmed;
  Level level = Level::must;
};

/// pass and fail can only be built from a settled sandwich or a document that was read: a check that sent nothing
/// cannot pass.
class Verdict {
 public:
  static Verdict pass(const Settled& settled, std::string because, std::vector<std::string> notes = {});
  static Verdict fail(const Settled& settled, std::string because, Grade grade = {});
  /// Accepted where neither pass nor fail is meant, or `other`: inconclusive with the observation's reason.
  static Verdict unclear(const Settled& settled);
  static Verdict pass(const Document& document, std::string because, std::vector<std::string> notes = {});
  static Verdict fail(const Document& document, std::string because, Grade grade = {});
  static Verdict inconclusive(Reason reason, std::string because, std::vector<Citation> evidence = {});
  static Verdict inconclusive(const Error& error, std::vector<Citation> evidence = {});
  static Verdict not_applicable(Reason reason, std::string because, std::vector<Citation> evidence = {});

  Outcome outcome() const { return outcome_; }
  const std::string& because() const { return because_; }
  std::optional<Reason> reason() const { return reason_; }
  const Grade& grade() const { return grade_; }
  const std::vector<Citation>& evidence() const { return evidence_; }
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  Outcome outcome_ = Outcome::inconclusive;
  std::string because_{};
  std::optional<Reason> reason_{};
  Grade grade_{};
  std::vector<Citation> evidence_{};
  std::vector<std::string> notes_{};
};

/// What a check found, case by case.
class Cases {
 public:
  void add(std::string name, Verdict verdict) { cases_.emplace_back(std::move(name), std::move(verdict)); }
  void not_run(std::string name, Reason reason, std::string because = {});
  void note(std::string text) { notes_.push_back(std::move(text)); }  ///< for the check as a whole

  const std::vector<std::pair<std::string, Verdict>>& all() const { return cases_; }
  const std::vector<std::string>& notes() const { return notes_; }
  bool empty() const { return cases_.empty(); }

 private:
  std::vector<std::pair<std::string, Verdict>> cases_{};
  std::vector<std::string> notes_{};
};

/// The fold of the cases: fail > inconclusive > pass > not-applicable; severity and level are the worst failing case's.
struct Folded {
  Outcome outcome = Outcome::inconclusive;
  Severity severity = Severity::info;
  Confidence confidence = Confidence::confirmed;
  Level level = Level::must;
  std::optional<Reason> reason{};
  std::string because{};  ///< of the deciding case; "3 of 4 cases" for a pass that could not run all
};
Folded fold(const Cases& cases, const CheckInfo& info);

}  // namespace mcprove
