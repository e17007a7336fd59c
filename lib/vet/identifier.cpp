#include "vet/identifier.h"

namespace mcprove::vet {

namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_part(char c) { return is_upper(c) || is_lower(c) || is_digit(c); }

}  // namespace

/// "fileURL" and "URLPath" end a word before the capital that begins the next; "URLs" is one word.
bool IdentifierWords::ends_before(std::size_t at) const {
  if (!is_upper(text_[at])) return false;
  const char before = text_[at - 1];
  if (!is_upper(before)) return true;
  const char after = at + 1 < text_.size() ? text_[at + 1] : ' ';
  const char later = at + 2 < text_.size() ? text_[at + 2] : ' ';
  const bool plural = after == 's' && !is_lower(later);
  return is_lower(after) && !plural;
}

bool IdentifierWords::next() {
  word_.clear();
  while (at_ < text_.size() && !is_part(text_[at_])) ++at_;
  for (; at_ < text_.size() && is_part(text_[at_]); ++at_) {
    if (!word_.empty() && ends_before(at_)) return true;
    word_ += is_upper(text_[at_]) ? static_cast<char>(text_[at_] - 'A' + 'a') : text_[at_];
  }
  return !word_.empty();
}

std::vector<std::string> identifier_words(std::string_view text) {
  std::vector<std::string> out;
  for (IdentifierWords words(text); words.next();) out.push_back(words.word());
  return out;
}

}  // namespace mcprove::vet
