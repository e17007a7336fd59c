#include "cli/sources.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/open_page.h"
#include "base/text.h"
#include "cli/files.h"
#include "cli/installed.h"
#include "cli/kept_grants.h"
#include "cli/source_reader.h"
#include "cli/values.h"
#include "engine/reading.h"
#include "mcp/stdio.h"
#include "net/url.h"
#include "vet/capture.h"
#include "vet/records.h"

namespace mcprove::cli {
namespace {

constexpr std::size_t most_of_a_file = 256U << 20U;
constexpr std::size_t most_of_records = 64U << 20U;

bool is_url(std::string_view word) { return word.starts_with("http://") || word.starts_with("https://"); }

std::vector<std::string> names_of(const std::vector<mcp::Tool>& tools) {
  std::vector<std::string> out;
  for (const auto& tool : tools) out.push_back(tool.name);
  return out;
}

void add_missing(std::vector<json::Value>& all, const std::vector<json::Value>& more) {
  for (const auto& item : more) {
    if (std::ranges::find(all, item) == all.end()) all.push_back(item);
  }
}

/// What several identities saw of a server is one manifest.
void add_seen(vet::Pinned& pinned, const std::string& identity, const mcp::Catalogue& catalogue) {
  auto& manifest = pinned.manifest;
  std::vector<json::Value> tools;
  for (const auto& tool : catalogue.tools) tools.push_back(tool.raw);
  if (pinned.identities.empty()) {
    manifest.tools = std::move(tools);
    manifest.prompts = catalogue.prompts;
    manifest.resources = catalogue.resources;
    manifest.templates = catalogue.templates;
    manifest.instructions = catalogue.instructions;
  } else {
    add_missing(manifest.tools, tools);
    add_missing(manifest.prompts, catalogue.prompts);
    add_missing(manifest.resources, catalogue.resources);
    add_missing(manifest.templates, catalogue.templates);
  }
  pinned.identities[identity] = names_of(catalogue.tools);
}

/// The flags that say how to connect, and none of those that say as whom.
AuditFlags without_people(const AuditFlags& flags) {
  AuditFlags out;
  out.config = flags.config;
  out.no_store = flags.no_store;
  out.proxy = flags.proxy;
  out.ca_file = flags.ca_file;
  return out;
}

}  // namespace

std::string shown_url(const std::string& url) {
  const auto query = url.find_first_of("?#");
  return query == std::string::npos ? url : url.substr(0, query) + "?…";
}

SourceReader::SourceReader(const SourceFlags& flags, const Registry& registry) : flags_(flags), registry_(registry) {
  out_.read.redactors.push_back(secrets_);
}

void SourceReader::unread(const std::string& source, const Error& error) { out_.read.unread.push_back({source, error.message}); }

void SourceReader::add(vet::Pinned pinned) {
  // Two servers of one name stay apart.
  const auto base = pinned.manifest.server;
  const auto taken = [&] {
    return std::ranges::any_of(out_.read.servers,
                               [&](const auto& other) { return other.manifest.server == pinned.manifest.server; });
  };
  for (int n = 2; taken(); ++n) pinned.manifest.server = fmt::format("{} ({})", base, n);
  out_.read.servers.push_back(std::move(pinned));
}

void SourceReader::trace(vet::Pinned& pinned, const std::string& url, const Command* command) {
  auto& manifest = pinned.manifest;
  const auto tell = [&](std::vector<vet::Finding> found) { std::ranges::move(found, std::back_inserter(out_.findings)); };
  if (command != nullptr) {
    if (const auto installed = installed_package(*command, manifest.provenance.package)) {
      vet::apply_package(manifest, installed->package);
      for (const auto& note : installed->notes) out_.read.notes.push_back(note);
      for (const auto& record : installed->records) tell(vet::apply_record(manifest, "", record, false));
    }
  }
  if (records_.empty()) return;
  if (const auto* record = vet::record_of(manifest, url, records_)) tell(vet::apply_record(manifest, url, *record, true));
  else out_.findings.push_back(vet::unlisted(manifest));
}

/// People log in only where the user sent them: a server that a client's configuration names is told no password of theirs.
Result<Options> SourceReader::options_for(const std::string& url, bool as_people) const {
  AuditFlags flags = as_people ? flags_.login : without_people(flags_.login);
  flags.url = url;
  // Nothing but reading is done, so no mandate is needed.
  flags.passive = true;
  auto settings = MCPROVE_TRY(settings_of(flags, registry_));
  if (!as_people) settings.options.identities.clear();
  MCPROVE_TRY(renew_kept(settings));
  return std::move(settings.options);
}

void SourceReader::read_url(const std::string& url, const std::string& name, const Options& options) {
  const auto shown = shown_url(url);
  Progress progress;
  progress.phase = [&](const std::string& phase) { status_.phase(shown + ": " + phase); };
  progress.open_browser = [&](const std::string& page) {
    status_.say("log in on this page: " + page);
    open_page(page);
  };
  ReadOnlyVisit visit(options, std::move(progress));
  out_.read.redactors.push_back(visit.redactor());
  signals_.hand_to([&](int number) {
    out_.signal = number;
    visit.interrupt(number);
  });
  auto reading = visit.run();
  signals_.hand_to({});
  if (!reading) return unread(shown, reading.error());
  vet::Pinned pinned;
  pinned.source = shown;
  pinned.manifest.server = name.empty() ? reading->name : name;
  if (const auto parsed = net::Url::parse(url)) pinned.manifest.provenance.origin = parsed->origin();
  pinned.manifest.provenance.version = reading->version;
  for (const auto& seen : reading->seen) add_seen(pinned, seen.identity, seen.catalogue);
  for (const auto& note : reading->notes) out_.read.notes.push_back(fmt::format("{}: {}", pinned.manifest.server, note));
  trace(pinned, url, nullptr);
  add(std::move(pinned));
}

Result<std::map<std::string, std::string>> SourceReader::named_environment() {
  std::map<std::string, std::string> out;
  for (const auto& name : flags_.environment) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr)
      return failure(Error::Kind::usage, fmt::format("--env {}: no such variable is set", text::one_line(name, 80)));
    secrets_->add("environment", value);
    out.insert_or_assign(name, value);
  }
  return out;
}

void SourceReader::read_command(const std::string& source, const std::string& name, const Command& command) {
  SystemClock clock;
  status_.phase("starting " + source);
  auto server = mcp::StdioServer::start(command, clock, {}, {}, [&](mcp::StdioServer& started) {
    signals_.hand_to([&](int number) {
      out_.signal = number;
      started.stop();
    });
  });
  if (!server) {
    signals_.hand_to({});
    return unread(source, server.error());
  }
  auto catalogue = mcp::read_catalogue((*server)->client());
  const auto greeting = (*server)->client().greeting();
  const auto asked = (*server)->transport().asked();
  signals_.hand_to({});
  if (!catalogue) return unread(source, (*server)->explained(catalogue.error()));
  server->reset();
  vet::Pinned pinned;
  pinned.source = source;
  pinned.manifest.provenance = vet::provenance_of(command.argv);
  const auto given = greeting.at("serverInfo").string("name").value_or("");
  pinned.manifest.server = !name.empty() ? name : !given.empty() ? given : source;
  add_seen(pinned, "local", *catalogue);
  for (const auto& gap : gaps_in(*catalogue)) out_.read.notes.push_back(fmt::format("{}: {}", pinned.manifest.server, gap));
  if (!asked.empty())
    out_.read.notes.push_back(fmt::format("{} asked of us: {} (refused)", pinned.manifest.server, text::join(asked, ", ")));
  trace(pinned, "", &command);
  add(std::move(pinned));
}

void SourceReader::read_file(const std::string& path) {
  const auto text = text_of_file(path, most_of_a_file);
  if (!text) return unread(path, text.error());
  if (read_client_file(path, *text, false)) return;
  const auto name = std::filesystem::path(path).stem().string();
  auto manifests = vet::read_capture(*text, name);
  if (!manifests) {
    auto error = manifests.error();
    if (error.message.starts_with(name + ": ")) error.message.erase(0, name.size() + 2);  // the path says it
    return unread(path, error);
  }
  for (auto& manifest : *manifests) {
    vet::Pinned pinned{.manifest = std::move(manifest), .source = path};
    auto& seen = pinned.identities["captured"];
    for (const auto& tool : pinned.manifest.tools) seen.push_back(tool.string("name").value_or(""));
    trace(pinned, "", nullptr);
    add(std::move(pinned));
  }
}

Result<void> SourceReader::read_records() {
  for (const auto& path : flags_.server_jsons) {
    auto records =
        text_of_file(path, most_of_records).and_then([](const std::string& text) { return vet::read_server_jsons(text); });
    if (!records) {
      return failure(Error::Kind::usage, fmt::format("--server-json {}: {}", text::one_line(path, 200),
                                                     text::one_line(records.error().message, 200)));
    }
    std::ranges::move(*records, std::back_inserter(records_));
  }
  return {};
}

Result<Gathered> SourceReader::run() {
  struct Started {
    std::string text;
    Command command;
  };
  environment_ = MCPROVE_TRY(named_environment());
  MCPROVE_TRY(read_records());
  std::vector<Started> commands;
  for (const auto& text : flags_.commands) {
    Command command{.argv = MCPROVE_TRY(words_of_command("--stdio", text)), .environment = plain_environment()};
    for (const auto& [name, value] : environment_) command.environment.insert_or_assign(name, value);
    commands.push_back({text, std::move(command)});
  }
  std::vector<std::pair<std::string, Options>> urls;
  for (const auto& source : flags_.sources) {
    if (!is_url(source)) continue;
    auto options = options_for(source, true);
    if (!options && options.error().kind == Error::Kind::usage) return tl::unexpected(options.error());
    if (options) urls.emplace_back(source, *std::move(options));
    else unread(shown_url(source), options.error());
  }
  const auto each = [&](const auto& list, auto read) {
    for (const auto& item : list) {
      if (out_.signal == 0) read(item);
    }
  };
  each(urls, [&](const auto& item) { read_url(item.first, "", item.second); });
  each(flags_.sources, [&](const std::string& source) {
    if (is_url(source)) return;
    // Parsing cannot be told to stop, and leaves nothing behind: while nothing was learned, a signal ends the program.
    signals_.hand_to([this, nothing_yet = out_.read.servers.empty()](int number) {
      if (nothing_yet) ::_exit(128 + number);
      out_.signal = number;
    });
    read_file(source);
    signals_.hand_to({});
  });
  each(commands, [&](const Started& started) { read_command(started.text, "", started.command); });
  if (flags_.discover && out_.signal == 0) discover();
  return std::move(out_);
}

Result<Gathered> gather(const SourceFlags& flags, const Registry& registry) {
  if (flags.sources.empty() && flags.commands.empty() && !flags.discover)
    return failure(Error::Kind::usage, "no source: name a URL, a file, --stdio COMMAND or --discover");
  return SourceReader(flags, registry).run();
}

std::vector<vet::Manifest> manifests_of(const report::SourcesRead& read) {
  std::vector<vet::Manifest> out;
  for (const auto& server : read.servers) out.push_back(server.manifest);
  return out;
}

}  // namespace mcprove::cli
