#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

#include "base/text.h"

namespace mcprove::cli {

namespace {

/// Often enough to look alive, seldom enough to cost nothing.
constexpr std::chrono::milliseconds redraw_after{80};

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

bool is_terminal(int file) {
  const char* kind = std::getenv("TERM");
  return ::isatty(file) == 1 && (kind == nullptr || std::string_view(kind) != "dumb");
}

}  // namespace

bool wants_color(int file) { return is_terminal(file) && !is_set("NO_COLOR"); }

std::size_t columns(int file, std::size_t most) {
  winsize size{};
  if (::isatty(file) != 1 || ::ioctl(file, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return most;
  constexpr std::size_t least = 40;
  return std::clamp<std::size_t>(size.ws_col, least, std::max(most, least));
}

StatusLine::StatusLine(bool verbose) : terminal_(is_terminal(STDERR_FILENO)), verbose_(verbose) {}

StatusLine::~StatusLine() { clear(); }

void StatusLine::phase(std::string_view name) {
  const std::lock_guard lock(mutex_);
  if (terminal_) show(std::string(name), true);
  else if (verbose_) std::fputs((text::one_line(name, 200) + "\n").c_str(), stderr);
}

void StatusLine::check(std::size_t done, std::size_t all, std::string_view id) {
  const std::lock_guard lock(mutex_);
  if (terminal_) show(fmt::format("{}/{} {}", done, all, id), done == all);
}

void StatusLine::say(std::string_view line) {
  clear();
  const std::lock_guard lock(mutex_);
  std::fputs((text::printable(line) + "\n").c_str(), stderr);
}

void StatusLine::clear() {
  const std::lock_guard lock(mutex_);
  if (shown_) std::fputs("\r\x1b[K", stderr);
  shown_ = false;
}

void StatusLine::show(const std::string& words, bool now) {
  const auto time = std::chrono::steady_clock::now();
  if (!now && time - last_ < redraw_after) return;
  last_ = time;
  shown_ = true;
  std::fputs(("\r\x1b[K" + text::one_line(words, columns(STDERR_FILENO, 200) - 1)).c_str(), stderr);
}

}  // namespace mcprove::cli
