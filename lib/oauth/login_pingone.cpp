#include <mutex>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "oauth/callback.h"
#include "oauth/login_walk.h"
#include "oauth/logins.h"
#include "oauth/pingam.h"

namespace mcprove::oauth {

namespace {

std::string place(const std::string& url) {
  const auto parsed = net::Url::parse(url);
  return parsed ? parsed->origin() + parsed->path : url;
}

class PingOneDriver final : public LoginDriver {
 public:
  PingOneDriver(std::optional<Person> person, std::string journey) : person_(std::move(person)), journey_(std::move(journey)) {}
  std::string name() const override { return "pingone-aic"; }

  Result<Authorization> authorize(Browser& browser, const std::string& url, const LoginOptions& options) override {
    auto seen = MCPROVE_TRY(Walk(browser, options, nobody_).run(url));
    if (!stopped(seen) || options.interaction == Interaction::none) return seen;
    if (!at_consent(seen, url)) {
      Authorization failed;
      const net::Recorder::Capture capture;
      auto logged_in = log_in(browser, url, options, failed);
      seen.exchanges.insert(seen.exchanges.end(), capture.exchanges().begin(), capture.exchanges().end());
      if (!logged_in) {
        failed.end = logged_in.error().kind == Error::Kind::login ? AuthorizeEnd::page : AuthorizeEnd::unclear;
        failed.why = logged_in.error().message;
        went_before(std::move(seen), failed);
        return failed;
      }
      auto again = MCPROVE_TRY(Walk(browser, options, nobody_).run(url));
      went_before(std::move(seen), again);
      seen = std::move(again);
      if (!stopped(seen)) return seen;
      if (!at_consent(seen, url)) {
        seen.why = "logged in, and the login page came back: the session was not accepted";
        return seen;
      }
    }
    return consent(browser, url, options, std::move(seen));
  }

 private:
  /// The server's pages are applications, which show nothing without JavaScript.
  static bool stopped(const Authorization& seen) {
    if (seen.end == AuthorizeEnd::page) return true;
    return seen.end == AuthorizeEnd::unclear && !seen.pages.empty() && seen.pages.back().kind == PageKind::other;
  }
  /// The login page has an address of its own; the consent page is shown at the authorization endpoint.
  static bool at_consent(const Authorization& seen, const std::string& url) {
    return !seen.pages.empty() && place(seen.pages.back().url) == place(url);
  }

  Result<void> log_in(Browser& browser, const std::string& url, const LoginOptions& options, Authorization& out) {
    const auto realm = am_realm(url);
    if (!realm) return failure(Error::Kind::login, "the authorization endpoint is not .../oauth2/.../authorize, as PingAM's is");
    if (!person_) return failure(Error::Kind::login, "nobody to log in: give --user");
    if (!may_type_at(options, realm->authenticate())) {
      out.login_origin_refused = true;
      const auto origin = net::Url::parse(realm->server);
      return failure(Error::Kind::login, fmt::format("a login at {}, which is not an origin to type a password into",
                                                     origin ? origin->origin() : ""));
    }
    AmLogin login{browser, options, *person_, journey_};
    const auto token = MCPROVE_TRY(login.run(*realm));
    if (options.hide) options.hide("session", token);
    keep(browser, *realm, token);
    return {};
  }

  /// A login over REST may leave the cookie to its caller.
  void keep(Browser& browser, const AmRealm& realm, const std::string& token) {
    const auto name = cookie_name(browser, realm);
    const auto at = net::Url::parse(realm.server + "/");
    if (!at || session_in(browser, *at, name) == token) return;
    net::Headers headers;
    headers.add("Set-Cookie", fmt::format("{}={}; Path=/; HttpOnly{}", name, token, at->scheme == "https" ? "; Secure" : ""));
    browser.jar().take(*at, headers, browser.clock().now());
  }

  std::string cookie_name(Browser& browser, const AmRealm& realm) {
    {
      const std::scoped_lock lock(mutex_);
      if (!cookie_name_.empty()) return cookie_name_;
    }
    auto name = session_cookie_name(browser, realm);
    const std::scoped_lock lock(mutex_);
    return cookie_name_ = std::move(name);
  }

  static std::string session_in(Browser& browser, const net::Url& at, const std::string& name) {
    const auto line = browser.jar().header_for(at, browser.clock().now());
    for (const auto& pair : text::split(line, ';')) {
      const auto cookie = text::trim(pair);
      if (cookie.starts_with(name + "=")) return std::string(cookie.substr(name.size() + 1));
    }
    return {};
  }

  /// The request's own parameters once more, with the decision; `csrf` is the session, which another site cannot know.
  Result<Authorization> consent(Browser& browser, const std::string& url, const LoginOptions& options, Authorization seen) {
    seen.pages.back().kind = PageKind::consent;
    const auto request = MCPROVE_TRY(net::Url::parse(url));
    const auto realm = am_realm(url);
    if (options.interaction != Interaction::full || !realm) {
      seen.end = AuthorizeEnd::page;
      seen.why = "a consent page";
      return seen;
    }
    const auto session = session_in(browser, request, cookie_name(browser, *realm));
    if (session.empty()) {
      seen.why = "a consent page, and no session to consent with";
      return seen;
    }
    Submission form{.method = "POST", .url = request.origin() + request.path, .fields = request.params()};
    form.fields.add("decision", "allow").add("csrf", session);
    if (options.at_form) options.at_form(form, PageKind::consent);
    auto after = MCPROVE_TRY(Walk(browser, options, nobody_).run(std::move(form), url));
    went_before(std::move(seen), after);
    return after;
  }

  std::optional<Person> person_;
  std::optional<Person> nobody_{};
  std::string journey_;
  std::mutex mutex_;
  std::string cookie_name_{};
};

}  // namespace

std::unique_ptr<LoginDriver> make_pingone_driver(std::optional<Person> person, std::string journey) {
  return std::make_unique<PingOneDriver>(std::move(person), std::move(journey));
}

}  // namespace mcprove::oauth
