#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mcprove::report {

/// A shell command cut into lines of at most `width` columns, each but the last ending in " \", between words only:
/// what stands in quotes stays whole. The lines together are the same command.
std::vector<std::string> continued(std::string_view command, std::size_t width);

}  // namespace mcprove::report
