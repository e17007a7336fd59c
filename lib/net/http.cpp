#include "net/http.h"

#include <algorithm>

#include "base/text.h"

namespace mcprove::net {

std::optional<std::string> Headers::find(std::string_view name) const {
  for (const auto& [key, value] : fields) {
    if (text::iequals(key, name)) return value;
  }
  return std::nullopt;
}

std::vector<std::string> Headers::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : fields) {
    if (text::iequals(key, name)) values.push_back(value);
  }
  return values;
}

Headers& Headers::set(std::string_view name, std::string value) {
  const auto same = [name](const auto& field) { return text::iequals(field.first, name); };
  const auto first = std::find_if(fields.begin(), fields.end(), same);
  if (first == fields.end()) return add(std::string(name), std::move(value));
  first->second = std::move(value);
  fields.erase(std::remove_if(first + 1, fields.end(), same), fields.end());
  return *this;
}

Headers& Headers::erase(std::string_view name) {
  std::erase_if(fields, [name](const auto& field) { return text::iequals(field.first, name); });
  return *this;
}

}  // namespace mcprove::net
