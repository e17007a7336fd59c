#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/redactor.h"
#include "engine/outcome.h"
#include "net/transcript.h"

/// What more than one format needs to say.
namespace mcprove::report {

/// Secrets become names first, so that what follows cannot cut one in half; then what a terminal or XML cannot bear
/// becomes visible.
class Cleaner {
 public:
  explicit Cleaner(const RunOutcome& outcome) : redactor_(outcome.redactor.get()) {}
  std::string operator()(std::string_view raw) const;
  /// The same on one line of at most `width` bytes.
  std::string line(std::string_view raw, std::size_t width) const;

 private:
  const Redactor* redactor_;
};

/// The audited URL without userinfo, which people put passwords into.
std::string target_url(const RunOutcome& outcome);
/// "issuer https://as.example", "wire handshake", "wire stateless as alice"; empty for the target.
std::string where(const Subject& subject);
/// The same of all subjects of a finding.
std::string where(const RunOutcome& outcome, const Finding& finding);
/// "POST /token": the path and query for the target's origin, the whole URL elsewhere.
std::string request_line(const RunOutcome& outcome, const net::Exchange& exchange);
/// "200", or why there is no answer.
std::string answer_line(const net::Exchange& exchange);
/// The exchange if the transcript has it; citations are ours, but a report must not crash for a wrong one.
const net::Exchange* exchange_at(const RunOutcome& outcome, net::ExchangeId id);

/// What a reason means and, where something can be done about it, what.
std::string_view explanation(Reason reason);
/// "RFC 9700 4.8; RFC 7636 4.4.1; CWE-757"
std::string references(const CheckInfo& info);
/// The ids that a check assumes, without the empty places.
std::vector<std::string> assumed(const CheckInfo& info);
/// "3 findings (1 high, 2 low)", "no findings".
std::string count_of_findings(const RunOutcome& outcome);
/// "1 check", "2 checks"
std::string counted(std::size_t n, std::string_view noun);
/// "client abc at ISSUER: why it is still there"
std::string left_behind(const Leftover& leftover);
double milliseconds(std::chrono::microseconds time);

const CheckResult& result_of(const RunOutcome& outcome, const Finding& finding);
Severity severity_of(const RunOutcome& outcome, const Finding& finding);
/// The words of the case that a finding is about, else of the whole check.
std::string because_of(const RunOutcome& outcome, const Finding& finding);

}  // namespace mcprove::report
