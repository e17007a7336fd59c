#include "cli/commands/vet_bench.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <sstream>
#include <system_error>

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

/// The files, read once or twice; a pipe says what it says only once, so that is kept.
class Corpora {
 public:
  explicit Corpora(const std::vector<std::string>& files) : files_(files) {}

  using Use = std::function<Result<void>(const std::string&, std::istream&)>;
  Result<void> each(const Use& use) {
    for (const auto& file : files_) MCPROVE_TRY(one(file, use));
    return {};
  }

 private:
  Result<void> one(const std::string& file, const Use& use) {
    auto kept = kept_.find(file);
    if (kept == kept_.end()) {
      std::ifstream in(file, std::ios::binary);
      if (!in) return failure(Error::Kind::usage, fmt::format("cannot read {}", text::one_line(file, 200)));
      std::error_code ignored;
      if (std::filesystem::is_regular_file(file, ignored)) return use(file, in);
      kept = kept_.emplace(file, std::string{std::istreambuf_iterator<char>(in), {}}).first;
    }
    std::istringstream in(kept->second);
    return use(file, in);
  }

  const std::vector<std::string>& files_;
  std::map<std::string, std::string> kept_{};
};

Result<std::string> measured(const VetBenchFlags& flags) {
  vet::Bench bench(MCPROVE_TRY(half_of(flags.half)));
  Corpora corpora(flags.files);
  MCPROVE_TRY(corpora.each([&](const std::string& file, std::istream& in) { return bench.add(file, in); }));
  if (bench.needs_neighbours())
    MCPROVE_TRY(corpora.each([&](const std::string& file, std::istream& in) { return bench.add_neighbours(file, in); }));
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
