#include <atomic>
#include <optional>
#include <string>

#include "json/json.h"
#include "support/check_test.h"
#include "support/odd_server.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(DcrRedirectDangerousScheme, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("dcr-redirect-dangerous-scheme"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(DcrRedirectDangerousScheme, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw :
       {"any-redirect-scheme", "only-javascript-refused", "script-scheme-refused-in-lower-case", "file-and-blob-redirects"})
    EXPECT_THAT(audit_lab("dcr-redirect-dangerous-scheme", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(DcrRedirectDangerousScheme, IsCriticalWhereAPageLeadsToTheScript) {
  const auto severity = [](std::string_view flaw) {
    const auto run = audit_lab("dcr-redirect-dangerous-scheme", {flaw});
    EXPECT_THAT(run, Is(Outcome::fail));
    return run.first()->folded.severity;
  };
  EXPECT_EQ(severity("any-redirect-scheme"), Severity::high) << "its pages say where it goes, and lead nowhere";
  EXPECT_EQ(severity("script-redirect-linked"), Severity::critical);
}

using Odd = std::optional<Result<net::Response>>;

bool registers(const net::Request& request, std::string_view path) { return path == "/register" && request.method == "POST"; }

/// The redirect URIs of a registration.
std::vector<std::string> uris_of(const net::Request& request) {
  return json::parse(request.body).value_or(json::Value()).strings("redirect_uris");
}

bool is_ordinary(const net::Request& request) { return uris_of(request).front().starts_with("http"); }

TEST(DcrRedirectDangerousScheme, SparesRegistrationsAtAServerThatRefusesAll) {
  OddServer server;
  EXPECT_THAT(server.audit("dcr-redirect-dangerous-scheme"), Is(Outcome::pass));
  EXPECT_LE(server.registrations(), 10) << "the ordinary one, eight, and one group";
}

TEST(DcrRedirectDangerousScheme, FitsWithTheRestIntoWhatAnAuthorizationServerOfThisMachineIsAsked) {
  const auto run = audit_lab("dcr-redirect-dangerous-scheme", {}, {.options = [](Options& options) {
                               options.budgets = {};
                               options.only.clear();
                             }});
  EXPECT_THAT(run, Is(Outcome::pass));
  EXPECT_LE(run.outcome.totals.registrations, 20);
}

TEST(DcrRedirectDangerousScheme, AsksForViewSourceAsAWebClientOnly) {
  OddServer server([](const net::Request& request, std::string_view path) -> Odd {
    // A native app may have a scheme of its own, and this server does not know that this one is none.
    const auto native = request.body.find(R"("application_type":"native")") != std::string::npos;
    if (!registers(request, path) || !native || uris_of(request) != std::vector<std::string>{"view-source:https://x"}) return {};
    return OddServer::json(201, json::parse(request.body)->with("client_id", json::str("taken")).dump());
  });
  EXPECT_THAT(server.audit("dcr-redirect-dangerous-scheme"), Is(Outcome::pass));
}

TEST(DcrRedirectDangerousScheme, DoesNotTakeALimitForARefusal) {
  OddServer server([](const net::Request& request, std::string_view path) -> Odd {
    if (!registers(request, path) || is_ordinary(request)) return {};
    return OddServer::json(429, R"({"error":"too_many_requests"})");
  });
  const auto run = server.audit("dcr-redirect-dangerous-scheme");
  EXPECT_THAT(run, Is(Outcome::inconclusive));
  EXPECT_EQ(run.first()->folded.reason, Reason::rate_limited);
}

TEST(DcrRedirectDangerousScheme, WantsAnotherOrdinaryClientAfterARefusalWithoutAReason) {
  const auto refuse = [](bool closes) {
    return [closes, refused = std::make_shared<std::atomic<bool>>(false)](const net::Request& request,
                                                                          std::string_view path) -> Odd {
      if (!registers(request, path) || (is_ordinary(request) && !(closes && *refused))) return {};
      *refused = true;
      return OddServer::json(400, R"({"message":"no"})");
    };
  };
  OddServer open(refuse(false));
  EXPECT_THAT(open.audit("dcr-redirect-dangerous-scheme"), Is(Outcome::pass));
  OddServer closes(refuse(true));
  EXPECT_THAT(closes.audit("dcr-redirect-dangerous-scheme"), Is(Outcome::inconclusive));
}

TEST(DcrRedirectDangerousScheme, DoesNotTakeAClosedDoorForARefusalOfTheAddress) {
  OddServer server([](const net::Request& request, std::string_view path) -> Odd {
    if (!registers(request, path)) return {};
    return OddServer::json(401, R"({"error":"invalid_token"})");
  });
  const auto given = [](Options& options) {
    Identity person;
    person.client.id = "known-beforehand";
    options.identities = {person};
  };
  EXPECT_THAT(server.audit("dcr-redirect-dangerous-scheme", given), Is(Outcome::inconclusive));
}

TEST(DcrRedirectDangerousScheme, PassesAnAddressThatIsLeftOutAndOfNoUse) {
  OddServer server([](const net::Request& request, std::string_view path) -> Odd {
    if (!registers(request, path) || is_ordinary(request)) return {};
    return OddServer::json(201, R"({"client_id":"without","redirect_uris":[],"token_endpoint_auth_method":"none"})");
  });
  EXPECT_THAT(server.audit("dcr-redirect-dangerous-scheme"), Is(Outcome::pass));
}

TEST(DcrRedirectDangerousScheme, FailsWhereAnAddressThatIsLeftOutIsUsedAllTheSame) {
  OddServer server([](const net::Request& request, std::string_view path) -> Odd {
    if (registers(request, path) && !is_ordinary(request))
      return OddServer::json(201, R"({"client_id":"without","token_endpoint_auth_method":"none"})");
    const auto at = net::Url::parse(request.url);
    if (path != "/authorize" || !at || at->params().get("client_id") != "without") return {};
    net::Response sent;
    sent.status = 302;
    sent.headers.add("Location", at->params().get("redirect_uri") + "?code=c&state=" + at->params().get("state"));
    return sent;
  });
  EXPECT_THAT(server.audit("dcr-redirect-dangerous-scheme"), Is(Outcome::fail));
}

TEST(DcrRedirectDangerousScheme, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("dcr-redirect-dangerous-scheme", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
