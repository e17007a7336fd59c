#include "cli/signals.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <system_error>
#include <utility>

#include "base/child.h"

namespace mcprove::cli {

namespace {

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    // What the starter ignores stays ignored, as nohup(1) wants it.
    struct sigaction action{};
    if (::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) continue;
    sigaddset(&set, number);
  }
  return set;
}

}  // namespace

Signals::Signals() {
  const sigset_t set = watched();
  if (const int error = pthread_sigmask(SIG_BLOCK, &set, &before_); error != 0)
    throw std::system_error(error, std::generic_category());
  signals_ = ::signalfd(-1, &set, SFD_CLOEXEC);
  done_ = ::eventfd(0, EFD_CLOEXEC);
  if (signals_ < 0 || done_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
  thread_ = std::thread([this] { watch(); });
}

Signals::~Signals() {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(done_, &one, sizeof one));
  thread_.join();
  ::close(signals_);
  ::close(done_);
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void Signals::hand_to(std::function<void(int)> listener) {
  const std::lock_guard lock(mutex_);
  listener_ = std::move(listener);
  if (listener_ && pending_ != 0) listener_(std::exchange(pending_, 0));
}

void Signals::watch() {
  bool again = false;
  for (;;) {
    std::array<pollfd, 2> ready{pollfd{signals_, POLLIN, 0}, pollfd{done_, POLLIN, 0}};
    if (::poll(ready.data(), ready.size(), -1) < 0) continue;
    if ((ready[1].revents & POLLIN) != 0) return;
    signalfd_siginfo info{};
    if (::read(signals_, &info, sizeof info) != sizeof info) continue;
    const int number = static_cast<int>(info.ssi_signo);
    if (std::exchange(again, true)) {
      kill_all_children();
      ::_exit(128 + number);
    }
    const std::lock_guard lock(mutex_);
    if (listener_) listener_(number);
    else pending_ = number;
  }
}

}  // namespace mcprove::cli
