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
  std::unique_ptr<const std::string> digits{};  ///< null: the shortest that read back as `real`

  std::string_view written() const { return digits ? std::string_view(*digits) : std::string_view(); }
};

using Index = std::map<std::string, std::size_t, std::less<>>;

/// What few arrays and objects have. It lies apart, because every value is as large as the largest kind.
struct Rarely {
  /// From key to place in the list, for objects large enough that a linear search would cost; ordered, because a hostile
  /// server can choose keys whose hashes collide.
  Index index{};
  std::vector<std::string> duplicates{};  ///< of the whole document; at its root only
};

struct Items {
  std::vector<Value> list{};
  std::unique_ptr<Rarely> rarely{};
};

struct Members {
  std::vector<std::pair<std::string, Value>> list{};
  std::unique_ptr<Rarely> rarely{};

  std::optional<std::size_t> find(std::string_view key) const;
  /// True if it replaced the value of a key that is there; a new key is taken away from the caller.
  bool put(std::string& key, Value value);
};

/// What a Value shares. A null has none. Integers of 64 bits are kept as such.
struct Value::Node {
  std::variant<std::monostate, bool, std::int64_t, Number, std::string, Items, Members> data{};
};

template <class T>
const T* as(const Value& value) {
  return value.node() == nullptr ? nullptr : std::get_if<T>(&value.node()->data);
}

Value wrap(decltype(Value::Node::data) data);
/// The shortest digits that read back as the same double, laid out as ECMAScript does (RFC 8785 section 3.2.2.3).
std::string shortest_digits(double number);

}  // namespace mcprove::json
