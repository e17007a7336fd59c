#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "engine/audit.h"
#include "report/json_parts.h"
#include "report/suites.h"
#include "report/vetting.h"

namespace mcprove::report {
namespace {

json::Value of_server(const vet::Pinned& server, const SourcesRead& read) {
  const auto& manifest = server.manifest;
  const auto size = [](const auto& items) { return json::num(static_cast<std::int64_t>(items.size())); };
  std::vector<std::string> identities;
  for (const auto& [identity, tools] : server.identities) identities.push_back(read.clean(identity));
  const auto& from = manifest.provenance;
  return json::Value::object({{"name", json::str(read.clean(manifest.server))},
                              {"source", json::str(read.clean(server.source))},
                              {"tools", size(manifest.tools)},
                              {"prompts", size(manifest.prompts)},
                              {"resources", size(manifest.resources)},
                              {"templates", size(manifest.templates)},
                              {"instructions", json::boolean(!manifest.instructions.empty())},
                              {"identities", json::strings(identities)},
                              {"registry", nullable(read.clean(from.registry))},
                              {"package", nullable(read.clean(from.package))},
                              {"packageVersion", nullable(read.clean(from.version))},
                              {"publisher", nullable(read.clean(from.publisher))},
                              {"record", nullable(read.clean(from.record))},
                              {"repository", nullable(read.clean(from.repository))},
                              {"integrity", nullable(read.clean(from.integrity))}});
}

json::Value of_finding(const vet::Finding& finding, const SourcesRead& read) {
  return json::Value::object({{"server", json::str(read.clean(finding.server))},
                              {"kind", json::str(vet::name(finding.kind))},
                              {"tool", nullable(read.clean(finding.tool))},
                              {"pointer", json::str(read.clean(finding.pointer))},
                              {"rule", json::str(finding.rule)},
                              {"severity", json::str(vet::name(finding.severity))},
                              {"confidence", json::str(vet::name(finding.confidence))},
                              {"excerpt", json::str(read.clean(finding.excerpt))},
                              {"why", json::str(finding.why)},
                              {"fingerprint", json::str(vet::fingerprint(finding))}});
}

json::Value of_change(const vet::Change& change, const SourcesRead& read) {
  return json::Value::object({{"server", json::str(read.clean(change.server))},
                              {"kind", json::str(vet::name(change.kind))},
                              {"tool", nullable(read.clean(change.name))},
                              {"pointer", json::str(read.clean(change.pointer))},
                              {"rule", json::str(change.rule)},
                              {"fault", json::boolean(change.fault)},
                              {"severity", json::str(vet::name(change.severity))},
                              {"why", json::str(change.why)},
                              {"before", nullable(read.clean(change.before))},
                              {"after", nullable(read.clean(change.after))}});
}

void begin(JsonDocument& document, const std::string& line, const SourcesRead& read) {
  document.member("version", json::num(1));
  document.member("tool", json::Value::object({{"name", json::str("mcprove")}, {"version", json::str(version())}}));
  document.member("headline", json::str(read.clean(line)));
  document.member("complete", json::boolean(read.unread.empty()));
}

void add_sources(JsonDocument& document, const SourcesRead& read) {
  document.list("servers", read.servers, [&](const vet::Pinned& server) { return of_server(server, read); });
  document.list("unread", read.unread, [&](const Unread& unread) {
    return json::Value::object({{"source", json::str(read.clean(unread.source))}, {"why", json::str(read.clean(unread.why))}});
  });
  document.list("notes", read.notes, [&](const std::string& note) { return json::str(read.clean(note)); });
}

std::string_view name(Signature signature) {
  switch (signature) {
    case Signature::absent: return "absent";
    case Signature::not_checked: return "not-checked";
    case Signature::good: return "good";
    case Signature::bad: return "bad";
  }
  return {};
}

/// A failure for what counts, a skipped case for what does not: a CI's red agrees with the exit code.
TestCase case_of(std::string name, bool counts, vet::Weight severity, std::string message, std::string details) {
  TestCase test;
  test.name = std::move(name);
  test.kind = counts ? "failure" : "skipped";
  if (counts) test.type = std::string(vet::name(severity));
  test.message = std::move(message);
  test.details = counts ? std::move(details) : "";
  return test;
}

class CasesByServer {
 public:
  explicit CasesByServer(const SourcesRead& read) : read_(read) {
    for (const auto& server : read.servers) cases_[server.manifest.server];
  }
  void add(const std::string& server, TestCase test) { cases_[server].push_back(std::move(test)); }
  std::string take() {
    Suites suites;
    for (auto& [server, cases] : cases_) {
      if (cases.empty()) cases.push_back({.name = "all that was read"});
      suites.add(read_.clean(server), "", cases, {});
    }
    std::vector<TestCase> unread;
    for (const auto& source : read_.unread) {
      unread.push_back(
          {.name = read_.clean(source.source), .kind = "error", .type = "unread", .message = read_.clean(source.why)});
    }
    if (!unread.empty()) suites.add("sources", "", unread, {});
    return suites.take({});
  }

 private:
  const SourcesRead& read_;
  std::map<std::string, std::vector<TestCase>> cases_{};
};

std::string title(const std::string& rule, const std::string& name, const std::string& pointer) {
  return fmt::format("{} {}{}", rule, name, pointer);
}

}  // namespace

std::string json(const Vetting& vetting) {
  JsonDocument document;
  begin(document, headline(vetting), vetting.read);
  add_sources(document, vetting.read);
  document.list("findings", vetting.findings, [&](const vet::Finding& finding) { return of_finding(finding, vetting.read); });
  return document.take();
}

std::string json(const Verification& verification) {
  const auto& read = verification.read;
  JsonDocument document;
  begin(document, headline(verification), read);
  document.member("lock", json::str(read.clean(verification.lock)));
  document.member("signature", json::str(name(verification.signature)));
  document.member("pinned", json::num(static_cast<std::int64_t>(verification.pinned)));
  add_sources(document, read);
  document.list("changes", verification.changes, [&](const vet::Change& change) { return of_change(change, read); });
  document.list("notCompared", verification.not_compared,
                [&](const std::string& server) { return json::str(read.clean(server)); });
  return document.take();
}

std::string junit(const Vetting& vetting, const JunitOptions& options) {
  const auto& read = vetting.read;
  CasesByServer cases(read);
  for (const auto& finding : vetting.findings) {
    const bool counts = options.fail_on && severity_of(finding.severity) >= *options.fail_on;
    cases.add(finding.server, case_of(read.clean(title(finding.rule, finding.tool, finding.pointer)), counts, finding.severity,
                                      finding.why, read.clean(finding.excerpt)));
  }
  return cases.take();
}

std::string junit(const Verification& verification, const JunitOptions&) {
  const auto& read = verification.read;
  CasesByServer cases(read);
  for (const auto& change : verification.changes) {
    cases.add(change.server, case_of(read.clean(title(change.rule, change.name, change.pointer)), change.fault, change.severity,
                                     change.why, read.clean("was: " + change.before + "\nis: " + change.after)));
  }
  if (verification.signature_wanted && verification.signature != Signature::good)
    cases.add("mcprove.lock", case_of("signature", true, vet::Weight::high, "the signature does not verify", ""));
  return cases.take();
}

}  // namespace mcprove::report
