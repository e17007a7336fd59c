#include <algorithm>

#include <fmt/format.h>

#include "engine/context.h"
#include "net/url.h"
#include "vet/server_json.h"

namespace {

using namespace mcprove;
using vet::ServerJson;

bool among(const std::vector<std::string>& list, const std::string& word) {
  return !word.empty() && std::ranges::find(list, word) != list.end();
}

bool is_address(const std::string& host) {
  return host.find(':') != std::string::npos || host.find_first_not_of("0123456789.") == std::string::npos;
}

/// The record, the server's own word about itself, and where that stands.
class Provenance {
 public:
  Provenance(Context& at, Cases& cases, const mcp::WireReport& wire)
      : at_(at), cases_(cases), said_(wire.server_info.string("version").value_or("")), seen_(read(wire)) {}

  void judge(const ServerJson& record) {
    remote(record);
    space(record);
    version(record);
    packages(record);
    for (const auto& flaw : record.flaws) cases_.note("the record: " + text::one_line(flaw, 160));
    if (record.status == "deprecated" || record.status == "deleted")
      cases_.note(fmt::format("the registry calls this server {}", record.status));
  }

  /// A publisher is believed only of a record that is about this very URL.
  void allow_list(const ServerJson* record) {
    const auto& trust = at_.options().trust;
    if (trust.origins.empty() && trust.publishers.empty()) return;
    const auto origin = at_.url().origin();
    const bool publisher = record != nullptr && record->remote_of(at_.url().text()) != nullptr &&
                           (among(trust.publishers, record->space()) || among(trust.publishers, record->name));
    if (among(trust.origins, origin) || publisher)
      cases_.add("allow-list", Verdict::pass(seen_, publisher ? "[trust] names its publisher" : "[trust] names its origin"));
    else cases_.add("allow-list", Verdict::fail(seen_, fmt::format("[trust] names neither {} nor a publisher of it", origin)));
  }

 private:
  static Document read(const mcp::WireReport& wire) {
    std::vector<Citation> evidence;
    if (!wire.exchanges.empty())
      evidence.push_back(cite(wire.exchanges.back(), "body:/result/serverInfo", "what the server says of itself"));
    return Document(std::move(evidence));
  }

  void remote(const ServerJson& record) {
    if (record.remotes.empty()) {
      cases_.add("remote", Verdict::not_applicable(Reason::not_offered, "the record names packages only, and no URL"));
    } else if (const auto* found = record.remote_of(at_.url().text())) {
      cases_.add("remote", Verdict::pass(seen_, fmt::format("the record names this URL ({})", text::one_line(found->type, 40))));
    } else {
      cases_.add("remote",
                 Verdict::fail(seen_, fmt::format("the record of {} names {}, and not {}", text::one_line(record.name, 80),
                                                  text::one_line(record.remotes.front().url, 120), at_.url().text())));
    }
  }

  /// io.github.NAME is proven by an account, and says nothing of a host; every other namespace by the domain.
  void space(const ServerJson& record) {
    const auto space = text::one_line(record.space(), 80);
    const auto& host = at_.url().host;
    if (record.space().starts_with("io.github.")) {
      cases_.note(fmt::format("the namespace {} is that of an account, which binds no host", space));
    } else if (at_.url().is_private_host() || is_address(host)) {
      cases_.note(fmt::format("the namespace {} was not compared: {} is no public name", space, host));
    } else if (record.space_covers(host)) {
      cases_.add("namespace", Verdict::pass(seen_, fmt::format("{} is of {}", host, text::one_line(record.space_host(), 80))));
    } else {
      cases_.add("namespace", Verdict::fail(seen_, fmt::format("the namespace {} belongs to {}, and the server is at {}", space,
                                                               text::one_line(record.space_host(), 80), host)));
    }
  }

  void version(const ServerJson& record) {
    if (said_.empty() || record.version.empty()) {
      cases_.note(said_.empty() ? "the server does not say its version" : "the record names no version");
      return;
    }
    const auto told =
        fmt::format("the server says {}, the record {}", text::one_line(said_, 40), text::one_line(record.version, 40));
    cases_.add("version", said_ == record.version
                              ? Verdict::pass(seen_, told)
                              : Verdict::fail(seen_, told, {.severity = Severity::low, .level = Level::should}));
  }

  void packages(const ServerJson& record) {
    for (const auto& package : record.packages) {
      // Of other kinds the registry that holds them knows the hash; a download has nobody else.
      if (package.registry == "mcpb" && package.sha256.empty())
        cases_.add("package " + text::one_line(package.identifier, 80),
                   Verdict::fail(seen_, "a download without fileSha256: nobody can tell whether it is the one that was published",
                                 {.severity = Severity::low}));
    }
  }

  Context& at_;
  Cases& cases_;
  std::string said_;
  Document seen_;
};

Result<void> run(Context& at, Cases& cases) {
  const auto& options = at.options();
  const bool policy = !options.trust.origins.empty() || !options.trust.publishers.empty();
  if (options.server_json.is_null() && !policy) {
    cases.add("record", Verdict::not_applicable(Reason::not_offered,
                                                "neither a registry's record (--server-json) nor a list of trusted sources "
                                                "([trust]) was given: where the server comes from is not known"));
    return {};
  }
  const auto wires = MCPROVE_TRY(at.facts().wires());
  if (wires.empty()) {
    cases.not_run("record", Reason::unclear_answer, "no wire of MCP was recognised");
    return {};
  }
  Provenance provenance(at, cases, wires.front());
  if (options.server_json.is_null()) {
    cases.note("no record of a registry was given");
    provenance.allow_list(nullptr);
    return {};
  }
  const auto record = ServerJson::from(options.server_json);
  if (!record) {
    cases.not_run("record", Reason::needs_operator_fact, "the file is no server.json: " + record.error().message);
  } else {
    provenance.judge(*record);
  }
  provenance.allow_list(record ? &*record : nullptr);
  return {};
}

}  // namespace

MCPROVE_CHECK(registry_provenance) = define(
    {
        .title = "The server is not the one that its registry entry describes",
        .what =
            "Compares the server with a saved record of a registry (--server-json): its URL, the host that the reverse-DNS namespace "
            "belongs to, its version, the hash of what is downloaded; and its origin or publisher with the list of trusted ones "
            "([trust]). Nothing is asked of the registry.",
        .why = "A look-alike at another address, or a server that nobody vetted, gets the trust that another one earned.",
        .fix = "Connect to the URL that the record names, correct the record, or vet the server and add it to [trust].",
        .severity = Severity::high,
        .effect = Effect::passive,
        .cwe = 345,
        .spec = {{{"OWASP MCP Top 10", "MCP04"}, {"OWASP MCP Top 10", "MCP09"}}},
        .since = "0.1",
    },
    run);
