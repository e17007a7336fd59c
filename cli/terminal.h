#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace mcprove::cli {

/// Color is for a terminal whose user has not said NO_COLOR (https://no-color.org).
bool wants_color(int file);
/// Columns of the terminal, at most `most`; `most` for what is no terminal.
std::size_t columns(int file, std::size_t most);

/// What is going on, on one line of standard error that is rewritten in place. No terminal: nothing, or with `verbose`
/// a line per phase. Thread-safe.
class StatusLine {
 public:
  explicit StatusLine(bool verbose);
  ~StatusLine();
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  void phase(std::string_view name);
  void check(std::size_t done, std::size_t all, std::string_view id);
  /// A line that stays, whether or not there is a terminal.
  void say(std::string_view line);
  void clear();

 private:
  void show(const std::string& words, bool now);

  std::mutex mutex_;
  bool terminal_;
  bool verbose_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace mcprove::cli
