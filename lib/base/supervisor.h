#pragma once

#include <sys/types.h>

#include <optional>

namespace mcprove {

struct Command;

/// A process of ours between us and a program. Linux makes it the parent of all that the program leaves behind, in whatever
/// session or group that hides (prctl(2), PR_SET_CHILD_SUBREAPER), so that it can end them all by number and nobody else.
/// It lives until its control is closed, by us or by our own death.
class Supervisor {
 public:
  struct End {
    bool by_signal = false;
    int code = 0;  ///< exit code or signal
  };

  /// Starts the program with these streams; an errno if it cannot be.
  static int start(const Command& command, const char* program, int input, int output, int error, Supervisor& out);
  Supervisor() = default;
  Supervisor(Supervisor&& other) noexcept;
  Supervisor& operator=(Supervisor&& other) noexcept;
  ~Supervisor() { finish(); }

  pid_t program() const { return program_; }
  /// Readable when end() has something to say.
  int report() const { return report_; }
  /// How the program ended; nothing while it runs. `lost`: the supervisor itself is gone and nobody knows.
  std::optional<End> end(bool& lost);
  /// SIGTERM to the program's group, if the program has not ended.
  void terminate();
  /// SIGKILL to all that descends from the program; returns when they are gone, or after five seconds.
  void finish();
  int control() const { return control_; }
  /// SIGKILL to all that descends from the program of the supervisor with that control. Async-signal-safe, does not wait.
  static void kill_from_afar(int control) noexcept;

 private:
  pid_t pid_ = -1;
  pid_t program_ = -1;
  int control_ = -1;
  int report_ = -1;
};

}  // namespace mcprove
