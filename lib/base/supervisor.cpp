#include "base/supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "base/child.h"

namespace mcprove {
namespace {

constexpr char terminate_word = 'T';
constexpr char kill_word = 'K';
constexpr int tick = 20;                  // milliseconds between two looks at who is left
constexpr int most_ticks = 5'000 / tick;  // a process that the kernel keeps cannot be waited for

void close_once(int& descriptor) {
  if (descriptor >= 0) ::close(descriptor);
  descriptor = -1;
}

std::vector<char*> pointers(std::vector<std::string>& lines) {
  std::vector<char*> out;
  for (auto& line : lines) out.push_back(line.data());
  out.push_back(nullptr);
  return out;
}

/// All that a spawn needs, made before the fork: after it nothing may be allocated.
struct Spawn {
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
  std::vector<std::string> words;
  std::vector<std::string> variables{};
  std::vector<char*> argv{};
  std::vector<char*> environment{};

  Spawn(const Command& command, int input, int output, int error) : words(command.argv) {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, error, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    if (!command.directory.empty()) posix_spawn_file_actions_addchdir_np(&actions, command.directory.c_str());
    // What we block or ignore is our affair: the program starts with the defaults.
    sigset_t none;
    sigemptyset(&none);
    sigset_t defaults;
    sigfillset(&defaults);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    for (const auto& [name, value] : command.environment) variables.push_back(name + "=" + value);
    argv = pointers(words);
    environment = pointers(variables);
  }
  Spawn(const Spawn&) = delete;
  Spawn& operator=(const Spawn&) = delete;
  ~Spawn() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
};

/// What the supervisor tells us, in one write.
struct Message {
  enum class Kind : int { started, failed, exited, killed } kind;
  int value;
};

void tell(int report, Message message) { static_cast<void>(!::write(report, &message, sizeof message)); }

/// The life of the supervisor: system calls only, for it is the fork of a process with threads.
class Keeper {
 public:
  Keeper(int control, int report) : control_(control), report_(report) {}

  [[noreturn]] void run(Spawn& spawn, const char* program) {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    ::setpgid(0, 0);
    sigset_t all;
    sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, nullptr);  // whatever ends us must not end it: it has us to wait for
    sigset_t dead;
    sigemptyset(&dead);
    sigaddset(&dead, SIGCHLD);
    signals_ = ::signalfd(-1, &dead, SFD_CLOEXEC | SFD_NONBLOCK);
    const int error =
        ::posix_spawn(&program_, program, &spawn.actions, &spawn.attributes, spawn.argv.data(), spawn.environment.data());
    if (error != 0) {
      tell(report_, {Message::Kind::failed, error});
      ::_exit(0);
    }
    // Ends of pipes that others have to see closed.
    close_all_but_ours();
    tell(report_, {Message::Kind::started, program_});
    while (wait()) {}
    kill_all();
    ::_exit(0);
  }

 private:
  void close_all_but_ours() {
    std::array<int, 3> mine{control_, report_, signals_};
    std::ranges::sort(mine);
    unsigned from = 0;
    for (const int descriptor : mine) {
      if (descriptor < 0) continue;
      const auto kept = static_cast<unsigned>(descriptor);
      if (kept > from) ::close_range(from, kept - 1, 0);
      from = kept + 1;
    }
    ::close_range(from, ~0U, 0);
  }

  /// False when it is time to end.
  bool wait() {
    std::array<pollfd, 2> waiting{{{control_, POLLIN, 0}, {signals_, POLLIN, 0}}};
    if (::poll(waiting.data(), waiting.size(), -1) < 0) return errno == EINTR;
    if (waiting[1].revents != 0) bury();
    if (waiting[0].revents == 0) return true;
    char word = 0;
    if (::read(control_, &word, 1) <= 0 || word == kill_word) return false;
    if (word == terminate_word && program_ > 0) ::kill(-program_, SIGTERM);
    return true;
  }

  /// Waits for whoever is dead; false if nobody is left at all.
  bool bury() {
    std::array<char, 1'024> drained{};
    while (::read(signals_, drained.data(), drained.size()) > 0) {}
    for (;;) {
      int status = 0;
      const pid_t dead = ::waitpid(-1, &status, WNOHANG | __WALL);
      if (dead < 0 && errno == EINTR) continue;
      if (dead <= 0) return dead == 0;
      if (dead != program_) continue;
      program_ = -1;  // its number may be another's from now on
      if (WIFSIGNALED(status)) tell(report_, {Message::Kind::killed, WTERMSIG(status)});
      else tell(report_, {Message::Kind::exited, WEXITSTATUS(status)});
    }
  }

  /// Our children by their numbers: none of them can be another's while we have not waited for it. Who loses its parent
  /// becomes our child, and is found the next time.
  void kill_all() {
    for (int i = 0; i < most_ticks; ++i) {
      if (program_ > 0) ::kill(-program_, SIGKILL);
      kill_children();
      if (!bury()) return;
      pollfd waiting{signals_, POLLIN, 0};
      ::poll(&waiting, 1, tick);
    }
  }

  static void kill_children() {
    int list = ::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    if (list < 0) return;
    std::array<char, 4'096> text{};
    pid_t number = 0;
    for (ssize_t count = 0; (count = ::read(list, text.data(), text.size())) > 0;) {
      for (ssize_t i = 0; i < count; ++i) {
        const char c = text[static_cast<std::size_t>(i)];
        if (c >= '0' && c <= '9') {
          number = number * 10 + (c - '0');
          continue;
        }
        if (number > 1) ::kill(number, SIGKILL);
        number = 0;
      }
    }
    close_once(list);
  }

  int control_;
  int report_;
  int signals_ = -1;
  pid_t program_ = -1;
};

}  // namespace

int Supervisor::start(const Command& command, const char* program, int input, int output, int error, Supervisor& out) {
  std::array<int, 2> control{-1, -1};
  std::array<int, 2> report{-1, -1};
  // A socket: writing to a pipe that nobody reads any more would raise SIGPIPE.
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control.data()) != 0) return errno;
  if (::pipe2(report.data(), O_CLOEXEC) != 0) {
    const int why = errno;
    for (int& descriptor : control) close_once(descriptor);
    return why;
  }
  Spawn spawn(command, input, output, error);
  Supervisor made;
  // Our handlers must not run in the fork.
  sigset_t all;
  sigset_t ours;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &ours);
  made.pid_ = ::fork();
  if (made.pid_ == 0) Keeper(control[0], report[1]).run(spawn, program);
  const int why = made.pid_ < 0 ? errno : 0;
  ::pthread_sigmask(SIG_SETMASK, &ours, nullptr);
  close_once(control[0]);
  close_once(report[1]);
  made.control_ = control[1];
  made.report_ = report[0];
  if (why != 0) return why;
  Message message{};
  ssize_t count = 0;
  while ((count = ::read(made.report_, &message, sizeof message)) < 0 && errno == EINTR) {}
  if (count != static_cast<ssize_t>(sizeof message)) return ECHILD;
  if (message.kind == Message::Kind::failed) return message.value;
  made.program_ = message.value;
  ::fcntl(made.report_, F_SETFL, O_NONBLOCK);
  out = std::move(made);
  return 0;
}

Supervisor::Supervisor(Supervisor&& other) noexcept { *this = std::move(other); }

Supervisor& Supervisor::operator=(Supervisor&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(program_, other.program_);
  std::swap(control_, other.control_);
  std::swap(report_, other.report_);
  return *this;
}

std::optional<Supervisor::End> Supervisor::end(bool& lost) {
  Message message{};
  const auto count = ::read(report_, &message, sizeof message);
  if (count == static_cast<ssize_t>(sizeof message)) return End{message.kind == Message::Kind::killed, message.value};
  lost = count == 0;
  return std::nullopt;
}

void Supervisor::terminate() {
  if (control_ >= 0) static_cast<void>(::send(control_, &terminate_word, 1, MSG_NOSIGNAL));
}

void Supervisor::kill_from_afar(int control) noexcept { static_cast<void>(::send(control, &kill_word, 1, MSG_NOSIGNAL)); }

void Supervisor::finish() {
  close_once(control_);
  close_once(report_);
  if (pid_ > 0) {
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {}
  }
  pid_ = -1;
}

}  // namespace mcprove
