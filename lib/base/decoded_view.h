#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mcprove {

/// A text with its escapes resolved that still knows where each byte came from: a secret spelt with `%2F` or `\/` is found
/// in the view and blotted out in the original.
struct DecodedView {
  std::string text{};
  std::vector<std::uint32_t> origin{};  ///< offset in the original of each byte, and of the end; one more than text

  static DecodedView of(std::string_view raw);
  DecodedView without_percent() const;  ///< RFC 3986 section 2.1
  DecodedView without_json() const;     ///< RFC 8259 section 7
  DecodedView without_plus() const;     ///< `+` as a space, as HTML forms send it
};

}  // namespace mcprove
