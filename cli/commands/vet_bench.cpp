#include "cli/commands/vet_bench.h"

#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/values.h"
#include "vet/bench.h"

namespace mcprove::cli {

namespace {

Result<vet::Half> half_of(const std::string& word) {
  if (word.empty()) return vet::Half::both;
  if (word == "a") return vet::Half::a;
  if (word == "b") return vet::Half::b;
  return tl::unexpected(unknown("half", word, {"a", "b"}));
}

Result<std::string> measured(const VetBenchFlags& flags) {
  vet::Bench bench(MCPROVE_TRY(half_of(flags.half)));
  for (const auto& file : flags.files) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return failure(Error::Kind::usage, fmt::format("cannot read {}", text::one_line(file, 200)));
    const std::string lines{std::istreambuf_iterator<char>(in), {}};
    MCPROVE_TRY(bench.add(file, lines));
  }
  return vet::bench_text(bench.measure(), flags.list);
}

}  // namespace

int vet_bench(const VetBenchFlags& flags) {
  if (flags.files.empty()) {
    complain("--bench needs at least one file of labelled manifests in JSON lines");
    return ExitCode::usage;
  }
  const auto written = measured(flags).and_then([](const std::string& told) { return write_to_stdout(text::printable(told)); });
  if (written) return ExitCode::ok;
  complain(written.error().message);
  return ExitCode::usage;
}

}  // namespace mcprove::cli
