#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mcprove::text {

/// Text that is safe on a terminal and in XML: control characters, bidi controls and invalid UTF-8 become visible
/// escapes such as \x1b or \u{202e}; newlines and tabs stay.
std::string printable(std::string_view raw);
/// One line of it, at most `width` bytes cut at a character with an ellipsis; newlines become spaces.
std::string one_line(std::string_view raw, std::size_t width = 200);
/// Wraps at `width` columns with `indent` spaces before each line; words longer than a line stay whole.
std::string wrap(std::string_view words, std::size_t width, std::size_t indent);

std::string lower(std::string_view ascii);
bool iequals(std::string_view a, std::string_view b);  ///< ASCII case-insensitive
bool icontains(std::string_view haystack, std::string_view needle);
std::string_view trim(std::string_view s);                           ///< spaces, tabs, CR, LF
std::vector<std::string> split(std::string_view s, char separator);  ///< empty fields kept
std::vector<std::string> words(std::string_view s);                  ///< split at runs of white space
std::string join(std::span<const std::string> parts, std::string_view separator);
/// The nearest of `candidates` by edit distance, if near enough to be a slip of the pen.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

std::string percent_encode(std::string_view raw);                            ///< RFC 3986 unreserved stay
std::string percent_decode(std::string_view s, bool plus_is_space = false);  ///< bad escapes stay as they are
std::string hex(std::span<const std::uint8_t> bytes);
std::string base64_encode(std::string_view raw);               ///< RFC 4648 section 4, padded
std::string base64url_encode(std::string_view raw);            ///< RFC 4648 section 5, unpadded
std::optional<std::string> base64_decode(std::string_view s);  ///< either alphabet, padding optional; empty on garbage
std::string sha256(std::string_view raw);                      ///< 32 raw bytes
std::string sha256_hex(std::string_view raw);
bool valid_utf8(std::string_view s);

}  // namespace mcprove::text
