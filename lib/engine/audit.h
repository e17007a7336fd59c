#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "engine/check.h"
#include "engine/options.h"
#include "engine/outcome.h"
#include "net/http.h"
#include "net/scope.h"

namespace mcprove {

/// What the caller hears while an audit runs; called from several threads, one at a time.
struct Progress {
  std::function<void(const std::string& phase)> phase{};  ///< "discovering", "logging in as alice", ...
  std::function<void(std::size_t done, std::size_t all, std::string_view id)> check{};
  std::function<void(const std::string& url)> open_browser{};  ///< for login = browser
  std::function<void(const std::string& line)> say{};          ///< to a person who must act, for login = print
  std::function<void(const std::string& line)> told{};         ///< how a login went: one line
};

/// The world an audit runs in; tests give a manual clock, seeded randomness, their own transport.
struct World {
  Clock* clock = nullptr;  ///< empty: the machine's
  Random* random = nullptr;
  std::function<std::unique_ptr<net::Transport>(const net::Scope&)> transport{};  ///< empty: libcurl
};

/// One audit of one target. Nothing is global: several may run side by side in one process.
class Audit {
 public:
  Audit(const Registry& registry, Options options, Progress progress = {}, World world = {});
  ~Audit();
  /// Discovers, logs in, runs the checks, cleans up. Never throws for what a target does.
  RunOutcome run();
  /// From a signal handler's thread: no new probes; run() returns after clean-up within 10 s.
  void interrupt(int signal);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Finishes what an interrupted run left behind, by the journal in the state directory.
struct CleanupOutcome {
  int deleted = 0;
  int revoked = 0;
  std::vector<Leftover> leftovers{};
};
Result<CleanupOutcome> clean_up(const std::string& state_dir, World world = {});

std::string_view version();  ///< "0.1.0"

}  // namespace mcprove
