#include "mcp/catalogue.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mcp/harness.h"

namespace mcprove::mcp {
namespace {

using test::error_for;
using test::method_of;
using test::result_for;
using test::Wired;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Client stateless_client(Wired& wired) { return Client(wired.recorder, {Wire::stateless, test::target, "2026-07-28"}, {}); }

std::string cursor_of(const net::Request& request) { return test::body_of(request).at("params").string("cursor").value_or(""); }

TEST(Catalogue, ReadsAllFourListsAndTheInstructions) {
  Wired wired([](const net::Request& request) -> Result<net::Response> {
    const auto method = method_of(request);
    if (method == "tools/list") {
      return cursor_of(request).empty() ? result_for(request, R"({"tools":[{"name":"a"},{"no":"name"},7],"nextCursor":"p2"})")
                                        : result_for(request, R"({"tools":[{"name":"b"}]})");
    }
    if (method == "resources/list") return result_for(request, R"({"resources":[{"uri":"x:1"}]})");
    if (method == "resources/templates/list") return error_for(request, 404, -32601, "Method not found");
    if (method == "prompts/list") return test::answer(401, "");
    return result_for(request, R"({"supportedVersions":["2026-07-28"],"instructions":"be kind"})");
  });
  auto client = stateless_client(wired);
  const auto catalogue = read_catalogue(client).value();
  ASSERT_THAT(catalogue.tools, SizeIs(2));
  EXPECT_NE(catalogue.find("b"), nullptr);
  EXPECT_EQ(catalogue.find("c"), nullptr);
  EXPECT_THAT(catalogue.resources, SizeIs(1));
  EXPECT_THAT(catalogue.unsupported, ElementsAre("resources/templates/list"));
  EXPECT_THAT(catalogue.refused, ElementsAre("prompts/list"));
  EXPECT_EQ(catalogue.instructions, "be kind");
  EXPECT_THAT(catalogue.exchanges, SizeIs(6));
  EXPECT_FALSE(catalogue.truncated);
}

TEST(Catalogue, EndsAtARepeatedCursor) {
  Wired wired([](const net::Request& request) -> Result<net::Response> {
    return result_for(request,
                      R"({"tools":[{"name":"a"}],"nextCursor":")" + std::string(cursor_of(request) == "x" ? "y" : "x") + "\"}");
  });
  auto client = stateless_client(wired);
  EXPECT_THAT(list_tools(client).value(), SizeIs(3));
}

TEST(Catalogue, BoundsPages) {
  int page = 0;
  Wired wired([&](const net::Request& request) -> Result<net::Response> {
    if (method_of(request) != "tools/list") return error_for(request, 404, -32601, "no");
    return result_for(request, R"({"tools":[{"name":"t"}],"nextCursor":")" + std::to_string(++page) + "\"}");
  });
  auto client = stateless_client(wired);
  const auto catalogue = read_catalogue(client).value();
  EXPECT_THAT(catalogue.tools, SizeIs(100));
  EXPECT_TRUE(catalogue.truncated);
}

TEST(Catalogue, BoundsEntries) {
  std::string many = R"({"name":"t"})";
  for (int i = 1; i < 6000; ++i) many += R"(,{"name":"t"})";
  Wired wired([&](const net::Request& request) -> Result<net::Response> {
    if (method_of(request) != "tools/list") return error_for(request, 404, -32601, "no");
    return result_for(request, R"({"tools":[)" + many + R"(],"nextCursor":"p)" + cursor_of(request) + "\"}");
  });
  auto client = stateless_client(wired);
  const auto catalogue = read_catalogue(client).value();
  EXPECT_THAT(catalogue.tools, SizeIs(10'000));
  EXPECT_TRUE(catalogue.truncated);
}

TEST(Catalogue, KeepsWhatCameBeforeAFailingPage) {
  Wired wired([](const net::Request& request) -> Result<net::Response> {
    if (method_of(request) == "tools/list" && cursor_of(request).empty())
      return result_for(request, R"({"tools":[{"name":"a"}],"nextCursor":"p2"})");
    return test::answer(500, "");
  });
  auto client = stateless_client(wired);
  const auto catalogue = read_catalogue(client).value();
  EXPECT_THAT(catalogue.tools, SizeIs(1));
  EXPECT_TRUE(catalogue.truncated);
  EXPECT_THAT(catalogue.unclear, ElementsAre("resources/list", "resources/templates/list", "prompts/list"));
  EXPECT_THAT(catalogue.unsupported, IsEmpty());
}

TEST(Catalogue, SaysWhyThereAreNoTools) {
  const auto kind_with = [](const net::Response& response) {
    Wired wired([&](const net::Request&) -> Result<net::Response> { return response; });
    auto client = stateless_client(wired);
    const auto tools = list_tools(client);
    EXPECT_FALSE(tools.has_value());
    return tools ? Error::Kind::network : tools.error().kind;
  };
  EXPECT_EQ(kind_with(test::answer(500, "")), Error::Kind::malformed);
  EXPECT_EQ(kind_with(test::answer(429, "")), Error::Kind::rate_limited);
  EXPECT_EQ(kind_with(test::answer(403, "<html>captcha</html>", "text/html")), Error::Kind::blocked);
  EXPECT_EQ(kind_with(test::answer(200, R"({"jsonrpc":"2.0","id":1,"result":{"tools":{}}})")), Error::Kind::malformed);
  EXPECT_EQ(kind_with(test::answer(401, "")), Error::Kind::unavailable);
}

TEST(Catalogue, IsAnErrorWhenTheHandshakeIsRefused) {
  Wired wired([](const net::Request&) -> Result<net::Response> { return test::answer(401, ""); });
  Client client(wired.recorder, {Wire::handshake, test::target, ""}, {});
  EXPECT_FALSE(read_catalogue(client).has_value());
  EXPECT_THAT(wired.asked(), ElementsAre("POST initialize"));
}

TEST(Catalogue, DeniedToolsAreAnAnswer) {
  Wired wired([](const net::Request&) -> Result<net::Response> { return test::answer(401, ""); });
  auto client = stateless_client(wired);
  const auto catalogue = read_catalogue(client).value();
  EXPECT_THAT(catalogue.tools, IsEmpty());
  EXPECT_THAT(catalogue.refused, ElementsAre("tools/list", "resources/list", "resources/templates/list", "prompts/list"));
}

}  // namespace
}  // namespace mcprove::mcp
