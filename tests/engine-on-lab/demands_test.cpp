// Whole audits of sound servers whose authorization server demands more of clients than most: the honest flow works, checks
// run, nothing fails, and what cannot be tried says why.
#include <map>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checks/registry.h"
#include "net/listener.h"
#include "oauth/publish.h"
#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Audited {
  std::optional<Error> login{};
  std::map<Outcome, std::set<std::string>> ids{};
  std::string told{};  ///< what failed, and what was inconclusive and why
  RunOutcome outcome{};

  int passed() const { return ids.contains(Outcome::pass) ? static_cast<int>(ids.at(Outcome::pass).size()) : 0; }
  std::set<std::string> with(Outcome which) const { return ids.contains(which) ? ids.at(which) : std::set<std::string>{}; }
};

Audited audit_with(std::string_view flags, const std::function<void(Options&)>& change = {}) {
  ManualClock clock{std::chrono::system_clock::now()};
  auto chosen = configured(flags);
  chosen.now = [&clock] { return clock.now(); };
  const lab::Lab lab(chosen);
  auto options = lab_options(lab);
  if (change) change(options);
  World world;
  world.clock = &clock;
  Audited out;
  out.outcome = Audit(Registry(checks::all()), options, {}, world).run();
  out.login = out.outcome.login_error;
  for (const auto& result : out.outcome.checks) {
    out.ids[result.folded.outcome].insert(std::string(result.check->id));
    if (result.folded.outcome != Outcome::fail && result.folded.outcome != Outcome::inconclusive) continue;
    out.told += std::string(result.check->id) + ": " + std::string(name(result.folded.outcome)) + "\n";
    for (const auto& [each, verdict] : result.cases.all())
      if (verdict.outcome() == Outcome::fail || verdict.outcome() == Outcome::inconclusive)
        out.told += "  " + each + ": " + verdict.because() + "\n";
  }
  return out;
}

/// Requests to this path of the authorization server, and how many of them had this in the body or a header field.
int sent(const RunOutcome& outcome, std::string_view path, std::string_view with) {
  int count = 0;
  for (std::size_t i = 0; i < outcome.transcript->size(); ++i) {
    const auto& request = outcome.transcript->at(static_cast<net::ExchangeId>(i)).request;
    if (request.url.find(path) == std::string::npos) continue;
    const bool in_header = request.headers.has(with);
    count += in_header || request.body.find(with) != std::string::npos ? 1 : 0;
  }
  return count;
}

class Demands : public ::testing::TestWithParam<const char*> {};

TEST_P(Demands, AreMetAndASoundServerIsFoundSound) {
  const auto audited = audit_with(GetParam());
  ASSERT_FALSE(audited.login) << audited.login->message;
  EXPECT_THAT(audited.with(Outcome::fail), IsEmpty()) << audited.told;
  EXPECT_GT(audited.passed(), 35) << audited.told;
}

INSTANTIATE_TEST_SUITE_P(OfTheLab, Demands,
                         ::testing::Values("--demand par", "--demand dpop", "--demand private-key-jwt",
                                           "--demand initial-access-token",
                                           "--demand par --demand dpop --demand private-key-jwt --demand initial-access-token",
                                           "--architecture external --demand dpop --token opaque", "--wire sse --demand dpop"),
                         [](const auto& row) {
                           std::string name;
                           for (const char c : std::string_view(row.param)) name += std::isalnum(c) != 0 ? c : '_';
                           return name;
                         });

TEST(DemandsOf, AnAuthorizationServerAreWhatIsSent) {
  const auto audited = audit_with("--demand par --demand dpop --demand private-key-jwt --demand initial-access-token");
  EXPECT_GT(sent(audited.outcome, "/par", "client_assertion="), 0);
  EXPECT_GT(sent(audited.outcome, "/token", "DPoP"), 0);
  EXPECT_GT(sent(audited.outcome, "/mcp", "DPoP"), 0);
}

TEST(DemandsOf, ADocumentInsteadOfARegistrationAreMetByOurOwn) {
  const auto port = (*net::Listener::bind())->port();
  oauth::ClientPlan plan;
  plan.cimd_url = "http://127.0.0.1:" + std::to_string(port) + "/mcprove.json";
  const auto published = oauth::PublishedDocument::publish(plan);
  ASSERT_TRUE(published && *published) << published.error().message;
  const auto audited = audit_with("--demand cimd", [&](Options& options) {
    for (auto& identity : options.identities) identity.client = plan;
  });
  ASSERT_FALSE(audited.login) << audited.login->message;
  EXPECT_THAT(audited.with(Outcome::fail), IsEmpty()) << audited.told;
  EXPECT_GT(audited.passed(), 20) << audited.told;
}

TEST(DemandsOf, ATokenForRegistrationAreNoLoginWithoutIt) {
  const auto audited = audit_with("--demand initial-access-token", [](Options& options) {
    for (auto& identity : options.identities) identity.client.initial_access_token.clear();
  });
  ASSERT_TRUE(audited.login);
  EXPECT_THAT(audited.login->message, HasSubstr("registration was refused: 401"));
  EXPECT_THAT(audited.with(Outcome::fail), IsEmpty()) << audited.told;
}

}  // namespace
}  // namespace mcprove::testing
