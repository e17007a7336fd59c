#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "report/report.h"

namespace mcprove::report {

enum class Ink { plain, bold, dim, red, yellow, green };

/// Lines of at most `width` columns. What is written must be clean already.
class Page {
 public:
  explicit Page(const TextOptions& options) : options_(options) {}

  const TextOptions& options() const { return options_; }
  /// A paragraph with `indent` spaces before each line.
  void paragraph(std::string_view words, std::size_t indent = 0);
  /// A label in its own column, the words beside it; nothing for no words.
  void field(std::string_view label, std::string_view words, std::size_t indent = 2, std::size_t column = 11);
  /// As it is, without wrapping; longer lines end in an ellipsis if `cut`.
  void line(std::string_view words, std::size_t indent = 0, bool cut = true);
  void heading(std::string_view words, Ink ink = Ink::bold);
  /// One empty line between two blocks, however often it is asked for.
  void gap();
  std::string ink(Ink ink, std::string_view words) const;
  std::string take();

 private:
  TextOptions options_;
  std::string text_{};
};

Ink ink_of(Severity severity);

}  // namespace mcprove::report
