#include "engine/client_config.h"

#include <algorithm>
#include <optional>
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

/// The words of one entry, read with what they may stand for; what we cannot know is named in `unusable`.
class EntryReader {
 public:
  EntryReader(const json::Value& given, const ClientWords& words) : given_(given), words_(words) {}

  ClientEntry run(const std::string& name) {
    entry_.name = name;
    // Zed kept the command in an object of its own, Continue in one that names the transport.
    const auto transport = given_.at("transport").is_object() ? given_.at("transport") : given_;
    const auto command = transport.at("command").is_object() ? transport.at("command") : transport;
    argv(command);
    for (const auto* key : {"env", "environment"}) take_strings(command.at(key), entry_.environment);
    for (const auto& variable : given_.strings("env_vars"))
      if (const auto value = variable_of(variable)) entry_.environment.insert_or_assign(variable, *value);
    for (const auto* key : {"url", "serverUrl", "httpUrl"}) {
      if (const auto url = transport.string(key); url && entry_.url.empty()) entry_.url = expanded(*url);
    }
    headers();
    entry_.disabled = given_.boolean("disabled") == true || given_.boolean("enabled") == false;
    if (entry_.argv.empty() && entry_.url.empty() && entry_.unusable.empty())
      entry_.unusable = "it names neither a command nor a URL";
    return std::move(entry_);
  }

 private:
  void argv(const json::Value& command) {
    auto written = command.strings("command");
    if (const auto program = command.at("command").string() ? command.string("command") : command.string("path"))
      written = {*program};
    if (written.empty()) return;
    for (const auto& argument : command.strings("args")) written.push_back(argument);
    for (const auto& word : written) entry_.argv.push_back(expanded(word));
    entry_.directory = expanded(given_.string("cwd").value_or(""));
  }

  void headers() {
    for (const auto* key : {"headers", "http_headers"}) take_strings(given_.at(key), entry_.headers);
    take_strings(given_.at("requestInit").at("headers"), entry_.headers);
    for (const auto& name : given_.at("env_http_headers").keys())
      if (const auto value = variable_of(given_.at("env_http_headers").string(name).value_or("")))
        entry_.headers.emplace(name, *value);
    if (const auto variable = given_.string("bearer_token_env_var"))
      if (const auto value = variable_of(*variable)) entry_.headers.emplace("Authorization", "Bearer " + *value);
  }

  void take_strings(const json::Value& object, std::map<std::string, std::string>& out) {
    for (const auto& key : object.keys()) {
      const auto value = object.at(key);
      if (const auto word = value.string()) out.emplace(key, expanded(*word));
      else if (value.is_number() || value.boolean()) out.emplace(key, value.dump());
    }
  }

  std::optional<std::string> variable_of(const std::string& name) {
    if (const auto known = words_.environment.find(name); known != words_.environment.end()) return known->second;
    if (entry_.unusable.empty())
      entry_.unusable = fmt::format("it needs the variable {}, which --env would give it", text::one_line(name, 60));
    return std::nullopt;
  }

  /// What stands between `${` and `}`.
  std::string meant(std::string name) {
    if (name == "userHome") return words_.home;
    if (name == "workspaceFolder" && !words_.project.empty()) return words_.project;
    if (name == "pathSeparator" || name == "/") return "/";
    if (name.starts_with("env:")) name.erase(0, 4);
    const auto fallback = name.find(":-");
    const auto variable = name.substr(0, fallback);
    if (fallback != std::string::npos && !words_.environment.contains(variable)) return name.substr(fallback + 2);
    if (name.find(':') == std::string::npos) return variable_of(variable).value_or("");
    if (entry_.unusable.empty())
      entry_.unusable = fmt::format("it needs ${{{}}}, which only the client knows", text::one_line(name, 60));
    return {};
  }

  std::string expanded(const std::string& raw) {
    // Gemini CLI and others write a variable without braces; within other words it may be anything.
    const bool bare = raw.size() > 1 && raw[0] == '$' && std::ranges::all_of(raw.substr(1), [](char c) {
                        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
                      });
    if (bare) return variable_of(raw.substr(1)).value_or("");
    std::string out;
    for (std::size_t at = 0; at < raw.size();) {
      const auto open = raw.find("${", at);
      const auto close = open == std::string::npos ? open : raw.find('}', open);
      if (close == std::string::npos) return out + raw.substr(at);
      out += raw.substr(at, open - at);
      at = close + 1;
      out += meant(raw.substr(open + 2, close - open - 2));
    }
    return out;
  }

  const json::Value& given_;
  const ClientWords& words_;
  ClientEntry entry_{};
};

bool looks_like_server(const json::Value& value) {
  return value.is_object() && (value.has("command") || value.has("url") || value.has("serverUrl") || value.has("httpUrl"));
}

using Named = std::pair<std::string, json::Value>;

/// Servers by name, or a list of those that say their name themselves.
void add_group(const json::Value& group, std::vector<Named>& out) {
  for (const auto& name : group.keys()) {
    if (group.at(name).is_object()) out.emplace_back(name, group.at(name));
  }
  if (!group.is_array()) return;
  for (std::size_t i = 0; i < group.size(); ++i) {
    const auto server = group.at(i);
    if (looks_like_server(server) || looks_like_server(server.at("transport")))
      out.emplace_back(server.string("name").value_or(fmt::format("#{}", i + 1)), server);
  }
}

/// Everything that holds servers. The settings of editors hold much else.
std::vector<Named> servers_in(const json::Value& document) {
  std::vector<Named> out;
  for (const auto* key : {"mcpServers", "context_servers", "mcp_servers", "mcp.servers", "amp.mcpServers"})
    add_group(document.at(key), out);
  if (document.at("servers").is_object()) add_group(document.at("servers"), out);
  add_group(document.at("experimental").at("modelContextProtocolServers"), out);
  add_group(document.at("customizations").at("vscode").at("mcp").at("servers"), out);
  const auto mcp = document.at("mcp");
  add_group(mcp.at("servers"), out);
  for (const auto& name : mcp.keys()) {
    if (looks_like_server(mcp.at(name))) out.emplace_back(name, mcp.at(name));
  }
  const auto projects = document.at("projects");
  for (const auto& project : projects.keys()) add_group(projects.at(project).at("mcpServers"), out);
  return out;
}

}  // namespace

bool is_client_config(std::string_view text) {
  // Big captures need not be read twice to know that they are none.
  if (text.find("ervers\"") == std::string_view::npos && text.find("\"mcp") == std::string_view::npos) return false;
  const auto document = json::parse(plain_json(text));
  if (!document || !document->is_object()) return false;
  return !servers_in(*document).empty() || document->has("mcpServers") || document->has("context_servers");
}

Result<std::vector<ClientEntry>> read_client_config(std::string_view text, const ClientWords& words) {
  const auto document = MCPROVE_TRY(json::parse(plain_json(text)));
  std::vector<ClientEntry> out;
  for (const auto& [name, server] : servers_in(document)) out.push_back(EntryReader(server, words).run(name));
  return out;
}

}  // namespace mcprove
