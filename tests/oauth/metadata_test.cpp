#include "oauth/metadata.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/oauth/site.h"

namespace mcprove::oauth::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::vector<std::string> places(const char* issuer_url) { return well_known_urls(*net::Url::parse(issuer_url)); }

TEST(WellKnownUrls, InsertThePathInTheOrderOfTheSpecification) {
  EXPECT_THAT(places("https://as.example"), ElementsAre("https://as.example/.well-known/oauth-authorization-server",
                                                        "https://as.example/.well-known/openid-configuration"));
  EXPECT_EQ(places("https://as.example/"), places("https://as.example"));
  EXPECT_THAT(places("https://as.example:8443/t/1"),
              ElementsAre("https://as.example:8443/.well-known/oauth-authorization-server/t/1",
                          "https://as.example:8443/.well-known/openid-configuration/t/1",
                          "https://as.example:8443/t/1/.well-known/openid-configuration"));
  EXPECT_EQ(places("https://as.example/t/1/"), places("https://as.example/t/1"));
  EXPECT_EQ(places("https://as.example//t").front(), "https://as.example/.well-known/oauth-authorization-server//t");
}

TEST(ResourceWellKnownUrls, InsertPathAndQuery) {
  const auto of = [](const char* url) { return resource_well_known_urls(*net::Url::parse(url)); };
  EXPECT_THAT(of("https://rs.example/mcp"), ElementsAre("https://rs.example/.well-known/oauth-protected-resource/mcp",
                                                        "https://rs.example/.well-known/oauth-protected-resource"));
  EXPECT_THAT(of("https://rs.example/"), ElementsAre("https://rs.example/.well-known/oauth-protected-resource"));
  EXPECT_EQ(of("https://rs.example/mcp?t=1").front(), "https://rs.example/.well-known/oauth-protected-resource/mcp?t=1");
}

struct Metadata : testing::Test {
  Bench bench{};
  Metadata() { bench.scope.name_origin("https://rs.example", net::Reach::read); }
  Result<ProtectedResource> resource(const std::string& header = {}) {
    return discover_resource(bench.recorder, *net::Url::parse("https://rs.example/mcp"), header, &tried);
  }
  std::vector<Fetched> tried{};
};

constexpr const char* at_path = "GET https://rs.example/.well-known/oauth-protected-resource/mcp";
constexpr const char* at_root = "GET https://rs.example/.well-known/oauth-protected-resource";
constexpr const char* document =
    R"({"resource":"https://rs.example/mcp","authorization_servers":["https://as.example"],"scopes_supported":["read",7]})";

TEST_F(Metadata, PrefersTheHeaderThenThePathThenTheRootAndAsksThemAll) {
  bench.site.on(at_path, json(200, document)).on(at_root, json(200, R"({"resource":"https://rs.example"})"));
  bench.site.on("GET https://rs.example/meta", json(200, R"({"resource":"by-header"})"));
  auto found = resource();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->source, ResourceSource::path);
  EXPECT_EQ(found->resource, "https://rs.example/mcp");
  EXPECT_THAT(found->authorization_servers, ElementsAre("https://as.example"));
  EXPECT_THAT(found->scopes_supported, ElementsAre("read"));
  EXPECT_THAT(found->tried, SizeIs(2));
  found = resource("https://rs.example/meta");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->source, ResourceSource::header);
  EXPECT_EQ(found->resource, "by-header");
  EXPECT_THAT(found->tried, SizeIs(3));
  bench.site.on(at_path, html(404, ""));
  EXPECT_EQ(resource()->source, ResourceSource::root);
}

TEST_F(Metadata, AsksAPlaceOnceThatTheHeaderNamesToo) {
  bench.site.on(at_path, json(200, document));
  const auto found = resource("https://rs.example/.well-known/oauth-protected-resource/mcp");
  EXPECT_EQ(found->source, ResourceSource::header);
  EXPECT_EQ(bench.site.count(), 2U);
}

TEST_F(Metadata, SaysWhatStoodWhere) {
  bench.site.on(at_path, html(200, "<html>app</html>")).on(at_root, json(200, "[1]"));
  const auto found = resource();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, Error::Kind::unavailable);
  EXPECT_THAT(found.error().message, HasSubstr("not JSON: text/html"));
  ASSERT_THAT(tried, SizeIs(2));
  EXPECT_EQ(tried[0].status, 200);
  EXPECT_EQ(tried[0].media_type, "text/html");
  EXPECT_FALSE(tried[0].usable());
  EXPECT_EQ(tried[1].problem, "JSON, but no object");
}

TEST_F(Metadata, TellsTroubleFromAbsence) {
  bench.site.on(at_path, html(429, ""));
  EXPECT_EQ(resource().error().kind, Error::Kind::rate_limited);
  bench.site.on(at_path, json(200, R"({"error":"nothing here"})"));
  EXPECT_EQ(resource().error().kind, Error::Kind::unavailable);
}

TEST_F(Metadata, FollowsRedirectsWithinTheOriginOnly) {
  bench.site.on(at_path, redirect(302, "/elsewhere")).on("GET https://rs.example/elsewhere", json(200, document));
  EXPECT_TRUE(resource());
  bench.scope.found_origin("https://evil.example");
  bench.site.on(at_path, redirect(302, "https://evil.example/doc"))
      .on(at_root, redirect(302, "/.well-known/oauth-protected-resource"));
  EXPECT_FALSE(resource());
  EXPECT_FALSE(bench.site.contacted("https://evil.example"));
  EXPECT_EQ(tried[0].problem, "302 to https://evil.example");
  EXPECT_LT(bench.site.count(), 12U);
}

TEST_F(Metadata, LetsFoundOriginsBeReadAndNoMore) {
  bench.site.on(at_path, json(200, R"({"resource":"x","authorization_servers":["https://found.example/t"]})"));
  EXPECT_EQ(bench.scope.reach("https://found.example"), net::Reach::none);
  ASSERT_TRUE(resource());
  EXPECT_EQ(bench.scope.reach("https://found.example"), net::Reach::read);
}

TEST_F(Metadata, DoesNotReadAPrivatePlaceThatAHeaderNames) {
  const auto found = resource("http://169.254.169.254/latest");
  EXPECT_FALSE(found);
  EXPECT_FALSE(bench.site.contacted("http://169.254.169.254"));
  EXPECT_THAT(tried[0].problem, HasSubstr("refused"));
}

TEST_F(Metadata, ReadsAServerAndKeepsWhatItClaimsApart) {
  bench.site.on(
      "GET https://as.example/.well-known/openid-configuration/t",
      json(
          200,
          R"({"issuer":"https://as.example/t/","authorization_endpoint":"https://login.example/a","token_endpoint":"https://as.example//token",
                "jwks_uri":"https://keys.example/k","code_challenge_methods_supported":["S256"],"authorization_response_iss_parameter_supported":true})"));
  const auto found = discover_server(bench.recorder, "https://as.example/t", &tried);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->issuer, "https://as.example/t");
  EXPECT_EQ(found->claimed_issuer, "https://as.example/t/");
  EXPECT_EQ(found->token_endpoint, "https://as.example//token");
  EXPECT_THAT(found->code_challenge_methods, ElementsAre("S256"));
  EXPECT_TRUE(found->iss_parameter_supported);
  EXPECT_TRUE(found->openid);
  EXPECT_THAT(tried, SizeIs(3));
  EXPECT_EQ(bench.scope.reach("https://login.example"), net::Reach::read);
  EXPECT_EQ(bench.scope.reach("https://keys.example"), net::Reach::read);
}

TEST_F(Metadata, TakesTheFirstDocumentThatIsOne) {
  bench.site.on("GET https://as.example/.well-known/oauth-authorization-server", json(200, R"({"hello":"world"})"));
  bench.site.on("GET https://as.example/.well-known/openid-configuration",
                json(200, R"({"issuer":"https://as.example","token_endpoint":7})"));
  const auto found = discover_server(bench.recorder, issuer);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->claimed_issuer, issuer);
  EXPECT_EQ(found->token_endpoint, "");
}

TEST_F(Metadata, RemembersWhatItsExchangesFollowedFrom) {
  ASSERT_TRUE(bench.recorder.send({.url = "https://rs.example/mcp"}));
  bench.site.on(at_path, json(200, document));
  const net::Recorder::Capture capture;
  ASSERT_TRUE(resource());
  EXPECT_THAT(capture.exchanges(), SizeIs(2));
  for (const auto id : capture.exchanges()) EXPECT_THAT(bench.transcript.at(id).after, ElementsAre(net::ExchangeId{0}));
}

TEST(AssumedMetadata, StandsOnTheServersOrigin) {
  const auto assumed = assumed_metadata(*net::Url::parse("https://rs.example/deep/mcp"));
  EXPECT_TRUE(assumed.assumed);
  EXPECT_EQ(assumed.issuer, "https://rs.example");
  EXPECT_EQ(assumed.token_endpoint, "https://rs.example/token");
}

}  // namespace
}  // namespace mcprove::oauth::test
