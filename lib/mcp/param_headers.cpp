#include "mcp/param_headers.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace mcprove::mcp {

namespace {

constexpr int deepest = 16;
constexpr std::size_t longest_name = 128;
constexpr const char* annotation = "x-mcp-header";

/// RFC 9110 section 5.6.2.
bool is_field_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && text.size() <= longest_name && std::ranges::all_of(text, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || marks.find(c) != std::string_view::npos;
  });
}

class Reader {
 public:
  Result<void> read(const json::Value& schema, const std::vector<std::string>& path) {
    if (path.size() > deepest) return {};
    const auto properties = schema.at("properties");
    for (const auto& name : properties.keys()) {
      auto here = path;
      here.push_back(name);
      const auto property = properties.at(name);
      if (property.has(annotation)) MCPROVE_TRY(take(property, here));
      MCPROVE_TRY(read(property, here));
    }
    return {};
  }
  std::vector<ParamHeader> found{};

 private:
  Result<void> take(const json::Value& property, const std::vector<std::string>& path) {
    const auto shown = text::one_line(path.back(), 60);
    const auto name = property.string(annotation);
    if (!name || !is_field_token(*name))
      return failure(Error::Kind::malformed, fmt::format("the {} of {} is no field name", annotation, shown));
    const auto type = property.string("type").value_or("");
    if (type != "string" && type != "integer" && type != "boolean")
      return failure(Error::Kind::malformed,
                     fmt::format("{} is annotated with {} and is no string, integer or boolean", shown, annotation));
    if (!seen_.insert(text::lower(*name)).second)
      return failure(Error::Kind::malformed, fmt::format("two parameters have the {} {}", annotation, *name));
    found.push_back({"Mcp-Param-" + *name, path});
    return {};
  }
  std::set<std::string> seen_;
};

std::optional<std::string> text_of(const json::Value& value) {
  if (const auto text = value.string()) return text;
  if (const auto flag = value.boolean()) return *flag ? "true" : "false";
  if (const auto number = value.integer()) return std::to_string(*number);
  return std::nullopt;
}

}  // namespace

Result<std::vector<ParamHeader>> param_headers(const json::Value& input_schema) {
  Reader reader;
  MCPROVE_TRY(reader.read(input_schema, {}));
  return std::move(reader.found);
}

net::Headers mirror(const std::vector<ParamHeader>& wanted, const json::Value& arguments) {
  net::Headers headers;
  for (const auto& [field, path] : wanted) {
    auto value = arguments;
    for (const auto& name : path) value = value.at(name);
    if (const auto text = text_of(value)) headers.add(field, header_value(*text));
  }
  return headers;
}

std::string header_value(const std::string& text) {
  const bool plain = std::ranges::all_of(text, [](char c) { return c >= 0x20 && c <= 0x7e; }) && text == text::trim(text) &&
                     !text.starts_with("=?base64?");
  return plain ? text : "=?base64?" + text::base64_encode(text) + "?=";
}

}  // namespace mcprove::mcp
