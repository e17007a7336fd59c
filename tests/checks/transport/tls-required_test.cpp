#include <optional>
#include <string>

#include "support/check_test.h"
#include "support/odd_server.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;
using Odd = std::optional<Result<net::Response>>;

/// The server at its port of https, and what is said in plain http at port 80.
OddServer::Oddity in_clear(const std::function<Result<net::Response>(const net::Request&)>& say) {
  return [say](const net::Request& request, std::string_view) -> Odd {
    if (request.url.starts_with("http:")) return say(request);
    return {};
  };
}

net::Response redirect(const std::string& location) {
  net::Response response;
  response.status = 301;
  response.headers.add("Location", location);
  return response;
}

net::Response challenge() {
  auto refused = OddServer::json(401, R"({"error":"invalid_token"})");
  refused.headers.add("WWW-Authenticate", "Bearer");
  return refused;
}

TEST(TlsRequired, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("tls-required"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
  EXPECT_THAT(audit_lab("tls-required", {}, {.lab = configured("--tls")}), Is(Outcome::pass));
}

TEST(TlsRequired, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"plain-text-served"})
    EXPECT_THAT(audit_lab("tls-required", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(TlsRequired, AsksPort80OfAServerWithTheUsualPort) {
  OddServer served(in_clear([](const net::Request&) { return challenge(); }));
  EXPECT_THAT(served.audit("tls-required"), Case("MCP endpoint", Outcome::fail));
  OddServer redirects(in_clear([](const net::Request&) { return redirect("https://mcp.example/mcp"); }));
  EXPECT_THAT(redirects.audit("tls-required"), Is(Outcome::pass));
  OddServer nobody(in_clear([](const net::Request&) { return failure(Error::Kind::network, "connection refused"); }));
  EXPECT_THAT(nobody.audit("tls-required"), Is(Outcome::pass));
  OddServer another(in_clear([](const net::Request&) { return OddServer::page(404, "<h1>Not here</h1>"); }));
  EXPECT_THAT(another.audit("tls-required"), Is(Outcome::pass));
}

TEST(TlsRequired, AsksPort80BesidesAnotherPort) {
  OddServer served(in_clear([](const net::Request& request) -> Result<net::Response> {
    if (request.url.find(":8443") != std::string::npos) return failure(Error::Kind::network, "no HTTP");
    return challenge();
  }));
  const auto elsewhere = [](Options& options) { options.url = "https://mcp.example:8443/mcp"; };
  const auto run = served.audit("tls-required", elsewhere);
  EXPECT_THAT(run, Case("MCP endpoint", Outcome::pass));
  EXPECT_THAT(run, Case("MCP endpoint, port 80", Outcome::fail));
}

TEST(TlsRequired, CallsNoFilteredPortSafe) {
  OddServer filtered(in_clear([](const net::Request&) { return failure(Error::Kind::timeout, "no answer"); }));
  EXPECT_THAT(filtered.audit("tls-required"), Is(Outcome::inconclusive));
  OddServer breaks(in_clear([](const net::Request&) { return OddServer::page(502, "bad gateway"); }));
  EXPECT_THAT(breaks.audit("tls-required"), Is(Outcome::inconclusive));
}

TEST(TlsRequired, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("tls-required", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
