#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/redactor.h"
#include "base/result.h"
#include "net/url.h"
#include "oauth/browser.h"

namespace mcprove::oauth {

/// How an authorization request ended (catalogue 0.4, letters E, R, C, L).
enum class AuthorizeEnd : std::uint8_t {
  code,            ///< C: redirect to the client with a code, or with a token (then `callback` has no code)
  redirect_error,  ///< R: redirect to the client with `error`
  error_page,      ///< E: the AS refused on its own origin, no redirect to the client
  page,            ///< L: a login or consent page, and we were not to (or could not) go on
  unclear,         ///< 5xx, time-out, rate limit, block page, a redirect nobody expected
};

enum class PageKind : std::uint8_t { login, consent, chooser, error, other };
struct PageSeen {
  PageKind kind = PageKind::other;
  std::string url{};
  net::ExchangeId exchange{};
  std::string title{};
  std::vector<std::string> form_actions{};
};

/// What the person is allowed to do on the pages.
enum class Interaction : std::uint8_t {
  none,   ///< click nothing: follow redirects only; the first page ends it
  login,  ///< type user and password, but approve no consent page
  full,   ///< log in and approve
};

struct Authorization {
  AuthorizeEnd end = AuthorizeEnd::unclear;
  std::string location{};         ///< the redirect to the client, as sent (also when it is not ours)
  net::Params callback{};         ///< its query parameters, then its fragment's; or the fields of a form_post
  std::string redirect_target{};  ///< location without query and fragment
  std::vector<PageSeen> pages{};
  std::vector<std::string> hops{};  ///< URLs of redirects followed, in order
  std::vector<net::ExchangeId> exchanges{};
  std::optional<net::ExchangeId> last{};
  std::string why{};                  ///< one phrase, for example "400 error page: unknown client"
  bool login_origin_refused = false;  ///< a password page at an origin the user did not name
};

/// Who logs in. The password is registered with the Redactor by whoever made this.
struct Person {
  std::string user{};
  std::string password{};
  std::string user_field{};  ///< overrides the guess
  std::string password_field{};
  std::vector<std::string> buttons{};  ///< names, values or words of the buttons to press, before any guess
};

struct LoginOptions {
  std::set<std::string> login_origins{};  ///< a password is typed only here
  bool any_loopback_origin = false;       ///< ... or at any loopback origin: the target is loopback itself
  Interaction interaction = Interaction::full;
  std::function<void(Submission&, PageKind)> at_form{};  ///< bends a submission before it is sent
  int max_pages = 12;
  std::string redirect_uri{};  ///< of the request, which may have been pushed; empty: as the URL says
  std::string purpose{};       ///< of the first request, for the transcript; empty: "authorization request"
  /// Besides the registered redirect URI: where else a redirect means "delivered to a client": an attacker's URI. Asked
  /// with every absolute redirect target; true ends the walk there.
  std::function<bool(const std::string& location)> is_client{};
  /// Told of what a driver received that is as good as a password: a session, a ticket between two steps. May be empty.
  std::function<void(std::string_view kind, const std::string& secret)> hide{};
  std::function<bool()> stopped{};  ///< asked now and then by drivers that wait; true: end at once. May be empty.
};

/// One way of getting through the pages between an authorization request and its redirect. One file each.
class LoginDriver {
 public:
  virtual ~LoginDriver() = default;
  virtual std::string name() const = 0;  ///< "form", "browser", ...
  /// Does it take the redirect itself, at a port of this machine?
  virtual bool listens() const { return false; }
  /// Which of a client's redirect URIs the next request is to name. A driver that listens begins to, and may have to choose
  /// another port (RFC 8252 section 7.3).
  virtual std::string redirect_for(const std::vector<std::string>& uris) { return uris.empty() ? std::string() : uris.front(); }
  /// Sends the authorization request and goes on until it ends. An Error only when nothing at all came back.
  virtual Result<Authorization> authorize(Browser& browser, const std::string& url, const LoginOptions& options) = 0;
};

/// What a driver did, or what page it saw and why it could not go on: one line without secrets and queries.
std::string told(std::string_view driver, const Authorization& authorization);

/// No page (consent given at once) and HTML forms: user and password, several pages, hidden fields, consent pages, meta
/// and header redirects, choosers. Without a person it still follows redirects and approves pages that ask nothing.
std::unique_ptr<LoginDriver> make_form_driver(std::optional<Person> person);
/// Is this page an authorization error (however its status), a login form, a consent form? A login form stays one
/// whatever its status, unless its words are those of an OAuth error.
PageKind classify(const Page& page, int status);

}  // namespace mcprove::oauth
