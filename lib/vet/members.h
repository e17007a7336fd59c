#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "json/node.h"

/// Values as they lie, for readers that walk through all of them: no string and no key is copied.
namespace mcprove::vet {

/// Null if the value is no string.
inline const std::string* text_in(const json::Value& value) { return json::as<std::string>(value); }

/// Calls each(key, value) in order.
template <class Each>
void each_member(const json::Value& object, Each each) {
  if (const auto* members = json::as<json::Members>(object))
    for (const auto& [key, value] : members->list) each(key, value);
}

/// Calls each(index, value) in order.
template <class Each>
void each_item(const json::Value& array, Each each) {
  if (!array.is_array()) return;
  for (std::size_t i = 0; i < array.size(); ++i) each(i, array.at(i));
}

/// The way to a value; few are of such interest that anybody asks for its pointer.
struct Way {
  const Way* up = nullptr;
  const std::string* key = nullptr;  ///< null: the index of an array
  std::size_t index = 0;
};

/// RFC 6901.
inline std::string pointer_of(const Way& way) {
  if (way.up == nullptr) return {};
  return pointer_of(*way.up) + (way.key != nullptr ? json::pointer_step(*way.key) : "/" + std::to_string(way.index));
}

}  // namespace mcprove::vet
