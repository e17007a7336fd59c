#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/process.h"
#include "targets.h"

namespace mcprove::fuzz {

void PrintTo(const FuzzTarget& target, std::ostream* out) { *out << target.name; }

namespace {

namespace fs = std::filesystem;

using Bytes = std::vector<std::uint8_t>;

std::vector<fs::path> corpus_of(const std::string& name) {
  std::vector<fs::path> files;
  const auto folder = fs::path(test::source_path("tests/fuzz/corpus")) / name;
  if (!fs::is_directory(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

Bytes read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// The vector is exactly as long as the input, so that the sanitizer sees a read past the end.
void run(const FuzzTarget& target, const Bytes& input) {
  const Bytes exact(input);
  EXPECT_EQ(target.run(exact.data(), exact.size()), 0);
}

class FuzzReplay : public testing::TestWithParam<FuzzTarget> {};

// A parser that dies of its own corpus, of a part of it, or of one flipped byte, needs no fuzzer to be found.
TEST_P(FuzzReplay, SurvivesItsCorpusCutAndFlipped) {
  const auto files = corpus_of(GetParam().name);
  ASSERT_FALSE(files.empty()) << "tests/fuzz/corpus/" << GetParam().name << " is empty";
  run(GetParam(), {});
  for (const auto& file : files) {
    const Bytes whole = read(file);
    SCOPED_TRACE(file.filename());
    run(GetParam(), whole);
    const std::size_t step = std::max<std::size_t>(1, whole.size() / 64);
    for (std::size_t at = 0; at < whole.size(); at += step) {
      run(GetParam(), Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(at)));
      Bytes flipped = whole;
      flipped[at] ^= 0xffU;
      run(GetParam(), flipped);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, FuzzReplay, testing::ValuesIn(targets),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace mcprove::fuzz
