#include "base/open_page.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

namespace mcprove {

void open_page(const std::string& url) {
  const bool http = url.starts_with("https://") || url.starts_with("http://");
  if (!http || (std::getenv("DISPLAY") == nullptr && std::getenv("WAYLAND_DISPLAY") == nullptr)) return;
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  if (posix_spawn_file_actions_init(&files) != 0) return;
  if (posix_spawnattr_init(&attributes) != 0) {
    posix_spawn_file_actions_destroy(&files);
    return;
  }
  for (const int file : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&files, file, "/dev/null", O_RDWR, 0);
  }
  // The audit's threads have signals blocked; a browser must not inherit that, nor our terminal's interrupt.
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  std::string program = "xdg-open";
  std::string page = url;
  const std::array<char*, 3> arguments{program.data(), page.data(), nullptr};
  pid_t child = 0;
  if (posix_spawnp(&child, program.c_str(), &files, &attributes, arguments.data(), environ) == 0) {
    // xdg-open hands the page over and ends; a browser that it becomes itself is reaped when we end.
    int status = 0;
    ::waitpid(child, &status, WNOHANG);
  }
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
}

}  // namespace mcprove
