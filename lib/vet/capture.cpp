#include "vet/capture.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "json/json.h"

namespace mcprove::vet {
namespace {

constexpr json::Limits capture_limits{.bytes = 256U << 20U, .depth = 64, .values = 16U << 20U};

std::vector<json::Value> objects(const json::Value& list) {
  std::vector<json::Value> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list.at(i).is_object()) out.push_back(list.at(i));
  }
  return out;
}

/// Tools given as an object from name to definition, too.
std::vector<json::Value> tools_of(const json::Value& tools) {
  if (tools.is_array()) return objects(tools);
  std::vector<json::Value> out;
  for (const auto& key : tools.keys()) {
    if (tools.at(key).is_object())
      out.push_back(tools.at(key).has("name") ? tools.at(key) : tools.at(key).with("name", json::str(key)));
  }
  return out;
}

std::string server_name(const json::Value& value, std::string_view otherwise) {
  for (const auto& place : {value.at("server"), value.at("server").at("name"), value.at("serverInfo").at("name")}) {
    if (const auto name = place.string(); name && !name->empty()) return *name;
  }
  return std::string{otherwise};
}

std::optional<Manifest> manifest_of(const json::Value& given, std::string_view name) {
  const auto value = given.at("result").is_object() ? given.at("result") : given;
  const bool lists = std::ranges::any_of(
      std::vector<std::string_view>{"tools", "prompts", "resources", "resourceTemplates"},
      [&](std::string_view key) { return value.at(key).is_array() || (key == "tools" && value.at(key).is_object()); });
  if (!lists) return std::nullopt;
  Manifest manifest;
  manifest.server = server_name(value, name);
  manifest.tools = tools_of(value.at("tools"));
  manifest.prompts = objects(value.at("prompts"));
  manifest.resources = objects(value.at("resources"));
  manifest.templates = objects(value.has("resourceTemplates") ? value.at("resourceTemplates") : value.at("templates"));
  manifest.instructions = value.string("instructions").value_or("");
  manifest.provenance.version = value.at("serverInfo").string("version").value_or("");
  return manifest;
}

bool looks_like_tools(const json::Value& array) {
  return array.size() > 0 && array.at(0).at("name").is_string() && !array.at(0).has("tools");
}

/// The manifests in one JSON value; nothing if it holds none.
std::vector<Manifest> manifests_of(const json::Value& value, std::string_view name) {
  std::vector<Manifest> out;
  if (value.is_array() && looks_like_tools(value)) {
    out.push_back({.server = std::string{name}, .tools = objects(value)});
    return out;
  }
  if (!value.is_array()) {
    if (auto manifest = manifest_of(value, name)) out.push_back(*std::move(manifest));
    return out;
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (auto manifest = manifest_of(value.at(i), fmt::format("{}#{}", name, i + 1))) out.push_back(*std::move(manifest));
  }
  return out;
}

/// Not JSON as a whole: one value a line.
Result<std::vector<Manifest>> read_lines(std::string_view text, std::string_view name, const Error& as_a_whole) {
  std::vector<Manifest> out;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = text::trim(text.substr(at, end - at));
    at = end + 1;
    ++number;
    if (line.empty()) continue;
    const auto value = json::parse(line);
    if (!value && out.empty()) return failure(Error::Kind::malformed, fmt::format("{}: {}", name, as_a_whole.message));
    if (!value) return failure(Error::Kind::malformed, fmt::format("{}: line {}: {}", name, number, value.error().message));
    auto manifests = manifests_of(*value, fmt::format("{}#{}", name, number));
    if (manifests.empty()) return failure(Error::Kind::malformed, fmt::format("{}: line {} holds no tools", name, number));
    std::ranges::move(manifests, std::back_inserter(out));
  }
  return out;
}

}  // namespace

Result<std::vector<Manifest>> read_capture(std::string_view text, std::string_view name) {
  const auto whole = json::parse(text, capture_limits);
  auto out = whole ? manifests_of(*whole, name) : MCPROVE_TRY(read_lines(text, name, whole.error()));
  if (out.empty()) {
    return failure(Error::Kind::malformed,
                   fmt::format("{}: neither a tools/list result nor {{server, tools, instructions}} nor lines of these", name));
  }
  return out;
}

}  // namespace mcprove::vet
