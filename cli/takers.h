#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <toml++/toml.h>

#include "base/result.h"

/// How values of mcprove.toml get to where they belong.
namespace mcprove::cli {

inline tl::unexpected<Error> wrong(std::string message) { return failure(Error::Kind::usage, std::move(message)); }

/// Takes a node; says what is wrong with it.
using Taker = std::function<Result<void>(const toml::node&)>;
using Keys = std::map<std::string, Taker>;

inline Taker into(std::string& out) {
  return [&out](const toml::node& node) -> Result<void> {
    const auto* value = node.as_string();
    if (value == nullptr) return wrong("needs a string");
    out = value->get();
    return {};
  };
}

inline Taker into(bool& out) {
  return [&out](const toml::node& node) -> Result<void> {
    const auto* value = node.as_boolean();
    if (value == nullptr) return wrong("needs true or false");
    out = value->get();
    return {};
  };
}

/// A list of strings, or one string.
inline Taker into(std::vector<std::string>& out) {
  return [&out](const toml::node& node) -> Result<void> {
    std::vector<std::string> words;
    if (const auto* one = node.as_string()) words.push_back(one->get());
    if (const auto* list = node.as_array()) {
      for (const auto& element : *list) {
        const auto* word = element.as_string();
        if (word == nullptr) return wrong("needs a list of strings");
        words.push_back(word->get());
      }
    } else if (words.empty()) {
      return wrong("needs a list of strings");
    }
    out = std::move(words);
    return {};
  };
}

/// A string that a function of values.h understands.
template <class Parse, class Store>
Taker parsed(Parse parse, Store store) {
  return [parse, store](const toml::node& node) -> Result<void> {
    std::string word;
    MCPROVE_TRY(into(word)(node));
    store(MCPROVE_TRY(parse(word)));
    return {};
  };
}

/// The same for each of a list of strings.
template <class Parse, class Store>
Taker each(Parse parse, Store store) {
  return [parse, store](const toml::node& node) -> Result<void> {
    std::vector<std::string> words;
    MCPROVE_TRY(into(words)(node));
    for (const auto& word : words) store(MCPROVE_TRY(parse(word)));
    return {};
  };
}

}  // namespace mcprove::cli
