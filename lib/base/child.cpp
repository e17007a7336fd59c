#include "base/child.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace mcprove {
namespace {

/// The groups that are alive, for kill_all_children(): a signal's way out has no objects to ask.
std::array<std::atomic<pid_t>, 64> groups{};

constexpr int brief = 200;  // milliseconds

void remember(pid_t pid) {
  for (auto& slot : groups) {
    pid_t free = 0;
    if (slot.compare_exchange_strong(free, pid)) return;
  }
}

void forget(pid_t pid) {
  for (auto& slot : groups) {
    pid_t theirs = pid;
    if (slot.compare_exchange_strong(theirs, 0)) return;
  }
}

void close_once(int& descriptor) {
  if (descriptor >= 0) ::close(descriptor);
  descriptor = -1;
}

struct Pipe {
  int read = -1;
  int write = -1;
  Pipe() = default;
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_once(read);
    close_once(write);
  }
  bool open() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    read = ends[0];
    write = ends[1];
    return true;
  }
  bool open_socket() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return false;
    read = ends[0];
    write = ends[1];
    return true;
  }
};

std::vector<char*> pointers(std::vector<std::string>& lines) {
  std::vector<char*> out;
  for (auto& line : lines) out.push_back(line.data());
  out.push_back(nullptr);
  return out;
}

tl::unexpected<Error> cannot_start(const Command& command, int error) {
  return failure(Error::Kind::unavailable,
                 fmt::format("cannot start '{}': {}", text::one_line(command.argv.empty() ? "" : command.argv[0], 120),
                             std::strerror(error)));
}

/// Where the program is, judged by the PATH that it gets: posix_spawnp(3) would read ours.
std::string found_in_path(const Command& command) {
  const auto& name = command.argv[0];
  if (name.find('/') != std::string::npos) return name;
  const auto path = command.environment.find("PATH");
  for (const auto& folder : text::split(path == command.environment.end() ? "/usr/local/bin:/usr/bin:/bin" : path->second, ':')) {
    if (folder.empty()) continue;
    auto candidate = folder + "/" + name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

/// The attributes and actions of one spawn, released with it.
struct Spawn {
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
  Spawn() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  Spawn(const Spawn&) = delete;
  Spawn& operator=(const Spawn&) = delete;
  ~Spawn() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
};

int spawn(pid_t& pid, const Command& command, const std::string& program, const Pipe& in, const Pipe& out, const Pipe& err) {
  Spawn spawn;
  posix_spawn_file_actions_adddup2(&spawn.actions, in.read, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&spawn.actions, out.write, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&spawn.actions, err.write, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&spawn.actions, STDERR_FILENO + 1);
  if (!command.directory.empty()) posix_spawn_file_actions_addchdir_np(&spawn.actions, command.directory.c_str());
  // What we block or ignore is our affair: the program starts with the defaults.
  sigset_t none;
  sigemptyset(&none);
  sigset_t defaults;
  sigemptyset(&defaults);
  for (const int number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&defaults, number);
  posix_spawnattr_setsigmask(&spawn.attributes, &none);
  posix_spawnattr_setsigdefault(&spawn.attributes, &defaults);
  posix_spawnattr_setpgroup(&spawn.attributes, 0);
  posix_spawnattr_setflags(&spawn.attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  auto words = command.argv;
  std::vector<std::string> variables;
  for (const auto& [name, value] : command.environment) variables.push_back(name + "=" + value);
  return ::posix_spawn(&pid, program.c_str(), &spawn.actions, &spawn.attributes, pointers(words).data(),
                       pointers(variables).data());
}

void set_nonblocking(int descriptor) { ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK); }

int milliseconds_until(Child::Deadline until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

}  // namespace

std::map<std::string, std::string> plain_environment() {
  std::map<std::string, std::string> found;
  for (const char* name : {"PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "LC_ALL", "TZ", "TMPDIR"}) {
    if (const char* value = std::getenv(name); value != nullptr) found.emplace(name, value);
  }
  return found;
}

void kill_all_children() noexcept {
  for (const auto& slot : groups) {
    const pid_t group = slot.load();
    if (group <= 0) continue;
    ::kill(-group, SIGKILL);
    ::kill(group, SIGKILL);
  }
}

Result<std::unique_ptr<Child>> Child::start(const Command& command, const Limits& limits) {
  if (command.argv.empty() || command.argv[0].empty()) return failure(Error::Kind::usage, "no command to start");
  const auto program = found_in_path(command);
  if (program.empty()) return cannot_start(command, ENOENT);
  // The input is a socket: writing to a pipe that nobody reads any more would raise SIGPIPE.
  Pipe in;
  Pipe out;
  Pipe err;
  if (!in.open_socket() || !out.open() || !err.open()) return cannot_start(command, errno);
  pid_t pid = -1;
  if (const int error = spawn(pid, command, program, in, out, err); error != 0) return cannot_start(command, error);
  remember(pid);
  return std::unique_ptr<Child>(
      new Child(pid, std::exchange(in.write, -1), std::exchange(out.read, -1), std::exchange(err.read, -1), limits));
}

Child::Child(pid_t pid, int input, int output, int error, Limits limits)
    : pid_(pid), input_(input), output_(output), error_(error), limits_(limits) {
  process_ = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  stopping_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  for (const int descriptor : {input_, output_, error_}) set_nonblocking(descriptor);
}

Child::~Child() {
  end();
  for (int* descriptor : {&input_, &output_, &error_, &process_, &stopping_}) close_once(*descriptor);
}

Result<void> Child::write_line(std::string_view line) {
  if (line.find('\n') != std::string_view::npos) return failure(Error::Kind::malformed, "a message is one line");
  if (input_ < 0 || !how_it_ended_.empty()) return tl::unexpected(why_silent());
  if (unsent_.size() > limits_.unsent) return failure(Error::Kind::too_large, "the command does not read its input");
  unsent_.append(line);
  unsent_ += '\n';
  write_input();
  return {};
}

Result<std::string> Child::next_line(Deadline until) {
  for (;;) {
    if (stopped_) return failure(Error::Kind::interrupted, "interrupted");
    if (auto line = take_line()) return *std::move(line);
    if (unread_.size() > limits_.line) {
      close_once(output_);
      unread_.clear();
      how_it_ended_ = fmt::format("the command wrote a line of more than {} bytes", limits_.line);
      return failure(Error::Kind::too_large, how_it_ended_);
    }
    if (output_ < 0) {
      if (limits_.last_line && taken_ < unread_.size()) return std::exchange(unread_, {}).substr(std::exchange(taken_, 0));
      // Its end may follow the end of its output by a moment, and says more.
      pollfd ending{process_, POLLIN, 0};
      if (how_it_ended_.empty() && ::poll(&ending, 1, brief) > 0) notice_end();
      return tl::unexpected(why_silent());
    }
    const auto woken = pump(aftermath_ ? std::min(until, *aftermath_) : until);
    if (woken != Woken::late) continue;
    if (!aftermath_ || *aftermath_ > until) return failure(Error::Kind::timeout, "the command did not answer in time");
    close_once(output_);  // somebody it has left behind holds the pipe
  }
}

void Child::stop() {
  stopped_ = true;
  const std::uint64_t one = 1;
  static_cast<void>(!::write(stopping_, &one, sizeof one));
}

std::optional<std::string> Child::take_line() {
  const auto newline = unread_.find('\n', searched_);
  if (newline == std::string::npos || newline - taken_ > limits_.line) {
    // Moved to the front once for each read, not for each line.
    unread_.erase(0, taken_);
    taken_ = 0;
    searched_ = unread_.size();
    return std::nullopt;
  }
  std::string line = unread_.substr(taken_, newline - taken_);
  taken_ = searched_ = newline + 1;
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

Error Child::why_silent() const {
  return {Error::Kind::network, how_it_ended_.empty() ? "the command closed its output" : how_it_ended_};
}

Child::Woken Child::pump(Deadline until) {
  // Negative descriptors are passed over by poll(2).
  std::array<pollfd, 5> waiting{{{output_, POLLIN, 0},
                                 {error_, POLLIN, 0},
                                 {unsent_.empty() ? -1 : input_, POLLOUT, 0},
                                 {aftermath_ ? -1 : process_, POLLIN, 0},
                                 {stopping_, POLLIN, 0}}};
  const int wait = milliseconds_until(until);
  if (wait == 0) return Woken::late;  // a chatterer is ready for ever
  const int ready = ::poll(waiting.data(), waiting.size(), wait);
  if (ready < 0 && errno == EINTR) return Woken::ready;
  if (ready <= 0) return Woken::late;
  if (waiting[0].revents != 0) read_output();
  if (waiting[1].revents != 0) read_errors();
  if (waiting[2].revents != 0) write_input();
  if (waiting[3].revents != 0) notice_end();
  return waiting[4].revents != 0 ? Woken::stopped : Woken::ready;
}

void Child::read_output() {
  std::array<char, 65536> buffer{};
  const auto count = ::read(output_, buffer.data(), buffer.size());
  if (count > 0) {
    unread_.append(buffer.data(), static_cast<std::size_t>(count));
  } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
    close_once(output_);
    notice_end();
  }
}

void Child::read_errors() {
  std::array<char, 16384> buffer{};
  const auto count = ::read(error_, buffer.data(), buffer.size());
  if (count > 0) {
    errors_.append(buffer.data(), static_cast<std::size_t>(count));
    if (errors_.size() > 2 * limits_.errors) errors_.erase(0, errors_.size() - limits_.errors);
  } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
    close_once(error_);
  }
}

void Child::write_input() {
  while (!unsent_.empty() && input_ >= 0) {
    const auto count = ::send(input_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (count > 0) {
      unsent_.erase(0, static_cast<std::size_t>(count));
    } else if (errno == EINTR) {
      continue;
    } else {
      if (errno != EAGAIN) {
        close_once(input_);
        unsent_.clear();
      }
      return;
    }
  }
}

void Child::notice_end() {
  // It stays a zombie until end(): its number must not become another's while we may still signal the group.
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) return;
  if (!aftermath_) aftermath_ = std::chrono::steady_clock::now() + limits_.aftermath;
  how_it_ended_ = info.si_code == CLD_EXITED ? fmt::format("the command ended with exit code {}", info.si_status)
                                             : fmt::format("the command was ended by signal {}", info.si_status);
}

void Child::end() {
  const auto wait_for = [&](std::chrono::milliseconds patience) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!aftermath_) {
      unread_.clear();  // it may want to say goodbye, and nobody listens
      pollfd waiting{process_, POLLIN, 0};
      const int left = std::min(milliseconds_until(until), 20);
      if (left == 0) break;
      if (::poll(&waiting, 1, left) > 0) notice_end();
      if (output_ >= 0) read_output();
      if (error_ >= 0) read_errors();
      if (process_ < 0) notice_end();
    }
    return aftermath_.has_value();
  };
  close_once(input_);
  if (!stopped_ && !wait_for(limits_.farewell)) ::kill(-pid_, SIGTERM);
  if (stopped_) ::kill(-pid_, SIGTERM);
  wait_for(limits_.grace);
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);  // it may have left its group for ours, and we would wait for it for ever
  forget(pid_);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {}
}

}  // namespace mcprove
