#include "cli/sources.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/child.h"
#include "base/open_page.h"
#include "base/text.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "cli/values.h"
#include "engine/client_config.h"
#include "engine/reading.h"
#include "mcp/stdio.h"
#include "net/url.h"
#include "vet/capture.h"

namespace mcprove::cli {
namespace {

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

class Reader {
 public:
  Reader(const SourceFlags& flags, const Registry& registry) : flags_(flags), registry_(registry) {
    out_.read.redactors.push_back(secrets_);
  }

  Result<Gathered> run();

 private:
  void read_url(const std::string& url, const std::string& name, const Options& options);
  void read_command(const std::string& source, const std::string& name, const Command& command);
  void read_file(const std::string& path);
  void read_client_file(const std::string& path, std::string_view text);
  void read_entry(const std::string& path, const ClientEntry& entry);
  Result<Options> options_for(const std::string& url) const;
  Result<Command> command_of(const std::string& text);
  void add(vet::Pinned pinned);
  void unread(const std::string& source, const Error& error);

  const SourceFlags& flags_;
  const Registry& registry_;
  Gathered out_{};
  std::shared_ptr<Redactor> secrets_ = std::make_shared<Redactor>();
  StatusLine status_{false};
  Signals signals_{};
};

void Reader::unread(const std::string& source, const Error& error) { out_.read.unread.push_back({source, error.message}); }

void Reader::add(vet::Pinned pinned) {
  // Two servers of one name stay apart.
  const auto base = pinned.manifest.server;
  const auto taken = [&] {
    return std::ranges::any_of(out_.read.servers,
                               [&](const auto& other) { return other.manifest.server == pinned.manifest.server; });
  };
  for (int n = 2; taken(); ++n) pinned.manifest.server = fmt::format("{} ({})", base, n);
  out_.read.servers.push_back(std::move(pinned));
}

Result<Options> Reader::options_for(const std::string& url) const {
  AuditFlags flags = flags_.login;
  flags.url = url;
  // Nothing but reading is done, so no mandate is needed.
  flags.passive = true;
  auto settings = MCPROVE_TRY(settings_of(flags, registry_));
  return std::move(settings.options);
}

void Reader::read_url(const std::string& url, const std::string& name, const Options& options) {
  Progress progress;
  progress.phase = [&](const std::string& phase) { status_.phase(url + ": " + phase); };
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
  if (!reading) return unread(url, reading.error());
  vet::Pinned pinned;
  pinned.source = url;
  pinned.manifest.server = name.empty() ? reading->name : name;
  if (const auto parsed = net::Url::parse(url)) pinned.manifest.provenance.origin = parsed->origin();
  pinned.manifest.provenance.version = reading->version;
  for (const auto& seen : reading->seen) add_seen(pinned, seen.identity, seen.catalogue);
  for (const auto& note : reading->notes) out_.read.notes.push_back(fmt::format("{}: {}", pinned.manifest.server, note));
  add(std::move(pinned));
}

Result<Command> Reader::command_of(const std::string& text) {
  Command command{.argv = MCPROVE_TRY(words_of_command(text)), .environment = plain_environment()};
  for (const auto& name : flags_.environment) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr)
      return failure(Error::Kind::usage, fmt::format("--env {}: no such variable is set", text::one_line(name, 80)));
    secrets_->add("environment", value);
    command.environment.insert_or_assign(name, value);
  }
  return command;
}

void Reader::read_command(const std::string& source, const std::string& name, const Command& command) {
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
  add(std::move(pinned));
}

void Reader::read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::error_code error;
  if (!in || std::filesystem::is_directory(path, error))
    return unread(path, {Error::Kind::usage, "it cannot be read; a source is a URL or a file"});
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (is_client_config(text)) return read_client_file(path, text);
  auto manifests = vet::read_capture(text, std::filesystem::path(path).stem().string());
  if (!manifests) return unread(path, manifests.error());
  for (auto& manifest : *manifests) {
    vet::Pinned pinned{.manifest = std::move(manifest), .source = path};
    for (const auto& tool : pinned.manifest.tools) pinned.identities["captured"].push_back(tool.string("name").value_or(""));
    add(std::move(pinned));
  }
}

void Reader::read_client_file(const std::string& path, std::string_view text) {
  const auto entries = read_client_config(text);
  if (!entries) return unread(path, entries.error());
  if (entries->empty()) out_.read.notes.push_back(path + ": names no server");
  for (const auto& entry : *entries) {
    if (out_.signal == 0) read_entry(path, entry);
  }
}

void Reader::read_entry(const std::string& path, const ClientEntry& entry) {
  const auto source = fmt::format("{} of {}", entry.name, path);
  for (const auto& [name, value] : entry.headers) secrets_->add("configured", value);
  // Shorter ones are switches such as "true" and "info", whose letters stand in any text.
  constexpr std::size_t shortest_secret = 8;
  for (const auto& [name, value] : entry.environment) {
    if (value.size() >= shortest_secret) secrets_->add("configured", value);
  }
  if (entry.disabled) return unread(source, {Error::Kind::usage, "it is disabled there"});
  if (!entry.unusable.empty()) return unread(source, {Error::Kind::usage, entry.unusable});
  if (!entry.argv.empty()) {
    if (!flags_.run) {
      const auto from = vet::provenance_of(entry.argv);
      const auto what = from.package.empty() ? from.origin : fmt::format("{} {}", from.origin, from.package);
      return unread(source, {Error::Kind::usage, fmt::format("a command ({}), which --run would start", what)});
    }
    Command command{.argv = entry.argv, .environment = plain_environment(), .directory = entry.directory};
    for (const auto& [name, value] : entry.environment) command.environment.insert_or_assign(name, value);
    return read_command(source, entry.name, command);
  }
  auto options = options_for(entry.url);
  if (!options) return unread(source, options.error());
  if (!entry.headers.empty()) {
    Identity configured{.name = "configured"};
    for (const auto& [name, value] : entry.headers) configured.headers.add(name, value);
    options->identities = {std::move(configured)};
  }
  read_url(entry.url, entry.name, *options);
}

Result<Gathered> Reader::run() {
  struct Started {
    std::string text;
    Command command;
  };
  std::vector<Started> commands;
  for (const auto& text : flags_.commands) commands.push_back({text, MCPROVE_TRY(command_of(text))});
  std::vector<std::pair<std::string, Options>> urls;
  for (const auto& source : flags_.sources) {
    if (is_url(source)) urls.emplace_back(source, MCPROVE_TRY(options_for(source)));
  }
  const auto each = [&](const auto& list, auto read) {
    for (const auto& item : list) {
      if (out_.signal == 0) read(item);
    }
  };
  each(urls, [&](const auto& item) { read_url(item.first, "", item.second); });
  each(flags_.sources, [&](const std::string& source) {
    if (!is_url(source)) read_file(source);
  });
  each(commands, [&](const Started& started) { read_command(started.text, "", started.command); });
  if (flags_.discover) {
    const char* home = std::getenv("HOME");
    std::error_code error;
    const auto files = discover_client_configs(home == nullptr ? "" : home, std::filesystem::current_path(error).string());
    if (files.empty()) out_.read.notes.emplace_back("no configuration of a known client was found");
    for (const auto& file : files) out_.read.notes.push_back(fmt::format("{}: {}", file.client, file.path));
    each(files, [&](const ClientFile& file) { read_file(file.path); });
  }
  return std::move(out_);
}

}  // namespace

Result<std::vector<std::string>> words_of_command(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  bool begun = false;
  char quote = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\' && quote != '\'' && at + 1 < text.size()) {
      word += text[++at];
      begun = true;
    } else if (quote != 0) {
      if (c == quote) quote = 0;
      else word += c;
    } else if (c == '"' || c == '\'') {
      quote = c;
      begun = true;
    } else if (c == ' ' || c == '\t' || c == '\n') {
      if (std::exchange(begun, false)) words.push_back(std::exchange(word, {}));
    } else {
      word += c;
      begun = true;
    }
  }
  if (quote != 0)
    return failure(Error::Kind::usage, fmt::format("--stdio: a quote is not closed in '{}'", text::one_line(text, 80)));
  if (begun) words.push_back(word);
  if (words.empty()) return failure(Error::Kind::usage, "--stdio needs a command");
  return words;
}

Result<Gathered> gather(const SourceFlags& flags, const Registry& registry) {
  if (flags.sources.empty() && flags.commands.empty() && !flags.discover)
    return failure(Error::Kind::usage, "no source: name a URL, a file, --stdio COMMAND or --discover");
  return Reader(flags, registry).run();
}

std::vector<vet::Manifest> manifests_of(const report::SourcesRead& read) {
  std::vector<vet::Manifest> out;
  for (const auto& server : read.servers) out.push_back(server.manifest);
  return out;
}

}  // namespace mcprove::cli
