#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mcprove::oauth {

// What pages say outside of elements. Scripts are not run: these look for the few forms that login pages use.

/// The target of a Refresh header or meta element, "0; url=next", if it is due within half a minute.
std::optional<std::string> refresh_target(std::string_view content);

/// Does this script send a form?
bool submits_form(std::string_view script);

/// The string literal that a script assigns to `location`, or gives to its `replace` or `assign`.
std::optional<std::string> location_written(std::string_view script);

}  // namespace mcprove::oauth
