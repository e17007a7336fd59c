#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include <toml++/toml.h>

#include "base/text.h"
#include "cli/files.h"
#include "cli/source_reader.h"
#include "vet/provenance.h"

// What the configurations of desktop and editor clients name.
namespace mcprove::cli {
namespace {

constexpr std::size_t most_of_settings = 16U << 20U;

/// Codex keeps its servers in TOML.
Result<std::string> json_of_toml(const std::string& text) {
  try {
    std::ostringstream written;
    written << toml::json_formatter{toml::parse(text)};
    return written.str();
  } catch (const toml::parse_error& error) {  // the library's way to report malformed input
    return failure(Error::Kind::malformed,
                   fmt::format("line {}: {}", error.source().begin.line, text::one_line(error.description(), 200)));
  }
}

bool is_toml(const std::string& path) { return std::filesystem::path(path).extension() == ".toml"; }

/// Shorter ones are switches such as "true" and "info", whose letters stand in any text.
constexpr std::size_t shortest_secret = 8;

}  // namespace

bool SourceReader::read_client_file(const std::string& path, std::string_view text, bool surely) {
  std::string converted;
  if (is_toml(path) && (surely || text.find("mcp_servers") != std::string_view::npos)) {
    auto json = json_of_toml(std::string(text));
    if (!json) {
      unread(path, json.error());
      return true;
    }
    converted = *std::move(json);
    text = converted;
  } else if (!surely && !is_client_config(text)) {
    return false;
  }
  const char* home = std::getenv("HOME");
  std::error_code error;
  ClientWords words{.environment = plain_environment(),
                    .home = home == nullptr ? "" : home,
                    .project = std::filesystem::current_path(error).string()};
  for (const auto& [name, value] : environment_) words.environment.insert_or_assign(name, value);
  const auto entries = read_client_config(text, words);
  if (!entries) unread(path, entries.error());
  else if (entries->empty()) out_.read.notes.push_back(path + ": names no server");
  else
    for (const auto& entry : *entries) {
      if (out_.signal == 0) read_entry(path, entry);
    }
  return true;
}

void SourceReader::read_entry(const std::string& path, const ClientEntry& entry) {
  const auto source = fmt::format("{} of {}", entry.name, path);
  for (const auto& [name, value] : entry.headers) secrets_->add("configured", value);
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
  auto options = options_for(entry.url, false);
  if (!options) return unread(source, options.error());
  if (!entry.headers.empty()) {
    Identity configured{.name = "configured"};
    for (const auto& [name, value] : entry.headers) configured.headers.add(name, value);
    options->identities = {std::move(configured)};
  }
  read_url(entry.url, entry.name, *options);
}

void SourceReader::discover() {
  const char* home = std::getenv("HOME");
  std::error_code error;
  const auto files = discover_client_configs(home == nullptr ? "" : home, std::filesystem::current_path(error).string());
  if (files.empty()) out_.read.notes.emplace_back("no configuration of a known client was found");
  for (const auto& file : files) {
    if (out_.signal != 0) return;
    out_.read.notes.push_back(fmt::format("{}: {}", file.client, file.path));
    if (file.yaml) {
      unread(file.path, {Error::Kind::usage, "it is YAML, which is not read: name its servers with --stdio or as URLs"});
      continue;
    }
    const auto text = text_of_file(file.path, most_of_settings);
    if (text) read_client_file(file.path, *text, true);
    else unread(file.path, text.error());
  }
}

}  // namespace mcprove::cli
