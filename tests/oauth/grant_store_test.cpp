#include "oauth/grant_store.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/json.h"
#include "tests/support/temp_dir.h"

namespace mcprove::oauth {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Clock::Wall at(std::int64_t seconds) { return Clock::Wall(std::chrono::seconds(seconds)); }

StoredGrant sample(const std::string& person = "alice") {
  StoredGrant grant;
  grant.target = "https://rs.example/mcp";
  grant.resource = "https://rs.example/mcp";
  grant.person = person;
  grant.client.issuer = "https://as.example";
  grant.client.id = "client-1";
  grant.client.secret = "client-s3cret";
  grant.client.auth_method = "client_secret_basic";
  grant.client.redirect_uris = {"http://127.0.0.1:7777/callback"};
  grant.access_token = "at-" + person;
  grant.token_type = "Bearer";
  grant.refresh_token = "rt-" + person;
  grant.scope = "read write";
  grant.requested_scope = "read";
  grant.obtained = at(1'800'000'000);
  grant.expires = at(1'800'000'600);
  grant.token_endpoint = "https://as.example/token";
  grant.login = "form: typed user and password";
  return grant;
}

struct Store : testing::Test {
  mcprove::test::TempDir state{};
  GrantStore store{state.path().string()};
  fs::path file(const StoredGrant& grant) const { return state.path() / "grants" / (grant.key() + ".json"); }
  void overwrite(const fs::path& path, const std::string& content) const {
    std::ofstream(path) << content;
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  }
  std::string only_problem() const {
    const auto listed = store.list();
    EXPECT_THAT(listed.grants, IsEmpty());
    EXPECT_THAT(listed.problems, SizeIs(1));
    return listed.problems.empty() ? "" : listed.problems.front().message;
  }
};

TEST_F(Store, KeepsWhatItWasGiven) {
  auto wanted = sample();
  wanted.proof_key = R"({"kty":"EC"})";
  ASSERT_TRUE(store.keep(wanted));
  const auto found = store.of_target(wanted.target);
  ASSERT_TRUE(found);
  ASSERT_THAT(*found, SizeIs(1));
  EXPECT_EQ(format_grant(found->front()), format_grant(wanted));
  EXPECT_EQ(found->front().expires, wanted.expires);
  EXPECT_EQ(found->front().client.secret, "client-s3cret");
  EXPECT_THAT(*store.of_target("https://other.example/mcp"), IsEmpty());
}

TEST_F(Store, IsForItsOwnerAlone) {
  ::umask(0);
  ASSERT_TRUE(store.keep(sample()));
  ::umask(022);
  struct stat status{};
  ASSERT_EQ(::stat(file(sample()).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  ASSERT_EQ(::stat((state.path() / "grants").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
}

TEST_F(Store, KeysByIssuerClientResourceAndPerson) {
  const auto base = sample();
  std::vector<StoredGrant> others(4, base);
  others[0].client.issuer = "https://other.example";
  others[1].client.id = "client-2";
  others[2].resource = "https://rs.example/other";
  others[3].person = "bob";
  ASSERT_TRUE(store.keep(base));
  for (const auto& other : others) {
    EXPECT_NE(other.key(), base.key());
    ASSERT_TRUE(store.keep(other));
  }
  auto renewed = base;
  renewed.access_token = "at-new";
  ASSERT_TRUE(store.keep(renewed));
  EXPECT_THAT(store.list().grants, SizeIs(5));
}

TEST_F(Store, Forgets) {
  ASSERT_TRUE(store.keep(sample()));
  EXPECT_EQ(store.remove(sample()).value_or(false), true);
  EXPECT_EQ(store.remove(sample()).value_or(true), false);
  EXPECT_THAT(store.list().grants, IsEmpty());
  EXPECT_TRUE(fs::is_empty(state.path() / "grants"));
}

TEST_F(Store, RefusesAFileThatOthersMayRead) {
  ASSERT_TRUE(store.keep(sample()));
  fs::permissions(file(sample()), fs::perms::group_read, fs::perm_options::add);
  EXPECT_THAT(only_problem(), HasSubstr("others may read"));
  EXPECT_FALSE(store.of_target(sample().target));
  EXPECT_FALSE(store.take_turn(sample()));
}

TEST_F(Store, RefusesADirectoryThatOthersMayEnter) {
  ASSERT_TRUE(store.keep(sample()));
  fs::permissions(state.path() / "grants", fs::perms::others_exec, fs::perm_options::add);
  EXPECT_THAT(only_problem(), HasSubstr("not a directory of yours alone"));
}

TEST_F(Store, RefusesAFileOfAnotherUser) {
  ASSERT_TRUE(store.keep(sample()));
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_EQ(::chown(file(sample()).c_str(), 12'345, 12'345), 0);
  EXPECT_THAT(only_problem(), HasSubstr("belongs to another user"));
}

TEST_F(Store, RefusesALink) {
  ASSERT_TRUE(store.keep(sample()));
  const auto elsewhere = state.path() / "elsewhere.json";
  fs::rename(file(sample()), elsewhere);
  fs::create_symlink(elsewhere, file(sample()));
  EXPECT_THAT(only_problem(), HasSubstr("is a link"));
}

TEST_F(Store, RefusesAGrantUnderAnothersName) {
  ASSERT_TRUE(store.keep(sample()));
  fs::rename(file(sample()), file(sample("bob")));
  EXPECT_THAT(only_problem(), HasSubstr("belongs elsewhere"));
}

TEST_F(Store, RefusesWhatIsNoGrantAndNeverRepeatsIt) {
  ASSERT_TRUE(store.keep(sample()));
  const auto good = json::parse(format_grant(sample()));
  const std::vector<std::pair<std::string, std::string>> bad{
      {"", "not a grant"},
      {"{\"version\":1,\"access_token\":\"s3cret-", "not a grant"},
      {"[]", "it is no JSON object"},
      {good->with("version", json::num(2)).dump(), "its version is unknown"},
      {good->without("access_token").dump(), "'access_token' is missing"},
      {good->with("access_token", json::str("a\r\nX: s3cret")).dump(), "'access_token' holds control characters"},
      {good->with("access_token", json::str("two words")).dump(), "'access_token' is no token"},
      {good->with("scope", json::str("read\x1b[31m")).dump(), "'scope' holds control characters"},
      {good->with("token_endpoint", json::str("file:///etc/passwd")).dump(), "'token_endpoint' is no URL"},
      {good->with("expires", json::num(std::int64_t{1} << 62U)).dump(), "'expires' is no time"},
      {good->with("client", json::Value::object({})).dump(), "'client' names no id or no issuer"},
  };
  for (const auto& [content, why] : bad) {
    overwrite(file(sample()), content);
    const auto said = only_problem();
    EXPECT_THAT(said, HasSubstr(why));
    EXPECT_THAT(said, testing::Not(HasSubstr("s3cret")));
    EXPECT_EQ(said.find('\n'), std::string::npos);
  }
}

TEST_F(Store, KeepsNothingThatItCouldNotRead) {
  auto hostile = sample();
  hostile.scope = "read\x1b]0;owned\x07";
  EXPECT_FALSE(store.keep(hostile));
  EXPECT_THAT(store.list().grants, IsEmpty());
}

TEST_F(Store, BadFilesDoNotHideGoodOnes) {
  ASSERT_TRUE(store.keep(sample("alice")));
  ASSERT_TRUE(store.keep(sample("bob")));
  overwrite(file(sample("bob")), "garbage");
  const auto listed = store.list();
  ASSERT_THAT(listed.grants, SizeIs(1));
  EXPECT_EQ(listed.grants.front().person, "alice");
  EXPECT_THAT(listed.problems, SizeIs(1));
}

TEST_F(Store, TakesWhatAnAnswerSaysAndKeepsTheRest) {
  auto grant = sample();
  Tokens tokens;
  tokens.access_token = "at-2";
  tokens.received = at(1'800'001'000);
  tokens.expires_in = 60;
  grant.take(tokens);
  EXPECT_EQ(grant.access_token, "at-2");
  EXPECT_EQ(grant.refresh_token, "rt-alice") << "RFC 6749 section 6: the old one stays when no new one is issued";
  EXPECT_EQ(grant.scope, "read write");
  EXPECT_EQ(grant.expires, at(1'800'001'060));
  tokens.refresh_token = "rt-2";
  tokens.scope = "read";
  tokens.expires_in = std::numeric_limits<std::int64_t>::max();
  grant.take(tokens);
  EXPECT_EQ(grant.refresh_token, "rt-2");
  EXPECT_EQ(grant.scope, "read");
  EXPECT_FALSE(grant.expired(at(8'000'000'000)));
  EXPECT_TRUE(parse_grant(format_grant(grant)));
  tokens.expires_in = -5;
  grant.take(tokens);
  EXPECT_TRUE(grant.expired(at(1'800'001'000)));
  tokens.expires_in.reset();
  grant.take(tokens);
  EXPECT_FALSE(grant.expired(at(8'000'000'000))) << "nothing was said";
}

/// As many processes would: each reads, renews and writes in its turn, and none is lost.
TEST_F(Store, TurnsDoNotOverlap) {
  auto first = sample();
  first.refresh_token = "0";
  ASSERT_TRUE(store.keep(first));
  constexpr int workers = 4;
  constexpr int rounds = 25;
  std::atomic<int> failed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < workers; ++i) {
    threads.emplace_back([&] {
      const GrantStore mine(state.path().string());
      for (int round = 0; round < rounds; ++round) {
        auto turn = mine.take_turn(sample());
        if (!turn) {
          ++failed;
          continue;
        }
        turn->grant.refresh_token = std::to_string(std::stoi(turn->grant.refresh_token) + 1);
        if (!mine.keep(turn->grant)) ++failed;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(store.of_target(first.target)->front().refresh_token, std::to_string(workers * rounds));
  EXPECT_EQ(std::distance(fs::directory_iterator(state.path() / "grants"), fs::directory_iterator{}), 1) << "no litter";
}

TEST_F(Store, ATurnAtWhatWasRemovedIsRefused) {
  ASSERT_TRUE(store.keep(sample()));
  ASSERT_TRUE(store.remove(sample()));
  const auto turn = store.take_turn(sample());
  ASSERT_FALSE(turn);
  EXPECT_EQ(turn.error().kind, Error::Kind::unavailable);
}

TEST_F(Store, HidesItsSecrets) {
  Redactor redactor;
  sample().hide_secrets(redactor);
  const auto told = redactor.redact("at-alice rt-alice client-s3cret");
  EXPECT_THAT(told, testing::Not(testing::AnyOf(HasSubstr("at-alice"), HasSubstr("rt-alice"), HasSubstr("client-s3cret"))));
}

}  // namespace
}  // namespace mcprove::oauth
