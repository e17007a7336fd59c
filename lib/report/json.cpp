#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"
#include "report/json_parts.h"
#include "report/model.h"
#include "report/report.h"

namespace mcprove::report {

namespace {

using json::Value;

std::string_view in_json(Holds holds) {
  switch (holds) {
    case Holds::yes: return "yes";
    case Holds::no: return "no";
    case Holds::unknown: return "unknown";
  }
  return "unknown";
}

Value of_error(const std::optional<Error>& error, const Cleaner& clean) {
  if (!error) return {};
  return Value::object({{"kind", json::str(name(error->kind))}, {"message", json::str(clean(error->message))}});
}

Value of_architecture(const ArchitectureOutcome& architecture, const Cleaner& clean) {
  std::vector<std::string> evidence;
  for (const auto& line : architecture.evidence) evidence.push_back(clean(line));
  return Value::object({{"class", json::str(architecture.architecture)},
                        {"confidence", json::str(name(architecture.confidence))},
                        {"evidence", json::strings(evidence)}});
}

void add_head(JsonDocument& document, const RunOutcome& outcome, const Cleaner& clean) {
  document.member("version", json::num(1));
  document.member("tool", Value::object({{"name", json::str("mcprove")}, {"version", json::str(outcome.version)}}));
  document.member("started", json::str(outcome.started));
  document.member("complete", json::boolean(outcome.complete));
  document.member("interrupted", json::boolean(outcome.interrupted));
  document.list("untested", outcome.untested, [&](const std::string& phrase) { return json::str(clean(phrase)); });
  document.member("error", of_error(outcome.fatal, clean));
  document.member("login_error", of_error(outcome.login_error, clean));
  document.list("bugs", outcome.bugs, [&](const std::string& bug) { return json::str(clean(bug)); });
  document.member("target", Value::object({{"url", json::str(clean(target_url(outcome)))},
                                           {"name", json::str(clean(outcome.target_name))},
                                           {"server", nullable(clean(outcome.server_name))}}));
  document.member("effect", json::str(name(outcome.options.effect)));
  document.member("authorized_by", nullable(clean(outcome.options.authorized_by)));
}

void add_target(JsonDocument& document, const RunOutcome& outcome, const Cleaner& clean) {
  document.member("architecture", of_architecture(outcome.architecture, clean));
  document.list("wires", outcome.wires, [&](const WireOutcome& wire) {
    return Value::object({{"wire", json::str(wire.wire)},
                          {"url", json::str(clean(wire.url))},
                          {"revision", nullable(clean(wire.revision))},
                          {"why", json::str(clean(wire.why))}});
  });
  document.list("issuers", outcome.issuers, [&](const std::string& issuer) { return json::str(clean(issuer)); });
  document.list("requirements", outcome.requirements, [&](const RequirementOutcome& row) {
    return Value::object({{"requirement", json::str(slug(row.requirement))},
                          {"holds", json::str(in_json(row.holds))},
                          {"because", json::str(clean(row.because))},
                          {"checks", json::strings(row.checks)}});
  });
}

std::vector<net::ExchangeId> exchanges_of(const RunOutcome& outcome) {
  std::vector<net::ExchangeId> ids(outcome.transcript ? outcome.transcript->size() : 0);
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = net::ExchangeId{static_cast<std::uint32_t>(i)};
  return ids;
}

}  // namespace

std::string json(const RunOutcome& outcome) {
  const Cleaner clean(outcome);
  JsonDocument document;
  add_head(document, outcome, clean);
  add_target(document, outcome, clean);
  document.list("findings", outcome.findings, [&](const Finding& finding) { return of_finding(outcome, finding, clean); });
  document.list("checks", outcome.checks, [&](const CheckResult& result) { return of_check(result, clean); });
  document.list("plan", outcome.plan, [&](const PlannedCheck& planned) {
    return Value::object({{"check", json::str(planned.check->id)}, {"status", json::str(clean(planned.status))}});
  });
  document.list("exchanges", exchanges_of(outcome), [&](net::ExchangeId id) { return of_exchange(outcome, id, clean); });
  document.list("leftovers", outcome.leftovers, [&](const Leftover& left) {
    return Value::object(
        {{"kind", json::str(left.kind)}, {"what", json::str(clean(left.what))}, {"why", json::str(clean(left.why))}});
  });
  document.member("totals", of_totals(outcome));
  return document.take();
}

}  // namespace mcprove::report
