#include "vet/server_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcprove::vet {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::NotNull;
using testing::SizeIs;

constexpr std::string_view weather = R"({
  "$schema": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
  "name": "com.example/weather", "description": "Tells the weather.", "version": "1.2.0",
  "repository": {"url": "https://github.com/example/weather", "source": "github", "id": "77"},
  "packages": [
    {"registryType": "npm", "identifier": "@example/weather", "version": "1.2.0", "transport": {"type": "stdio"}},
    {"registryType": "oci", "identifier": "docker.io/example/weather:1.2.0", "transport": {"type": "stdio"}},
    {"registryType": "pypi", "identifier": "Example.Weather", "version": "1.2.0", "transport": {"type": "stdio"}}],
  "remotes": [{"type": "streamable-http", "url": "https://mcp.example.com/weather"},
              {"type": "sse", "url": "https://{tenant}.example.com/{place}/sse"}]})";

ServerJson record() { return ServerJson::parse(weather).value(); }

ServerJson named(std::string_view name) { return ServerJson::from(json::Value::object({{"name", json::str(name)}})).value(); }

TEST(ServerJson, IsReadWhole) {
  const auto read = record();
  EXPECT_EQ(read.name, "com.example/weather");
  EXPECT_EQ(read.version, "1.2.0");
  EXPECT_EQ(read.repository, "https://github.com/example/weather");
  EXPECT_EQ(read.repository_id, "77");
  EXPECT_EQ(read.space(), "com.example");
  EXPECT_THAT(read.packages, SizeIs(3));
  EXPECT_THAT(read.remotes, SizeIs(2));
  EXPECT_THAT(read.flaws, IsEmpty());
  EXPECT_EQ(read.packages[1].version, "1.2.0") << "the tag of an image is its version";
}

TEST(ServerJson, IsReadOutOfARegistrysAnswer) {
  const std::string answer = R"({"server":)" + std::string(weather) +
                             R"(,"_meta":{"io.modelcontextprotocol.registry/official":{"status":"deprecated"}}})";
  const auto read = ServerJson::parse(answer);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->status, "deprecated");
  EXPECT_EQ(read->name, "com.example/weather");
  const auto all = read_server_jsons(R"({"servers":[)" + answer + "," + std::string(weather) + "]}");
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_THAT(*all, SizeIs(2));
  EXPECT_THAT(read_server_jsons(weather).value(), SizeIs(1));
}

TEST(ServerJson, OfTheFirstSchemaIsReadToo) {
  const auto read = ServerJson::parse(R"({"name":"io.github.owner/tool","version":"1.0.0","packages":[{"registry_type":"npm",
      "identifier":"tool","version":"1.0.0","registry_base_url":"https://registry.npmjs.org"}],
      "remotes":[{"transport_type":"sse","url":"https://tool.example/sse"}]})");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->packages[0].registry, "npm");
  EXPECT_EQ(read->packages[0].base_url, "https://registry.npmjs.org");
  EXPECT_EQ(read->remotes[0].type, "sse");
}

TEST(ServerJson, IsRefusedWithAReason) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", ""},
      {"[]", "not an object"},
      {"{}", "no name"},
      {R"({"name":"weather"})", "'weather' is no name"},
      {R"({"name":"a/b/c"})", "is no name"},
      {R"({"name":"a b/c"})", "is no name"},
      {R"({"name":")" + std::string(300, 'a') + R"(/b"})", "is no name"},
      {R"({"name":"a/b","name":"c/d"})", "a key stands twice: /name"},
      {R"({"name":"a/b","packages":{}})", "/packages is no list"},
      {R"({"name":"a/b","packages":[1]})", "/packages/0 is no object"},
      {R"({"name":"a/b","packages":[{"identifier":"x"}]})", "/packages/0 has no registryType"},
      {R"({"name":"a/b","remotes":[{"type":"sse"}]})", "/remotes/0 has no url"},
      {R"({"name":"a/b","remotes":[{"type":"sse","url":"file:///etc/passwd"}]})", "/remotes/0/url is no http"}};
  for (const auto& [text, why] : cases) {
    const auto read = ServerJson::parse(text);
    ASSERT_FALSE(read) << text;
    EXPECT_THAT(read.error().message, HasSubstr(why)) << text;
  }
  std::string many = R"({"name":"a/b","remotes":[)";
  for (int i = 0; i < 101; ++i) many += R"({"url":"https://a.example"},)";
  many.back() = ']';
  EXPECT_EQ(ServerJson::parse(many + "}").error().kind, Error::Kind::too_large);
  EXPECT_EQ(ServerJson::parse(std::string(2U << 20U, ' ')).error().kind, Error::Kind::too_large);
}

TEST(ServerJson, NamesWhatMovesAndWhatHasNoHash) {
  const auto read = ServerJson::parse(R"({"name":"a.b/c","version":"latest","packages":[
      {"registryType":"npm","identifier":"c","version":"^1.0.0"},
      {"registryType":"mcpb","identifier":"https://github.com/a/c/releases/download/v1/c.mcpb","version":"1.0.0"},
      {"registryType":"mcpb","identifier":"https://github.com/a/c/releases/download/v1/c.mcpb","fileSha256":"beef"}],
      "remotes":[{"type":"streamable-http","url":"http://c.example/mcp"}]})");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_THAT(read->flaws,
              ElementsAre(HasSubstr("/version"), HasSubstr("/packages/0/version"), HasSubstr("/packages/1: "),
                          HasSubstr("/packages/2/fileSha256"), HasSubstr("/packages/2: "), HasSubstr("/remotes/0/url")));
  EXPECT_THAT(named("a.b/c").flaws, SizeIs(1));
}

TEST(ServerJson, KnowsWhichHostsItsNamespaceCovers) {
  EXPECT_TRUE(named("com.example/x").space_covers("example.com"));
  EXPECT_TRUE(named("com.example/x").space_covers("MCP.example.com"));
  EXPECT_TRUE(named("com.example.eu/x").space_covers("a.eu.example.com"));
  EXPECT_FALSE(named("com.example.eu/x").space_covers("example.com"));
  EXPECT_FALSE(named("com.example/x").space_covers("badexample.com"));
  EXPECT_FALSE(named("com.example/x").space_covers("example.com.evil.net"));
  EXPECT_FALSE(named("com/x").space_covers("example.com"));
  EXPECT_FALSE(named("uk.co/x").space_covers("example.co.uk"));
  EXPECT_TRUE(named("io.github.owner/x").space_covers("owner.github.io"));
  EXPECT_FALSE(named("io.github.owner/x").space_covers("other.github.io"));
  EXPECT_FALSE(named("io.github/x").space_covers("other.github.io"));
}

TEST(ServerJson, FindsTheRemoteOfAnAddress) {
  const auto read = record();
  for (const auto* url :
       {"https://mcp.example.com/weather", "https://MCP.example.com:443/weather/", "https://berlin.example.com/north/sse"})
    EXPECT_THAT(read.remote_of(url), NotNull()) << url;
  for (const auto* url :
       {"http://mcp.example.com/weather", "https://mcp.example.com/weather/more", "https://mcp.example.com",
        "https://a.b.example.com/north/sse", "https://.example.com/north/sse", "https://evil.net/?x=.example.com/north/sse", ""})
    EXPECT_EQ(read.remote_of(url), nullptr) << url;
}

TEST(ServerJson, FindsThePackageOfAName) {
  const auto read = record();
  EXPECT_THAT(read.package_of("npm", "@example/weather"), NotNull());
  EXPECT_THAT(read.package_of("oci", "example/weather"), NotNull());
  EXPECT_THAT(read.package_of("pypi", "example_weather"), NotNull());
  EXPECT_EQ(read.package_of("npm", "@examp1e/weather"), nullptr);
  EXPECT_EQ(read.package_of("npm", "example/weather"), nullptr);
}

}  // namespace
}  // namespace mcprove::vet
