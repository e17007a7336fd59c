#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/child.h"
#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"
#include "net/http.h"
#include "net/scope.h"
#include "oauth/cookies.h"

namespace mcprove::oauth {

/// One headless Chromium with a profile of its own, driven through chromedriver (W3C WebDriver, and chromedriver's way to
/// the DevTools protocol). All of it is gone with the object: processes, profile, cookies. Internal to the webdriver
/// driver.
class WebDriver {
 public:
  struct Setup {
    std::string program{};
    std::string browser{};
    std::string resolver_rules{};  ///< Chromium's --host-resolver-rules
    std::string ca_file{};         ///< PEM; empty: what Chromium trusts by itself
  };
  /// Error::usage when a program is missing; Error::login when they do not start.
  static Result<std::unique_ptr<WebDriver>> start(const Setup& setup);
  ~WebDriver();
  WebDriver(const WebDriver&) = delete;
  WebDriver& operator=(const WebDriver&) = delete;

  struct Element {
    std::string id{};
  };

  Result<void> go(const std::string& url);
  Result<std::string> url();
  Result<std::string> title();
  /// The first element that the CSS selector finds; Error::unavailable when there is none.
  Result<Element> find(const std::string& css);
  Result<void> type(const Element& element, const std::string& words);  ///< after clearing it
  Result<void> click(const Element& element);
  Result<json::Value> run_script(const std::string& body);
  Result<std::string> screenshot();  ///< PNG bytes
  Result<void> give_cookies(const CookieJar& jar);
  /// Set-Cookie lines of all that it holds, each with the URL that may set it.
  Result<std::vector<std::pair<std::string, std::string>>> cookies();
  /// What its network did since the last call: DevTools events, oldest first.
  Result<std::vector<json::Value>> events();
  static std::optional<Element> element_in(const json::Value& value);

 private:
  WebDriver(std::string directory, std::unique_ptr<Child> child);
  Result<void> await_port();
  Result<void> open_session(const Setup& setup);
  Result<json::Value> command(const std::string& method, const std::string& path, const json::Value& body = {});
  Result<json::Value> devtools(const std::string& name, const json::Value& parameters);

  std::string directory_;  // temporary: the profile, and the home of both programs
  std::unique_ptr<Child> child_;
  std::unique_ptr<net::Scope> scope_;
  std::unique_ptr<net::Transport> transport_;
  std::string base_{};     // "http://127.0.0.1:PORT"
  std::string session_{};  // "/session/ID"
};

}  // namespace mcprove::oauth
