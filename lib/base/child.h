#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/supervisor.h"

namespace mcprove {

/// What is started: no shell reads it.
struct Command {
  std::vector<std::string> argv{};                   ///< argv[0] is looked up in PATH if it has no slash
  std::map<std::string, std::string> environment{};  ///< all of it: nothing else is passed on
  std::string directory{};                           ///< to start in; empty: ours
};

/// The variables of ours that a command needs to run at all, and never a secret: PATH, HOME, LANG, TMPDIR and the like.
std::map<std::string, std::string> plain_environment();

/// A program with its streams on pipes, in a process group of its own. What it says is bounded, and it ends with this
/// object: its input is closed, then its group gets SIGTERM, after a grace SIGKILL, and with it all that descends from it,
/// also what left its group and session. Should we die before, they are killed as well.
class Child {
 public:
  struct Limits {
    std::size_t line = 8U << 20U;                ///< bytes of one line of output
    bool last_line = false;                      ///< what stands after the last newline is a line too
    std::size_t unsent = 1U << 20U;              ///< bytes of input that it has not taken
    std::size_t errors = 16U << 10U;             ///< of its standard error the last bytes are kept
    std::chrono::milliseconds farewell{1'000};   ///< from the end of its input until SIGTERM
    std::chrono::milliseconds grace{2'000};      ///< from SIGTERM until SIGKILL
    std::chrono::milliseconds aftermath{1'000};  ///< reading goes on this long after the program has ended
  };
  using Deadline = std::chrono::steady_clock::time_point;

  /// Error (unavailable) if it cannot be started.
  static Result<std::unique_ptr<Child>> start(const Command& command, const Limits& limits);
  static Result<std::unique_ptr<Child>> start(const Command& command) { return start(command, Limits{}); }
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Queues a line, the newline added; it is on its way while next_line() waits. Error::too_large if the program does
  /// not read what it is sent.
  Result<void> write_line(std::string_view line);
  /// The next line of its output, without the newline. Error: timeout; too_large for a line beyond the limit, which ends
  /// all reading; network when the program has ended or closed its output; interrupted after stop().
  Result<std::string> next_line(Deadline until);
  /// Ends the waiting of another thread, for good.
  void stop();
  /// The end of what it wrote to standard error, as raw bytes.
  const std::string& errors() const { return errors_; }
  pid_t pid() const { return supervisor_.program(); }

 private:
  Child(Supervisor supervisor, int input, int output, int error, Limits limits);
  enum class Woken : unsigned char { ready, late, stopped };
  Woken pump(Deadline until);
  void read_output();
  void read_errors();
  void write_input();
  void notice_end();
  void end();
  std::optional<std::string> take_line();
  Error why_silent() const;

  Supervisor supervisor_;
  int input_;
  int output_;
  int error_;
  int stopping_ = -1;
  Limits limits_;
  std::string unsent_{};
  std::string unread_{};
  std::size_t taken_ = 0;     // of unread_: given out already
  std::size_t searched_ = 0;  // of unread_: no newline in it
  std::string errors_{};
  std::optional<Deadline> aftermath_{};
  std::string how_it_ended_{};
  std::atomic<bool> stopped_ = false;
};

/// Kills all children and their descendants at once: for the way out that runs no destructors. Async-signal-safe.
void kill_all_children() noexcept;

}  // namespace mcprove
