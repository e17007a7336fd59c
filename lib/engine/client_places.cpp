#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

#include "engine/client_config.h"

namespace mcprove {
namespace {

namespace fs = std::filesystem;

struct Place {
  const char* client;
  const char* path;
};

/// Of editors made of Visual Studio Code, in the folders of each system where such programs keep their settings.
constexpr std::array<const char*, 3> settings_roots{".config", "Library/Application Support", "AppData/Roaming"};
constexpr std::array<Place, 7> code_editors{{{"VS Code", "Code"},
                                             {"VS Code Insiders", "Code - Insiders"},
                                             {"VSCodium", "VSCodium"},
                                             {"Cursor", "Cursor"},
                                             {"Windsurf", "Windsurf"},
                                             {"Trae", "Trae"},
                                             {"Kiro", "Kiro"}}};
constexpr std::array<Place, 5> in_code_editor{{
    {"", "User/mcp.json"},
    {"", "User/settings.json"},
    {"Cline", "User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json"},
    {"Roo Code", "User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json"},
    {"Kilo Code", "User/globalStorage/kilocode.kilo-code/settings/mcp_settings.json"},
}};

constexpr std::array<Place, 4> under_settings{{
    {"Claude Desktop", "Claude/claude_desktop_config.json"},
    {"GitHub Copilot for JetBrains", "github-copilot/intellij/mcp.json"},
    {"GitHub Copilot for Eclipse", "github-copilot/eclipse/mcp.json"},
    {"Zed", "zed/settings.json"},
}};

constexpr std::array<Place, 30> at_home{{
    {"Claude Code", ".claude.json"},
    {"Claude Code", ".claude/settings.json"},
    {"Cursor", ".cursor/mcp.json"},
    {"Windsurf", ".codeium/windsurf/mcp_config.json"},
    {"Windsurf for JetBrains", ".codeium/mcp_config.json"},
    {"Zed", ".zed/settings.json"},
    {"Cline", ".cline/data/settings/cline_mcp_settings.json"},
    {"Gemini CLI", ".gemini/settings.json"},
    {"Antigravity", ".gemini/antigravity/mcp_config.json"},
    {"Qwen Code", ".qwen/settings.json"},
    {"Codex", ".codex/config.toml"},
    {"Junie", ".junie/mcp/mcp.json"},
    {"GitHub Copilot for JetBrains", ".local/share/github-copilot/intellij/mcp.json"},
    {"GitHub Copilot for JetBrains", "AppData/Local/github-copilot/intellij/mcp.json"},
    {"GitHub Copilot CLI", ".copilot/mcp-config.json"},
    {"Visual Studio", ".mcp.json"},
    {"Continue", ".continue/config.json"},
    {"Continue", ".continue/config.yaml"},
    {"LM Studio", ".lmstudio/mcp.json"},
    {"Amazon Q", ".aws/amazonq/mcp.json"},
    {"Amazon Q", ".aws/amazonq/default.json"},
    {"Kiro", ".kiro/settings/mcp.json"},
    {"opencode", ".config/opencode/opencode.json"},
    {"opencode", ".config/opencode/opencode.jsonc"},
    {"Crush", ".config/crush/crush.json"},
    {"Amp", ".config/amp/settings.json"},
    {"Goose", ".config/goose/config.yaml"},
    {"Factory", ".factory/mcp.json"},
    {"Augment", ".augment/settings.json"},
    {"Warp", ".warp/.mcp.json"},
}};

constexpr std::array<Place, 20> in_project{{
    {"Claude Code", ".mcp.json"},
    {"Cursor", ".cursor/mcp.json"},
    {"VS Code", ".vscode/mcp.json"},
    {"VS Code", ".vscode/settings.json"},
    {"VS Code", ".devcontainer/devcontainer.json"},
    {"Visual Studio", ".vs/mcp.json"},
    {"Zed", ".zed/settings.json"},
    {"Roo Code", ".roo/mcp.json"},
    {"Kilo Code", ".kilocode/mcp.json"},
    {"Gemini CLI", ".gemini/settings.json"},
    {"Qwen Code", ".qwen/settings.json"},
    {"Codex", ".codex/config.toml"},
    {"Junie", ".junie/mcp/mcp.json"},
    {"JetBrains Air", ".air/mcp.json"},
    {"GitHub Copilot", ".github/copilot/mcp.json"},
    {"Amazon Q", ".amazonq/mcp.json"},
    {"Kiro", ".kiro/settings/mcp.json"},
    {"opencode", "opencode.json"},
    {"opencode", "opencode.jsonc"},
    {"Crush", "crush.json"},
}};

/// Clients that read every file of a folder.
constexpr std::array<Place, 1> folders{{{"Continue", ".continue/mcpServers"}}};

class Search {
 public:
  void home(const fs::path& home) {
    for (const auto& place : at_home) look(place.client, home / place.path);
    for (const auto* root : settings_roots) {
      for (const auto& place : under_settings) look(place.client, home / root / place.path);
      for (const auto& editor : code_editors) {
        for (const auto& place : in_code_editor)
          look(*place.client == 0 ? editor.client : place.client, home / root / editor.path / place.path);
        profiles(editor.client, home / root / editor.path / "User/profiles");
      }
    }
    for (const auto& folder : folders) look_in(folder.client, home / folder.path);
  }
  void project(const fs::path& project) {
    for (const auto& place : in_project) look(place.client, project / place.path);
    for (const auto& folder : folders) look_in(folder.client, project / folder.path);
  }
  std::vector<ClientFile> take() { return std::move(out_); }

 private:
  void look(const char* client, const fs::path& path) {
    std::error_code error;
    if (!fs::is_regular_file(path, error)) return;
    const auto word = path.string();
    if (std::ranges::any_of(out_, [&](const ClientFile& file) { return file.path == word; })) return;
    const auto kind = path.extension();
    out_.push_back({client, word, kind == ".yaml" || kind == ".yml"});
  }

  /// In the order of their names: a folder has none.
  static std::vector<fs::path> entries(const fs::path& folder) {
    constexpr std::size_t most = 1'000;
    std::vector<fs::path> out;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end && out.size() < most; entry.increment(error))
      out.push_back(entry->path());
    std::ranges::sort(out);
    return out;
  }
  void look_in(const char* client, const fs::path& folder) {
    for (const auto& path : entries(folder)) {
      const auto kind = path.extension();
      if (kind == ".json" || kind == ".yaml" || kind == ".yml") look(client, path);
    }
  }
  void profiles(const char* client, const fs::path& folder) {
    for (const auto& path : entries(folder)) look(client, path / "mcp.json");
  }

  std::vector<ClientFile> out_{};
};

}  // namespace

std::vector<ClientFile> discover_client_configs(const std::string& home, const std::string& project) {
  Search search;
  if (!home.empty()) search.home(home);
  if (!project.empty() && project != home) search.project(project);
  return search.take();
}

}  // namespace mcprove
