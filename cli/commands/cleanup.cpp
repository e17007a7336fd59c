#include <string>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "engine/audit.h"

namespace mcprove::cli {

int cleanup() {
  const auto outcome = clean_up({});
  if (!outcome) {
    complain(outcome.error().message);
    return outcome.error().kind == Error::Kind::usage ? ExitCode::usage : ExitCode::untested;
  }
  std::string told = fmt::format("{} clients deleted, {} tokens revoked\n", outcome->deleted, outcome->revoked);
  if (outcome->deleted == 0 && outcome->revoked == 0 && outcome->leftovers.empty()) told = "nothing was left behind\n";
  for (const auto& left : outcome->leftovers) {
    told += text::printable(fmt::format("still there: {} {}: {}", left.kind, left.what, left.why)) + "\n";
  }
  if (const auto written = write_to_stdout(told); !written) {
    complain(written.error().message);
    return ExitCode::usage;
  }
  return outcome->leftovers.empty() ? ExitCode::ok : ExitCode::untested;
}

}  // namespace mcprove::cli
