#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "engine/runner.h"
#include "json/json.h"

namespace mcprove {
namespace {

/// The subject as a fingerprint knows it: no host, no port, no wire. An issuer is its path.
std::pair<std::string, std::string> stable(const Subject& subject) {
  if (subject.kind == "issuer") {
    const auto url = net::Url::parse(subject.name);
    return {"issuer", url ? url->path : std::string()};
  }
  if (subject.kind == "identity") return {"identity", subject.name};
  if (subject.kind == "wire-and-identity") {
    const auto slash = subject.name.find('/');
    return {"identity", slash == std::string::npos ? subject.name : subject.name.substr(slash + 1)};
  }
  return {"target", ""};
}

const std::pair<std::string, Verdict>* worst_case(const CheckResult& result) {
  const std::pair<std::string, Verdict>* worst = nullptr;
  const auto base = result.check->check->info.severity;
  const auto weight = [&](const Verdict& v) {
    return std::tuple(v.grade().severity.value_or(base), v.grade().level, v.grade().confidence);
  };
  for (const auto& entry : result.cases.all())
    if (entry.second.outcome() == Outcome::fail && (worst == nullptr || weight(entry.second) > weight(worst->second)))
      worst = &entry;
  return worst;
}

std::string quoted(std::string_view raw) {
  std::string out = "'";
  for (const char c : raw) {
    if (c == '\'') out += "'\\''";
    else out += c;
  }
  return out + "'";
}

std::string curl_line(const net::Exchange& exchange) {
  const auto& request = exchange.request;
  std::string line = "curl -i";
  if (request.method != "GET") line += " -X " + request.method;
  for (const auto& [field, value] : request.headers.fields) line += " -H " + quoted(field + ": " + value);
  if (!request.body.empty()) line += " --data-binary " + quoted(request.body);
  if (!request.target.empty()) line += " --request-target " + quoted(request.target);
  return line + " " + quoted(request.url);
}

}  // namespace

std::string fingerprint(const CheckResult& result, const std::string& case_name, const std::string& target_name) {
  const auto [kind, subject] = stable(result.subject);
  const auto material = json::Value::array(
      {json::str(result.check->id), json::str(case_name), json::str(kind), json::str(subject), json::str(target_name)});
  return "mcprove1:" + text::sha256_hex(material.canonical()).substr(0, 32);
}

std::vector<Finding> findings_of(const std::vector<CheckResult>& results, const std::string& target_name,
                                 const net::Transcript& transcript) {
  std::map<std::string, std::size_t> known;
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto& result = results[i];
    if (result.folded.outcome != Outcome::fail) continue;
    const auto* worst = worst_case(result);
    auto print = fingerprint(result, worst->first, target_name);
    if (const auto it = known.find(print); it != known.end()) {
      findings[it->second].also.push_back(result.subject.name);
      continue;
    }
    Finding finding;
    finding.fingerprint = print;
    finding.result = i;
    finding.case_name = worst->first;
    if (!worst->second.evidence().empty()) {
      const auto id = worst->second.evidence().front().exchange;
      if (static_cast<std::size_t>(id) < transcript.size()) finding.reproduce.push_back(curl_line(transcript.at(id)));
    }
    known.emplace(std::move(print), findings.size());
    findings.push_back(std::move(finding));
  }
  for (const auto& result : results) {
    for (const auto& root : result.follows_from) {
      for (auto& finding : findings) {
        if (results[finding.result].check->id != root) continue;
        const std::string id(result.check->id);
        if (std::ranges::find(finding.hides, id) == finding.hides.end()) finding.hides.push_back(id);
      }
    }
  }
  std::ranges::stable_sort(findings, [&](const Finding& a, const Finding& b) {
    const auto& x = results[a.result].folded;
    const auto& y = results[b.result].folded;
    return std::tuple(x.severity, x.level, x.confidence) > std::tuple(y.severity, y.level, y.confidence);
  });
  return findings;
}

}  // namespace mcprove
