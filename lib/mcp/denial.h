#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mcprove::mcp {

/// Lower-case words of a text or a name: runs of letters and digits, split at camelCase, apostrophes left out.
std::vector<std::string> plain_words(std::string_view text);

/// What the words of an error say. Being refused must be said; a complaint about arguments, an unknown tool or method, a
/// rate limit or the operating system's own "permission denied" is not a refusal of ours, whatever else it mentions.
enum class Complaint : unsigned char { none, validation, unknown_object, limit, system, denial };
Complaint complaint_of(std::string_view text);
/// The same, where only the fixed phrases count as a denial: for errors whose code says invalid params.
Complaint complaint_of_params_error(std::string_view text);

}  // namespace mcprove::mcp
