#include "cli/baseline.h"

#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/config.h"
#include "jose/jwk.h"
#include "support/temp_dir.h"
#include "vet/lock.h"

namespace mcprove::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class Reviewed : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    const auto path = (directory_.path() / name).string();
    std::ofstream(path) << text;
    return path;
  }

  /// A lock of one server with one tool.
  static std::string lock_text() {
    vet::Pinned pinned;
    pinned.manifest.server = "notes";
    pinned.manifest.tools.push_back(json::parse(R"({"name":"list","inputSchema":{"type":"object"}})").value());
    pinned.identities["alice"] = {"list"};
    return vet::write_lock({pinned});
  }

  static Result<Baseline> baseline(ReviewedFiles files, std::vector<std::string> signers = {}) {
    Settings settings;
    settings.reviewed = std::move(files);
    settings.trust.signers = std::move(signers);
    MCPROVE_TRY(read_reviewed(settings));
    return settings.options.baseline.value();
  }

  test::TempDir directory_;
  jose::Key key_ = jose::Key::generate("EdDSA").value();
  jose::Key stranger_ = jose::Key::generate("EdDSA").value();
  std::string signed_ = write("signed.lock", vet::sign_lock(lock_text(), key_).value());
  std::string unsigned_ = write("unsigned.lock", lock_text());
  std::string pem_ = write("pub.pem", key_.public_pem());
  std::string strange_pem_ = write("strange.pem", stranger_.public_pem());
};

TEST_F(Reviewed, NothingIsReadThatWasNotNamed) {
  Settings settings;
  ASSERT_TRUE(read_reviewed(settings));
  EXPECT_FALSE(settings.options.baseline);
  EXPECT_TRUE(settings.options.server_json.is_null());
  EXPECT_TRUE(settings.options.volatile_text.empty());
}

TEST_F(Reviewed, AnUnsignedLockIsUsedAndSaidToBe) {
  const auto read = baseline({.lock = unsigned_});
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_THAT(read->distrust, IsEmpty());
  EXPECT_EQ(read->signature, "not signed");
  ASSERT_EQ(read->servers.size(), 1U);
  EXPECT_EQ(read->servers[0].manifest.server, "notes");
}

TEST_F(Reviewed, TheNamedKeyMustHaveSigned) {
  EXPECT_THAT(baseline({.lock = signed_, .lock_key = pem_})->distrust, IsEmpty());
  EXPECT_THAT(baseline({.lock = signed_, .lock_key = strange_pem_})->distrust, HasSubstr("does not verify"));
  EXPECT_THAT(baseline({.lock = unsigned_, .lock_key = pem_})->distrust, HasSubstr("not signed"));
}

TEST_F(Reviewed, TheSignersOfThePolicyMustBeKnownByAKey) {
  EXPECT_THAT(baseline({.lock = signed_, .lock_key = pem_}, {key_.thumbprint()})->distrust, IsEmpty());
  EXPECT_THAT(baseline({.lock = signed_, .lock_key = pem_}, {stranger_.thumbprint()})->distrust,
              HasSubstr("none of the signers"));
  EXPECT_THAT(baseline({.lock = signed_}, {key_.thumbprint()})->distrust, HasSubstr("no key was named"));
}

TEST_F(Reviewed, FilesThatAreNotWhatTheyShouldBeAreUsageErrors) {
  const auto junk = write("junk", "no lock");
  for (const ReviewedFiles& files :
       {ReviewedFiles{.lock = junk}, ReviewedFiles{.lock = "/nowhere/mcprove.lock"}, ReviewedFiles{.lock_key = pem_},
        ReviewedFiles{.lock = unsigned_, .lock_key = junk}, ReviewedFiles{.server_json = junk},
        ReviewedFiles{.server_json = "/nowhere/server.json"}, ReviewedFiles{.volatile_text = {"(unclosed"}}}) {
    Settings settings;
    settings.reviewed = files;
    const auto read = read_reviewed(settings);
    ASSERT_FALSE(read) << files.lock << files.server_json;
    EXPECT_EQ(read.error().kind, Error::Kind::usage);
  }
}

TEST_F(Reviewed, TheConfigurationSaysTheSame) {
  const auto record = write("server.json", R"({"name":"io.github.example/notes"})");
  const auto config = write("mcprove.toml", "lock = '" + signed_ + "'\nlock_key = '" + pem_ + "'\nserver_json = '" + record +
                                                "'\nvolatile = ['\\d+ notes']\n[trust]\npublishers = ['io.github.example']\n");
  Settings settings;
  ASSERT_TRUE(read_config(config, settings));
  const auto read = read_reviewed(settings);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(settings.options.baseline->signature, "signed with the trusted key");
  EXPECT_EQ(settings.options.server_json.string("name"), "io.github.example/notes");
  EXPECT_FALSE(settings.options.volatile_text.empty());
  EXPECT_EQ(settings.options.trust.publishers, std::vector<std::string>{"io.github.example"});
}

}  // namespace
}  // namespace mcprove::cli
