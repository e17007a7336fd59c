#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

#include "fixtures/core/flaws.h"
#include "fixtures/flaws/architecture.h"
#include "fixtures/flaws/discovery.h"
#include "fixtures/flaws/token-rs.h"
#include "fixtures/hostile.h"
#include "fixtures/lab.h"

namespace mcprove::lab::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string origin_of(const std::string& url) { return url.substr(0, url.find('/', std::string_view("http://").size())); }

LabOptions with(Architecture architecture, const std::vector<Flaw>& wanted = {}) {
  LabOptions options{.architecture = architecture};
  for (const auto& flaw : wanted) options.flaws.add(flaw);
  return options;
}

json get_json(const std::string& origin, const std::string& path) {
  httplib::Client http(origin);
  const auto answer = http.Get(path);
  return answer && answer->status == 200 ? json::parse(answer->body, nullptr, false) : json();
}

TEST(Topology, PublishesMetadataAtBothAddresses) {
  const Lab lab(with(Architecture::native));
  const auto origin = origin_of(lab.url());
  const auto inserted = get_json(origin, "/.well-known/oauth-protected-resource/mcp");
  EXPECT_EQ(inserted["resource"], lab.url());
  EXPECT_EQ(inserted["authorization_servers"], json::array({lab.issuer()}));
  EXPECT_EQ(inserted, get_json(origin, "/.well-known/oauth-protected-resource"));
  EXPECT_EQ(lab.issuer(), origin);
}

TEST(Topology, GivesTheOtherResourceAnOriginAndMetadataOfItsOwn) {
  const Lab lab(with(Architecture::native));
  const auto origin = origin_of(lab.other_resource());
  EXPECT_NE(origin, origin_of(lab.url()));
  const auto metadata = get_json(origin, "/.well-known/oauth-protected-resource/other/mcp");
  EXPECT_EQ(metadata["resource"], lab.other_resource());
  EXPECT_EQ(metadata["authorization_servers"], json::array({lab.issuer()}));
}

TEST(Topology, KeepsAnExternalIssuerOffTheMcpOrigin) {
  const Lab lab(with(Architecture::external));
  EXPECT_NE(lab.issuer(), origin_of(lab.url()));
  EXPECT_EQ(get_json(lab.issuer(), "/.well-known/oauth-authorization-server")["issuer"], lab.issuer());
  httplib::Client http(origin_of(lab.url()));
  for (const auto* path : {"/authorize", "/token", "/register", "/.well-known/oauth-authorization-server"})
    EXPECT_EQ(http.Get(path)->status, 404) << path;
}

TEST(Topology, LeavesAFormerServerBehindWhenAsked) {
  const Lab lab(with(Architecture::external, {flaw::legacy_endpoints_live}));
  const auto origin = origin_of(lab.url());
  EXPECT_EQ(get_json(origin, "/.well-known/oauth-authorization-server")["issuer"], origin);
}

TEST(Topology, CopiesMetadataFaithfullyWhenAsked) {
  const Lab lab(with(Architecture::external, {flaw::metadata_copied_to_origin}));
  EXPECT_EQ(get_json(origin_of(lab.url()), "/.well-known/oauth-authorization-server"),
            get_json(lab.issuer(), "/.well-known/oauth-authorization-server"));
}

TEST(Topology, ServesAnApiKeyWithoutAnyMetadata) {
  const Lab lab(with(Architecture::native, {flaw::api_key_only}));
  httplib::Client http(origin_of(lab.url()));
  EXPECT_EQ(http.Get("/.well-known/oauth-protected-resource")->status, 404);
  EXPECT_EQ(http.Get("/.well-known/oauth-authorization-server")->status, 404);
  const auto refused = http.Post("/mcp", "{}", "application/json");
  EXPECT_EQ(refused->status, 401);
  EXPECT_EQ(refused->get_header_value("WWW-Authenticate"), "Bearer realm=\"mcp\"");
}

TEST(Topology, NamesAnotherResourceWhenAsked) {
  const Lab lab(with(Architecture::native, {flaw::prm_foreign_resource}));
  EXPECT_EQ(get_json(origin_of(lab.url()), "/.well-known/oauth-protected-resource")["resource"], "https://mcp.lab.example/mcp");
}

TEST(Flaws, AreAllDescribed) {
  for (const auto& flaw : all_flaws()) {
    EXPECT_FALSE(flaw.what.empty()) << flaw.name;
    EXPECT_TRUE(!flaw.fails[0].empty() || !flaw.notes[0].empty()) << flaw.name;
    EXPECT_EQ(find_flaw(flaw.name), &flaw);
  }
  EXPECT_EQ(find_flaw("no-such-flaw"), nullptr);
}

TEST(Hostile, NamesAForeignIssuerAndRecordsWhatThatHears) {
  const HostileServer elsewhere(Behaviour::not_found);
  const HostileServer server(Behaviour::foreign_issuer, elsewhere.origin());
  httplib::Client http(server.origin());
  const auto refused = http.Post("/mcp", "{}", "application/json");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 401);
  EXPECT_THAT(refused->get_header_value("WWW-Authenticate"), HasSubstr("/.well-known/oauth-protected-resource/mcp"));
  EXPECT_EQ(get_json(server.origin(), "/.well-known/oauth-protected-resource/mcp")["authorization_servers"][0],
            elsewhere.origin());
  httplib::Client(elsewhere.origin()).Post("/token", "secret=1", "application/x-www-form-urlencoded");
  ASSERT_EQ(elsewhere.received().size(), 1U);
  EXPECT_EQ(elsewhere.received()[0].method, "POST");
  EXPECT_EQ(elsewhere.received()[0].target, "/token");
  EXPECT_EQ(elsewhere.received()[0].body, "secret=1");
}

TEST(Hostile, DripsOnlyWhenDriven) {
  HostileServer server(Behaviour::slow_drip);
  server.drip(4096);
  const auto answer = httplib::Client(server.origin()).Get("/mcp");
  ASSERT_TRUE(answer);
  EXPECT_THAT(answer->body, StartsWith("{\"jsonrpc\""));
}

TEST(Hostile, ClosesForgesAndEndsHalfway) {
  for (const auto behaviour : {Behaviour::closes_at_once, Behaviour::forged_status_line, Behaviour::half_chunked_body}) {
    const HostileServer server(behaviour);
    EXPECT_FALSE(httplib::Client(server.origin()).Get("/mcp"));
  }
}

TEST(Hostile, StopsWhileAClientWaits) {
  HostileServer server(Behaviour::never_answers);
  std::thread waiting([&] { EXPECT_FALSE(httplib::Client(server.origin()).Get("/mcp")); });
  while (server.received().empty()) std::this_thread::yield();
  server.stop();
  waiting.join();
}

}  // namespace
}  // namespace mcprove::lab::testing
