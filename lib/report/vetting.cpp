#include "report/vetting.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "report/page.h"

namespace mcprove::report {
namespace {

std::string count(std::size_t n, std::string_view thing) { return fmt::format("{} {}{}", n, thing, n == 1 ? "" : "s"); }

/// " (1 high, 2 low)", heaviest first.
template <class Range>
std::string by_severity(const Range& range) {
  std::array<std::size_t, 3> counts{};
  for (const auto& item : range) ++counts.at(static_cast<std::size_t>(item.severity));
  std::vector<std::string> parts;
  for (const auto weight : {vet::Weight::high, vet::Weight::medium, vet::Weight::low}) {
    if (const auto n = counts.at(static_cast<std::size_t>(weight)); n > 0)
      parts.push_back(fmt::format("{} {}", n, vet::name(weight)));
  }
  return parts.empty() ? "" : fmt::format(" ({})", text::join(parts, ", "));
}

std::string what_was_read(const SourcesRead& read) {
  std::string out = fmt::format("{} of {}", count(read.tools(), "tool"), count(read.servers.size(), "server"));
  if (!read.unread.empty()) out += fmt::format(", {} not read", count(read.unread.size(), "source"));
  return out;
}

std::string place(const std::string& server, vet::Kind kind, const std::string& name, const std::string& pointer) {
  std::string out = server;
  if (kind == vet::Kind::instructions || kind == vet::Kind::server) out += fmt::format(", {}", vet::name(kind));
  else out += fmt::format(", {} {}", vet::name(kind), name);
  return pointer.empty() ? out : out + ", " + pointer;
}

/// Low ones in one line each, at most these many of a rule unless all are asked for.
constexpr std::size_t few = 3;

void tell_finding(Page& page, const SourcesRead& read, const vet::Finding& finding, bool verbose) {
  page.gap();
  page.heading(fmt::format("{}  {}", vet::name(finding.severity), finding.rule), ink_of(severity_of(finding.severity)));
  page.field("where", read.clean(place(finding.server, finding.kind, finding.tool, finding.pointer)));
  page.field("why", finding.why);
  page.field("shows", read.clean(finding.excerpt));
  if (finding.confidence == vet::Confidence::likely) page.field("", "a reading of words: judge it by what it shows");
  if (verbose) page.field("id", vet::fingerprint(finding));
}

void tell_low(Page& page, const Vetting& vetting) {
  std::map<std::string, std::size_t> told;
  bool first = true;
  for (const auto& finding : vetting.findings) {
    if (finding.severity != vet::Weight::low) continue;
    if (std::exchange(first, false)) {
      page.gap();
      page.heading("worth a glance");
    }
    if (++told[finding.rule] > few) continue;
    page.line(fmt::format("{}: {}", finding.rule,
                          vetting.read.clean(place(finding.server, finding.kind, finding.tool, finding.pointer))),
              2);
  }
  for (const auto& [rule, n] : told) {
    if (n > few) page.line(fmt::format("{}: {} more, with --verbose", rule, n - few), 2);
  }
}

/// "; npm @scope/name 1.2.3, io.github.owner/name": what it calls itself, or what the record that was given calls it.
std::string provenance_in_words(const vet::Provenance& from) {
  std::vector<std::string> parts;
  if (!from.package.empty()) {
    std::string package = from.registry + " " + from.package;
    if (!from.version.empty()) package += " " + from.version;
    parts.push_back(std::move(package));
  }
  if (!from.record.empty()) parts.push_back(from.record);
  return parts.empty() ? "" : "; " + text::join(parts, ", ");
}

void tell_sources(Page& page, const SourcesRead& read) {
  if (!read.unread.empty()) {
    page.gap();
    page.heading("not read");
    for (const auto& unread : read.unread) page.paragraph(read.clean(fmt::format("{}: {}", unread.source, unread.why)), 2);
  }
  if (read.servers.empty() && read.notes.empty()) return;
  page.gap();
  page.heading("read");
  for (const auto& server : read.servers) {
    const auto& manifest = server.manifest;
    std::vector<std::string> parts{count(manifest.tools.size(), "tool")};
    for (const auto& [items, thing] :
         {std::pair{&manifest.prompts, "prompt"}, {&manifest.resources, "resource"}, {&manifest.templates, "template"}}) {
      if (!items->empty()) parts.push_back(count(items->size(), thing));
    }
    if (!manifest.instructions.empty()) parts.emplace_back("instructions");
    page.paragraph(
        read.clean(fmt::format("{}: {}{}", manifest.server, text::join(parts, ", "), provenance_in_words(manifest.provenance))),
        2);
  }
  for (const auto& note : read.notes) page.paragraph(read.clean(note), 2);
}

std::string_view in_words(Signature signature) {
  switch (signature) {
    case Signature::absent: return "not signed";
    case Signature::not_checked: return "signed, not checked: name the key with --key";
    case Signature::good: return "signature good";
    case Signature::bad: return "the signature does not verify";
  }
  return {};
}

void tell_change(Page& page, const SourcesRead& read, const vet::Change& change) {
  page.gap();
  page.heading(change.fault ? fmt::format("{}  {}", vet::name(change.severity), change.rule) : "harmless  " + change.rule,
               change.fault ? ink_of(severity_of(change.severity)) : Ink::dim);
  page.field("where", read.clean(place(change.server, change.kind, change.name, change.pointer)));
  page.field("why", change.why);
  page.field("was", read.clean(change.before));
  page.field("is", read.clean(change.after));
}

}  // namespace

std::size_t SourcesRead::tools() const {
  std::size_t n = 0;
  for (const auto& server : servers) n += server.manifest.tools.size();
  return n;
}

std::string SourcesRead::clean(std::string_view raw) const {
  std::string out{raw};
  for (const auto& redactor : redactors) out = redactor->redact(out);
  return text::printable(out);
}

bool Verification::faults() const {
  const bool unsigned_though_wanted = signature_wanted && signature != Signature::good;
  return unsigned_though_wanted || std::ranges::any_of(changes, &vet::Change::fault);
}

Severity severity_of(vet::Weight weight) {
  switch (weight) {
    case vet::Weight::low: return Severity::low;
    case vet::Weight::medium: return Severity::medium;
    case vet::Weight::high: return Severity::high;
  }
  return Severity::low;
}

std::string headline(const Vetting& vetting) {
  if (vetting.read.servers.empty())
    return fmt::format("nothing was judged: {} not read", count(vetting.read.unread.size(), "source"));
  const auto n = vetting.findings.size();
  return fmt::format("{}{} in {}", n == 0 ? "no finding" : count(n, "finding"), by_severity(vetting.findings),
                     what_was_read(vetting.read));
}

namespace {

/// What changed, without the signature.
std::string changes_in_words(const Verification& verification) {
  std::vector<vet::Change> faults;
  std::ranges::copy_if(verification.changes, std::back_inserter(faults), &vet::Change::fault);
  const auto harmless = verification.changes.size() - faults.size();
  std::string out = faults.empty() ? (harmless == 0 ? "nothing changed" : "nothing changed that matters")
                                   : count(faults.size(), "fault") + by_severity(faults);
  if (harmless > 0) out += fmt::format(", {}", count(harmless, "harmless change"));
  return fmt::format("{} in {}", out, what_was_read(verification.read));
}

}  // namespace

std::string headline(const Verification& verification) {
  return fmt::format("{}; {}", changes_in_words(verification), in_words(verification.signature));
}

std::string text(const Vetting& vetting, const TextOptions& options) {
  Page page(options);
  page.heading(headline(vetting));
  for (const auto& finding : vetting.findings) {
    if (finding.severity != vet::Weight::low || options.verbose) tell_finding(page, vetting.read, finding, options.verbose);
  }
  if (!options.verbose) tell_low(page, vetting);
  tell_sources(page, vetting.read);
  return page.take();
}

std::string text(const Verification& verification, const TextOptions& options) {
  Page page(options);
  page.heading(changes_in_words(verification));
  page.paragraph(in_words(verification.signature), 0);
  for (const auto& change : verification.changes) tell_change(page, verification.read, change);
  if (!verification.not_compared.empty()) {
    page.gap();
    page.heading("in the lock and not compared");
    for (const auto& server : verification.not_compared) page.line(verification.read.clean(server), 2);
  }
  tell_sources(page, verification.read);
  return page.take();
}

}  // namespace mcprove::report
