#include "oauth/login_template.h"

#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"

namespace mcprove::oauth {

namespace {

tl::unexpected<Error> missing(std::string_view name, std::string_view why) {
  return failure(Error::Kind::login, fmt::format("{{{}}} {}", text::one_line(name, 80), why));
}

std::optional<std::string> scalar(const json::Value& value) {
  if (auto text = value.string()) return text;
  if (value.is_number() || value.boolean()) return value.dump();
  return std::nullopt;
}

/// "step2:/tokenId" as 2 and "/tokenId".
std::optional<std::pair<std::size_t, std::string_view>> step_in(std::string_view name) {
  constexpr std::string_view word = "step";
  if (!name.starts_with(word)) return std::nullopt;
  std::size_t number = 0;
  const auto* end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + word.size(), end, number);
  if (error != std::errc{} || stop == end || *stop != ':') return std::nullopt;
  return std::pair(number, name.substr(static_cast<std::size_t>(stop - name.data()) + 1));
}

Result<std::string> of_step(std::string_view name, std::size_t number, std::string_view what, const StepValues& values) {
  if (number == 0 || number > values.answers.size()) return missing(name, "speaks of a step that has not run");
  const auto& answer = values.answers[number - 1];
  constexpr std::string_view header = "header:";
  const auto found =
      what.starts_with(header) ? answer.headers.find(what.substr(header.size())) : scalar(answer.body.pointer(what));
  if (!found) return missing(name, "is not in the answer");
  return *found;
}

/// Nothing: these braces are not ours.
std::optional<Result<std::string>> value_of(std::string_view name, const StepValues& values) {
  if (name == "user" || name == "password") {
    if (values.person == nullptr || values.person->user.empty()) return missing(name, "is used, and no user is given");
    const auto& value = name == "user" ? values.person->user : values.person->password;
    if (value.empty()) return missing(name, "is used, and no password is given");
    return value;
  }
  if (name == "url") return values.url;
  if (name == "page") return values.page;
  if (name.starts_with("page:")) {
    const auto page = net::Url::parse(values.page);
    const std::string parameter(name.substr(5));
    if (!page || !page->params().has(parameter)) return missing(name, "is not in the address of the login page");
    return page->params().get(parameter);
  }
  if (const auto step = step_in(name)) return of_step(name, step->first, step->second, values);
  return std::nullopt;
}

std::string written(const std::string& value, Place place) {
  switch (place) {
    case Place::plain: return value;
    case Place::url:
    case Place::form: return text::percent_encode(value);
    case Place::json: {
      const auto quoted = json::str(value).dump();
      return quoted.substr(1, quoted.size() - 2);
    }
  }
  return value;
}

}  // namespace

Result<Expanded> expand(std::string_view pattern, const StepValues& values, Place place) {
  Expanded out;
  while (!pattern.empty()) {
    const auto open = pattern.find('{');
    const auto close = open == std::string_view::npos ? open : pattern.find('}', open);
    if (close == std::string_view::npos) break;
    const auto name = pattern.substr(open + 1, close - open - 1);
    const auto value = value_of(name, values);
    if (!value) {
      out.text += pattern.substr(0, open + 1);
      pattern.remove_prefix(open + 1);
      continue;
    }
    if (!*value) return tl::unexpected(value->error());
    // A URL that begins with a value is that value: "{step1:/next}" is an address as it stands.
    const bool whole = place == Place::url && open == 0 && out.text.empty();
    out.text += pattern.substr(0, open);
    out.text += whole ? **value : written(**value, place);
    out.holds_password = out.holds_password || name == "password" ||
                         (values.person != nullptr && !values.person->password.empty() && **value == values.person->password);
    pattern.remove_prefix(close + 1);
  }
  out.text += pattern;
  return out;
}

}  // namespace mcprove::oauth
