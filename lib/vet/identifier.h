#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mcprove::vet {

/// The lower-case ASCII words of an identifier or of prose: "readFile_v2 URLs" is read, file, v2, urls.
std::vector<std::string> identifier_words(std::string_view text);

/// The same, one after the other.
class IdentifierWords {
 public:
  explicit IdentifierWords(std::string_view text) : text_(text) {}
  /// False if there is no further one.
  bool next();
  const std::string& word() const { return word_; }

 private:
  bool ends_before(std::size_t at) const;

  std::string_view text_;
  std::size_t at_ = 0;
  std::string word_{};
};

}  // namespace mcprove::vet
