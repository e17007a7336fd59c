#include "oauth/login_pages.h"

#include <algorithm>
#include <cstddef>
#include <set>

#include "base/text.h"
#include "oauth/login_words.h"

namespace mcprove::oauth {

namespace {

constexpr int likely_user_field = 6;

bool is_submit(const Field& field) { return (field.type == "submit" || field.type == "image") && !field.disabled; }

bool takes_text(const Field& field) {
  static const std::set<std::string, std::less<>> others{"hidden",   "submit", "image",  "button", "reset",
                                                         "checkbox", "radio",  "select", "file"};
  return !others.contains(field.type) && !field.disabled;
}

std::string words_of(const Field& button) {
  if (!button.label.empty()) return button.label;
  return button.value.empty() ? button.name : button.value;
}

/// 3: approves; 2: begins so, with words that cast a doubt; 1: neutral; 0: refuses or leads elsewhere.
int score(const Field& button) {
  const auto words = words_of(button);
  if (approves(words)) return 3;
  const auto list = text::words(words);
  if (!list.empty() && approves(list.front())) return 2;
  if (declines(words)) return 0;
  return declines(button.value) || declines(button.name) ? 0 : approves(button.value) ? 2 : 1;
}

/// A button that the operator named, by its name, value or words.
const Field* named_button(const Form& form, const std::vector<std::string>& wanted) {
  for (const auto& name : wanted) {
    for (const auto& field : form.fields) {
      if (is_submit(field) && (field.name == name || field.value == name || text::iequals(words_of(field), name))) return &field;
    }
  }
  return nullptr;
}

const Field* best_button(const Form& form, const std::vector<std::string>& wanted = {}) {
  const Field* best = named_button(form, wanted);
  if (best != nullptr) return best;
  for (const auto& field : form.fields) {
    if (is_submit(field) && score(field) > 0 && (best == nullptr || score(field) > score(*best))) best = &field;
  }
  return best;
}

bool has_submit(const Form& form) { return std::any_of(form.fields.begin(), form.fields.end(), is_submit); }

const Field* user_field(const Form& form, const std::string& wanted) {
  const Field* best = nullptr;
  int most = 0;
  for (std::size_t i = 0; i < form.fields.size(); ++i) {
    const auto& field = form.fields[i];
    if (!takes_text(field) || field.type == "password" || field.name.empty()) continue;
    if (!wanted.empty() && field.name == wanted) return &field;
    int points = user_field_score(field.name, field.label, field.type, field.autocomplete);
    if (points > 0 && i + 1 < form.fields.size() && form.fields[i + 1].type == "password") points += 6;
    if (points > most) {
      most = points;
      best = &field;
    }
  }
  // A lone text field above a password is the name whatever it is called; without a password it must say so.
  return form.has_password() || most >= likely_user_field ? best : nullptr;
}

const Field* password_field(const Form& form, const std::string& wanted) {
  const Field* first = nullptr;
  for (const auto& field : form.fields) {
    if (field.disabled || field.name.empty()) continue;
    if (!wanted.empty() && field.name == wanted) return &field;
    if (field.type != "password") continue;
    if (field.autocomplete == "current-password") return &field;
    if (first == nullptr) first = &field;
  }
  return first;
}

std::size_t passwords(const Form& form) {
  return static_cast<std::size_t>(
      std::count_if(form.fields.begin(), form.fields.end(), [](const Field& f) { return f.type == "password" && !f.disabled; }));
}

bool asks_code(const Form& form) {
  return std::any_of(form.fields.begin(), form.fields.end(),
                     [](const Field& f) { return takes_text(f) && asks_one_time_code(f.name, f.label, f.autocomplete); });
}

/// The one of a group of radio buttons that a consenting person would choose; the checked one unless it refuses.
bool radio_chosen(const Form& form, const Field& radio) {
  const Field* chosen = nullptr;
  for (const auto& other : form.fields) {
    if (other.type != "radio" || other.name != radio.name || other.disabled) continue;
    if (chosen == nullptr || (other.checked && !declines(other.value + " " + other.label))) chosen = &other;
    if (!chosen->checked && declines(chosen->value + " " + chosen->label) && !declines(other.value + " " + other.label))
      chosen = &other;
  }
  return chosen == &radio;
}

bool is_sent(const Form& form, const Field& field, const Field* button) {
  if (field.name.empty() || field.disabled) return false;
  if (field.type == "submit" || field.type == "image") return &field == button;
  if (field.type == "button" || field.type == "reset" || field.type == "file") return false;
  if (field.type == "checkbox") return field.checked;
  if (field.type == "radio") return radio_chosen(form, field);
  return true;
}

Move fill(const Form& form, const Field* button, const Person* person) {
  Move move;
  move.submission.method = form.method;
  move.submission.url = form.action;
  move.submission.enctype = form.enctype;
  if (button != nullptr && !button->form_action.empty()) move.submission.url = button->form_action;
  if (button != nullptr && !button->form_method.empty()) move.submission.method = button->form_method;
  const auto* user = person == nullptr ? nullptr : user_field(form, person->user_field);
  const auto* password = person == nullptr ? nullptr : password_field(form, person->password_field);
  for (const auto& field : form.fields) {
    if (!is_sent(form, field, button)) continue;
    if (&field == button && field.type == "image") {
      move.submission.fields.add(field.name + ".x", "1").add(field.name + ".y", "1");
      continue;
    }
    if (&field == user) move.typed_user = true;
    if (&field == password) move.typed_password = true;
    move.submission.fields.add(field.name, &field == user ? person->user : &field == password ? person->password : field.value);
  }
  return move;
}

/// Forms of registration have two passwords; those of login one.
const Form* best_login_form(const Page& page, const Person& person) {
  const Form* best = nullptr;
  const auto rank = [&](const Form& form) {
    return has_field_of(form, person) ? 4 : passwords(form) == 1 ? 3 : passwords(form) > 1 ? 1 : 2;
  };
  for (const auto& form : page.forms) {
    if (!form.action.empty() && (is_login_form(form) || has_field_of(form, person)) &&
        (best == nullptr || rank(form) > rank(*best)))
      best = &form;
  }
  return best;
}

}  // namespace

bool has_field_of(const Form& form, const Person& person) {
  return std::any_of(form.fields.begin(), form.fields.end(), [&](const Field& field) {
    return !field.name.empty() && (field.name == person.user_field || field.name == person.password_field) && takes_text(field);
  });
}

bool is_login_form(const Form& form) { return form.has_password() || user_field(form, {}) != nullptr || asks_code(form); }

bool is_consent_form(const Form& form) {
  if (is_login_form(form)) return false;
  const auto* button = best_button(form);
  // Beside a field to type into, only a button that says so gives access.
  if (std::any_of(form.fields.begin(), form.fields.end(), takes_text))
    return button != nullptr && grants(words_of(*button)) && score(*button) > 1;
  if (button == nullptr) return form.method == "POST" && !form.fields.empty() && !has_submit(form);
  return score(*button) > 1 || form.method == "POST";
}

Submission as_it_is(const Form& form) { return fill(form, best_button(form), nullptr).submission; }

std::optional<Move> answer_login(const Page& page, const Person& person, std::string& why) {
  const auto* form = best_login_form(page, person);
  if (form == nullptr) {
    why = "the login form has no action that can be sent to";
    return std::nullopt;
  }
  const auto* button = best_button(*form, person.buttons);
  if (button == nullptr && has_submit(*form)) {
    why = "the login form has no button that goes on";
    return std::nullopt;
  }
  auto move = fill(*form, button, &person);
  if (!move.typed_user && !move.typed_password) {
    why = asks_code(*form) ? "the page asks for a one-time code" : "the login form has no field for a user name or password";
    return std::nullopt;
  }
  move.consents = button != nullptr && grants(words_of(*button));
  return move;
}

std::optional<Move> answer_consent(const Page& page, const std::vector<std::string>& buttons, std::string& why) {
  const Form* best = nullptr;
  const auto rank = [&](const Form& form) {
    const auto* button = best_button(form, buttons);
    if (named_button(form, buttons) != nullptr) return 100;
    return (button == nullptr ? 0 : score(*button)) * 2 + (form.method == "POST" ? 1 : 0);
  };
  for (const auto& form : page.forms) {
    if (!form.action.empty() && is_consent_form(form) && (best == nullptr || rank(form) > rank(*best))) best = &form;
  }
  if (best == nullptr) {
    why = "the page has no button that approves";
    return std::nullopt;
  }
  auto move = fill(*best, best_button(*best, buttons), nullptr);
  move.consents = true;
  return move;
}

std::optional<Move> answer_chooser(const Page& page, const std::optional<Person>& person, std::string& why) {
  std::optional<Move> best;
  int most = -1;
  const auto offer = [&](const std::string& words, bool chooses, const auto& make) {
    if (declines(words) && !reads_like_chooser(words)) return;
    int points = chooses ? 2 : 0;
    if (person && !person->user.empty() && text::icontains(words, person->user)) points += 8;
    if (!names_identity_provider(words)) points += 4;
    if (points <= most) return;
    most = points;
    best = make();
  };
  for (const auto& form : page.forms) {
    if (form.action.empty() || std::any_of(form.fields.begin(), form.fields.end(), takes_text)) continue;
    for (const auto& field : form.fields) {
      if (!is_submit(field)) continue;
      offer(words_of(field) + " " + field.value, true, [&] { return fill(form, &field, nullptr); });
    }
  }
  for (const auto& [url, words] : page.links) {
    if (!approves(words) && !reads_like_chooser(words)) continue;
    offer(words, false, [&, &target = url] {
      Move move;
      move.submission.method = "GET";
      move.submission.url = target;
      return move;
    });
  }
  if (!best) why = "the page offers nothing to choose that goes on";
  return best;
}

}  // namespace mcprove::oauth
