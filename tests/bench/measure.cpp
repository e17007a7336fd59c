// usage: measure OUTPUT PROGRAM ARGUMENT...
// Runs a program with its standard output in a file, then prints "microseconds kilobytes exit-code". It is a program of its
// own because a child's peak memory counts that of whoever started it: this one is small.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const auto begin = std::chrono::steady_clock::now();
  pid_t child = -1;
  if (posix_spawn(&child, argv[2], &actions, nullptr, argv + 2, environ) != 0) return 1;
  int status = 0;
  rusage used{};
  if (wait4(child, &status, 0, &used) != child) return 1;
  const std::chrono::duration<double, std::micro> wall = std::chrono::steady_clock::now() - begin;
  std::printf("%.0f %ld %d\n", wall.count(), used.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  return 0;
}
