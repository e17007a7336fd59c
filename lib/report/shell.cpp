#include "report/shell.h"

namespace mcprove::report {

namespace {

/// The words of a command as the shell sees them, with their quotes. A newline outside quotes ends a word too.
std::vector<std::string> shell_words(std::string_view command) {
  std::vector<std::string> words;
  std::string word;
  char quote = 0;
  bool escaped = false;
  for (const char c : command) {
    if (quote == 0 && !escaped && (c == ' ' || c == '\n')) {
      if (!word.empty()) words.push_back(word);
      word.clear();
      continue;
    }
    if (escaped) {
      escaped = false;
    } else if (c == '\\' && quote != '\'') {
      escaped = true;
    } else if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    }
    word += c;
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

}  // namespace

std::vector<std::string> continued(std::string_view command, std::size_t width) {
  constexpr std::string_view more = " \\";
  std::vector<std::string> lines;
  std::string line;
  for (const std::string& word : shell_words(command)) {
    if (!line.empty() && line.size() + 1 + word.size() + more.size() > width) {
      lines.push_back(line + std::string(more));
      line = "  " + word;
    } else {
      line += line.empty() ? word : " " + word;
    }
  }
  if (!line.empty()) lines.push_back(line);
  return lines;
}

}  // namespace mcprove::report
