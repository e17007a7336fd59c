// The webdriver driver with Debian's chromium and chromedriver, against login pages of our own.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/redactor.h"
#include "fixtures/lab.h"
#include "net/curl.h"
#include "oauth/flow.h"
#include "oauth/logins.h"
#include "oauth/webdriver_watch.h"
#include "tests/support/raw_server.h"
#include "tests/support/temp_dir.h"

namespace mcprove::oauth::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using testing::HasSubstr;

bool in_path(const std::string& name) { return ::access(("/usr/bin/" + name).c_str(), X_OK) == 0; }

/// Everything around a login, on the real network of this machine.
struct Machine {
  net::Scope scope{};
  net::Transcript transcript{};
  SystemClock clock{};
  Redactor redactor{};
  SystemRandom random{};
  std::unique_ptr<net::Transport> transport;
  net::Recorder recorder{*transport, scope, transcript, clock};
  CookieJar jar{};
  mcprove::test::TempDir pictures{};
  LoginOptions login{};

  explicit Machine(const std::string& origin, const std::string& ca_file = {})
      : transport(net::make_curl_transport(scope, {.ca_file = ca_file})) {
    scope.name_origin(origin, net::Reach::active);
    login.login_origins = {origin};
    login.any_loopback_origin = true;
  }
  WebDriverOptions options() const {
    WebDriverOptions out;
    out.screenshots = pictures.path().string();
    return out;
  }
};

std::string origin_of(const mcprove::test::RawServer& server) { return net::Url::parse(server.url())->origin(); }

Person alice() { return {.user = lab::alice.name, .password = lab::alice.password}; }

class WebDriverLogin : public testing::Test {
 protected:
  void SetUp() override {
    if (!in_path("chromium") || !in_path("chromedriver"))
      GTEST_SKIP() << "Debian's chromium and chromium-driver are not installed";
  }

  /// One honest login at a lab whose pages are scripts.
  Result<FlowResult> log_in(Person person, WebDriverOptions options, const Flow& flow = {}) {
    const auto server = discover_server(machine_.recorder, lab_.issuer());
    if (!server) return tl::unexpected(server.error());
    if (!client_) {
      const auto registered =
          register_client(machine_.recorder, machine_.redactor, *server, {.redirect_uris = {"http://127.0.0.1:33418/callback"}});
      if (!registered) return tl::unexpected(registered.error());
      client_ = registered->client;
    }
    const auto driver = make_webdriver_driver(std::move(person), std::move(options));
    Flow::Setting setting{.recorder = machine_.recorder,
                          .redactor = machine_.redactor,
                          .random = machine_.random,
                          .clock = machine_.clock,
                          .driver = *driver,
                          .jar = machine_.jar,
                          .server = *server,
                          .login = machine_.login,
                          .default_client = *client_,
                          .default_resource = lab_.url()};
    return flow.run(setting);
  }
  FlowResult run(Person person, WebDriverOptions options, const Flow& flow = {}) {
    auto done = log_in(std::move(person), std::move(options), flow);
    EXPECT_TRUE(done) << (done ? "" : done.error().message);
    return done ? *std::move(done) : FlowResult{};
  }

  explicit WebDriverLogin(bool tls = false) : lab_(script_pages(tls)) {}

  static lab::LabOptions script_pages(bool tls) {
    lab::LabOptions options;
    options.login_pages = lab::LoginPages::script;
    options.tls = tls;
    return options;
  }

  lab::Lab lab_;
  Machine machine_{net::Url::parse(lab_.url())->origin(), lab_.ca_file()};
  std::optional<Client> client_{};
};

TEST_F(WebDriverLogin, GuessesItsWayThroughPagesOfScript) {
  const auto done = run(alice(), machine_.options());
  EXPECT_EQ(done.end, FlowEnd::token) << done.told;
  EXPECT_THAT(done.told, HasSubstr("webdriver: a code after login 'Log in' at"));
  EXPECT_THAT(done.told, HasSubstr("consent 'Allow access?' at"));
  EXPECT_TRUE(fs::is_empty(machine_.pictures.path()));
  // The session came back with it: the next request needs no browser.
  WebDriverOptions none;
  none.program = "/nowhere/chromedriver";
  EXPECT_EQ(run(alice(), none).end, FlowEnd::token);
}

TEST_F(WebDriverLogin, TakesSteps) {
  auto options = machine_.options();
  options.steps = {{.fill = "input[name=username]", .value = "{user}"},
                   {.fill = "input[type=password]", .value = "{password}"},
                   {.click = "form button"},
                   {.wait = "button[value=approve]"},
                   {.click = "button[value=approve]"}};
  const auto done = run(alice(), options);
  EXPECT_EQ(done.end, FlowEnd::token) << done.told;
}

TEST_F(WebDriverLogin, LeavesAPictureOfWhatItSawWhenItFails) {
  auto person = alice();
  person.password = "not-hers-0123";
  const auto done = run(person, machine_.options());
  EXPECT_EQ(done.end, FlowEnd::page);
  EXPECT_THAT(done.told, HasSubstr("user or password refused; a picture of it is in " + machine_.pictures.path().string()));
  ASSERT_FALSE(fs::is_empty(machine_.pictures.path()));
  const auto picture = fs::directory_iterator(machine_.pictures.path())->path();
  std::ifstream in(picture, std::ios::binary);
  std::string head(8, '\0');
  in.read(head.data(), 8);
  EXPECT_EQ(head, "\x89PNG\r\n\x1a\n");
  struct stat status{};
  ASSERT_EQ(::stat(picture.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(WebDriverLogin, ConsentsToNothingWhenToldSo) {
  EXPECT_EQ(run(alice(), machine_.options(), Flow{}.interaction(Interaction::login)).end, FlowEnd::page);
  EXPECT_EQ(run(alice(), machine_.options(), Flow{}.interaction(Interaction::none)).end, FlowEnd::page);
}

class WebDriverOverTls : public WebDriverLogin {
 protected:
  void SetUp() override {
    WebDriverLogin::SetUp();
    if (!in_path("certutil")) GTEST_SKIP() << "Debian's libnss3-tools is not installed";
  }
  WebDriverOverTls() : WebDriverLogin(true) {}
};

TEST_F(WebDriverOverTls, TrustsTheCertificatesThatItIsGiven) {
  auto options = machine_.options();
  options.ca_file = lab_.ca_file();
  const auto done = run(alice(), options);
  EXPECT_EQ(done.end, FlowEnd::token) << done.why;
}

TEST_F(WebDriverOverTls, TrustsNoOther) {
  auto options = machine_.options();
  options.patience = seconds(6);
  const auto done = log_in(alice(), options);
  EXPECT_FALSE(done && done->end == FlowEnd::token);
}

TEST_F(WebDriverOverTls, SaysThatAFileHoldsNoCertificate) {
  auto options = machine_.options();
  options.ca_file = "/etc/hostname";
  const auto done = log_in(alice(), options);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("'/etc/hostname' holds no certificate in PEM"));
}

TEST_F(WebDriverLogin, LeavesNothingBehind) {
  const mcprove::test::TempDir own;  // other tests have browsers at the same time
  const char* const usual = std::getenv("TMPDIR");
  const std::string former = usual == nullptr ? "/tmp" : usual;
  ::setenv("TMPDIR", own.path().c_str(), 1);
  const auto count = [] {
    int found = 0;
    for (const auto& entry : fs::directory_iterator(fs::temp_directory_path()))
      found += entry.path().filename().string().starts_with("mcprove-browser-") ? 1 : 0;
    return found;
  };
  const auto before = count();
  run(alice(), machine_.options());
  EXPECT_EQ(count(), before);
  ::setenv("TMPDIR", former.c_str(), 1);
}

/// A page of a hostile server, at http://127.0.0.1:PORT/.
class HostilePage : public WebDriverLogin {
 protected:
  Authorization visit(const std::string& body, const std::function<void(Machine&)>& arrange = {},
                      seconds patience = seconds(20)) {
    asked_.clear();
    mcprove::test::RawServer server(says(body));
    Machine machine(origin_of(server));
    if (arrange) arrange(machine);
    auto options = machine.options();
    options.patience = patience;
    machine.login.is_client = [](const std::string& location) { return location.starts_with("cursor://"); };
    Browser browser(machine.recorder, machine.clock, machine.jar);
    const auto driver = make_webdriver_driver(alice(), options);
    const auto done = driver->authorize(browser, server.url("/authorize"), machine.login);
    EXPECT_TRUE(done) << (done ? "" : done.error().message);
    return done ? *done : Authorization{};
  }
  mcprove::test::RawServer::Handler says(std::string body) {
    return [this, body = std::move(body)](mcprove::test::Peer& peer) {
      while (const auto request = peer.request()) {
        {
          const std::scoped_lock lock(mutex_);
          asked_.push_back(*request);
        }
        if (!peer.answer(200, body, "Content-Type: text/html\r\n")) return;
      }
    };
  }
  std::mutex mutex_;
  std::vector<std::string> asked_{};
};

std::string page_of(const std::string& script) {
  return "<!doctype html><title>A page</title><body><script>" + script + "</script>";
}

TEST_F(HostilePage, SeesARedirectToASchemeOfTheClient) {
  const auto done = visit(page_of("location.href = 'cursor://auth/cb?code=c0de-0123456789&state=s'"));
  EXPECT_EQ(done.end, AuthorizeEnd::code) << done.why;
  EXPECT_EQ(done.callback.get("code"), "c0de-0123456789");
}

TEST_F(HostilePage, TypesNoPasswordAtAnOriginThatNobodyNamed) {
  const auto done =
      visit(page_of("document.body.innerHTML = '<form><input name=user><input type=password><button>Log in</button></form>'"),
            [](Machine& machine) {
              machine.login.login_origins = {"https://login.example"};
              machine.login.any_loopback_origin = false;
            });
  EXPECT_EQ(done.end, AuthorizeEnd::page);
  EXPECT_TRUE(done.login_origin_refused);
  for (const auto& request : asked_) EXPECT_EQ(request.find(lab::alice.password), std::string::npos);
}

TEST_F(HostilePage, GoesNowhereElse) {
  const auto done =
      visit(page_of("fetch('http://elsewhere.example/x'); fetch('http://10.1.2.3/y');"
                    "document.body.textContent = 'Please wait'"));
  EXPECT_EQ(done.end, AuthorizeEnd::page);
  EXPECT_THAT(done.why, HasSubstr("nothing to do"));
  EXPECT_THAT(done.why, HasSubstr("its pages asked for 10.1.2.3, elsewhere.example, where this browser may not go"));
}

TEST_F(HostilePage, GivesUpOnPagesWithoutEnd) {
  const auto done =
      visit(page_of("let n = 0; const next = () => { document.body.innerHTML = "
                    "'<p>' + ++n + '</p><button>Continue</button>'; document.querySelector('button').onclick = next; };"
                    "next()"));
  EXPECT_EQ(done.end, AuthorizeEnd::page);
  EXPECT_THAT(done.why, HasSubstr("more than 12 pages"));
}

TEST_F(HostilePage, GivesUpOnAPageThatNeverRests) {
  const auto done = visit(page_of("setInterval(() => { document.body.textContent = Math.random() }, 20)"), {}, seconds(3));
  EXPECT_THAT(done.why, HasSubstr("took too long"));
}

TEST_F(HostilePage, GivesUpOnAPageThatBlocksTheBrowser) {
  const auto done = visit(page_of("document.body.textContent = 'x'; setTimeout(() => { for (;;) {} }, 300)"), {}, seconds(3));
  EXPECT_NE(done.end, AuthorizeEnd::code);
  EXPECT_FALSE(done.why.empty());
}

TEST(WebDriverSetup, SaysWhatIsMissing) {
  Machine machine("http://127.0.0.1:9");
  const auto driver = make_webdriver_driver(std::nullopt, {.program = "no-such-chromedriver"});
  mcprove::test::RawServer server([](mcprove::test::Peer& peer) {
    while (peer.request()) peer.answer(200, "<script></script>", "Content-Type: text/html\r\n");
  });
  machine.scope.name_origin(origin_of(server), net::Reach::active);
  Browser browser(machine.recorder, machine.clock, machine.jar);
  const auto done = driver->authorize(browser, server.url(), machine.login);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message,
              HasSubstr("no no-such-chromedriver in PATH; Debian's packages are chromium and chromium-driver"));
}

TEST(WebDriverSetup, SurvivesAChromedriverThatDies) {
  if (!in_path("chromium")) GTEST_SKIP() << "Debian's chromium is not installed";
  mcprove::test::TempDir place;
  const auto program = place.path() / "chromedriver";
  std::ofstream(program) << "#!/bin/sh\necho 'ChromeDriver was started successfully on port 9.'\nexit 7\n";
  fs::permissions(program, fs::perms::owner_all);
  mcprove::test::RawServer server([](mcprove::test::Peer& peer) {
    while (peer.request()) peer.answer(200, "<script></script>", "Content-Type: text/html\r\n");
  });
  Machine machine(origin_of(server));
  Browser browser(machine.recorder, machine.clock, machine.jar);
  const auto driver = make_webdriver_driver(std::nullopt, {.program = program.string()});
  const auto done = driver->authorize(browser, server.url(), machine.login);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("chromedriver ended during the login: "));
}

TEST(WebDriverSetup, PinsNamesToAddressesThatAreAllowed) {
  net::Scope scope;
  scope.name_origin("http://127.0.0.1:80", net::Reach::active);
  EXPECT_EQ(resolver_rules({"127.0.0.1"}, scope), "MAP 127.0.0.1 127.0.0.1 , MAP * ~NOTFOUND");
  // A host that nobody named has no business at a private address; what is no host at all is passed over.
  EXPECT_EQ(resolver_rules({"10.0.0.1", "a b , MAP * 127.0.0.1"}, scope), "MAP * ~NOTFOUND");
}

}  // namespace
}  // namespace mcprove::oauth::test
