#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// The files in which desktop and editor clients keep the MCP servers that they start or call.
namespace mcprove {

/// One server of such a file. Values of environment and headers are secrets until proven otherwise: never print them.
struct ClientEntry {
  std::string name{};
  std::vector<std::string> argv{};  ///< empty: a remote server
  std::map<std::string, std::string> environment{};
  std::string directory{};
  std::string url{};  ///< empty: a command
  std::map<std::string, std::string> headers{};
  bool disabled = false;
  std::string unusable{};  ///< why the client alone can start it: an input it would ask for, a variable that we may not tell
};

/// What `${...}` in such a file may stand for.
struct ClientWords {
  /// Variables that a server may be told. A project's file is anybody's: what it asks for beside these is not given.
  std::map<std::string, std::string> environment{};
  std::string home{};
  std::string project{};  ///< ${workspaceFolder}
};

/// True for an object that has one of the members in which clients keep servers: `mcpServers` (Claude Desktop, Claude
/// Code, Cursor, Windsurf, Cline, Gemini CLI, Junie ...), `servers` or `mcp.servers` (VS Code, Copilot), `context_servers`
/// (Zed), `mcp_servers` (Codex, its TOML written as JSON), `mcp` (opencode, Crush).
bool is_client_config(std::string_view text);
/// Comments and trailing commas are passed over, as those clients do. `${NAME}`, `${env:NAME}` and `$NAME` alone are
/// variables, with `:-` and a value for when there is none; `${userHome}` and `${workspaceFolder}` are places.
Result<std::vector<ClientEntry>> read_client_config(std::string_view text, const ClientWords& words);

struct ClientFile {
  std::string client{};  ///< "Claude Desktop", "Cursor", ...
  std::string path{};
  bool yaml = false;  ///< which we cannot read
};
/// Where those files lie, those that exist, under a home and a project directory.
std::vector<ClientFile> discover_client_configs(const std::string& home, const std::string& project);

}  // namespace mcprove
