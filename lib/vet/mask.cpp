#include "vet/mask.h"

#include <utility>

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/text.h"

namespace mcprove::vet {

namespace {

constexpr std::size_t deepest = 64;  // as deep as JSON is read
constexpr const char* instead = "[volatile]";

bool is_name(std::string_view key) { return key == "name" || key == "uri" || key == "uriTemplate"; }

}  // namespace

Result<Mask> Mask::of(const std::vector<std::string>& expressions) {
  Mask mask;
  for (const auto& text : expressions) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    auto expression = std::make_shared<const re2::RE2>(text, options);
    if (!expression->ok())
      return failure(Error::Kind::usage, fmt::format("'{}' is no regular expression: {}", text::one_line(text, 80),
                                                     text::one_line(expression->error(), 80)));
    mask.expressions_.push_back(std::move(expression));
  }
  return mask;
}

std::string Mask::masked(std::string text, std::size_t& places) const {
  for (const auto& expression : expressions_) {
    const int changed = re2::RE2::GlobalReplace(&text, *expression, instead);
    places += changed > 0 ? static_cast<std::size_t>(changed) : 0;
  }
  return text;
}

json::Value Mask::masked(const json::Value& value, std::size_t depth, std::size_t& places) const {
  if (depth > deepest) return value;
  if (const auto text = value.string()) return json::str(masked(*text, places));
  if (value.is_array()) {
    std::vector<json::Value> items;
    for (std::size_t i = 0; i < value.size(); ++i) items.push_back(masked(value.at(i), depth + 1, places));
    return json::Value::array(std::move(items));
  }
  if (!value.is_object()) return value;
  std::vector<std::pair<std::string, json::Value>> members;
  for (const auto& key : value.keys()) {
    const auto member = value.at(key);
    const bool kept = depth == 0 && is_name(key);
    members.emplace_back(key, kept ? member : masked(member, depth + 1, places));
  }
  return json::Value::object(std::move(members));
}

Pinned Mask::masked(Pinned server, std::size_t& places) const {
  if (empty()) return server;
  auto& manifest = server.manifest;
  for (auto* list : {&manifest.tools, &manifest.prompts, &manifest.resources, &manifest.templates}) {
    for (auto& item : *list) item = masked(item, 0, places);
  }
  manifest.instructions = masked(std::move(manifest.instructions), places);
  return server;
}

}  // namespace mcprove::vet
