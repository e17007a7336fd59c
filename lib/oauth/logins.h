#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oauth/login.h"

namespace mcprove::oauth {

/// One step of a scripted login. A step of the json driver is a request; one of the webdriver fills, clicks or waits.
/// Values are templates: {user}, {password}, and for json what an earlier answer said (login_template.h).
struct LoginStep {
  std::string method = "POST";
  std::string url{};  ///< absolute, or relative to the authorization endpoint; json only, as are the four that follow
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  std::string expect{};  ///< the status, "200" or "2xx"; empty: any below 400
  bool resume = false;   ///< not sent as a step: this is how the authorization goes on, instead of by its own URL

  std::string fill{};   ///< CSS selector of a field, which takes `value`; webdriver only, as are those that follow
  std::string value{};  ///< "{user}", "{password}", or words
  std::string click{};  ///< CSS selector
  std::string wait{};   ///< CSS selector that must appear
};

/// What the operator said about the way one identity logs in.
struct LoginPlan {
  std::string profile{};  ///< of the authorization server: "pingone-aic", or empty
  std::string user_field{};
  std::string password_field{};
  std::vector<std::string> buttons{};
  std::vector<std::string> command{};      ///< argv for the script driver
  std::vector<std::string> environment{};  ///< names of the variables that it is given besides PATH, HOME, LANG and their like
  std::vector<LoginStep> steps{};
  std::string journey{};                     ///< of the profile pingone-aic: the tree to log in by; empty: the realm's own
  std::vector<std::string> browser_hosts{};  ///< further hosts that the webdriver's browser may ask
  std::chrono::seconds patience{0};          ///< for the whole of a login; 0: what the driver thinks right
  std::string ca_file{};                     ///< PEM; what the webdriver's browser trusts besides its own
};

/// How a driver reaches the person at the keyboard. Either may be empty.
struct LoginHooks {
  std::function<void(const std::string& url)> open{};  ///< shows the URL in the person's browser
  std::function<void(const std::string& line)> say{};  ///< a line on the terminal
};

/// The names that --login takes, "auto" first.
std::vector<std::string_view> login_driver_names();
/// The authorization servers that have a way of their own, by name.
std::vector<std::string_view> login_profile_names();
/// Does the driver log in without being told a user: by a person at a browser, or by a script?
bool finds_its_user(std::string_view driver);

/// `driver` is one of login_driver_names(); "auto" and "token" are the form driver, or the profile's own.
std::unique_ptr<LoginDriver> make_login_driver(std::string_view driver, std::optional<Person> person, LoginPlan plan,
                                               LoginHooks hooks);

/// Opens the URL in the user's own browser and waits on a loopback listener bound to the redirect URI's port. `open`
/// shows the URL to the person; the default runs xdg-open and prints it too.
std::unique_ptr<LoginDriver> make_browser_driver(std::function<void(const std::string& url)> open, std::chrono::seconds patience);

/// Prints the URL for a browser anywhere, and takes its redirect from the loopback listener or, pasted, from `input`.
struct PrintOptions {
  std::function<void(const std::string& line)> say{};  ///< empty: standard error
  int input = 0;                                       ///< file descriptor that the redirect may be pasted into
  std::chrono::seconds patience{300};
};
std::unique_ptr<LoginDriver> make_print_driver(PrintOptions options);

/// Runs the user's command with the URL as its last argument and takes the redirect from its standard output.
struct ScriptOptions {
  std::vector<std::string> command{};
  std::vector<std::string> environment{};  ///< names of variables
  std::chrono::seconds patience{120};
};
std::unique_ptr<LoginDriver> make_script_driver(ScriptOptions options);

/// Sends the steps' requests, with what earlier answers said put in, then goes on with the authorization.
std::unique_ptr<LoginDriver> make_json_driver(std::optional<Person> person, std::vector<LoginStep> steps);

/// Drives a headless Chromium through chromedriver (W3C WebDriver), both found in PATH, for pages written in JavaScript.
/// What plain requests can do is done without it. The browser may ask the hosts of the login, of the redirects that led
/// there and those in `hosts`, at addresses that the Scope allows when it starts; no other. What it sends is not in the
/// transcript, and chromedriver's own port on loopback is open to every user of this machine while it runs.
struct WebDriverOptions {
  std::vector<LoginStep> steps{};  ///< empty: fields and buttons are guessed
  std::vector<std::string> hosts{};
  std::chrono::seconds patience{60};
  std::string program = "chromedriver";
  std::string browser = "chromium";
  std::string screenshots{};  ///< directory; empty: the temporary one
  std::string ca_file{};      ///< PEM, trusted besides the browser's own certificates; taken in by certutil (libnss3-tools)
};
std::unique_ptr<LoginDriver> make_webdriver_driver(std::optional<Person> person, WebDriverOptions options);

/// PingAM and PingOne Advanced Identity Cloud: logs in over REST by callbacks, consents by the form's own fields.
std::unique_ptr<LoginDriver> make_pingone_driver(std::optional<Person> person, std::string journey);

}  // namespace mcprove::oauth
