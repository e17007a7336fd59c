#include <algorithm>

#include "base/text.h"
#include "net/url.h"

namespace mcprove::net {

namespace {

auto named(std::string_view name) {
  return [name](const std::pair<std::string, std::string>& field) { return field.first == name; };
}

}  // namespace

Params& Params::set(std::string_view name, std::string value) {
  const auto first = std::find_if(fields_.begin(), fields_.end(), named(name));
  if (first == fields_.end()) return add(name, std::move(value));
  first->second = std::move(value);
  fields_.erase(std::remove_if(first + 1, fields_.end(), named(name)), fields_.end());
  return *this;
}

Params& Params::add(std::string_view name, std::string value) {
  fields_.emplace_back(name, std::move(value));
  return *this;
}

Params& Params::erase(std::string_view name) {
  std::erase_if(fields_, named(name));
  return *this;
}

std::string Params::get(std::string_view name) const {
  const auto first = std::find_if(fields_.begin(), fields_.end(), named(name));
  return first == fields_.end() ? std::string{} : first->second;
}

bool Params::has(std::string_view name) const { return std::any_of(fields_.begin(), fields_.end(), named(name)); }

std::vector<std::string> Params::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : fields_) {
    if (key == name) values.push_back(value);
  }
  return values;
}

std::string Params::encode() const {
  std::string encoded;
  for (const auto& [name, value] : fields_) {
    if (!encoded.empty()) encoded += '&';
    encoded += text::percent_encode(name);
    encoded += '=';
    encoded += text::percent_encode(value);
  }
  return encoded;
}

Params Params::decode(std::string_view encoded) {
  Params params;
  while (!encoded.empty()) {
    const auto end = std::min(encoded.find('&'), encoded.size());
    const auto field = encoded.substr(0, end);
    encoded.remove_prefix(std::min(end + 1, encoded.size()));
    if (field.empty()) continue;
    const auto equals = std::min(field.find('='), field.size());
    const auto value = field.substr(std::min(equals + 1, field.size()));
    params.add(text::percent_decode(field.substr(0, equals), true), text::percent_decode(value, true));
  }
  return params;
}

}  // namespace mcprove::net
