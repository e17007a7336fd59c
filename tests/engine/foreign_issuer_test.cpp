// A hostile target names somebody else's server as its issuer. Nothing may be sent there but reading GETs.
#include <mutex>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "base/text.h"
#include "checks/registry.h"
#include "engine/audit.h"
#include "tests/support/scripted_transport.h"

namespace mcprove {
namespace {

net::Response answer(int status, const std::string& type, std::string body) {
  net::Response response;
  response.status = status;
  response.headers.add("Content-Type", type);
  response.body = std::move(body);
  return response;
}

/// The target demands a token and points at victim.example; whatever is asked there is noted.
class Trap {
 public:
  std::set<std::string> methods_at_victim() const { return methods_; }
  bool victim_saw(const std::string& word) const { return seen_.find(word) != std::string::npos; }

  Result<net::Response> answer_to(const net::Request& request) {
    if (request.url.starts_with("https://victim.example")) {
      const std::scoped_lock lock(mutex_);
      methods_.insert(request.method);
      seen_ += request.url + request.body;
      for (const auto& [name, value] : request.headers.fields) seen_ += value;
      if (request.url.find("/.well-known/oauth-authorization-server") == std::string::npos) return answer(404, "text/plain", "");
      return answer(200, "application/json",
                    R"({"issuer":"https://victim.example","authorization_endpoint":"https://victim.example/authorize",
        "token_endpoint":"https://victim.example/token","registration_endpoint":"https://victim.example/register",
        "introspection_endpoint":"https://victim.example/introspect","revocation_endpoint":"https://victim.example/revoke",
        "response_types_supported":["code"],"code_challenge_methods_supported":["S256"]})");
    }
    if (request.url.find("oauth-protected-resource") != std::string::npos)
      return answer(200, "application/json",
                    R"({"resource":"https://target.example/mcp","authorization_servers":["https://victim.example"]})");
    if (!request.url.starts_with("https://target.example/mcp")) return answer(404, "text/plain", "");
    auto refused = answer(401, "application/json", R"({"error":"invalid_token"})");
    refused.headers.add("WWW-Authenticate",
                        R"(Bearer resource_metadata="https://target.example/.well-known/oauth-protected-resource/mcp")");
    return refused;
  }

 private:
  std::mutex mutex_;
  std::set<std::string> methods_;
  std::string seen_;
};

RunOutcome audit(Trap& trap, Options options) {
  options.url = "https://target.example/mcp";
  options.effect = Effect::intrusive;
  options.authorized_by = "a test";
  options.store = false;
  World world;
  world.transport = [&](const net::Scope&) {
    return std::make_unique<test::ScriptedTransport>([&](const net::Request& request) { return trap.answer_to(request); });
  };
  const Registry registry(checks::all());
  return Audit(registry, options, {}, world).run();
}

TEST(ForeignIssuer, SeesNothingButReading) {
  Trap trap;
  const auto outcome = audit(trap, {});
  EXPECT_FALSE(outcome.checks.empty());
  EXPECT_EQ(trap.methods_at_victim(), std::set<std::string>{"GET"});
  for (const auto& result : outcome.checks)
    if (result.check->check->info.at_issuer && result.check->check->info.effect != Effect::passive) {
      EXPECT_NE(result.folded.outcome, Outcome::pass) << result.check->id;
    }
}

/// A resource server's client opens the tokens of everybody: it goes nowhere that the user did not name.
TEST(ForeignIssuer, IsNotShownTheClientThatIntrospects) {
  Trap trap;
  Options options;
  Identity person;
  person.name = person.user = "alice";
  person.password = "a-password-of-alice";
  options.identities = {person};
  options.introspection = {"resource-server", "the-secret-of-the-resource-server"};
  static_cast<void>(audit(trap, options));
  EXPECT_TRUE(trap.victim_saw("client_name")) << "a login was given, so there is one honest client";
  EXPECT_FALSE(trap.victim_saw("the-secret-of-the-resource-server"));
  EXPECT_FALSE(trap.victim_saw(text::base64_encode("resource-server:the-secret-of-the-resource-server")));
}

}  // namespace
}  // namespace mcprove
