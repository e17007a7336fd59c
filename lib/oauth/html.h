#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/url.h"

namespace mcprove::oauth {

struct Field {
  std::string name{};
  std::string type{};  ///< "text", "password", "hidden", "submit", "checkbox", "select", "button", ...
  std::string value{};
  std::string label{};  ///< text near it: its label, placeholder, autocomplete, or a button's words
  std::string autocomplete{};
  bool checked = false;
  bool disabled = false;
  std::vector<std::string> options{};  ///< of a select
  std::string form_action{};           ///< absolute URL that a button sends the form to instead of its action; empty: none
  std::string form_method{};           ///< likewise, upper case
};

struct Form {
  std::string action{};  ///< absolute URL; empty if it does not resolve to http(s)
  std::string method = "GET";
  std::string enctype{};
  std::string id{};
  std::vector<Field> fields{};
  std::string text{};            ///< visible words inside
  bool self_submitting = false;  ///< nothing to fill in, and a script of the page sends it
  bool has_password() const;
};

/// What a login or consent page shows, read as HTML5 (scripts are not run). Links, refreshes and script locations may
/// have any scheme, since clients have schemes of their own; a form's action is http or https.
struct Page {
  std::string title{};
  std::string text{};  ///< visible words, shortened to 4 kB
  std::vector<Form> forms{};
  std::vector<std::pair<std::string, std::string>> links{};  ///< absolute URL, words
  std::string refresh{};                                     ///< absolute URL of a meta refresh within half a minute, or empty
  std::string script_location{};  ///< absolute URL that an inline script writes to `location`, or empty
  bool has_controls = false;      ///< a button or a field to fill in, outside of noscript
  bool needs_script = false;      ///< next to nothing visible without JavaScript
};

/// Never fails and stays within limits of size, memory and work; a page beyond them is empty.
Page read_page(std::string_view html, const net::Url& base);

}  // namespace mcprove::oauth
