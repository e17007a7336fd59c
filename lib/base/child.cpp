#include "base/child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace mcprove {
namespace {

/// The controls of the supervisors that are alive, for kill_all_children(): a signal's way out has no objects to ask.
std::array<std::atomic<int>, 64> controls{};

constexpr int brief = 200;  // milliseconds

void remember(int control) {
  for (auto& slot : controls) {
    int free = 0;
    if (slot.compare_exchange_strong(free, control)) return;
  }
}

void forget(int control) {
  for (auto& slot : controls) {
    int theirs = control;
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
  for (const auto& slot : controls) {
    if (const int control = slot.load(); control > 0) Supervisor::kill_from_afar(control);
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
  Supervisor supervisor;
  if (const int error = Supervisor::start(command, program.c_str(), in.read, out.write, err.write, supervisor); error != 0)
    return cannot_start(command, error);
  remember(supervisor.control());
  return std::unique_ptr<Child>(new Child(std::move(supervisor), std::exchange(in.write, -1), std::exchange(out.read, -1),
                                          std::exchange(err.read, -1), limits));
}

Child::Child(Supervisor supervisor, int input, int output, int error, Limits limits)
    : supervisor_(std::move(supervisor)), input_(input), output_(output), error_(error), limits_(limits) {
  stopping_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  for (const int descriptor : {input_, output_, error_}) set_nonblocking(descriptor);
}

Child::~Child() {
  end();
  for (int* descriptor : {&input_, &output_, &error_, &stopping_}) close_once(*descriptor);
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
      pollfd ending{supervisor_.report(), POLLIN, 0};
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
                                 {aftermath_ ? -1 : supervisor_.report(), POLLIN, 0},
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
  if (aftermath_) return;
  bool lost = false;
  const auto ended = supervisor_.end(lost);
  if (!ended && !lost) return;
  aftermath_ = std::chrono::steady_clock::now() + limits_.aftermath;
  how_it_ended_ = lost               ? "the command is gone, and nobody knows how it ended"
                  : ended->by_signal ? fmt::format("the command was ended by signal {}", ended->code)
                                     : fmt::format("the command ended with exit code {}", ended->code);
}

void Child::end() {
  const auto wait_for = [&](std::chrono::milliseconds patience) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!aftermath_) {
      unread_.clear();  // it may want to say goodbye, and nobody listens
      pollfd waiting{supervisor_.report(), POLLIN, 0};
      const int left = std::min(milliseconds_until(until), 20);
      if (left == 0) break;
      if (::poll(&waiting, 1, left) > 0) notice_end();
      if (output_ >= 0) read_output();
      if (error_ >= 0) read_errors();
    }
    return aftermath_.has_value();
  };
  close_once(input_);
  if (stopped_ || !wait_for(limits_.farewell)) supervisor_.terminate();
  wait_for(limits_.grace);
  forget(supervisor_.control());
  supervisor_.finish();
}

}  // namespace mcprove
