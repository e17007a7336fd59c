#include "engine/client_config.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace mcprove {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

const ClientWords words{.environment = {{"TOKEN", "t0ken"}, {"HOME", "/home/a"}}, .home = "/home/a", .project = "/srv/p"};

std::vector<ClientEntry> read(std::string_view text) {
  const auto entries = read_client_config(text, words);
  EXPECT_TRUE(entries) << text << (entries ? "" : ": " + entries.error().message);
  return entries.value_or(std::vector<ClientEntry>{});
}

TEST(ClientConfig, ReadsTheShapeOfEveryClient) {
  for (const auto* text : {R"({"mcpServers":{"a":{"command":"npx","args":["-y","x"],"env":{"K":"v"}}}})",
                           R"({"servers":{"a":{"type":"stdio","command":"npx","args":["-y","x"],"env":{"K":"v"}}},"inputs":[]})",
                           R"({"mcp":{"servers":{"a":{"command":"npx","args":["-y","x"],"env":{"K":"v"}}}}})",
                           R"({"context_servers":{"a":{"source":"custom","command":"npx","args":["-y","x"],"env":{"K":"v"}}}})",
                           R"({"context_servers":{"a":{"command":{"path":"npx","args":["-y","x"],"env":{"K":"v"}}}}})",
                           R"({"projects":{"/p":{"mcpServers":{"a":{"command":"npx","args":["-y","x"],"env":{"K":"v"}}}}}})",
                           R"({"mcp_servers":{"a":{"command":"npx","args":["-y","x"],"env":{"K":"v"}}}})",
                           R"({"mcp":{"a":{"type":"local","command":["npx","-y","x"],"environment":{"K":"v"}}}})",
                           R"({"amp.mcpServers":{"a":{"command":"npx","args":["-y","x"],"env":{"K":"v"}}}})",
                           R"({"mcpServers":[{"name":"a","command":"npx","args":["-y","x"],"env":{"K":"v"}}]})",
                           R"({"customizations":{"vscode":{"mcp":{"servers":{"a":{"command":"npx","args":["-y","x"],
                              "env":{"K":"v"}}}}}}})"}) {
    EXPECT_TRUE(is_client_config(text)) << text;
    const auto entries = read(text);
    ASSERT_EQ(entries.size(), 1U) << text;
    EXPECT_EQ(entries[0].name, "a") << text;
    EXPECT_THAT(entries[0].argv, ElementsAre("npx", "-y", "x")) << text;
    EXPECT_THAT(entries[0].environment, ElementsAre(Pair("K", "v"))) << text;
    EXPECT_EQ(entries[0].unusable, "") << text;
  }
  for (const auto* text : {R"({"mcpServers":{"a":{"url":"https://a.example/mcp"}}})",
                           R"({"mcpServers":{"a":{"serverUrl":"https://a.example/mcp"}}})",
                           R"({"mcpServers":{"a":{"httpUrl":"https://a.example/mcp"}}})",
                           R"({"experimental":{"modelContextProtocolServers":[{"transport":{"type":"sse",
                              "url":"https://a.example/mcp"}}]}})",
                           R"({"mcp":{"a":{"type":"remote","url":"https://a.example/mcp"}}})"}) {
    const auto entries = read(text);
    ASSERT_EQ(entries.size(), 1U) << text;
    EXPECT_EQ(entries[0].url, "https://a.example/mcp") << text;
  }
}

TEST(ClientConfig, IsNoCaptureAndNoOtherSettings) {
  for (const auto* text :
       {R"({"server":"a","tools":[]})", R"({"servers":[{"server":{"name":"a/b"}}]})", R"({"mcp":{"enabled":true}})",
        R"([{"name":"t"}])", R"({"editor.fontSize":12})", "", "{", R"({"tools":[{"description":"see \"mcpServers\""}]})"})
    EXPECT_FALSE(is_client_config(text)) << text;
}

TEST(ClientConfig, PassesOverCommentsAndTrailingCommas) {
  const auto entries = read(R"({ // "mcpServers": {
    /* one */ "mcpServers": { "a": { "command": "x // y", "args": ["/* z */",], }, }, })");
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_THAT(entries[0].argv, ElementsAre("x // y", "/* z */"));
}

TEST(ClientConfig, GivesOnlyTheVariablesThatItMay) {
  const auto one = [](std::string_view word) {
    return read(R"({"mcpServers":{"a":{"url":")" + std::string(word) + R"("}}})").at(0);
  };
  EXPECT_EQ(one("https://a.example/${TOKEN}").url, "https://a.example/t0ken");
  EXPECT_EQ(one("https://a.example/${env:TOKEN}").url, "https://a.example/t0ken");
  EXPECT_EQ(one("https://a.example/${OTHER:-none}").url, "https://a.example/none");
  EXPECT_EQ(one("${userHome}/${workspaceFolder}").url, "/home/a//srv/p");
  EXPECT_EQ(one("$TOKEN").url, "t0ken");
  EXPECT_EQ(one("https://a.example/$TOKEN").url, "https://a.example/$TOKEN");
  // A repository's file may ask for anything.
  EXPECT_THAT(one("https://evil.example/${AWS_SECRET_ACCESS_KEY}").unusable, HasSubstr("AWS_SECRET_ACCESS_KEY, which --env"));
  EXPECT_THAT(one("${input:key}").unusable, HasSubstr("only the client knows"));
  EXPECT_EQ(one("https://a.example/${open").url, "https://a.example/${open");
}

TEST(ClientConfig, ReadsHeadersAsCodexNamesThem) {
  const auto entries = read(R"({"mcp_servers":{"a":{"url":"https://a.example/mcp","bearer_token_env_var":"TOKEN",
      "http_headers":{"X-A":"b"},"env_http_headers":{"X-T":"TOKEN"},"enabled":false}}})");
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_THAT(entries[0].headers, ElementsAre(Pair("Authorization", "Bearer t0ken"), Pair("X-A", "b"), Pair("X-T", "t0ken")));
  EXPECT_TRUE(entries[0].disabled);
  EXPECT_THAT(read(R"({"mcp_servers":{"a":{"url":"https://a.example","bearer_token_env_var":"NO"}}})").at(0).unusable,
              HasSubstr("NO"));
}

TEST(ClientConfig, IsFoundWhereClientsKeepIt) {
  const test::TempDir home;
  const test::TempDir project;
  const auto put = [](const test::TempDir& root, const std::string& path) {
    std::filesystem::create_directories((root.path() / path).parent_path());
    std::ofstream(root.path() / path) << "{}";
  };
  for (const auto* path :
       {".config/Claude/claude_desktop_config.json", ".claude.json", ".config/Code/User/profiles/p/mcp.json",
        ".config/Code - Insiders/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
        ".codex/config.toml", ".continue/config.yaml", ".continue/mcpServers/one.json", ".config/zed/settings.json"})
    put(home, path);
  for (const auto* path : {".mcp.json", ".vscode/mcp.json", ".junie/mcp/mcp.json", "opencode.json"}) put(project, path);
  const auto files = discover_client_configs(home.path().string(), project.path().string());
  EXPECT_EQ(files.size(), 12U);
  for (const auto* client : {"Claude Desktop", "Claude Code", "VS Code", "Cline", "Codex", "Zed", "Junie", "opencode"})
    EXPECT_THAT(files, Contains(Field(&ClientFile::client, client)));
  for (const auto& file : files) EXPECT_EQ(file.yaml, file.path.ends_with(".yaml")) << file.path;
  EXPECT_THAT(discover_client_configs("", ""), IsEmpty());
}

}  // namespace
}  // namespace mcprove
