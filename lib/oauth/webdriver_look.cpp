#include "oauth/webdriver_look.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "oauth/login_words.h"

namespace mcprove::oauth {

namespace {

constexpr std::size_t most_controls = 200;
constexpr std::size_t most_text = 2000;
constexpr int likely_user_field = 6;

// Runs in the page, which may lie about itself: what it says decides where to type, never whether.
constexpr const char* look_script = R"js(
const all = [];
const visit = root => {
  for (const e of root.querySelectorAll('*')) {
    if (all.length > 5000) return;
    all.push(e);
    if (e.shadowRoot) visit(e.shadowRoot);
  }
};
visit(document);
const shown = e => {
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  return box.width > 0 && box.height > 0 && style.visibility !== 'hidden' && !e.disabled;
};
const short = s => String(s || '').trim().slice(0, 200);
const typed = ['text', 'email', 'tel', 'password', 'number', 'search', 'url'];
const fields = [], buttons = [];
for (const e of all) {
  const tag = e.tagName.toLowerCase(), type = tag === 'input' ? e.type : tag === 'button' ? 'button' : '';
  const button = tag === 'button' || ['submit', 'button', 'image'].includes(type) || e.getAttribute('role') === 'button';
  if (!(button || typed.includes(type)) || !shown(e) || fields.length + buttons.length >= 200) continue;
  const label = e.labels && e.labels.length ? e.labels[0].innerText : '';
  if (button) {
    buttons.push({element: e, type: 'button', name: short(e.name || e.id), autocomplete: '',
                  label: short(e.innerText || e.value || e.getAttribute('aria-label')), submits: e.type === 'submit'});
  } else {
    fields.push({element: e, type, name: short(e.name || e.id), autocomplete: short(e.autocomplete), submits: false,
                 label: short([label, e.placeholder, e.getAttribute('aria-label')].join(' '))});
  }
}
return {fields, buttons, text: document.body ? document.body.innerText.slice(0, 2000) : ''};
)js";

std::vector<Look::Control> controls_in(const json::Value& list) {
  std::vector<Look::Control> out;
  for (std::size_t i = 0; i < list.size() && i < most_controls; ++i) {
    const auto one = list.at(i);
    const auto element = WebDriver::element_in(one.at("element"));
    if (!element) continue;
    out.push_back({*element, one.string("type").value_or(""), one.string("name").value_or(""), one.string("label").value_or(""),
                   one.string("autocomplete").value_or(""), one.boolean("submits").value_or(false)});
  }
  return out;
}

int score(const Look::Control& button, const Person* person) {
  if (person != nullptr) {
    for (const auto& wanted : person->buttons)
      if (button.name == wanted || text::iequals(button.label, wanted)) return 100;
  }
  if (declines(button.label)) return 0;
  const int words = approves(button.label) ? 6 : button.submits ? 3 : 0;
  return names_identity_provider(button.label) ? words / 3 : words + (button.submits ? 1 : 0);
}

}  // namespace

std::string Look::signature() const {
  std::string out = url.substr(0, url.find_first_of("?#")) + "\n" + title + "\n" + text;
  for (const auto* list : {&fields, &buttons})
    for (const auto& control : *list) out += "\n" + control.type + " " + control.name + " " + control.label;
  return text::sha256_hex(out);
}

Result<Look> look_at(WebDriver& driver) {
  Look look;
  const auto seen = MCPROVE_TRY(driver.run_script(look_script));
  look.fields = controls_in(seen.at("fields"));
  look.buttons = controls_in(seen.at("buttons"));
  look.text = seen.string("text").value_or("").substr(0, most_text);
  // After the elements: an element of another page than this one's cannot be typed into, the browser sees to that.
  look.url = MCPROVE_TRY(driver.url());
  look.title = MCPROVE_TRY(driver.title());
  return look;
}

const Look::Control* password_field(const Look& look, const Person& person) {
  for (const auto& field : look.fields) {
    if (!person.password_field.empty() ? field.name == person.password_field : field.type == "password") return &field;
  }
  return nullptr;
}

const Look::Control* user_field(const Look& look, const Person& person) {
  const Look::Control* best = nullptr;
  int most = 0;
  const auto* password = password_field(look, person);
  for (const auto& field : look.fields) {
    if (&field == password || field.type == "password") continue;
    if (!person.user_field.empty() && field.name == person.user_field) return &field;
    const int points = user_field_score(field.name, field.label, field.type, field.autocomplete);
    if (points > most) {
      most = points;
      best = &field;
    }
  }
  return password != nullptr || most >= likely_user_field ? best : nullptr;
}

const Look::Control* button_on(const Look& look, const Person* person, bool grant) {
  const Look::Control* best = nullptr;
  for (const auto& button : look.buttons) {
    const int points = score(button, person);
    if (points == 0 || (grant && points < 100 && !approves(button.label))) continue;
    if (best == nullptr || points > score(*best, person)) best = &button;
  }
  return best;
}

bool asks_one_time_code(const Look& look) {
  return std::any_of(look.fields.begin(), look.fields.end(),
                     [](const Look::Control& field) { return asks_one_time_code(field.name, field.label, field.autocomplete); });
}

}  // namespace mcprove::oauth
