#include "cli/commands/vet.h"

#include "cli/exit_code.h"
#include "cli/output.h"

namespace mcprove::cli {

int vet(const VetFlags& flags) {
  if (flags.bench) return vet_bench({flags.sources, flags.half, flags.list});
  complain("nothing to do; 'mcprove vet --bench FILE...' measures the rules");
  return ExitCode::usage;
}

}  // namespace mcprove::cli
