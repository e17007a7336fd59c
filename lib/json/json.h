#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace mcprove::json {

struct Limits {
  std::size_t bytes = 8U << 20U;
  std::size_t depth = 64;          ///< arrays and objects inside each other
  std::size_t values = 1U << 20U;  ///< of any type, so that "[[],[],..." cannot fill the memory
};

/// A JSON value that a hostile server may have sent: immutable, shared (copies are cheap), bounded when parsed, and
/// typed getters never throw. Asking a value for what it is not gives empty, never a crash. Keys keep their order.
class Value {
 public:
  enum class Type : std::uint8_t { null, boolean, number, string, array, object };

  Value();  ///< null
  Type type() const;
  bool is_null() const { return type() == Type::null; }
  bool is_object() const { return type() == Type::object; }
  bool is_array() const { return type() == Type::array; }
  bool is_string() const { return type() == Type::string; }
  bool is_number() const { return type() == Type::number; }

  bool has(std::string_view key) const;        ///< the member exists, whatever its value
  Value at(std::string_view key) const;        ///< member of an object, or null
  Value at(std::size_t index) const;           ///< element of an array, or null
  std::size_t size() const;                    ///< members or elements; 0 for scalars
  std::vector<std::string> keys() const;       ///< of an object, in order
  Value pointer(std::string_view path) const;  ///< RFC 6901, or null

  std::optional<std::string> string() const;
  std::optional<std::int64_t> integer() const;  ///< numbers without a fraction that fit
  std::optional<double> number() const;
  std::optional<bool> boolean() const;
  std::vector<std::string> strings() const;  ///< the string elements of an array; others are passed over
  /// Shorthands for members: at(key).string() and so on.
  std::optional<std::string> string(std::string_view key) const { return at(key).string(); }
  std::optional<std::int64_t> integer(std::string_view key) const { return at(key).integer(); }
  std::optional<bool> boolean(std::string_view key) const { return at(key).boolean(); }
  std::vector<std::string> strings(std::string_view key) const { return at(key).strings(); }

  /// Keys that stood twice in some object, as JSON pointers; the last one won.
  const std::vector<std::string>& duplicate_keys() const;

  std::string dump() const;       ///< compact; invalid UTF-8 replaced
  std::string pretty() const;     ///< two spaces
  std::string canonical() const;  ///< RFC 8785

  bool operator==(const Value& other) const;

  // Building.
  static Value make(bool b);
  static Value make(std::int64_t n);
  static Value make(double n);
  static Value make(std::string_view s);
  static Value make(const char* s) { return make(std::string_view(s)); }  ///< else a literal would become a boolean
  static Value make(int n) { return make(static_cast<std::int64_t>(n)); }
  static Value array(std::vector<Value> items);
  static Value object(std::vector<std::pair<std::string, Value>> members);
  /// This object with one member set (added at the end or replaced in place); of a non-object, a new object.
  Value with(std::string_view key, Value value) const;
  Value without(std::string_view key) const;

  struct Node;
  explicit Value(std::shared_ptr<const Node> node);
  const Node* node() const { return node_.get(); }

 private:
  std::shared_ptr<const Node> node_;
};

inline Value str(std::string_view s) { return Value::make(s); }
inline Value num(std::int64_t n) { return Value::make(n); }
inline Value boolean(bool b) { return Value::make(b); }
Value strings(const std::vector<std::string>& items);

/// One step of a JSON pointer, "/" included and escaped (RFC 6901 section 3).
std::string pointer_step(std::string_view key);

/// Error::malformed with the place, Error::too_large beyond the limits.
Result<Value> parse(std::string_view text, Limits limits = {});

}  // namespace mcprove::json
