#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"

namespace mcprove::cli {

/// All of a file or pipe. Error of kind usage, without the path: it cannot be read, is a directory or a device, is larger
/// than `most` bytes, or is no UTF-8 text. A byte order mark is left out.
Result<std::string> text_of_file(const std::string& path, std::size_t most);

}  // namespace mcprove::cli
