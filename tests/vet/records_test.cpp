#include "vet/records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vet/provenance.h"

namespace mcprove::vet {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

ServerJson record(std::string_view text) { return ServerJson::parse(text).value(); }

ServerJson weather() {
  return record(R"({"name":"com.example/weather","version":"1.2.0",
      "packages":[{"registryType":"npm","identifier":"@example/weather","version":"1.2.0"}],
      "remotes":[{"type":"streamable-http","url":"https://mcp.example.com/weather"}]})");
}

auto mismatch(Weight severity) { return AllOf(Field(&Finding::rule, "record-mismatch"), Field(&Finding::severity, severity)); }

TEST(PackageJson, SaysWhatItIs) {
  const auto package = PackageJson::parse(R"({"name":"@a/b","version":"1.0.0","mcpName":"io.github.a/b",
      "repository":{"type":"git","url":"git+https://github.com/a/b.git"}})");
  ASSERT_TRUE(package);
  EXPECT_EQ(package->repository, "https://github.com/a/b");
  EXPECT_EQ(package->mcp_name, "io.github.a/b");
  EXPECT_EQ(PackageJson::parse(R"({"name":"b","repository":"github:a/b"})")->repository, "https://github.com/a/b");
  for (const auto* text : {"", "[]", "{}", R"({"type":"module"})"}) EXPECT_FALSE(PackageJson::parse(text)) << text;
}

TEST(PackageJson, TakesTheHashOfItsOwnVersionOnly) {
  auto package = PackageJson::parse(R"({"name":"@a/b","version":"1.0.0"})").value();
  package.take_lock(R"({"packages":{"node_modules/@a/b":{"version":"2.0.0","integrity":"sha512-x"}}})", "node_modules/@a/b");
  EXPECT_EQ(package.integrity, "");
  package.take_lock(R"({"packages":{"node_modules/@a/b":{"version":"1.0.0","integrity":"sha512-x"}}})", "node_modules/@a/b");
  EXPECT_EQ(package.integrity, "sha512-x");
  package.take_lock("no json", "node_modules/@a/b");
}

TEST(Records, AFolderCanCallItselfAnything) {
  Manifest manifest;
  manifest.provenance = provenance_of({"node", "/somewhere/evil.js"});
  EXPECT_EQ(manifest.provenance.origin, "node evil.js");
  apply_package(manifest, {.name = "@trusted/server", .version = "1.0.0", .mcp_name = "com.trusted/server"});
  EXPECT_EQ(manifest.provenance.publisher, "");
  EXPECT_EQ(manifest.provenance.package, "");
  // Nor does a record that it brought itself name a publisher.
  EXPECT_THAT(apply_record(manifest, "", record(R"({"name":"com.trusted/server","version":"1.0.0"})"), false), IsEmpty());
  EXPECT_EQ(manifest.provenance.publisher, "");
  apply_package(manifest, {.name = "@trusted/server", .version = "1.0.0", .integrity = "sha512-x"});
  EXPECT_EQ(manifest.provenance.publisher, "@trusted");
}

TEST(Records, SayWhoPublishesWhatTheyName) {
  Manifest manifest;
  const auto records = std::vector{record(R"({"name":"com.example/weather","version":"1.1.0",
      "remotes":[{"type":"sse","url":"https://mcp.example.com/weather"}]})"),
                                   weather()};
  manifest.provenance = {.origin = "https://mcp.example.com", .version = "1.2.0"};
  const auto* found = record_of(manifest, "https://mcp.example.com/weather", records);
  ASSERT_EQ(found, &records[1]) << "of two versions, that of this server";
  EXPECT_THAT(apply_record(manifest, "https://mcp.example.com/weather", *found, true), IsEmpty());
  EXPECT_EQ(manifest.provenance.record, "com.example/weather");
  EXPECT_EQ(manifest.provenance.publisher, "com.example");
  EXPECT_EQ(record_of(manifest, "https://other.example.com/", {}), nullptr);
}

TEST(Records, AreHeldAgainstWhatRuns) {
  Manifest manifest;
  manifest.provenance = provenance_of({"npx", "@example/weather@1.3.0"});
  EXPECT_THAT(apply_record(manifest, "", weather(), true), ElementsAre(mismatch(Weight::low)));
  manifest.provenance = provenance_of({"npx", "@examp1e/weather@1.2.0"});
  EXPECT_THAT(apply_record(manifest, "", weather(), true), ElementsAre(mismatch(Weight::medium)));
  manifest.provenance = provenance_of({"npx", "@example/weather@1.2.0"});
  apply_package(manifest, {.name = "@example/weather", .version = "1.2.0", .mcp_name = "com.other/weather"});
  EXPECT_THAT(apply_record(manifest, "", weather(), true), ElementsAre(mismatch(Weight::medium)));
  manifest.provenance = {.origin = "https://mcp.evil.example", .version = "1.2.0"};
  EXPECT_THAT(apply_record(manifest, "https://mcp.evil.example/", weather(), true), ElementsAre(mismatch(Weight::low)));
  EXPECT_EQ(unlisted(manifest).severity, Weight::low);
}

}  // namespace
}  // namespace mcprove::vet
