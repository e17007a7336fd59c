#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "cli/settings.h"
#include "engine/options.h"
#include "json/json.h"

/// The words that flags and configuration share. Every Error is of kind usage and names the value, never a secret.
namespace mcprove::cli {

/// "; did you mean 'x'?", or nothing if no candidate is near.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);
/// "unknown NOUN 'word'; did you mean 'x'?", or with the candidates if none is near.
Error unknown(std::string_view noun, std::string_view word, const std::vector<std::string>& candidates);

Result<std::optional<Severity>> fail_on_named(std::string_view word);  ///< a severity, or never (empty)
Result<Format> format_named(std::string_view word);
Result<Effect> effect_named(std::string_view word);               ///< passive, active, intrusive
Result<std::string> login_named(std::string_view word);           ///< a login driver
Result<std::string> profile_named(std::string_view word);         ///< an authorization server with a way of its own
Result<std::chrono::seconds> duration_of(std::string_view text);  ///< "90", "90s", "5m", "1h"
Result<std::string> origin_of(std::string_view url);              ///< "https://as.example" of any URL of it
Result<std::string> host_of(std::string_view text);               ///< a host, or the host of a URL
Result<std::string> http_url(std::string_view text);              ///< absolute, without userinfo
Result<void> set_budget(BudgetLimits& budgets, std::string_view name, std::string_view count);
/// "NAME=VALUE" at the first '='; empty if there is none or the name is empty.
std::optional<std::pair<std::string, std::string>> assignment(std::string_view text);
/// "NAME" or "NAME={...}"
Result<std::pair<std::string, json::Value>> allowed_tool(std::string_view text);
/// Fields separated by commas or spaces.
std::vector<std::string> list_of(const std::vector<std::string>& texts);

Result<std::string> secret_from_env(const std::string& variable);  ///< unset and empty are errors
/// All of a pipe, or of a file that nobody else may read.
Result<std::string> private_text_of(const std::string& path);
/// The first line of a pipe, or of a file that nobody else may read.
Result<std::string> secret_from_file(const std::string& path);
/// The first line of an open file descriptor, which it closes; "3".
Result<std::string> secret_from_descriptor(const std::string& number);

/// "npx -y 'a b'" in words, with the quotes of a shell and nothing else of it; `flag` is named in errors.
Result<std::vector<std::string>> words_of_command(std::string_view flag, const std::string& text);

}  // namespace mcprove::cli
