#include "report/model.h"

#include <array>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "net/url.h"

namespace mcprove::report {

std::string Cleaner::operator()(std::string_view raw) const {
  return text::printable(redactor_ != nullptr ? redactor_->redact(raw) : std::string(raw));
}

std::string Cleaner::line(std::string_view raw, std::size_t width) const {
  return text::one_line(redactor_ != nullptr ? redactor_->redact(raw) : std::string(raw), width);
}

std::string target_url(const RunOutcome& outcome) {
  const auto url = net::Url::parse(outcome.options.url);
  if (!url || url->user.empty()) return outcome.options.url;
  return url->origin() + url->path + (url->query.empty() ? "" : "?" + url->query);
}

std::string where(const Subject& subject) {
  if (subject.kind == "target") return {};
  if (subject.kind == "identity") return "as " + subject.name;
  if (subject.kind == "wire-and-identity") {
    const auto slash = subject.name.find('/');
    if (slash == std::string::npos) return "wire " + subject.name;
    return "wire " + subject.name.substr(0, slash) + " as " + subject.name.substr(slash + 1);
  }
  return subject.kind + " " + subject.name;
}

std::string where(const RunOutcome& outcome, const Finding& finding) {
  const Subject& subject = result_of(outcome, finding).subject;
  std::string words = where(subject);
  for (const auto& name : finding.also) words += ", " + where(Subject{subject.kind, name});
  return words;
}

std::string request_line(const RunOutcome& outcome, const net::Exchange& exchange) {
  std::string place = exchange.request.url;
  const auto url = net::Url::parse(exchange.request.url);
  const auto target = net::Url::parse(outcome.options.url);
  if (url && target && url->same_origin(*target)) place = url->query.empty() ? url->path : url->path + "?" + url->query;
  return exchange.request.method + " " + place;
}

std::string answer_line(const net::Exchange& exchange) {
  if (exchange.response) return std::to_string(exchange.response->status);
  return exchange.error ? std::string(name(exchange.error->kind)) : std::string("no answer");
}

const net::Exchange* exchange_at(const RunOutcome& outcome, net::ExchangeId id) {
  if (!outcome.transcript || static_cast<std::size_t>(id) >= outcome.transcript->size()) return nullptr;
  return &outcome.transcript->at(id);
}

std::string_view explanation(Reason reason) {
  switch (reason) {
    case Reason::no_oracle: return "no request was found that is refused without a token and served with one";
    case Reason::control_failed: return "the honest request beside the probe did not work, so a refusal proves nothing";
    case Reason::no_login: return "nobody was logged in: give --user and --password-env, or --token-env";
    case Reason::no_second_identity: return "a second person is needed: give --user twice, or two [[identity]] in mcprove.toml";
    case Reason::no_second_client: return "a second client is needed, and none could be had";
    case Reason::registration_closed: return "the server registers no client for us: give --client-id";
    case Reason::rate_limited: return "the server's rate limit answered: run these again later, with --only";
    case Reason::blocked: return "a firewall or a bot page answered in the server's place";
    case Reason::login_page: return "a page for people came where an answer was expected";
    case Reason::unclear_answer: return "the answer neither accepts nor refuses";
    case Reason::evidence_weak: return "what was seen does not decide; look at it yourself";
    case Reason::effect_not_allowed:
      return "not allowed: --active or --intrusive at hosts that --authorized-by covers, --load, or --as-in-scope HOST";
    case Reason::login_origin_not_allowed: return "a password is typed only into origins that you name: --login-origin";
    case Reason::out_of_scope: return "it leads to a host that is not part of this audit";
    case Reason::budget_spent: return "the budget is spent: --budget NAME=N raises it";
    case Reason::needs_wait: return "it takes longer than --max-wait allows";
    case Reason::needs_listener: return "the server would have to reach a listener of ours";
    case Reason::needs_operator_fact:
      return "only you know: --expected-scopes, --other-resource, --expect-auth or --public, --allow-tool";
    case Reason::transport_error: return "no complete answer arrived";
    case Reason::root_cause: return "a fault above hides it";
    case Reason::interrupted: return "the run was interrupted";
    case Reason::not_offered: return "the target does not offer it";
    case Reason::wrong_wire: return "it does not exist on this wire";
    case Reason::wrong_architecture: return "it does not exist in this architecture";
    case Reason::declared_by_operator: return "you declared it intended";
    case Reason::baseline_created: return "a first run; the next is compared with it";
  }
  return "";
}

std::string references(const CheckInfo& info) {
  std::vector<std::string> parts;
  for (const SpecRef& ref : info.spec) {
    if (ref.document.empty()) continue;
    parts.push_back(ref.section.empty() ? std::string(ref.document) : fmt::format("{} {}", ref.document, ref.section));
  }
  if (info.cwe != 0) parts.push_back(fmt::format("CWE-{}", info.cwe));
  return text::join(parts, "; ");
}

std::vector<std::string> assumed(const CheckInfo& info) {
  std::vector<std::string> ids;
  for (const auto id : info.assumes) {
    if (!id.empty()) ids.emplace_back(id);
  }
  return ids;
}

std::string counted(std::size_t n, std::string_view noun) { return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s"); }

std::string count_of_findings(const RunOutcome& outcome) {
  if (outcome.findings.empty()) return "no findings";
  std::map<Severity, std::size_t, std::greater<>> by_severity;
  for (const Finding& finding : outcome.findings) ++by_severity[severity_of(outcome, finding)];
  std::vector<std::string> parts;
  for (const auto& [severity, n] : by_severity) parts.push_back(fmt::format("{} {}", n, name(severity)));
  return fmt::format("{} ({})", counted(outcome.findings.size(), "finding"), text::join(parts, ", "));
}

std::string left_behind(const Leftover& leftover) {
  const bool named = leftover.what.find(leftover.kind) != std::string::npos;
  return fmt::format("{}{}: {}", named ? "" : leftover.kind + " ", leftover.what, leftover.why);
}

double milliseconds(std::chrono::microseconds time) { return static_cast<double>(time.count()) / 1000.0; }

const CheckResult& result_of(const RunOutcome& outcome, const Finding& finding) { return outcome.checks.at(finding.result); }

Severity severity_of(const RunOutcome& outcome, const Finding& finding) { return result_of(outcome, finding).folded.severity; }

std::string because_of(const RunOutcome& outcome, const Finding& finding) {
  const CheckResult& result = result_of(outcome, finding);
  for (const auto& [case_name, verdict] : result.cases.all()) {
    if (case_name == finding.case_name && verdict.outcome() == Outcome::fail) return verdict.because();
  }
  return result.folded.because;
}

}  // namespace mcprove::report
