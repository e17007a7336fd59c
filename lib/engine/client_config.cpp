#include "engine/client_config.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "json/json.h"

namespace mcprove {
namespace {

/// JSON without the comments and trailing commas that editors allow; strings are left alone.
std::string plain_json(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto rest = text.substr(at);
    if (text[at] == '"') {
      std::size_t end = at + 1;
      while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
      out += text.substr(at, end + 1 - at);
      at = end;
    } else if (rest.starts_with("//")) {
      at = std::min(text.find('\n', at), text.size()) - 1;
    } else if (rest.starts_with("/*")) {
      const auto end = text.find("*/", at + 2);
      at = end == std::string_view::npos ? text.size() : end + 1;
    } else {
      if (text[at] == '}' || text[at] == ']') {
        const auto last = out.find_last_not_of(" \t\r\n");
        if (last != std::string::npos && out[last] == ',') out.erase(last, 1);
      }
      out += text[at];
    }
  }
  return out;
}

/// `${NAME}` and `${env:NAME}` replaced; what we cannot know is named in `unusable`.
std::string expanded(const std::string& raw, std::string& unusable) {
  std::string out;
  for (std::size_t at = 0; at < raw.size();) {
    const auto open = raw.find("${", at);
    const auto close = open == std::string::npos ? open : raw.find('}', open);
    if (close == std::string::npos) return out + raw.substr(at);
    out += raw.substr(at, open - at);
    at = close + 1;
    auto name = raw.substr(open + 2, close - open - 2);
    if (name.starts_with("env:")) name.erase(0, 4);
    const auto fallback = name.find(":-");
    const char* value = std::getenv(name.substr(0, fallback).c_str());
    if (value != nullptr) out += value;
    else if (fallback != std::string::npos) out += name.substr(fallback + 2);
    else if (unusable.empty())
      unusable = fmt::format("it needs ${{{}}}, which only the client knows or which is not set", text::one_line(name, 60));
  }
  return out;
}

std::map<std::string, std::string> strings_of(const json::Value& object, std::string& unusable) {
  std::map<std::string, std::string> out;
  for (const auto& key : object.keys()) {
    const auto value = object.at(key);
    if (const auto words = value.string()) out.emplace(key, expanded(*words, unusable));
    else if (value.is_number() || value.boolean()) out.emplace(key, value.dump());
  }
  return out;
}

ClientEntry entry_of(const std::string& name, const json::Value& given) {
  ClientEntry entry;
  entry.name = name;
  // Zed keeps the command in an object of its own.
  const auto command = given.at("command").is_object() ? given.at("command") : given;
  if (const auto program = command.at("command").string() ? command.string("command") : command.string("path")) {
    entry.argv.push_back(expanded(*program, entry.unusable));
    for (const auto& argument : command.strings("args")) entry.argv.push_back(expanded(argument, entry.unusable));
    entry.directory = expanded(given.string("cwd").value_or(""), entry.unusable);
  }
  for (const auto* key : {"env", "environment"}) entry.environment.merge(strings_of(command.at(key), entry.unusable));
  for (const auto* key : {"url", "serverUrl", "httpUrl"}) {
    if (const auto url = given.string(key); url && entry.url.empty()) entry.url = expanded(*url, entry.unusable);
  }
  entry.headers = strings_of(given.at("headers"), entry.unusable);
  entry.disabled = given.boolean("disabled") == true || given.boolean("enabled") == false;
  if (entry.argv.empty() && entry.url.empty() && entry.unusable.empty()) entry.unusable = "it names neither a command nor a URL";
  return entry;
}

/// Everything that holds servers by name. The settings of editors hold much else.
std::vector<json::Value> groups_in(const json::Value& document) {
  std::vector<json::Value> out;
  const auto add = [&](const json::Value& group) {
    if (group.is_object()) out.push_back(group);
  };
  for (const auto* key : {"mcpServers", "servers", "context_servers"}) add(document.at(key));
  add(document.at("mcp").at("servers"));
  const auto projects = document.at("projects");
  for (const auto& project : projects.keys()) add(projects.at(project).at("mcpServers"));
  return out;
}

struct Place {
  const char* client;
  const char* path;
};
constexpr std::array<Place, 19> at_home{{
    {"Claude Desktop", ".config/Claude/claude_desktop_config.json"},
    {"Claude Desktop", "Library/Application Support/Claude/claude_desktop_config.json"},
    {"Claude Desktop", "AppData/Roaming/Claude/claude_desktop_config.json"},
    {"Claude Code", ".claude.json"},
    {"Claude Code", ".claude/settings.json"},
    {"Cursor", ".cursor/mcp.json"},
    {"VS Code", ".config/Code/User/mcp.json"},
    {"VS Code", ".config/Code/User/settings.json"},
    {"VS Code", "Library/Application Support/Code/User/mcp.json"},
    {"VS Code", "Library/Application Support/Code/User/settings.json"},
    {"VS Code", "AppData/Roaming/Code/User/mcp.json"},
    {"Windsurf", ".codeium/windsurf/mcp_config.json"},
    {"Zed", ".config/zed/settings.json"},
    {"Cline", ".config/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json"},
    {"Cline", "Library/Application Support/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json"},
    {"Roo Code", ".config/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json"},
    {"Gemini CLI", ".gemini/settings.json"},
    {"LM Studio", ".lmstudio/mcp.json"},
    {"Amazon Q", ".aws/amazonq/mcp.json"},
}};
constexpr std::array<Place, 7> in_project{{
    {"Claude Code", ".mcp.json"},
    {"Cursor", ".cursor/mcp.json"},
    {"VS Code", ".vscode/mcp.json"},
    {"VS Code", ".vscode/settings.json"},
    {"Zed", ".zed/settings.json"},
    {"Roo Code", ".roo/mcp.json"},
    {"Gemini CLI", ".gemini/settings.json"},
}};

}  // namespace

bool is_client_config(std::string_view text) {
  // Big captures need not be read twice to know that they are none.
  if (text.find("ervers\"") == std::string_view::npos) return false;
  const auto document = json::parse(plain_json(text));
  if (!document || !document->is_object()) return false;
  for (const auto& group : groups_in(*document)) {
    for (const auto& name : group.keys()) {
      if (group.at(name).is_object()) return true;
    }
  }
  return document->has("mcpServers") || document->has("context_servers");
}

Result<std::vector<ClientEntry>> read_client_config(std::string_view text) {
  const auto document = MCPROVE_TRY(json::parse(plain_json(text)));
  std::vector<ClientEntry> out;
  for (const auto& group : groups_in(document)) {
    for (const auto& name : group.keys()) {
      if (group.at(name).is_object()) out.push_back(entry_of(name, group.at(name)));
    }
  }
  return out;
}

std::vector<ClientFile> discover_client_configs(const std::string& home, const std::string& project) {
  std::vector<ClientFile> out;
  const auto look = [&](const std::string& under, const auto& places) {
    if (under.empty()) return;
    for (const auto& place : places) {
      const auto path = std::filesystem::path(under) / place.path;
      std::error_code error;
      if (std::filesystem::is_regular_file(path, error)) out.push_back({place.client, path.string()});
    }
  };
  look(home, at_home);
  if (project != home) look(project, in_project);
  return out;
}

}  // namespace mcprove
