#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace mcprove::test {

/// Variables added to those of the test itself; an empty value unsets one.
using Environment = std::map<std::string, std::string>;

/// A child in a process group of its own, with its three streams on pipes. Whatever of the group still runs is killed
/// when this goes away, and its standard input closes even if the test is killed.
class Process {
 public:
  /// Starts `argv[0]`, looked up in PATH if it has no slash. Throws std::runtime_error if that fails.
  explicit Process(const std::vector<std::string>& argv, const Environment& environment = {});
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// The first line of standard output that starts with `prefix`, without its newline; nothing when the time is over
  /// or the output ends first.
  std::optional<std::string> line_starting(std::string_view prefix, std::chrono::milliseconds patience);
  /// Reads both outputs to their end and waits for the child. Its exit code, 128 + N after signal N;
  /// nothing when the time is over (the group is killed then).
  std::optional<int> finish(std::chrono::milliseconds patience);
  /// From now on what it prints is read and forgotten, so that a talkative child never waits for a reader.
  /// out() and err() stay as they are.
  void discard_output();
  void write(std::string_view text);
  void close_input();
  /// To the child alone, as a terminal's user would see it.
  void signal(int number) const;

  const std::string& out() const { return out_; }
  const std::string& err() const { return err_; }

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  bool pump(Deadline until);
  void kill_group();

  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  int error_ = -1;
  std::string out_{};
  std::string err_{};
  std::thread discarding_{};
};

/// What a program said and how it ended.
struct Finished {
  int exit_code = -1;  ///< -1: it did not end in time
  std::string out{};
  std::string err{};
};

Finished run(const std::vector<std::string>& argv, const Environment& environment = {},
             std::chrono::milliseconds patience = std::chrono::seconds(60));

/// The program of that name in the build that this test belongs to.
std::string built_program(std::string_view name);
/// A file of the project's tree, by its path from the root.
std::string source_path(std::string_view relative = "");

}  // namespace mcprove::test
