#include "cli/person.h"

#include <atomic>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/open_page.h"
#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "client/grant_keeper.h"
#include "engine/logins.h"
#include "net/curl.h"
#include "oauth/publish.h"

namespace mcprove::cli {

namespace {

/// A login driver that remembers what it did.
class Telling final : public oauth::LoginDriver {
 public:
  explicit Telling(std::unique_ptr<oauth::LoginDriver> inner) : inner_(std::move(inner)) {}
  std::string name() const override { return inner_->name(); }
  bool listens() const override { return inner_->listens(); }
  std::string redirect_for(const std::vector<std::string>& uris) override { return inner_->redirect_for(uris); }
  Result<oauth::Authorization> authorize(oauth::Browser& browser, const std::string& url,
                                         const oauth::LoginOptions& options) override {
    auto done = inner_->authorize(browser, url, options);
    told_ = done ? oauth::told(name(), *done) : fmt::format("{}: {}", name(), done.error().message);
    return done;
  }
  const std::string& told() const { return told_; }

 private:
  std::unique_ptr<oauth::LoginDriver> inner_;
  std::string told_{};
};

/// A token that the user gave is the server's to take or refuse; nobody is asked for another.
class GivenToken final : public client::Conduct {
 public:
  int most_rounds() const override { return 0; }
};

std::unique_ptr<oauth::LoginDriver> driver_of(const Identity& identity, StatusLine& status) {
  const auto show = [&status](const std::string& url) {
    status.say("log in on this page: " + url);
    open_page(url);
  };
  return make_login_driver(identity, {show, [&status](const std::string& line) { status.say(line); }});
}

}  // namespace

struct PersonAt::Impl {
  Impl(const Meeting& meeting, const Identity& who, std::optional<oauth::StoredGrant> grant)
      : identity(who),
        keeps(meeting.options.store && who.token.empty()),
        status(meeting.verbose),
        store(meeting.options.state_dir),
        keeper(store, clock, keeps),
        driver(driver_of(who, status)) {
    wanted.url = meeting.url;
    wanted.scope = who.scope;
    wanted.person = person_name(who);
    wanted.login = driver.name();
    wanted.client = who.client;
    wanted.login_origins = meeting.options.login_origins;
    wanted.trusted_origins = {meeting.trusted_origins.begin(), meeting.trusted_origins.end()};
    wanted.grant = std::move(grant);
    if (!who.token.empty()) {
      oauth::StoredGrant given;
      given.access_token = who.token;
      given.token_type = "Bearer";
      wanted.grant = std::move(given);
    }
    if (const auto url = net::Url::parse(meeting.url)) scope.name_origin(url->origin(), net::Reach::honest);
    for (const auto& origin : meeting.options.login_origins) scope.name_origin(origin, net::Reach::honest);
    for (const auto& origin : meeting.trusted_origins) scope.name_origin(origin, net::Reach::honest);
    if (!meeting.options.proxy.empty()) scope.allow_any_address();
    oauth::hide_secrets(who.client, redactor);
    if (!who.password.empty()) redactor.add("password", who.password);
    transport = net::make_curl_transport(scope, {meeting.options.ca_file, meeting.options.proxy, 8});
    recorder.emplace(*transport, scope, transcript, clock);
    signals.hand_to([this](int number) {
      signal = number;
      recorder->stop();
    });
  }
  ~Impl() { signals.hand_to({}); }

  Identity identity;
  bool keeps;
  Signals signals{};
  std::atomic<int> signal = 0;
  StatusLine status;
  SystemClock clock{};
  SystemRandom random{};
  Redactor redactor{};
  net::Scope scope{};
  net::Transcript transcript{};
  std::unique_ptr<net::Transport> transport{};
  std::optional<net::Recorder> recorder{};
  oauth::CookieJar jar{};
  oauth::GrantStore store;
  client::GrantKeeper keeper;
  Telling driver;
  GivenToken given_token{};
  client::Options wanted{};
  std::unique_ptr<oauth::PublishedDocument> published{};
  std::unique_ptr<client::Connection> connection{};
};

PersonAt::PersonAt(const Meeting& meeting, const Identity& identity, std::optional<oauth::StoredGrant> grant)
    : impl_(std::make_unique<Impl>(meeting, identity, std::move(grant))) {}
PersonAt::~PersonAt() = default;

Result<client::Connection*> PersonAt::connect() {
  impl_->published = MCPROVE_TRY(oauth::PublishedDocument::publish(impl_->wanted.client));
  const client::Setting setting{.recorder = *impl_->recorder,
                                .redactor = impl_->redactor,
                                .random = impl_->random,
                                .clock = impl_->clock,
                                .driver = impl_->driver,
                                .jar = impl_->jar,
                                .keeper = &impl_->keeper,
                                .conduct = impl_->identity.token.empty() ? nullptr : &impl_->given_token};
  auto connection = client::Connection::connect(setting, impl_->wanted);
  if (!connection && !impl_->identity.token.empty() && connection.error().kind == Error::Kind::login)
    return failure(Error::Kind::login, "the server refuses the token that was given");
  if (!connection) return tl::unexpected(std::move(connection).error());
  impl_->connection = *std::move(connection);
  return impl_->connection.get();
}

const std::string& PersonAt::told() const { return impl_->driver.told(); }
bool PersonAt::kept() const { return impl_->keeper.kept(); }
std::optional<Error> PersonAt::problem() const { return impl_->keeper.problem(); }
std::string PersonAt::redacted(const std::string& message) const { return impl_->redactor.redact(message); }
int PersonAt::interrupted() const { return impl_->signal; }

std::string person_name(const Identity& identity) {
  return identity.has_person() ? identity.user : identity.name == "default" ? std::string() : identity.name;
}

int exit_code_of(const Error& error) { return error.kind == Error::Kind::usage ? ExitCode::usage : ExitCode::untested; }

}  // namespace mcprove::cli
