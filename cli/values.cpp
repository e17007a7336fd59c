#include "cli/values.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "base/text.h"
#include "net/url.h"
#include "oauth/logins.h"

namespace mcprove::cli {

namespace {

tl::unexpected<Error> bad(std::string message) { return failure(Error::Kind::usage, std::move(message)); }

std::string shown(std::string_view raw) { return text::one_line(raw, 120); }

std::optional<int> number(std::string_view digits) {
  int value = 0;
  const auto* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc{} || stop != end || value < 0 || value > 1'000'000) return std::nullopt;
  return value;
}

}  // namespace

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
  const auto near = text::nearest(word, candidates);
  return near ? fmt::format("; did you mean '{}'?", *near) : std::string();
}

Error unknown(std::string_view noun, std::string_view word, const std::vector<std::string>& candidates) {
  std::string hint = suggestion(word, candidates);
  if (hint.empty() && !candidates.empty() && candidates.size() <= 8) hint = "; it can be " + text::join(candidates, ", ");
  return Error{Error::Kind::usage, fmt::format("unknown {} '{}'{}", noun, shown(word), hint)};
}

Result<std::optional<Severity>> fail_on_named(std::string_view word) {
  if (word == "never") return std::optional<Severity>();
  if (const auto severity = severity_named(word)) return severity;
  return tl::unexpected(unknown("severity", word, {"critical", "high", "medium", "low", "info", "never"}));
}

Result<Format> format_named(std::string_view word) {
  if (word == "text") return Format::text;
  if (word == "json") return Format::json;
  if (word == "junit") return Format::junit;
  return tl::unexpected(unknown("format", word, {"text", "json", "junit"}));
}

Result<Effect> effect_named(std::string_view word) {
  for (const auto effect : {Effect::passive, Effect::active, Effect::intrusive}) {
    if (word == name(effect)) return effect;
  }
  return tl::unexpected(unknown("effect", word, {"passive", "active", "intrusive"}));
}

Result<std::string> login_named(std::string_view word) {
  const auto names = oauth::login_driver_names();
  if (std::find(names.begin(), names.end(), word) != names.end()) return std::string(word);
  return tl::unexpected(unknown("way to log in", word, {names.begin(), names.end()}));
}

Result<std::string> profile_named(std::string_view word) {
  const auto names = oauth::login_profile_names();
  if (std::find(names.begin(), names.end(), word) != names.end()) return std::string(word);
  return tl::unexpected(unknown("profile of an authorization server", word, {names.begin(), names.end()}));
}

Result<std::chrono::seconds> duration_of(std::string_view text) {
  std::string_view digits = text;
  int unit = 1;
  if (text.ends_with('s') || text.ends_with('m') || text.ends_with('h')) {
    unit = text.back() == 's' ? 1 : text.back() == 'm' ? 60 : 3600;
    digits.remove_suffix(1);
  }
  const auto count = number(digits);
  if (!count) return bad(fmt::format("'{}' is not a duration; write seconds, or 90s, 5m, 1h", shown(text)));
  return std::chrono::seconds(static_cast<std::chrono::seconds::rep>(*count) * unit);
}

Result<std::string> http_url(std::string_view text) {
  const auto url = net::Url::parse(text);
  if (!url) {
    const bool no_scheme = text.find("://") == std::string_view::npos;
    return bad(
        fmt::format("'{}' is not an http or https URL{}", shown(text), no_scheme ? "; it begins with http:// or https://" : ""));
  }
  if (!url->user.empty()) return bad("the URL holds a user name; give it with --user, and the password by --password-env");
  return std::string(text);
}

Result<std::string> origin_of(std::string_view url) {
  const auto checked = MCPROVE_TRY(http_url(url));
  const auto parsed = net::Url::parse(checked);
  return parsed->origin();
}

Result<std::string> host_of(std::string_view text) {
  const std::string given(text);
  const auto url = net::Url::parse(given.find("://") == std::string::npos ? "https://" + given : given);
  if (!url || url->host.empty() || !url->user.empty()) return bad(fmt::format("'{}' is not a host", shown(text)));
  return url->host;
}

Result<void> set_budget(BudgetLimits& budgets, std::string_view name, std::string_view count) {
  const auto n = number(count);
  if (!n) return bad(fmt::format("the budget '{}' needs a whole number, not '{}'", shown(name), shown(count)));
  if (name == "registrations") {
    budgets.registrations = *n;
    budgets.spare_registrations_at_home = 0;
  } else if (name == "tokens") {
    budgets.tokens = *n;
    budgets.spare_tokens_at_home = 0;
  } else if (name == "authorizations") {
    budgets.authorizations = *n;
    budgets.spare_authorizations_at_home = 0;
  } else return tl::unexpected(unknown("budget", name, {"registrations", "tokens", "authorizations"}));
  return {};
}

std::optional<std::pair<std::string, std::string>> assignment(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) return std::nullopt;
  return std::pair(std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)));
}

Result<std::pair<std::string, json::Value>> allowed_tool(std::string_view text) {
  const auto parts = assignment(text);
  if (!parts) {
    if (text.empty() || text.front() == '=') return bad("--allow-tool needs the name of a tool");
    return std::pair(std::string(text), json::Value());
  }
  auto arguments = json::parse(parts->second);
  if (!arguments)
    return bad(fmt::format("the arguments of tool '{}' are not JSON: {}", shown(parts->first), arguments.error().message));
  if (!arguments->is_object()) return bad(fmt::format("the arguments of tool '{}' are not a JSON object", shown(parts->first)));
  return std::pair(parts->first, *std::move(arguments));
}

std::vector<std::string> list_of(const std::vector<std::string>& texts) {
  std::vector<std::string> out;
  for (std::string text : texts) {
    std::replace(text.begin(), text.end(), ',', ' ');
    for (auto& word : text::words(text)) out.push_back(std::move(word));
  }
  return out;
}

Result<std::string> secret_from_env(const std::string& variable) {
  const char* value = std::getenv(variable.c_str());
  if (value == nullptr) return bad(fmt::format("the environment variable {} is not set", shown(variable)));
  if (*value == '\0') return bad(fmt::format("the environment variable {} is empty", shown(variable)));
  return std::string(value);
}

Result<std::string> private_text_of(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return bad(fmt::format("cannot read '{}'", shown(path)));
  if (S_ISREG(status.st_mode) && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return bad(fmt::format("others may read '{}'; allow only yourself: chmod 600", shown(path)));
  }
  if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
    return bad(fmt::format("'{}' is neither a file nor a pipe", shown(path)));
  std::ifstream in(path, std::ios::binary);
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

Result<std::string> secret_from_file(const std::string& path) {
  auto line = MCPROVE_TRY(private_text_of(path));
  line.resize(std::min(line.find('\n'), line.size()));
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty()) return bad(fmt::format("the first line of '{}' is empty", shown(path)));
  return line;
}

Result<std::string> secret_from_descriptor(const std::string& text) {
  const auto file = number(text);
  if (!file || *file < 3) return bad(fmt::format("'{}' is not a file descriptor; give a number from 3 on", shown(text)));
  std::string line;
  char c = 0;
  ssize_t got = 0;
  while (line.size() < (1U << 16U) && (got = ::read(*file, &c, 1)) == 1 && c != '\n') line += c;
  if (got < 0) return bad(fmt::format("cannot read the file descriptor {}", *file));
  ::close(*file);
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty()) return bad(fmt::format("the first line of the file descriptor {} is empty", *file));
  return line;
}

Result<std::vector<std::string>> words_of_command(std::string_view flag, const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  bool begun = false;
  char quote = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\' && quote != '\'' && at + 1 < text.size()) {
      word += text[++at];
      begun = true;
    } else if (quote != 0) {
      if (c == quote) quote = 0;
      else word += c;
    } else if (c == '"' || c == '\'') {
      quote = c;
      begun = true;
    } else if (c == ' ' || c == '\t' || c == '\n') {
      if (std::exchange(begun, false)) words.push_back(std::exchange(word, {}));
    } else {
      word += c;
      begun = true;
    }
  }
  if (quote != 0)
    return failure(Error::Kind::usage, fmt::format("{}: a quote is not closed in '{}'", flag, text::one_line(text, 80)));
  if (begun) words.push_back(word);
  if (words.empty()) return failure(Error::Kind::usage, fmt::format("{} needs a command", flag));
  return words;
}

}  // namespace mcprove::cli
