#include "cli/settings.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/output.h"
#include "cli/values.h"

namespace mcprove::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr Check described{.info = {.former_ids = {"old-name"}}, .run = nullptr};
constexpr Check plain{};
constexpr std::array checks{RegisteredCheck{"pkce-downgrade", "pkce", "", &described},
                            RegisteredCheck{"code-replay", "token", "", &plain}};

class SettingsTest : public testing::Test {
 protected:
  void SetUp() override {
    ::setenv("MCPROVE_TEST_SECRET", "s3cret-value", 1);
    ::setenv("MCPROVE_TEST_EMPTY", "", 1);
    ::unsetenv("MCPROVE_TEST_UNSET");
    char pattern[] = "/tmp/mcprove-settings-XXXXXX";
    directory_ = ::mkdtemp(pattern);
  }
  void TearDown() override {
    for (const auto& file : files_) ::unlink(file.c_str());
    ::rmdir(directory_.c_str());
  }

  std::string file(const std::string& name, const std::string& content, mode_t mode = 0600) {
    const std::string path = directory_ + "/" + name;
    std::ofstream(path) << content;
    ::chmod(path.c_str(), mode);
    files_.push_back(path);
    return path;
  }
  AuditFlags own() const {
    AuditFlags flags;
    flags.url = "http://localhost:3000/mcp";
    return flags;
  }
  static AuditFlags foreign() {
    AuditFlags flags;
    flags.url = "https://mcp.example.com/mcp";
    return flags;
  }
  static Result<Settings> read(const AuditFlags& flags) { return settings_of(flags, Registry(checks)); }
  static std::string refused(const AuditFlags& flags) {
    const auto settings = read(flags);
    if (settings) return "was accepted";
    EXPECT_EQ(settings.error().kind, Error::Kind::usage);
    return settings.error().message;
  }
  std::string refused_config(const std::string& content) {
    AuditFlags flags = own();
    flags.config = file("mcprove.toml", content);
    const std::string message = refused(flags);
    const std::string prefix = flags.config + ":";
    return message.starts_with(prefix) ? message.substr(prefix.size()) : message;
  }

  std::string directory_{};
  std::vector<std::string> files_{};
};

TEST_F(SettingsTest, EffectsFollowTheMandate) {
  EXPECT_EQ(read(own())->options.effect, Effect::active);
  EXPECT_EQ(read(foreign())->options.effect, Effect::passive);
  auto mandated = foreign();
  mandated.authorized_by = "ops";
  EXPECT_EQ(read(mandated)->options.effect, Effect::active);
  auto bold = foreign();
  bold.active = true;
  EXPECT_THAT(refused(bold), HasSubstr("mcp.example.com is not this machine: --active needs --authorized-by WHO"));
  auto loud = foreign();
  loud.load = true;
  EXPECT_THAT(refused(loud), HasSubstr("--load needs --authorized-by"));
}

TEST_F(SettingsTest, CredentialsForStrangersNeedAWord) {
  auto flags = foreign();
  flags.users = {"alice"};
  flags.password_envs = {"MCPROVE_TEST_SECRET"};
  EXPECT_THAT(refused(flags), HasSubstr("with credentials, say --authorized-by WHO, or --passive"));
  flags.passive = true;
  EXPECT_TRUE(read(flags));
  flags.passive = false;
  flags.authorized_by = "ops";
  EXPECT_TRUE(read(flags));
}

TEST_F(SettingsTest, APersonNeedsAPassword) {
  auto flags = own();
  flags.users = {"alice"};
  EXPECT_THAT(refused(flags), HasSubstr("--user 'alice' has no password"));
  flags.password_envs = {"MCPROVE_TEST_UNSET"};
  EXPECT_EQ(refused(flags), "the environment variable MCPROVE_TEST_UNSET is not set");
  flags.password_envs = {"MCPROVE_TEST_EMPTY"};
  EXPECT_EQ(refused(flags), "the environment variable MCPROVE_TEST_EMPTY is empty");
  flags.password_envs = {"MCPROVE_TEST_SECRET"};
  const auto settings = read(flags);
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->options.identities.at(0).name, "alice");
  EXPECT_EQ(settings->options.identities.at(0).password, "s3cret-value");
  flags.users.clear();
  EXPECT_THAT(refused(flags), HasSubstr("without --user"));
}

TEST_F(SettingsTest, DriversAreKnownAndHaveWhatTheyNeed) {
  auto flags = own();
  flags.login = "brwser";
  EXPECT_THAT(refused(flags), HasSubstr("unknown way to log in 'brwser'; did you mean 'browser'?"));
  flags.login = "script";
  EXPECT_THAT(refused(flags), HasSubstr("logs in by a script and names none: --login-command"));
  flags.login_command = {"./log-in '--very fast'"};
  EXPECT_THAT(read(flags)->options.identities.front().how.command, ElementsAre("./log-in", "--very fast"));
  flags.login_command = {"./log-in", "--fast"};
  flags.login_envs = {"CI"};
  const auto settings = read(flags);
  ASSERT_TRUE(settings) << settings.error().message;
  const auto& main = settings->options.identities.at(0);
  EXPECT_EQ(main.login, "script");
  EXPECT_THAT(main.how.command, ElementsAre("./log-in", "--fast"));
  EXPECT_THAT(main.how.environment, ElementsAre("CI"));
  flags.login = "token";
  EXPECT_THAT(refused(flags), HasSubstr("has no token: --token-env"));
}

TEST_F(SettingsTest, APersonAtABrowserTypesThePassword) {
  auto flags = own();
  flags.users = {"alice", "bob"};
  flags.login = "print";
  const auto settings = read(flags);
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->options.identities.at(1).login, "print");
}

TEST_F(SettingsTest, TokensComeFromFilesAndDescriptors) {
  auto flags = own();
  flags.token_files = {file("token", "t0ken-of-file\nmore\n")};
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  ASSERT_EQ(::write(pipe[1], "t0ken-of-pipe", 13), 13);
  ::close(pipe[1]);
  flags.token_fds = {std::to_string(pipe[0])};
  auto settings = read(flags);
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->options.identities.at(0).token, "t0ken-of-file");
  EXPECT_EQ(settings->options.identities.at(1).token, "t0ken-of-pipe");
  flags.token_fds = {"2"};
  EXPECT_THAT(refused(flags), HasSubstr("'2' is not a file descriptor; give a number from 3 on"));
  flags.token_fds = {"987"};
  EXPECT_THAT(refused(flags), HasSubstr("cannot read the file descriptor 987"));
  flags.token_fds.clear();
  flags.token_files = {file("open", "t0ken\n", 0644)};
  EXPECT_THAT(refused(flags), HasSubstr("others may read"));
}

TEST_F(SettingsTest, EachIdentityHasItsOwnDriver) {
  AuditFlags flags = own();
  flags.config = file("mcprove.toml", R"(
[[identity]]
user = "alice"
login = "form"
password_env = "MCPROVE_TEST_SECRET"
user_field = "uid"
password_field = "pwd"
buttons = "Go"
[[identity]]
name = "bob"
login = "script"
login_command = ["./log-in", "bob"]
login_env = ["CI"]
login_timeout = "5m"
)");
  const auto settings = read(flags);
  ASSERT_TRUE(settings) << settings.error().message;
  const auto& alice = settings->options.identities.at(0);
  const auto& bob = settings->options.identities.at(1);
  EXPECT_EQ(alice.how.user_field, "uid");
  EXPECT_EQ(alice.how.password_field, "pwd");
  EXPECT_THAT(alice.how.buttons, ElementsAre("Go"));
  EXPECT_EQ(bob.login, "script");
  EXPECT_THAT(bob.how.command, ElementsAre("./log-in", "bob"));
  EXPECT_EQ(bob.how.patience, std::chrono::minutes(5));
}

TEST_F(SettingsTest, TwoPeopleAreTwoIdentities) {
  auto flags = own();
  flags.users = {"alice", "bob"};
  flags.password_envs = {"MCPROVE_TEST_SECRET", "MCPROVE_TEST_SECRET"};
  flags.token_envs = {"MCPROVE_TEST_SECRET"};
  const auto settings = read(flags);
  ASSERT_TRUE(settings);
  ASSERT_EQ(settings->options.identities.size(), 3U);
  EXPECT_EQ(settings->options.identities[1].user, "bob");
  EXPECT_EQ(settings->options.identities[2].token, "s3cret-value");
  flags.users = {"alice", "alice"};
  EXPECT_EQ(refused(flags), "two identities are called 'alice'");
}

TEST_F(SettingsTest, PasswordFilesMustBePrivate) {
  auto flags = own();
  flags.users = {"alice"};
  flags.password_files = {file("secret", "from-file\nnot this\n", 0600)};
  EXPECT_EQ(read(flags)->options.identities.at(0).password, "from-file");
  flags.password_files = {file("open", "x", 0644)};
  EXPECT_THAT(refused(flags), HasSubstr("others may read"));
}

TEST_F(SettingsTest, HeadersStandForAToken) {
  auto flags = own();
  flags.header_envs = {"X-API-Key=MCPROVE_TEST_SECRET"};
  EXPECT_EQ(read(flags)->options.identities.at(0).headers.find("x-api-key"), "s3cret-value");
  flags.header_envs = {"X-API-Key"};
  EXPECT_THAT(refused(flags), HasSubstr("is not NAME=VARIABLE"));
}

TEST_F(SettingsTest, ChecksAreKnown) {
  auto flags = own();
  flags.only = {"pkce,code-replay"};
  EXPECT_THAT(read(flags)->options.only, ElementsAre("pkce", "code-replay"));
  flags.only = {"old-name"};
  EXPECT_THAT(read(flags)->options.only, ElementsAre("pkce-downgrade"));
  flags.only = {"pkce-downgrad"};
  EXPECT_EQ(refused(flags), "no check or family is called 'pkce-downgrad'; did you mean 'pkce-downgrade'?");
  flags.only = {"pkce"};
  flags.skip = {"pkce-downgrade"};
  EXPECT_EQ(refused(flags), "--only and --skip leave no check to run");
}

TEST_F(SettingsTest, WordsAreChecked) {
  auto flags = own();
  flags.fail_on = "hihg";
  EXPECT_EQ(refused(flags), "unknown severity 'hihg'; did you mean 'high'?");
  flags = own();
  flags.format = "sarif";
  EXPECT_EQ(refused(flags), "unknown format 'sarif'; it can be text, json, junit");
  flags = own();
  flags.budgets = {"token=3"};
  EXPECT_EQ(refused(flags), "unknown budget 'token'; did you mean 'tokens'?");
  flags.budgets = {"tokens=-3"};
  EXPECT_THAT(refused(flags), HasSubstr("needs a whole number"));
  flags = own();
  flags.max_wait = "soon";
  EXPECT_THAT(refused(flags), HasSubstr("'soon' is not a duration"));
  flags.max_wait = "5m";
  EXPECT_EQ(read(flags)->options.max_wait, std::chrono::minutes(5));
  flags = own();
  flags.allow_tools = {"search={\"q\":"};
  EXPECT_THAT(refused(flags), HasSubstr("the arguments of tool 'search' are not JSON"));
  flags.allow_tools = {"search={\"q\":1}", "ping"};
  EXPECT_EQ(read(flags)->options.allow_tools.at("search").integer("q"), 1);
  EXPECT_TRUE(read(flags)->options.allow_tools.at("ping").is_null());
  flags = own();
  flags.login_origins = {"https://Login.example.com/path"};
  EXPECT_THAT(read(flags)->options.login_origins, ElementsAre("https://login.example.com"));
}

TEST_F(SettingsTest, UrlsAreUrls) {
  AuditFlags flags;
  EXPECT_EQ(refused(flags), "no URL: mcprove audit URL");
  flags.url = "localhost:3000/mcp";
  EXPECT_THAT(refused(flags), HasSubstr("is not an http or https URL"));
  flags.url = "http://alice:s3cret-value@localhost/mcp";
  EXPECT_THAT(refused(flags), HasSubstr("holds a user name"));
  EXPECT_THAT(refused(flags), testing::Not(HasSubstr("s3cret-value")));
}

TEST_F(SettingsTest, ConfigurationReachesEverything) {
  AuditFlags flags;
  flags.scope = "mcp:write";
  flags.config = file("mcprove.toml", R"(
url = "https://mcp.example.com/mcp"
name = "production"
authorized_by = "ops"
login_origins = ["https://login.example.com/a"]
as_in_scope = ["as.example.com"]
other_resource = "https://other.example.com/mcp"
expected_scopes = ["mcp:read"]
expect = "auth"
auto_approve = true
expect_closed_registration = true
resource_aliases = ["urn:mcp"]
only = "pkce"
effect = "intrusive"
load = true
max_wait = 90
store = false
ca_file = "ca.pem"
fail_on = "never"
strict = true
format = "junit"
out = "report.xml"
verbose = true
[budget]
registrations = 3
[introspection]
client = "rs"
client_secret_env = "MCPROVE_TEST_SECRET"
[allow_tools]
ping = true
search = { query = "a", limit = 2 }
[[identity]]
user = "alice"
password_env = "MCPROVE_TEST_SECRET"
scope = "mcp:read"
client = "abc"
client_secret_env = "MCPROVE_TEST_SECRET"
[[identity]]
name = "key"
header_env = { X-API-Key = "MCPROVE_TEST_SECRET" }
)");
  const auto settings = read(flags);
  ASSERT_TRUE(settings) << settings.error().message;
  const Options& o = settings->options;
  EXPECT_EQ(o.url, "https://mcp.example.com/mcp");
  EXPECT_EQ(o.target_name, "production");
  EXPECT_EQ(o.effect, Effect::intrusive);
  EXPECT_TRUE(o.load && o.auto_approve && o.expect_closed_registration && !o.store && o.expect_auth == true);
  EXPECT_EQ(o.max_wait, std::chrono::seconds(90));
  EXPECT_EQ(o.budgets.registrations, 3);
  EXPECT_EQ(o.budgets.spare_registrations_at_home, 0) << "a number that was given is meant";
  EXPECT_EQ(o.budgets.tokens, BudgetLimits{}.tokens);
  EXPECT_EQ(o.introspection.id, "rs");
  EXPECT_EQ(o.introspection.secret, "s3cret-value");
  EXPECT_EQ(o.allow_tools.at("search").integer("limit"), 2);
  EXPECT_THAT(o.login_origins, ElementsAre("https://login.example.com"));
  EXPECT_THAT(o.as_in_scope, ElementsAre("as.example.com"));
  ASSERT_EQ(o.identities.size(), 2U);
  EXPECT_EQ(o.identities[0].name, "alice");
  EXPECT_EQ(o.identities[0].scope, "mcp:write");  // flags win
  EXPECT_EQ(o.identities[0].client.secret, "s3cret-value");
  EXPECT_EQ(o.identities[1].headers.find("X-API-Key"), "s3cret-value");
  EXPECT_TRUE(settings->format == Format::junit && settings->verbose && settings->exit.strict && !settings->exit.fail_on);
}

TEST_F(SettingsTest, IntrospectionNeedsAClientAndItsSecret) {
  AuditFlags flags;
  flags.url = "http://127.0.0.1:3000/mcp";
  flags.introspect_client = "rs";
  EXPECT_FALSE(read(flags));
  flags.introspect_secret_env = "MCPROVE_TEST_SECRET";
  const auto settings = read(flags);
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->options.introspection.secret, "s3cret-value");
  flags.url = "https://mcp.example.com/mcp";
  EXPECT_FALSE(read(flags)) << "credentials for a stranger need a mandate";
}

TEST_F(SettingsTest, MistakesInTheConfigurationHaveALine) {
  EXPECT_EQ(refused_config("fail_on = \"high\"\nauthorised_by = \"me\"\n"),
            "2: unknown key 'authorised_by'; did you mean 'authorized_by'?");
  EXPECT_EQ(refused_config("\n\n[[identity]]\nuser = \"a\"\npasword_env = \"X\"\n"),
            "5: unknown key 'pasword_env' in [[identity]]; did you mean 'password_env'?");
  EXPECT_EQ(refused_config("[budget]\ntokens = \"many\"\n"), "2: 'tokens' needs a whole number");
  EXPECT_EQ(refused_config("strict = 1\n"), "1: 'strict' needs true or false");
  EXPECT_EQ(refused_config("only = [\"pkce\", 3]\n"), "1: 'only' needs a list of strings");
  EXPECT_EQ(refused_config("[identity]\nname = \"a\"\n"), "1: 'identity' needs [[identity]], with two brackets");
  EXPECT_EQ(refused_config("[[identity]]\ntoken_env = \"MCPROVE_TEST_UNSET\"\n"),
            "2: 'token_env' the environment variable MCPROVE_TEST_UNSET is not set");
  EXPECT_THAT(refused_config("a = \n"), testing::StartsWith("1: "));
  EXPECT_THAT(refused_config("x = [[[[\"\xff\"]"), testing::StartsWith("1: "));
}

TEST_F(SettingsTest, OutputAppearsWholeOrNotAtAll) {
  const std::string path = file("out", "old");
  {
    auto abandoned = OutputFile::open(path);
    ASSERT_TRUE(abandoned);
  }
  std::ifstream old(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(old), {}), "old");
  auto written = OutputFile::open(path);
  ASSERT_TRUE(written);
  EXPECT_TRUE(written->commit("new"));
  std::ifstream now(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(now), {}), "new");
  EXPECT_FALSE(OutputFile::open(directory_ + "/none/out"));
  EXPECT_FALSE(OutputFile::open(directory_));
}

}  // namespace
}  // namespace mcprove::cli
