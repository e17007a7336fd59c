#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "oauth/callback.h"
#include "oauth/login_template.h"
#include "oauth/login_walk.h"
#include "oauth/login_words.h"
#include "oauth/logins.h"
#include "oauth/webdriver.h"
#include "oauth/webdriver_look.h"
#include "oauth/webdriver_watch.h"

namespace mcprove::oauth {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Tick = std::chrono::steady_clock::time_point;

constexpr milliseconds pause{50};
constexpr milliseconds settled{250};  // a page that looks the same for so long is ready to be used
constexpr seconds stuck{4};           // ... and after an answer for so long has not taken it
constexpr seconds idle{10};           // ... and with nothing to do for so long leads nowhere
constexpr seconds step_patience{15};
constexpr int most_answers_to_a_page = 2;
constexpr const char* enter_key = "\uE007";  // WebDriver section 17.4.2

/// One authorization in one browser.
class Drive {
 public:
  Drive(WebDriver& driver, const LoginOptions& options, const std::optional<Person>& person, seconds patience)
      : driver_(driver), options_(options), person_(person), watch_(options, out_), deadline_(now() + patience) {}

  Result<Authorization> run(const std::string& url, const std::vector<LoginStep>& steps) {
    MCPROVE_TRY(driver_.go(url));
    bool done = MCPROVE_TRY(delivered());
    for (std::size_t i = 0; i < steps.size() && !done && out_.why.empty(); ++i) MCPROVE_TRY(take(steps[i], i + 1, done));
    while (!done && out_.why.empty()) {
      done = MCPROVE_TRY(delivered());
      if (done || over()) break;
      MCPROVE_TRY(look(steps.empty()));
      std::this_thread::sleep_for(pause);
    }
    if (!done) {
      if (out_.end != AuthorizeEnd::page) out_.end = AuthorizeEnd::page;
      if (const auto hosts = watch_.refused(); !hosts.empty())
        out_.why += fmt::format("; its pages asked for {}, where this browser may not go: browser_hosts allows it", hosts);
    }
    return std::move(out_);
  }

 private:
  static Tick now() { return std::chrono::steady_clock::now(); }

  Result<bool> delivered() { return watch_.read(MCPROVE_TRY(driver_.events())); }

  bool over() {
    if (options_.stopped && options_.stopped()) out_.why = "interrupted";
    else if (now() >= deadline_) out_.why = "the login took too long";
    return !out_.why.empty();
  }

  void end(std::string why) {
    out_.end = AuthorizeEnd::page;
    out_.why = std::move(why);
  }

  void saw(const Look& look, PageKind kind) {
    out_.pages.push_back({.kind = kind, .url = look.url, .exchange = {}, .title = look.title});
    if (static_cast<int>(out_.pages.size()) > options_.max_pages) end(fmt::format("more than {} pages", options_.max_pages));
  }

  /// Looks at the page, and acts once it has come to rest.
  Result<void> look(bool guess) {
    auto seen = look_at(driver_);
    if (!seen) return seen.error().kind == Error::Kind::unavailable ? Result<void>() : tl::unexpected(seen.error());
    last_ = *std::move(seen);
    const auto signature = last_.signature();
    if (signature != signature_) {
      signature_ = signature;
      since_ = now();
    }
    const auto rested = now() - since_;
    if (rested < settled) return {};
    if (answered_[signature] > 0 && rested < stuck) return {};
    const auto acted = guess ? act(rested >= stuck) : Result<bool>(false);
    // An element that is gone means that the page has changed: look again.
    if (!acted && acted.error().kind == Error::Kind::unavailable) {
      if (++missed_ > 20) end("a page that changes under every key: " + acted.error().message);
      return {};
    }
    if (!acted) return tl::unexpected(acted.error());
    if (*acted) {
      ++answered_[signature];
      since_ = now();
    } else if (rested >= idle) {
      saw(last_, PageKind::other);
      end("a page on which there is nothing to do");
    }
    return {};
  }

  /// True if something was done on the page, or the login is over.
  Result<bool> act(bool waited_long) {
    if (answered_[signature_] >= most_answers_to_a_page) {
      end("the same page stayed after it was answered");
      return true;
    }
    const auto* password = person_ ? oauth::password_field(last_, *person_) : nullptr;
    const bool any_password = password != nullptr || oauth::password_field(last_, Person{}) != nullptr;
    if (any_password && !person_) {
      saw(last_, PageKind::login);
      end("a login page, and nobody to log in: name who with --user");
      return true;
    }
    if (password != nullptr && password_sent_) {
      // The page may only be slow to go.
      if (!waited_long) return false;
      saw(last_, PageKind::login);
      end("the login page came back after the password was sent: user or password refused");
      return true;
    }
    const auto* user = person_ ? oauth::user_field(last_, *person_) : nullptr;
    if (password != nullptr || (user != nullptr && answered_[signature_] == 0)) return fill(user, password);
    if (asks_one_time_code(last_)) {
      saw(last_, PageKind::login);
      end("the page asks for a one-time code");
      return true;
    }
    return press();
  }

  Result<bool> may_type_here() {
    const auto at = MCPROVE_TRY(driver_.url());
    if (may_type_at(options_, at)) return true;
    const auto url = net::Url::parse(at);
    out_.login_origin_refused = true;
    end(fmt::format("a login at {}, which is not an origin to type a password into", url ? url->origin() : "no http address"));
    return false;
  }

  Result<bool> fill(const Look::Control* user, const Look::Control* password) {
    saw(last_, PageKind::login);
    // The elements were found before the address is asked: should the page change in between, they are worth nothing.
    if (!out_.why.empty() || !MCPROVE_TRY(may_type_here())) return true;
    if (user != nullptr) MCPROVE_TRY(driver_.type(user->element, person_->user));
    if (password != nullptr) {
      password_sent_ = true;
      MCPROVE_TRY(driver_.type(password->element, person_->password));
    }
    if (const auto* button = button_on(last_, &*person_, false)) {
      MCPROVE_TRY(driver_.click(button->element));
    } else {
      const auto* field = password != nullptr ? password : user;
      const auto& words = password != nullptr ? person_->password : person_->user;
      MCPROVE_TRY(driver_.type(field->element, words + enter_key));
    }
    return true;
  }

  Result<bool> press() {
    const auto* button = button_on(last_, person_ ? &*person_ : nullptr, true);
    if (button == nullptr) return false;
    saw(last_, PageKind::consent);
    if (!out_.why.empty()) return true;
    if (options_.interaction != Interaction::full) {
      end(fmt::format("a consent page: {}", text::one_line(last_.title, 80)));
      return true;
    }
    MCPROVE_TRY(driver_.click(button->element));
    return true;
  }

  Result<void> take(const LoginStep& step, std::size_t number, bool& done) {
    const auto& selector = !step.fill.empty() ? step.fill : !step.click.empty() ? step.click : step.wait;
    const auto until = std::min(deadline_, now() + step_patience);
    for (;;) {
      done = MCPROVE_TRY(delivered());
      if (done || over()) return {};
      const auto acted = once(step, selector);
      if (acted) return {};
      if (acted.error().kind != Error::Kind::unavailable) return tl::unexpected(acted.error());
      if (now() >= until) break;
      std::this_thread::sleep_for(pause);
    }
    if (auto seen = look_at(driver_)) saw(*seen, PageKind::other);
    end(fmt::format("step {}: '{}' did not appear within {} s", number, text::one_line(selector, 80), step_patience.count()));
    return {};
  }

  Result<void> once(const LoginStep& step, const std::string& selector) {
    const auto element = MCPROVE_TRY(driver_.find(selector));
    if (!step.click.empty()) return driver_.click(element);
    if (step.fill.empty()) return {};
    StepValues values;
    values.person = person_ ? &*person_ : nullptr;
    const auto words = MCPROVE_TRY(expand(step.value, values, Place::plain));
    if (words.holds_password && !MCPROVE_TRY(may_type_here())) return {};
    return driver_.type(element, words.text);
  }

  WebDriver& driver_;
  const LoginOptions& options_;
  const std::optional<Person>& person_;
  Authorization out_{};
  RedirectWatch watch_;
  Tick deadline_;
  Look last_{};
  std::string signature_{};
  Tick since_ = now();
  std::map<std::string, int> answered_{};  // by signature
  bool password_sent_ = false;
  int missed_ = 0;
};

class WebDriverDriver final : public LoginDriver {
 public:
  WebDriverDriver(std::optional<Person> person, WebDriverOptions options)
      : person_(std::move(person)), options_(std::move(options)) {}
  std::string name() const override { return "webdriver"; }

  Result<Authorization> authorize(Browser& browser, const std::string& url, const LoginOptions& login) override {
    // Redirects, errors and a session that still stands need no browser.
    auto before = MCPROVE_TRY(Walk(browser, login, nobody_).run(url));
    if (login.interaction == Interaction::none || !needs_browser(before, login)) return before;
    before.login_origin_refused = false;
    auto& scope = browser.recorder().scope();
    const auto driver = MCPROVE_TRY(WebDriver::start({.program = options_.program,
                                                      .browser = options_.browser,
                                                      .resolver_rules = resolver_rules(hosts(url, before, login), scope),
                                                      .ca_file = options_.ca_file}));
    MCPROVE_TRY(driver->give_cookies(browser.jar()));
    auto done = Drive(*driver, login, person_, options_.patience).run(url, options_.steps);
    Authorization after;
    if (done) {
      after = *std::move(done);
      if (after.end != AuthorizeEnd::code && after.end != AuthorizeEnd::redirect_error) after.why += picture(*driver);
      if (const auto cookies = driver->cookies()) keep(*cookies, browser, login);
    } else {
      // A browser that does not answer gives no picture either.
      after.end = AuthorizeEnd::unclear;
      after.why = done.error().message;
    }
    // The pages before are the same ones, seen without scripts.
    before.pages.clear();
    went_before(std::move(before), after);
    return after;
  }

 private:
  static bool needs_browser(const Authorization& seen, const LoginOptions& login) {
    if (seen.end == AuthorizeEnd::unclear) return !seen.pages.empty() && seen.pages.back().kind == PageKind::other;
    if (seen.end != AuthorizeEnd::page) return false;
    const bool consent = !seen.pages.empty() && seen.pages.back().kind == PageKind::consent;
    return !consent || login.interaction == Interaction::full;
  }

  std::set<std::string> hosts(const std::string& url, const Authorization& before, const LoginOptions& login) const {
    std::set<std::string> out(options_.hosts.begin(), options_.hosts.end());
    const auto add = [&out](const std::string& address) {
      if (const auto parsed = net::Url::parse(address)) out.insert(parsed->host);
    };
    add(url);
    for (const auto& hop : before.hops) add(hop);
    for (const auto& origin : login.login_origins) add(origin);
    if (login.any_loopback_origin) out.insert({"127.0.0.1", "localhost"});
    return out;
  }

  static void keep(const std::vector<std::pair<std::string, std::string>>& cookies, Browser& browser, const LoginOptions& login) {
    for (const auto& [from, line] : cookies) {
      const auto url = net::Url::parse(from);
      if (!url) continue;
      net::Headers headers;
      headers.add("Set-Cookie", line);
      browser.jar().take(*url, headers, browser.clock().now());
      const auto value = line.substr(line.find('=') + 1, line.find(';') - line.find('=') - 1);
      if (login.hide) login.hide("cookie", value);
    }
  }

  /// "; its screenshot is in FILE", or nothing. Passwords show as dots.
  std::string picture(WebDriver& driver) const {
    const auto bytes = driver.screenshot();
    if (!bytes) return {};
    std::error_code error;
    const auto directory =
        options_.screenshots.empty() ? std::filesystem::temp_directory_path(error) : std::filesystem::path(options_.screenshots);
    std::string path = (directory / "mcprove-login-XXXXXX.png").string();
    const int file = ::mkstemps(path.data(), 4);  // mode 0600
    if (file < 0) return {};
    const bool whole = ::write(file, bytes->data(), bytes->size()) == static_cast<ssize_t>(bytes->size());
    ::close(file);
    return whole ? fmt::format("; a picture of it is in {}", path) : std::string();
  }

  std::optional<Person> person_;
  std::optional<Person> nobody_{};
  WebDriverOptions options_;
};

}  // namespace

std::unique_ptr<LoginDriver> make_webdriver_driver(std::optional<Person> person, WebDriverOptions options) {
  return std::make_unique<WebDriverDriver>(std::move(person), std::move(options));
}

}  // namespace mcprove::oauth
