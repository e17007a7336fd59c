#include "vet/identifier.h"

namespace mcprove::vet {

namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::vector<std::string> identifier_words(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) out.push_back(std::move(word));
    word.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!is_upper(c) && !is_lower(c) && !is_digit(c)) {
      end_word();
      continue;
    }
    const char before = i > 0 ? text[i - 1] : ' ';
    const char after = i + 1 < text.size() ? text[i + 1] : ' ';
    const char later = i + 2 < text.size() ? text[i + 2] : ' ';
    // "fileURL" and "URLPath" end a word before the capital that begins the next; "URLs" is one word.
    const bool plural = after == 's' && !is_lower(later);
    if (is_upper(c) && (is_lower(before) || is_digit(before) || (is_upper(before) && is_lower(after) && !plural))) end_word();
    word += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  end_word();
  return out;
}

}  // namespace mcprove::vet
