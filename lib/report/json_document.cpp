#include <utility>

#include "report/json_parts.h"

namespace mcprove::report {

void JsonDocument::key(std::string_view key) {
  text_ += first_member_ ? "\n  " : ",\n  ";
  first_member_ = false;
  text_ += json::str(key).dump() + ": ";
}

void JsonDocument::member(std::string_view name, const json::Value& value) {
  key(name);
  text_ += value.dump();
}

void JsonDocument::begin_list(std::string_view name) {
  key(name);
  text_ += '[';
  first_element_ = true;
}

void JsonDocument::element(const json::Value& value) {
  text_ += first_element_ ? "\n    " : ",\n    ";
  first_element_ = false;
  text_ += value.dump();
}

void JsonDocument::end_list() { text_ += first_element_ ? "]" : "\n  ]"; }

std::string JsonDocument::take() { return std::exchange(text_, "{") + "\n}\n"; }

}  // namespace mcprove::report
