#include "report/page.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace mcprove::report {

namespace {

std::string_view code(Ink ink) {
  switch (ink) {
    case Ink::plain: return "";
    case Ink::bold: return "\x1b[1m";
    case Ink::dim: return "\x1b[2m";
    case Ink::red: return "\x1b[1;31m";
    case Ink::yellow: return "\x1b[33m";
    case Ink::green: return "\x1b[32m";
  }
  return "";
}

}  // namespace

void Page::paragraph(std::string_view words, std::size_t indent) {
  const std::string wrapped = text::wrap(words, options_.width, indent);
  if (!wrapped.empty()) text_ += wrapped + "\n";
}

void Page::field(std::string_view label, std::string_view words, std::size_t indent, std::size_t column) {
  std::string wrapped = text::wrap(words, options_.width, column);
  if (wrapped.empty()) return;
  std::string head = std::string(indent, ' ') + std::string(label);
  const std::size_t plain = head.size();
  if (plain >= column) {
    text_ += head + "\n";
  } else {
    wrapped.erase(0, column);
    head = std::string(indent, ' ') + ink(Ink::dim, label) + std::string(column - plain, ' ');
    wrapped.insert(0, head);
  }
  text_ += wrapped + "\n";
}

void Page::line(std::string_view words, std::size_t indent, bool cut) {
  text_.append(indent, ' ');
  text_ += cut ? text::one_line(words, options_.width - std::min(indent, options_.width / 2)) : std::string(words);
  text_ += '\n';
}

void Page::heading(std::string_view words, Ink color) {
  gap();
  text_ += ink(color, words) + "\n";
}

void Page::gap() {
  if (!text_.empty() && !text_.ends_with("\n\n")) text_ += '\n';
}

std::string Page::ink(Ink color, std::string_view words) const {
  if (!options_.color || color == Ink::plain) return std::string(words);
  return std::string(code(color)) + std::string(words) + "\x1b[0m";
}

std::string Page::take() { return std::exchange(text_, {}); }

Ink ink_of(Severity severity) {
  switch (severity) {
    case Severity::critical:
    case Severity::high: return Ink::red;
    case Severity::medium: return Ink::yellow;
    case Severity::low:
    case Severity::info: return Ink::bold;
  }
  return Ink::plain;
}

}  // namespace mcprove::report
