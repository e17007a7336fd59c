#include <algorithm>

#include "checks/tool-vetting/texts.h"
#include "net/url.h"
#include "vet/drift.h"

namespace {

using namespace mcprove;

constexpr std::size_t most_told = 20;  ///< harmless changes, in notes

bool same_url(const std::string& a, const std::string& b) {
  const auto one = net::Url::parse(a);
  const auto other = net::Url::parse(b);
  return one && other && one->text() == other->text();
}

/// The server of the lock that was read from this URL; failing that, the one of this name.
const vet::Pinned* pinned_of(const Baseline& baseline, const std::string& url, const std::string& name) {
  const auto& servers = baseline.servers;
  auto found = std::ranges::find_if(servers, [&](const vet::Pinned& one) { return same_url(one.source, url); });
  if (found == servers.end() && !name.empty())
    found = std::ranges::find(servers, name, [](const vet::Pinned& one) { return one.manifest.server; });
  return found == servers.end() ? nullptr : &*found;
}

/// As `mcprove lock` names who saw it.
std::string seen_by(Context& at, const Grant& grant) {
  return grant.credential().empty() ? "anonymous" : at.facts().main_identity().name;
}

vet::Pinned seen_now(Context& at, const mcp::Catalogue& catalogue, const std::string& identity, const std::string& server,
                     const std::string& version) {
  vet::Pinned now;
  auto& manifest = now.manifest;
  manifest.server = server;
  for (const auto& tool : catalogue.tools) manifest.tools.push_back(tool.raw);
  manifest.prompts = catalogue.prompts;
  manifest.resources = catalogue.resources;
  manifest.templates = catalogue.templates;
  manifest.instructions = catalogue.instructions;
  manifest.provenance.origin = at.url().origin();
  manifest.provenance.version = version;
  now.source = at.url().text();
  for (const auto& tool : catalogue.tools) now.identities[identity].push_back(tool.name);
  return now;
}

/// What is told of a tool and what it takes decides how it is used: high, unless the judgement of the new words says less.
Grade grade_of(const vet::Change& change, const vet::Manifest& now) {
  const auto severe = [&] {
    if (change.severity == vet::Weight::high) return true;
    for (const std::string_view rule : {"widened-schema", "flipped-annotation", "new-power", "renamed"})
      if (change.rule == rule) return true;
    return change.rule == "added" && std::ranges::any_of(now.tools, [&](const json::Value& raw) {
             return raw.string("name") == change.name && mcp::Tool{change.name, raw}.mutating();
           });
  };
  if (severe()) return {.severity = Severity::high};
  return {.severity = change.severity == vet::Weight::low ? Severity::low : Severity::medium};
}

std::string described(const vet::Change& change) {
  auto text = fmt::format("{}: {}", change.rule, change.why);
  if (!change.pointer.empty()) text += fmt::format(" (at {})", text::one_line(change.pointer, 80));
  if (!change.before.empty()) text += fmt::format("; reviewed: \"{}\"", text::one_line(change.before, 100));
  if (!change.after.empty()) text += fmt::format("; now: \"{}\"", text::one_line(change.after, 100));
  return text;
}

std::string subject_of(const vet::Change& change) {
  const auto kind = vet::name(change.kind);
  return change.name.empty() ? std::string(kind) : fmt::format("{} {}", kind, text::one_line(change.name, 60));
}

void judge(const Document& seen, const std::vector<vet::Change>& changes, const vet::Pinned& now, Cases& cases) {
  std::vector<std::string> harmless;
  for (const auto& change : changes) {
    if (change.fault)
      cases.add(fmt::format("{} {}", subject_of(change), change.rule),
                Verdict::fail(seen, described(change), grade_of(change, now.manifest)));
    else if (harmless.size() < most_told) harmless.push_back(subject_of(change) + ": " + described(change));
  }
  if (!cases.empty()) return;
  const auto told = changes.empty() ? std::string("word for word what was reviewed")
                                    : fmt::format("{} changes since the review, none of them a fault", changes.size());
  cases.add("definitions", Verdict::pass(seen, told, std::move(harmless)));
}

std::string server_named(Context& at, const mcp::Catalogue& catalogue, std::string_view member) {
  const auto info = catalogue.greeting.at("serverInfo");
  if (const auto here = info.string(member)) return *here;
  const auto wires = at.facts().wires();
  if (!wires) return {};
  for (const auto& wire : *wires)
    if (const auto there = wire.server_info.string(member)) return *there;
  return {};
}

Result<void> run(Context& at, Cases& cases) {
  const auto grant = MCPROVE_TRY(at.facts().grant());
  const auto catalogue = MCPROVE_TRY(at.facts().catalogue(at.endpoint(), grant));
  const auto& baseline = at.options().baseline;
  const auto name = server_named(at, catalogue, "name");
  auto now = seen_now(at, catalogue, seen_by(at, grant), name, server_named(at, catalogue, "version"));
  const Document seen(checks::lists_of(at, catalogue));
  if (!baseline) {
    cases.add("baseline", Verdict::not_applicable(Reason::baseline_created,
                                                  fmt::format("nothing was reviewed before; what is told today is {}: 'mcprove "
                                                              "lock' keeps it word for word, and --lock compares with it",
                                                              vet::hash_of(now.manifest)),
                                                  seen.evidence()));
    return {};
  }
  const auto* pinned = pinned_of(*baseline, at.url().text(), name);
  if (!baseline->distrust.empty()) {
    cases.not_run("baseline", Reason::needs_operator_fact, fmt::format("the lock is not used: {}", baseline->distrust));
  } else if (pinned == nullptr) {
    cases.not_run("baseline", Reason::needs_operator_fact,
                  fmt::format("the lock holds no server of this URL or of the name \"{}\"", text::one_line(name, 60)));
  } else if (!catalogue.refused.empty() || catalogue.truncated || !catalogue.unclear.empty()) {
    cases.add("definitions",
              Verdict::inconclusive(Reason::unclear_answer, "not every list could be read to its end", seen.evidence()));
  } else {
    std::size_t places = 0;
    std::size_t ignored = 0;
    now.manifest.server = pinned->manifest.server;
    const auto& mask = at.options().volatile_text;
    const auto before = mask.masked(*pinned, ignored);
    now = mask.masked(std::move(now), places);
    judge(seen, vet::drift({before}, {now}), now, cases);
    cases.note(fmt::format("the lock is {}", baseline->signature));
    if (!mask.empty()) cases.note(fmt::format("{} places were masked as volatile and not compared", places));
  }
  return {};
}

}  // namespace

MCPROVE_CHECK(toolset_baseline_drift) = define(
    {
        .title = "What the server tells the model is not what was reviewed",
        .what =
            "Compares tools, prompts, resources and instructions with the operator's lock (--lock), by the judgement of 'mcprove "
            "verify': new tools, wider schemas, flipped annotations, new names for old tools and words that the rules object to are "
            "faults, better documentation is none.",
        .why =
            "A server that was clean on the day of the review changes its tools afterwards, and every agent follows the new ones.",
        .fix = "Look at the changes as at any new server; if they are right, write the lock anew with 'mcprove lock'.",
        .severity = Severity::high,
        .effect = Effect::passive,
        .per = Axis::wire,
        .cwe = 494,
        .spec = {{{"MCP 2025-11-25 server/tools", "Security Considerations"},
                  {"OWASP MCP Top 10", "MCP03"},
                  {"OWASP MCP Top 10", "MCP04"}}},
        .since = "0.1",
    },
    run);
