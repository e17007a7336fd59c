#include "tests/support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace mcprove::test {
namespace {

struct Pipe {
  int read = -1;
  int write = -1;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
  return {.read = ends[0], .write = ends[1]};
}

std::vector<std::string> merged(const Environment& added) {
  std::map<std::string, std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) all.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  for (const auto& [name, value] : added) {
    if (value.empty()) all.erase(name);
    else all[name] = value;
  }
  std::vector<std::string> lines;
  for (const auto& [name, value] : all) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> pointers(std::vector<std::string>& lines) {
  std::vector<char*> out;
  for (auto& line : lines) out.push_back(line.data());
  out.push_back(nullptr);
  return out;
}

void close_once(int& descriptor) {
  if (descriptor >= 0) close(descriptor);
  descriptor = -1;
}

// Appends what is there; false at the end of the stream.
bool drain(int& descriptor, std::string& into) {
  std::array<char, 65536> buffer{};
  const auto count = read(descriptor, buffer.data(), buffer.size());
  if (count > 0) {
    into.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
  }
  if (count < 0 && errno == EINTR) return true;
  close_once(descriptor);
  return false;
}

}  // namespace

Process::Process(const std::vector<std::string>& argv, const Environment& environment) {
  const Pipe in = make_pipe();
  const Pipe out = make_pipe();
  const Pipe err = make_pipe();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.read, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.write, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.write, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);

  auto words = argv;
  auto variables = merged(environment);
  const int failed =
      posix_spawnp(&pid_, argv.at(0).c_str(), &actions, &attributes, pointers(words).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  close(in.read);
  close(out.write);
  close(err.write);
  input_ = in.write;
  output_ = out.read;
  error_ = err.read;
  if (failed != 0) {
    pid_ = -1;
    close_once(input_);
    close_once(output_);
    close_once(error_);
    throw std::runtime_error("cannot start " + argv.at(0) + ": " + std::strerror(failed));
  }
}

Process::~Process() {
  kill_group();
  if (discarding_.joinable()) discarding_.join();
  close_once(input_);
  close_once(output_);
  close_once(error_);
}

void Process::discard_output() {
  discarding_ = std::thread([output = std::exchange(output_, -1), error = std::exchange(error_, -1)]() mutable {
    std::string forgotten;
    while (output >= 0 || error >= 0) {
      std::array<pollfd, 2> waiting{{{output, POLLIN, 0}, {error, POLLIN, 0}}};
      if (poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) break;
      if (waiting[0].revents != 0) drain(output, forgotten);
      if (waiting[1].revents != 0) drain(error, forgotten);
      forgotten.clear();
    }
    close_once(output);
    close_once(error);
  });
}

void Process::kill_group() {
  if (pid_ <= 0) return;
  kill(-pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

bool Process::pump(Deadline until) {
  std::array<pollfd, 2> waiting{{{output_, POLLIN, 0}, {error_, POLLIN, 0}}};  // poll skips negative descriptors
  if (output_ < 0 && error_ < 0) return false;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  if (left.count() <= 0) return false;
  const int ready = poll(waiting.data(), waiting.size(), static_cast<int>(left.count()));
  if (ready < 0) return errno == EINTR;
  if (ready == 0) return false;
  if (waiting[0].revents != 0) drain(output_, out_);
  if (waiting[1].revents != 0) drain(error_, err_);
  return true;
}

std::optional<std::string> Process::line_starting(std::string_view prefix, std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  do {
    for (std::size_t at = 0; at < out_.size();) {
      const auto end = out_.find('\n', at);
      if (end == std::string::npos) break;
      if (out_.compare(at, prefix.size(), prefix) == 0) return out_.substr(at, end - at);
      at = end + 1;
    }
  } while (pump(until));
  return std::nullopt;
}

std::optional<int> Process::finish(std::chrono::milliseconds patience) {
  close_input();
  const auto until = std::chrono::steady_clock::now() + patience;
  while (pump(until)) {}
  if (output_ >= 0 || error_ >= 0) {
    kill_group();
    return std::nullopt;
  }
  int status = 0;
  if (pid_ <= 0 || waitpid(pid_, &status, 0) != pid_) return std::nullopt;
  kill(-pid_, SIGKILL);  // of the group, what the child left behind
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void Process::write(std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(input_, text.data(), text.size());
    if (count <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void Process::close_input() { close_once(input_); }

void Process::signal(int number) const {
  if (pid_ > 0) kill(pid_, number);
}

Finished run(const std::vector<std::string>& argv, const Environment& environment, std::chrono::milliseconds patience) {
  Process process(argv, environment);
  const auto code = process.finish(patience);
  return {.exit_code = code.value_or(-1), .out = process.out(), .err = process.err()};
}

std::string built_program(std::string_view name) { return std::string(MCPROVE_BINARY_DIR "/bin/").append(name); }

std::string source_path(std::string_view relative) {
  const std::string root = MCPROVE_SOURCE_DIR;
  return relative.empty() ? root : (root + "/").append(relative);
}

}  // namespace mcprove::test
