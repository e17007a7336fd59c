#include <malloc.h>

#include <csignal>
#include <exception>
#include <string>

#include "checks/registry.h"
#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/output.h"

int main(int argc, char** argv) {
  using namespace mcprove;
  // Checks wait for the network, not for memory: one heap is as quick as many, and smaller.
  ::mallopt(M_ARENA_MAX, 1);
  // A reader who goes away is a failed write, not a reason to leave a server in disorder.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return cli::run(argc, argv, Registry(checks::all()));
  } catch (const std::exception& bug) {
    cli::complain(std::string("this is a bug of mcprove: ") + bug.what());
  } catch (...) {
    cli::complain("this is a bug of mcprove");
  }
  return cli::ExitCode::bug;
}
