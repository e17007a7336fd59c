#pragma once

#include <csignal>
#include <functional>
#include <mutex>
#include <thread>

namespace mcprove::cli {

/// SIGINT, SIGTERM and SIGHUP while an audit runs: the first is handed over, the second ends the program at once with
/// 128 + its number. Construct it before the threads that it shall not interrupt: they inherit the blocked signals. Destroy it
/// in the thread that made it: there they act as before.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// Who hears of the first signal, at once if it has come already; an empty function: nobody.
  void hand_to(std::function<void(int)> listener);

 private:
  void watch();

  sigset_t before_{};
  int signals_ = -1;
  int done_ = -1;
  std::mutex mutex_;
  std::function<void(int)> listener_{};
  int pending_ = 0;
  std::thread thread_{};
};

}  // namespace mcprove::cli
