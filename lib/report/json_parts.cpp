#include "report/json_parts.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"

namespace mcprove::report {

namespace {

using json::Value;

/// A report keeps this much of each body; `body_bytes` tells how long it was.
constexpr std::size_t body_kept = 4096;

Value count(std::size_t n) { return json::num(static_cast<std::int64_t>(n)); }

Value number_of(net::ExchangeId id) { return count(static_cast<std::size_t>(id)); }

Value cleaned(const std::vector<std::string>& lines, const Cleaner& clean) {
  std::vector<std::string> out;
  for (const auto& line : lines) out.push_back(clean(line));
  return json::strings(out);
}

Value milliseconds_of(std::chrono::microseconds time) { return Value::make(milliseconds(time)); }

Value reason_of_result(std::optional<Reason> reason) { return reason ? json::str(name(*reason)) : Value(); }

/// Severity, confidence and level speak of failures only; elsewhere they are null.
std::vector<std::pair<std::string, Value>> graded(Outcome outcome, Level level, Severity severity, Confidence confidence) {
  const bool failed = outcome == Outcome::fail;
  return {{"outcome", json::str(name(outcome))},
          {"level", failed ? json::str(name(level)) : Value()},
          {"severity", failed ? json::str(name(severity)) : Value()},
          {"confidence", failed ? json::str(name(confidence)) : Value()}};
}

Value of_case(const std::string& case_name, const Verdict& verdict, const CheckInfo& info, const Cleaner& clean) {
  std::vector<std::pair<std::string, Value>> members{{"name", json::str(clean(case_name))}};
  const Grade& grade = verdict.grade();
  for (auto& member : graded(verdict.outcome(), grade.level, grade.severity.value_or(info.severity), grade.confidence)) {
    members.push_back(std::move(member));
  }
  members.emplace_back("reason", reason_of_result(verdict.reason()));
  members.emplace_back("because", json::str(clean(verdict.because())));
  members.emplace_back("notes", cleaned(verdict.notes(), clean));
  return Value::object(std::move(members));
}

Value of_evidence(const std::string& case_name, const Citation& citation, const Cleaner& clean) {
  return Value::object({{"case", json::str(clean(case_name))},
                        {"exchange", number_of(citation.exchange)},
                        {"where", json::str(clean(citation.where))},
                        {"shows", json::str(clean(citation.shows))}});
}

/// A cookie's value is somebody's session; its name and attributes are evidence. Values that have a name already stay.
std::string without_cookie_values(std::string_view value, bool every_pair) {
  std::vector<std::string> parts = text::split(value, ';');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto equals = parts[i].find('=');
    if ((i > 0 && !every_pair) || equals == std::string::npos || parts[i].find('#', equals) != std::string::npos) continue;
    if (equals + 1 < parts[i].size()) parts[i] = parts[i].substr(0, equals) + "=...";
  }
  return text::join(parts, ";");
}

Value of_headers(const net::Headers& headers, const Cleaner& clean) {
  std::vector<Value> fields;
  for (const auto& [field, value] : headers.fields) {
    std::string shown = clean(value);
    if (text::iequals(field, "cookie")) shown = without_cookie_values(shown, true);
    if (text::iequals(field, "set-cookie")) shown = without_cookie_values(shown, false);
    fields.push_back(Value::array({json::str(clean(field)), json::str(shown)}));
  }
  return Value::array(std::move(fields));
}

/// Redacted before it is cut, so that no half of a secret escapes.
void add_body(std::vector<std::pair<std::string, Value>>& members, const std::string& body, const Cleaner& clean) {
  std::string shown = clean(body);
  const bool cut = shown.size() > body_kept;
  if (cut) {
    std::size_t keep = body_kept;
    while (keep > 0 && (static_cast<unsigned char>(shown[keep]) & 0xc0U) == 0x80U) --keep;
    shown.resize(keep);
  }
  members.emplace_back("body", json::str(shown));
  members.emplace_back("body_bytes", count(body.size()));
  members.emplace_back("body_cut", json::boolean(cut));
}

Value of_request(const net::Request& request, const Cleaner& clean) {
  std::vector<std::pair<std::string, Value>> members{{"method", json::str(clean(request.method))},
                                                     {"url", json::str(clean(request.url))},
                                                     {"target", nullable(clean(request.target))},
                                                     {"headers", of_headers(request.headers, clean)}};
  add_body(members, request.body, clean);
  return Value::object(std::move(members));
}

Value of_response(const std::optional<net::Response>& response, const Cleaner& clean) {
  if (!response) return {};
  std::vector<std::pair<std::string, Value>> members{{"status", json::num(response->status)},
                                                     {"http_version", json::str(clean(response->version))},
                                                     {"headers", of_headers(response->headers, clean)}};
  add_body(members, response->body, clean);
  members.emplace_back("ended_early", json::boolean(response->cut));
  members.emplace_back("address", json::str(clean(response->address)));
  members.emplace_back("took_ms", milliseconds_of(response->took));
  return Value::object(std::move(members));
}

Value used(int n, int limit) { return Value::object({{"used", json::num(n)}, {"limit", json::num(limit)}}); }

}  // namespace

Value nullable(std::string_view text) { return text.empty() ? Value() : json::str(text); }

std::string_view slug(Requirement requirement) {
  switch (requirement) {
    case Requirement::none: return "";
    case Requirement::code_flow: return "code-flow";
    case Requirement::pkce: return "pkce";
    case Requirement::dynamic_registration: return "dynamic-registration";
    case Requirement::scopes_and_claims: return "scopes-and-claims";
    case Requirement::introspection: return "introspection";
    case Requirement::userinfo: return "userinfo";
  }
  return "";
}

Value of_subject(const Subject& subject, const Cleaner& clean) {
  return Value::object({{"kind", json::str(subject.kind)}, {"name", json::str(clean(subject.name))}});
}

Value of_references(const CheckInfo& info) {
  std::vector<Value> refs;
  for (const SpecRef& ref : info.spec) {
    if (ref.document.empty()) continue;
    refs.push_back(Value::object({{"document", json::str(ref.document)}, {"section", nullable(ref.section)}}));
  }
  return Value::array(std::move(refs));
}

Value of_check(const CheckResult& result, const Cleaner& clean) {
  const CheckInfo& info = result.check->check->info;
  const Folded& folded = result.folded;
  std::vector<Value> cases;
  std::vector<Value> evidence;
  for (const auto& [case_name, verdict] : result.cases.all()) {
    cases.push_back(of_case(case_name, verdict, info, clean));
    for (const Citation& citation : verdict.evidence()) evidence.push_back(of_evidence(case_name, citation, clean));
  }
  std::vector<std::pair<std::string, Value>> members{{"id", json::str(result.check->id)},
                                                     {"family", json::str(result.check->family)},
                                                     {"title", json::str(info.title)},
                                                     {"subject", of_subject(result.subject, clean)}};
  for (auto& member : graded(folded.outcome, folded.level, folded.severity, folded.confidence))
    members.push_back(std::move(member));
  members.emplace_back("reason", reason_of_result(folded.reason));
  members.emplace_back("because", json::str(clean(folded.because)));
  members.emplace_back("notes", cleaned(result.cases.notes(), clean));
  members.emplace_back("follows_from", json::strings(result.follows_from));
  members.emplace_back("cases", Value::array(std::move(cases)));
  members.emplace_back("evidence", Value::array(std::move(evidence)));
  members.emplace_back("took_ms", milliseconds_of(result.took));
  return Value::object(std::move(members));
}

Value of_finding(const RunOutcome& outcome, const Finding& finding, const Cleaner& clean) {
  const CheckResult& result = result_of(outcome, finding);
  const CheckInfo& info = result.check->check->info;
  std::vector<Value> exchanges;
  for (const auto& [case_name, verdict] : result.cases.all()) {
    if (case_name != finding.case_name || verdict.outcome() != Outcome::fail) continue;
    for (const Citation& citation : verdict.evidence()) {
      const Value number = number_of(citation.exchange);
      if (std::find(exchanges.begin(), exchanges.end(), number) == exchanges.end()) exchanges.push_back(number);
    }
  }
  return Value::object({{"fingerprint", json::str(finding.fingerprint)},
                        {"check", json::str(result.check->id)},
                        {"family", json::str(result.check->family)},
                        {"title", json::str(info.title)},
                        {"subject", of_subject(result.subject, clean)},
                        {"also", cleaned(finding.also, clean)},
                        {"case", json::str(clean(finding.case_name))},
                        {"severity", json::str(name(result.folded.severity))},
                        {"confidence", json::str(name(result.folded.confidence))},
                        {"level", json::str(name(result.folded.level))},
                        {"because", json::str(clean(because_of(outcome, finding)))},
                        {"why", json::str(info.why)},
                        {"fix", json::str(info.fix)},
                        {"spec", of_references(info)},
                        {"cwe", info.cwe == 0 ? Value() : json::num(info.cwe)},
                        {"hides", json::strings(finding.hides)},
                        {"exchanges", Value::array(std::move(exchanges))},
                        {"reproduce", cleaned(finding.reproduce, clean)}});
}

Value of_exchange(const RunOutcome& outcome, net::ExchangeId id, const Cleaner& clean) {
  const net::Exchange& exchange = outcome.transcript->at(id);
  Value error;
  if (exchange.error) {
    error =
        Value::object({{"kind", json::str(name(exchange.error->kind))}, {"message", json::str(clean(exchange.error->message))}});
  }
  std::vector<Value> after;
  for (const auto earlier : exchange.after) after.push_back(number_of(earlier));
  return Value::object({{"id", number_of(id)},
                        {"purpose", json::str(clean(exchange.request.purpose))},
                        {"event", json::boolean(exchange.event)},
                        {"request", of_request(exchange.request, clean)},
                        {"response", of_response(exchange.response, clean)},
                        {"error", std::move(error)},
                        {"after", Value::array(std::move(after))}});
}

Value of_totals(const RunOutcome& outcome) {
  const Totals& totals = outcome.totals;
  const BudgetLimits& limits = outcome.options.budgets;
  return Value::object({{"pass", json::num(totals.pass)},
                        {"fail", json::num(totals.fail)},
                        {"inconclusive", json::num(totals.inconclusive)},
                        {"not_applicable", json::num(totals.not_applicable)},
                        {"findings", count(outcome.findings.size())},
                        {"requests", json::num(totals.requests)},
                        {"wall_ms", milliseconds_of(totals.wall)},
                        {"chain_ms", milliseconds_of(totals.chain)},
                        {"budgets", Value::object({{"registrations", used(totals.registrations, limits.registrations)},
                                                   {"tokens", used(totals.tokens, limits.tokens)},
                                                   {"authorizations", used(totals.authorizations, limits.authorizations)}})}});
}

}  // namespace mcprove::report
