// Several people in one run: side by side, with tokens that end on the way, and grants that end each other.
#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "checks/registry.h"
#include "engine/session.h"
#include "net/curl.h"
#include "net/url.h"
#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Names = std::set<std::string>;

/// A lab and an engine with one clock between them, which moves when somebody would sleep.
struct Arena {
  ManualClock clock{std::chrono::system_clock::now()};
  lab::LabOptions lab{};
  std::function<void(Options&)> options{};
  World world{};

  RunOutcome audit() {
    lab.now = [this] { return clock.now(); };
    const lab::Lab running(lab);
    auto chosen = lab_options(running);
    if (options) options(chosen);
    world.clock = &clock;
    return Audit(Registry(checks::all()), chosen, {}, world).run();
  }
};

Names with_outcome(const RunOutcome& outcome, Outcome wanted) {
  Names names;
  for (const auto& result : outcome.checks)
    if (result.folded.outcome == wanted) names.insert(std::string(result.check->id));
  return names;
}

std::string why(const RunOutcome& outcome, const std::string& id) {
  for (const auto& result : outcome.checks)
    if (result.check->id == id) return result.folded.because;
  return "not run";
}

int asked(const RunOutcome& outcome, std::string_view purpose) {
  int times = 0;
  for (std::size_t i = 0; i < outcome.transcript->size(); ++i)
    times += outcome.transcript->at(static_cast<net::ExchangeId>(i)).request.purpose.starts_with(purpose) ? 1 : 0;
  return times;
}

/// Whoever sends a password waits until another person's is on its way too; nobody comes: the logins are serial.
class Meeting {
 public:
  void arrive(const std::string& person) {
    std::unique_lock lock(mutex_);
    people_.insert(person);
    changed_.notify_all();
    if (!changed_.wait_for(lock, 20s, [&] { return people_.size() > 1; })) alone_ = true;
  }
  bool met() {
    const std::scoped_lock lock(mutex_);
    return people_.size() > 1 && !alone_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> people_;
  bool alone_ = false;
};

/// libcurl, and a word before each request.
class Watching final : public net::Transport {
 public:
  using Before = std::function<void(const net::Request&)>;
  Watching(std::unique_ptr<net::Transport> inner, Before before) : inner_(std::move(inner)), before_(std::move(before)) {}
  Result<net::Response> send(const net::Request& request) override {
    before_(request);
    return inner_->send(request);
  }
  Result<std::unique_ptr<net::EventStream>> open(const net::Request& request) override { return inner_->open(request); }
  void stop() override { inner_->stop(); }

 private:
  std::unique_ptr<net::Transport> inner_;
  Before before_;
};

TEST(Identities, LogInSideBySide) {
  Meeting meeting;
  Arena setup;
  setup.options = [](Options& options) { options.only = {"static-token"}; };
  setup.world.transport = [&](const net::Scope& scope) {
    return std::make_unique<Watching>(net::make_curl_transport(scope), [&](const net::Request& request) {
      const auto fields = net::Params::decode(request.body);
      for (const auto& [name, value] : fields.fields())
        if (value == lab::alice.password || value == lab::bob.password) meeting.arrive(value);
    });
  };
  const auto outcome = setup.audit();
  EXPECT_FALSE(outcome.login_error);
  EXPECT_TRUE(meeting.met());
}

TEST(Identities, AFailedLoginCostsItsChecksAndNoOthers) {
  const auto sound = Arena{}.audit();
  Arena setup;
  setup.options = [](Options& options) { options.identities[1].password = "wrong-password"; };
  const auto outcome = setup.audit();
  ASSERT_TRUE(outcome.login_error);
  EXPECT_THAT(outcome.login_error->message, HasSubstr("no token for bob"));
  EXPECT_FALSE(outcome.fatal);
  EXPECT_THAT(outcome.findings, IsEmpty());
  Names because_of_bob;
  for (const auto& result : outcome.checks)
    for (const auto& [name, verdict] : result.cases.all())
      if (verdict.reason() == Reason::no_login && verdict.because().find("no token for bob") != std::string::npos)
        because_of_bob.insert(std::string(result.check->id));
  EXPECT_TRUE(because_of_bob.contains("static-token"));
  auto passed = with_outcome(outcome, Outcome::pass);
  passed.insert(because_of_bob.begin(), because_of_bob.end());
  for (const auto& id : with_outcome(sound, Outcome::pass)) EXPECT_TRUE(passed.contains(id)) << id;
}

TEST(Identities, TokensThatEndOnTheWayAreRefreshedAndEachRefreshTokenIsUsedOnce) {
  Arena setup;
  setup.lab.token_life = 40s;  // in a run of a minute
  setup.world.transport = [&](const net::Scope& scope) {
    return std::make_unique<Watching>(net::make_curl_transport(scope), [&](const net::Request&) { setup.clock.advance(100ms); });
  };
  const auto outcome = setup.audit();
  EXPECT_FALSE(outcome.login_error);
  EXPECT_THAT(outcome.findings, IsEmpty());
  EXPECT_GT(asked(outcome, "refresh of a token that expired"), 0);
  std::map<std::string, int> used;
  for (std::size_t i = 0; i < outcome.transcript->size(); ++i) {
    const auto& request = outcome.transcript->at(static_cast<net::ExchangeId>(i)).request;
    if (request.purpose.starts_with("refresh of a token")) ++used[net::Params::decode(request.body).get("refresh_token")];
  }
  for (const auto& [token, times] : used) EXPECT_EQ(times, 1);
  const auto sound = Arena{}.audit();
  const auto passed = with_outcome(outcome, Outcome::pass);
  for (const auto& id : with_outcome(sound, Outcome::pass)) EXPECT_TRUE(passed.contains(id)) << id << ": " << why(outcome, id);
}

TEST(Identities, GrantsThatEndEachOtherLeaveTheTokenChecksTheirVerdicts) {
  Arena setup;
  setup.lab.one_grant = true;
  const auto outcome = setup.audit();
  EXPECT_THAT(outcome.findings, IsEmpty());
  EXPECT_TRUE(outcome.bugs.empty());
  const auto passed = with_outcome(outcome, Outcome::pass);
  for (const auto* id : {"malformed-token-accepted", "jwt-alg-none", "jwt-signature-tamper", "token-in-query-accepted",
                         "auth-on-every-request", "origin-validation"})
    EXPECT_TRUE(passed.contains(id)) << id;
}

struct Coexisting : ::testing::Test {
  ManualClock clock{std::chrono::system_clock::now()};
  Result<Coexistence> learned = failure(Error::Kind::unavailable, "not asked");
  std::size_t sent_again = 0;
  void learn(lab::LabOptions options) {
    options.now = [this] { return clock.now(); };
    const lab::Lab running(options);
    World world;
    world.clock = &clock;
    Session session(lab_options(running), {}, world);
    const auto issuers = session.facts().issuers();
    ASSERT_TRUE(issuers && !issuers->empty());
    learned = session.facts().coexistence(issuers->front(), session.main_identity());
    const auto sent = session.shared_transcript()->size();
    static_cast<void>(session.facts().coexistence(issuers->front(), session.main_identity()));
    sent_again = session.shared_transcript()->size() - sent;
  }
};

TEST_F(Coexisting, IsLearnedOnceWithItsProof) {
  learn({});
  ASSERT_TRUE(learned) << learned.error().message;
  EXPECT_TRUE(learned->coexist) << learned->why;
  EXPECT_FALSE(learned->exchanges.empty());
  EXPECT_EQ(sent_again, 0U);
}

TEST_F(Coexisting, IsDeniedWhereANewAuthorizationEndsTheFormer) {
  lab::LabOptions options;
  options.one_grant = true;
  learn(options);
  ASSERT_TRUE(learned) << learned.error().message;
  EXPECT_FALSE(learned->coexist);
  EXPECT_THAT(learned->why, HasSubstr("ended"));
  EXPECT_EQ(sent_again, 0U);
}

TEST(Identities, SideBySideLoginsOfOnePersonChangeNoVerdict) {
  const auto serial = Arena{}.audit();
  Arena setup;
  setup.options = [](Options& options) { options.line_patience = 0ms; };
  const auto wide = setup.audit();
  EXPECT_EQ(asked(serial, "do grants coexist"), 0) << "it cannot pay off here";
  EXPECT_EQ(asked(wide, "do grants coexist"), 2);
  EXPECT_THAT(wide.findings, IsEmpty());
  EXPECT_EQ(with_outcome(wide, Outcome::pass), with_outcome(serial, Outcome::pass));
}

}  // namespace
}  // namespace mcprove::testing
