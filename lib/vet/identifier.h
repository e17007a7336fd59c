#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mcprove::vet {

/// The lower-case ASCII words of an identifier or of prose: "readFile_v2 URLs" is read, file, v2, urls.
std::vector<std::string> identifier_words(std::string_view text);

}  // namespace mcprove::vet
