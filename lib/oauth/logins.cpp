#include "oauth/logins.h"

#include <optional>
#include <utility>

namespace mcprove::oauth {

namespace {

std::chrono::seconds or_else(std::chrono::seconds wanted, int seconds) {
  return wanted.count() > 0 ? wanted : std::chrono::seconds(seconds);
}

}  // namespace

std::vector<std::string_view> login_driver_names() {
  return {"auto", "form", "browser", "print", "script", "webdriver", "json", "token"};
}

std::vector<std::string_view> login_profile_names() { return {"pingone-aic"}; }

bool finds_its_user(std::string_view driver) {
  return driver == "browser" || driver == "print" || driver == "script" || driver == "json";
}

std::unique_ptr<LoginDriver> make_login_driver(std::string_view driver, std::optional<Person> person, LoginPlan plan,
                                               LoginHooks hooks) {
  if (driver == "browser") return make_browser_driver(std::move(hooks.open), or_else(plan.patience, 300));
  if (driver == "print") return make_print_driver({.say = std::move(hooks.say), .patience = or_else(plan.patience, 300)});
  if (driver == "script")
    return make_script_driver({std::move(plan.command), std::move(plan.environment), or_else(plan.patience, 120)});
  if (driver == "json") return make_json_driver(std::move(person), std::move(plan.steps));
  if (driver == "webdriver") {
    WebDriverOptions options{.steps = std::move(plan.steps), .hosts = std::move(plan.browser_hosts)};
    options.patience = or_else(plan.patience, 60);
    options.ca_file = std::move(plan.ca_file);
    return make_webdriver_driver(std::move(person), std::move(options));
  }
  if (driver == "auto" && plan.profile == "pingone-aic") return make_pingone_driver(std::move(person), std::move(plan.journey));
  return make_form_driver(std::move(person));
}

}  // namespace mcprove::oauth
