#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "json/json.h"

namespace mcprove::json {

/// A number with the digits that it was sent with: 2^64 or 1.10 come out as they came in.
struct Number {
  double real = 0;
  std::optional<std::int64_t> exact{};
  std::string digits{};
};

using Items = std::vector<Value>;

struct Members {
  std::vector<std::pair<std::string, Value>> list{};
  /// From key to place in `list`, for objects large enough that a linear search would cost; ordered, because a hostile
  /// server can choose keys whose hashes collide.
  std::map<std::string, std::size_t, std::less<>> index{};

  std::optional<std::size_t> find(std::string_view key) const;
  /// Replaces the value of a key that is there; false if it is new.
  bool put(std::string key, Value value);
};

/// What a Value shares. A null has none.
struct Value::Node {
  std::variant<std::monostate, bool, Number, std::string, Items, Members> data{};
  std::vector<std::string> duplicates{};  ///< of the whole document; at its root only
};

template <class T>
const T* as(const Value& value) {
  return value.node() == nullptr ? nullptr : std::get_if<T>(&value.node()->data);
}

Value wrap(decltype(Value::Node::data) data, std::vector<std::string> duplicates = {});
/// The shortest digits that read back as the same double, laid out as ECMAScript does (RFC 8785 section 3.2.2.3).
std::string shortest_digits(double number);

}  // namespace mcprove::json
