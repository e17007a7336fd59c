#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"
#include "json/json.h"
#include "mcp/denial.h"

/// What a parameter or a form field asks for, by its name and its description.
namespace mcprove::checks {

/// Why a field is thought to hold a secret or a person's data, and how sure that is.
struct Sensitive {
  std::string shows{};
  bool by_name = false;  ///< else only the description says it
};

/// " my api key ": words between blanks, so that whole words and phrases can be looked for.
inline std::string spaced_words(std::string_view text) {
  std::string out = " ";
  for (const auto& word : mcp::plain_words(text)) out += word + " ";
  return out;
}

template <class Phrases>
std::optional<std::string_view> phrase_in(std::string_view words, const Phrases& phrases) {
  for (const std::string_view phrase : phrases)
    if (words.find(fmt::format(" {} ", phrase)) != std::string_view::npos) return phrase;
  return std::nullopt;
}

inline constexpr auto secret_phrases = std::to_array<std::string_view>({"password",
                                                                        "passwd",
                                                                        "passphrase",
                                                                        "passcode",
                                                                        "pwd",
                                                                        "secret",
                                                                        "apikey",
                                                                        "api key",
                                                                        "api token",
                                                                        "access token",
                                                                        "auth token",
                                                                        "id token",
                                                                        "bearer token",
                                                                        "oauth token",
                                                                        "refresh token",
                                                                        "session token",
                                                                        "private key",
                                                                        "privatekey",
                                                                        "secret key",
                                                                        "access key",
                                                                        "signing key",
                                                                        "ssh key",
                                                                        "encryption key",
                                                                        "credential",
                                                                        "credentials",
                                                                        "client secret",
                                                                        "credit card",
                                                                        "card number",
                                                                        "cvv",
                                                                        "cvc",
                                                                        "card cvv",
                                                                        "ssn",
                                                                        "otp",
                                                                        "totp",
                                                                        "seed phrase",
                                                                        "mnemonic",
                                                                        "security code",
                                                                        "pin code",
                                                                        "social security",
                                                                        "iban",
                                                                        "bank account",
                                                                        "passport number"});

inline constexpr auto personal_phrases = std::to_array<std::string_view>(
    {"email", "e mail", "email address", "phone", "phone number", "mobile number", "date of birth", "birth date", "birthdate",
     "birthday", "home address", "street address", "tax id", "passport", "national id", "full name", "medical record"});

/// A last word by which a name speaks about a secret and is none: "password_policy", "secret_name", "max_tokens".
inline bool speaks_about(std::string_view words) {
  constexpr auto about = std::to_array<std::string_view>(
      {"id",      "ids",   "name",  "names", "type",    "kind",     "count",   "length",   "limit",
       "policy",  "hint",  "ref",   "url",   "uri",     "expiry",   "ttl",     "format",   "strength",
       "label",   "path",  "file",  "min",   "max",     "required", "index",   "age",      "rotation",
       "manager", "store", "scope", "arn",   "version", "field",    "address", "provider", "alias"});
  const auto last = words.substr(0, words.size() - 1);
  const auto word = last.substr(last.rfind(' ') + 1);
  return std::ranges::find(about, word) != about.end();
}

/// A name that ends in "token": a credential, unless it is a place in a list, a coin, or a piece of text.
inline bool ends_in_token(std::string_view words, std::string_view description) {
  constexpr auto others = std::to_array<std::string_view>(
      {"page token", "next token", "continuation token", "sync token", "pagination token", "start token", "end token",
       "stop token", "cursor token", "from token", "to token", "input token", "output token", "buy token", "sell token",
       "change token", "progress token", "resume token", "skip token"});
  constexpr auto otherwise = std::to_array<std::string_view>({"symbol", "coin", "contract", "page", "pages", "pagination",
                                                              "cursor", "mint", "erc20", "swap", "tokenizer", "next results"});
  return words.ends_with(" token ") && !phrase_in(words, others) && !phrase_in(spaced_words(description), otherwise);
}

/// Does a description order the reader to hand over a secret? "Enter your password" does, "never a password" does not.
inline std::optional<std::string_view> asked_for(std::string_view description) {
  const auto words = spaced_words(description);
  constexpr auto denied = std::to_array<std::string_view>({"never", "not", "no", "dont", "without", "instead"});
  if (phrase_in(words, denied)) return std::nullopt;
  constexpr auto asking = std::to_array<std::string_view>({"your", "enter", "type", "provide", "paste", "the user s", "account"});
  if (!phrase_in(words, asking)) return std::nullopt;
  const auto found = phrase_in(words, secret_phrases);
  return found && !speaks_about(words) ? found : std::nullopt;
}

/// A secret that `property`, a JSON schema, asks for under this name. A yes or no is none.
inline std::optional<Sensitive> secret_in(std::string_view name, const json::Value& property) {
  if (property.string("type") == "boolean") return std::nullopt;
  const auto words = spaced_words(name);
  const auto description = property.string("description").value_or("");
  if (!speaks_about(words)) {
    if (const auto found = phrase_in(words, secret_phrases)) return Sensitive{std::string(*found), true};
    if (ends_in_token(words, description)) return Sensitive{"token", true};
  }
  if (property.string("format") == "password") return Sensitive{"format password", true};
  for (const auto& told : {property.string("title").value_or(""), description})
    if (const auto found = asked_for(told)) return Sensitive{std::string(*found), false};
  return std::nullopt;
}

inline std::optional<Sensitive> personal_in(std::string_view name) {
  const auto words = spaced_words(name);
  if (speaks_about(words) && !words.ends_with(" address ")) return std::nullopt;
  if (const auto found = phrase_in(words, personal_phrases)) return Sensitive{std::string(*found), true};
  return std::nullopt;
}

}  // namespace mcprove::checks
