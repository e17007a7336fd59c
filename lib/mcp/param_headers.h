#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "json/json.h"
#include "net/http.h"

namespace mcprove::mcp {

/// An argument that is repeated in a header field (2026-07-28, tools, x-mcp-header; Streamable HTTP, custom headers).
struct ParamHeader {
  std::string field{};              ///< "Mcp-Param-Region"
  std::vector<std::string> path{};  ///< names of the properties that lead to it
};

/// What a tool's input schema says to repeat. Error::malformed if an annotation is invalid: no token, twice the same without
/// regard to case, on anything but a string, an integer or a boolean. A client must not use such a tool.
Result<std::vector<ParamHeader>> param_headers(const json::Value& input_schema);

/// The fields for these arguments. What is absent or null has none.
net::Headers mirror(const std::vector<ParamHeader>& wanted, const json::Value& arguments);

/// How a field carries a text: as it is, or as base64 between markers where a field could not carry it.
std::string header_value(const std::string& text);

}  // namespace mcprove::mcp
