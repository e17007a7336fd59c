#pragma once

#include <optional>
#include <string>
#include <vector>

#include "oauth/browser.h"
#include "oauth/html.h"
#include "oauth/login.h"

namespace mcprove::oauth {

/// What a person would do on a page: a form filled in and the button pressed, or a link.
struct Move {
  Submission submission{};
  bool typed_user = false;
  bool typed_password = false;
  bool consents = false;  ///< its button or its page grants access
};

/// The best form to go on with; nothing if none fits the kind. `why` then says what is missing.
std::optional<Move> answer_login(const Page& page, const Person& person, std::string& why);
std::optional<Move> answer_consent(const Page& page, const std::vector<std::string>& buttons, std::string& why);
/// The account or the way to log in that is nearest to the person's.
std::optional<Move> answer_chooser(const Page& page, const std::optional<Person>& person, std::string& why);
/// A form without anything to fill in, sent as it is.
Submission as_it_is(const Form& form);

/// A form with a field that the operator named for this person.
bool has_field_of(const Form& form, const Person& person);
/// A form that takes a user's name, a password or a one-time code.
bool is_login_form(const Form& form);
/// A form that a button of approval goes with, and nothing to type.
bool is_consent_form(const Form& form);

}  // namespace mcprove::oauth
