#pragma once

#include <optional>
#include <string>
#include <vector>

#include "oauth/login.h"
#include "oauth/webdriver.h"

namespace mcprove::oauth {

/// What a page in the browser shows: the visible fields and buttons, those of open shadow roots too. Internal to the
/// webdriver driver.
struct Look {
  struct Control {
    WebDriver::Element element{};
    std::string type{};  ///< of an input; "button" for what is pressed
    std::string name{};
    std::string label{};  ///< label, placeholder; or a button's words
    std::string autocomplete{};
    bool submits = false;
  };
  std::string url{};  ///< by the browser's word, not the page's
  std::string title{};
  std::string text{};  ///< visible words, shortened
  std::vector<Control> fields{};
  std::vector<Control> buttons{};

  /// The same for two looks at a page that has not changed.
  std::string signature() const;
};

Result<Look> look_at(WebDriver& driver);

const Look::Control* password_field(const Look& look, const Person& person);
const Look::Control* user_field(const Look& look, const Person& person);
/// The button that goes on; with `grant`, only one that says so.
const Look::Control* button_on(const Look& look, const Person* person, bool grant);
bool asks_one_time_code(const Look& look);

}  // namespace mcprove::oauth
