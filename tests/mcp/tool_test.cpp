#include <string>

#include <gtest/gtest.h>

#include "mcp/catalogue.h"
#include "tests/mcp/harness.h"

namespace mcprove::mcp {
namespace {

Tool tool(const std::string& name, const std::string& rest = "") {
  auto raw = test::parsed("{" + rest + "}").with("name", json::str(name));
  return {.name = name, .raw = std::move(raw)};
}

TEST(Tool, FirstVerbDecides) {
  for (const auto* name :
       {"create_note", "deleteNote", "notes.delete", "github-create-issue", "slack_post_message", "set_role", "run",
        "get_or_create_user", "fetch_and_delete", "read_write_file", "sendEmail", "user_delete", "MOVE_FILE"}) {
    EXPECT_TRUE(tool(name).mutating()) << name;
  }
  for (const auto* name : {"get_commit", "list_orders", "commit_list", "search", "get_delete_log", "greet", "readFile",
                           "dataset_info", "telescope", "order_get", "get_release", "updates"}) {
    EXPECT_FALSE(tool(name).mutating()) << name;
  }
}

TEST(Tool, VerbsWinOverHints) {
  EXPECT_TRUE(tool("delete_all", R"("annotations":{"readOnlyHint":true})").mutating());
  EXPECT_FALSE(tool("delete_all", R"("annotations":{"readOnlyHint":true})").harmless());
  EXPECT_TRUE(tool("frob", R"("annotations":{"readOnlyHint":false,"destructiveHint":false})").mutating());
  EXPECT_TRUE(tool("get_x", R"("annotations":{"destructiveHint":true})").mutating());
}

TEST(Tool, HintsOfTheWrongTypeAreNone) {
  const auto odd = tool("frob", R"("annotations":{"readOnlyHint":"true","destructiveHint":1})");
  EXPECT_FALSE(odd.read_only_hint());
  EXPECT_FALSE(odd.destructive_hint());
  EXPECT_TRUE(tool("frob", R"("annotations":{"readOnlyHint":false})").destructive_hint());
  EXPECT_FALSE(tool("frob", R"("annotations":[])").destructive_hint());
}

TEST(Tool, HarmlessNeedsTheHintAndNoArguments) {
  const std::string hint = R"("annotations":{"readOnlyHint":true})";
  EXPECT_TRUE(tool("get_env", hint).harmless());
  EXPECT_TRUE(tool("frob", hint).harmless());
  EXPECT_FALSE(tool("get_env").harmless());
  EXPECT_FALSE(tool("get_env", hint + R"(,"inputSchema":{"required":["x"]})").harmless());
}

std::string sentinel(const std::string& schema) {
  const auto arguments = sentinel_arguments(tool("t", R"("inputSchema":)" + schema), "n1");
  return arguments ? arguments->dump() : "none";
}

TEST(Sentinel, GivesEachRequiredPropertyAWrongType) {
  EXPECT_EQ(sentinel(R"({"properties":{"s":{"type":"string"},"o":{"type":"object"}},"required":["s","o"]})"),
            R"({"o":[{"audit":"n1"}],"s":{"audit":"n1"},"audit-n1":"n1"})");
  EXPECT_EQ(sentinel(R"({"properties":{"x":{"type":["string","object","null"]}},"required":["x"]})"),
            R"({"x":[{"audit":"n1"}],"audit-n1":"n1"})");
  EXPECT_EQ(sentinel(R"({"properties":{"x":{"enum":["a","b"]}},"required":["x"]})"), R"({"x":{"audit":"n1"},"audit-n1":"n1"})");
  EXPECT_EQ(sentinel(R"({"properties":{"x":{"type":["object","array"]}},"required":["x"]})"), R"({"x":"n1","audit-n1":"n1"})");
}

TEST(Sentinel, FollowsReferencesInsideTheSchemaOnly) {
  EXPECT_EQ(sentinel(R"({"$defs":{"D":{"type":"object"}},"properties":{"x":{"$ref":"#/$defs/D"}},"required":["x"]})"),
            R"({"x":[{"audit":"n1"}],"audit-n1":"n1"})");
  EXPECT_EQ(sentinel(R"({"properties":{"x":{"$ref":"http://evil.example/x"}},"required":["x"]})"), "none");
  EXPECT_EQ(sentinel(R"({"$defs":{"D":{"$ref":"#/$defs/D"}},"properties":{"x":{"$ref":"#/$defs/D"}},"required":["x"]})"), "none");
}

TEST(Sentinel, SendsUntypedRequiredPropertiesBesideATypedOne) {
  EXPECT_EQ(sentinel(R"({"properties":{"s":{"type":"string"}},"required":["s","u"]})"),
            R"({"s":{"audit":"n1"},"u":{"audit":"n1"},"audit-n1":"n1"})");
}

TEST(Sentinel, DoesNotExistWithoutATypedRequiredProperty) {
  EXPECT_EQ(sentinel(R"({"properties":{"s":{"type":"string"}}})"), "none");
  EXPECT_EQ(sentinel(R"({"required":["s"]})"), "none");
  EXPECT_EQ(sentinel(R"({"properties":{"x":{"anyOf":[{"type":"string"},{}]}},"required":["x"]})"), "none");
  EXPECT_EQ(
      sentinel(
          R"({"properties":{"x":{"type":["string","number","integer","boolean","array","object","null"]}},"required":["x"]})"),
      "none");
  EXPECT_EQ(sentinel("[]"), "none");
  EXPECT_FALSE(sentinel_arguments(tool("t"), "n1"));
}

}  // namespace
}  // namespace mcprove::mcp
