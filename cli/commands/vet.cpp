#include "cli/commands/vet.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include <fmt/format.h>

#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/rendered.h"

namespace mcprove::cli {

namespace {

report::Vetting judged(Gathered gathered, const vet::TrustPolicy& trust) {
  report::Vetting vetting{.read = std::move(gathered.read)};
  const auto set = manifests_of(vetting.read);
  vetting.findings = vet::judge(set);
  auto more = vet::judge_trust(set, trust);
  std::ranges::move(more, std::back_inserter(vetting.findings));
  std::ranges::move(gathered.findings, std::back_inserter(vetting.findings));
  std::ranges::stable_sort(vetting.findings, [](const auto& a, const auto& b) { return b.severity < a.severity; });
  return vetting;
}

int exit_code_of(const report::Vetting& vetting, const ExitPolicy& policy) {
  const auto counts = [&](const vet::Finding& finding) {
    return policy.fail_on && report::severity_of(finding.severity) >= *policy.fail_on;
  };
  if (std::ranges::any_of(vetting.findings, counts)) return ExitCode::findings;
  const bool nothing = vetting.read.servers.empty();
  if (nothing || (policy.strict && !vetting.read.unread.empty())) return ExitCode::untested;
  return ExitCode::ok;
}

Result<int> run(const VetFlags& flags, const Registry& registry) {
  const auto settings = MCPROVE_TRY(telling_of(flags.from.login));
  auto destination = MCPROVE_TRY(Destination::open(settings.out));
  auto gathered = MCPROVE_TRY(gather(flags.from, registry));
  const int signal = gathered.signal;
  const auto vetting = judged(std::move(gathered), settings.trust);
  MCPROVE_TRY(destination.write(rendered(vetting, settings)));
  if (settings.format != Format::text || !settings.out.empty()) complain(vetting.read.clean(report::headline(vetting)));
  return signal != 0 ? ExitCode::signal(signal) : exit_code_of(vetting, settings.exit);
}

}  // namespace

int vet(const VetFlags& flags, const Registry& registry) {
  if (flags.bench) return vet_bench({flags.from.sources, flags.half, flags.list});
  const auto code = run(flags, registry);
  if (code) return *code;
  complain(code.error().message);
  return ExitCode::usage;
}

}  // namespace mcprove::cli
