#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"
#include "oauth/login_words.h"
#include "oauth/pingam.h"

namespace mcprove::oauth {

namespace {

constexpr std::size_t most_callbacks = 64;

json::Value output(const json::Value& callback, std::string_view name) {
  const auto list = callback.at("output");
  for (std::size_t i = 0; i < list.size() && i < most_callbacks; ++i) {
    if (list.at(i).string("name") == name) return list.at(i).at("value");
  }
  return {};
}

/// The callback with its first input set.
json::Value with_input(const json::Value& callback, json::Value value) {
  const auto inputs = callback.at("input");
  std::vector<json::Value> filled;
  for (std::size_t i = 0; i < inputs.size() && i < most_callbacks; ++i)
    filled.push_back(i == 0 ? inputs.at(i).with("value", value) : inputs.at(i));
  return callback.with("input", json::Value::array(std::move(filled)));
}

/// The option that the operator named, else the first that goes on, else the server's own default.
std::int64_t choice(const std::vector<std::string>& options, std::int64_t fallback, const Person& person, bool confirms) {
  for (const auto& wanted : person.buttons) {
    for (std::size_t i = 0; i < options.size(); ++i)
      if (text::iequals(options[i], wanted)) return static_cast<std::int64_t>(i);
  }
  for (std::size_t i = 0; confirms && i < options.size(); ++i)
    if (approves(options[i])) return static_cast<std::int64_t>(i);
  const auto last = static_cast<std::int64_t>(options.size()) - 1;
  return std::clamp<std::int64_t>(fallback, 0, std::max<std::int64_t>(last, 0));
}

bool shows_only(std::string_view type) {
  return type == "TextOutputCallback" || type == "MetadataCallback" || type == "HiddenValueCallback" ||
         type == "PollingWaitCallback" || type == "BooleanAttributeInputCallback" || type == "StringAttributeInputCallback";
}

tl::unexpected<Error> cannot(std::string_view what) {
  return failure(
      Error::Kind::login,
      fmt::format("the login asks for {}, which cannot be answered unattended; --login browser or webdriver may", what));
}

Result<json::Value> filled(const json::Value& callback, const Person& person, bool& typed_password) {
  const auto type = callback.string("type").value_or("");
  const auto prompt = output(callback, "prompt").string().value_or("");
  const bool asks_user = type == "NameCallback" || type == "ValidatedCreateUsernameCallback";
  const bool asks_password = type == "PasswordCallback" || type == "ValidatedCreatePasswordCallback";
  if ((asks_user || asks_password || type == "TextInputCallback") && asks_one_time_code("", prompt, ""))
    return cannot(fmt::format("a one-time code ('{}')", text::one_line(prompt, 40)));
  if (asks_user) return with_input(callback, json::str(person.user));
  if (asks_password) {
    typed_password = true;
    return with_input(callback, json::str(person.password));
  }
  if (type == "ChoiceCallback") {
    const auto fallback = output(callback, "defaultChoice").integer().value_or(0);
    return with_input(callback, json::num(choice(output(callback, "choices").strings(), fallback, person, false)));
  }
  if (type == "ConfirmationCallback") {
    const auto fallback = output(callback, "defaultOption").integer().value_or(0);
    return with_input(callback, json::num(choice(output(callback, "options").strings(), fallback, person, true)));
  }
  if (type == "TermsAndConditionsCallback" || type == "ConsentMappingCallback") return with_input(callback, json::boolean(true));
  if (shows_only(type)) return callback;
  return cannot(type.empty() ? "something without a name" : text::one_line(type, 60));
}

}  // namespace

Result<AmAnswer> answer_callbacks(const json::Value& round, const Person& person) {
  AmAnswer answer;
  const auto callbacks = round.at("callbacks");
  if (callbacks.size() > most_callbacks) return failure(Error::Kind::login, "the login asks too many things at once");
  std::vector<json::Value> out;
  for (std::size_t i = 0; i < callbacks.size(); ++i)
    out.push_back(MCPROVE_TRY(filled(callbacks.at(i), person, answer.typed_password)));
  answer.body = round.with("callbacks", json::Value::array(std::move(out)));
  return answer;
}

}  // namespace mcprove::oauth
