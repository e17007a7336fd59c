#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "vet/manifest.h"

/// Measures the rules against labelled manifests, one JSON object a line: {id, source, label: malicious |
/// unsafe-capability | benign, category[], surface, server, tools[], instructions?, prompts?, resources?,
/// malicious_tools?, template?}.
namespace mcprove::vet {

enum class Half : std::uint8_t { both, a, b };

/// Of each group, how many there were and how many were flagged at medium or above.
struct Tally {
  std::size_t all = 0;
  std::size_t flagged = 0;
  void add(bool flag) {
    ++all;
    flagged += flag ? 1 : 0;
  }
};

struct Measured {
  std::map<std::string, Tally> poisoned_by_source{};    ///< rows
  std::map<std::string, Tally> poisoned_by_category{};  ///< rows; a row counts for each of its categories
  std::map<std::string, Tally> poisoned_by_template{};  ///< rows; without a template, the server is its own
  std::map<std::string, Tally> benign_tools{};          ///< by source
  std::map<std::string, Tally> benign_servers{};        ///< by source; one row is one server
  std::map<std::string, Tally> powers{};                ///< labelled cap-*: flagged is that the power was seen
  Tally poisoned{};
  Tally poisoned_tools{};
  Tally concealed{};       ///< hidden characters, encoded payloads, markup comments, escapes
  Tally hard_negatives{};  ///< benign tools of sources that also hold poisoned ones
  Tally bystanders{};      ///< tools beside a poisoned one that their labels do not blame
  Tally offensive{};       ///< tools that say openly that they attack: noise of the labels, not poisoning
  Tally unsafe{};          ///< tools that can do much and hide nothing
  Tally powerless{};       ///< labelled as without the power that they look like: flagged is that it was seen
  std::map<std::string, std::size_t> unscored{};  ///< rows by surface that metadata does not show
  std::vector<std::string> missed{};              ///< ids
  std::vector<std::string> false_alarms{};        ///< "id tool rule pointer"
};

/// Reads JSON lines from several files and judges each line as it comes, so that memory holds no more than one of them. But a
/// name is only poisoned beside another: such lines wait until the honest servers of their source have been read again.
class Bench {
 public:
  explicit Bench(Half half = Half::both);
  ~Bench();
  /// Error::malformed names the line.
  Result<void> add(std::string_view name, std::istream& lines);
  Result<void> add(std::string_view name, std::string_view lines);
  /// All that was added is wanted once more, by add_neighbours().
  bool needs_neighbours() const;
  Result<void> add_neighbours(std::string_view name, std::istream& lines);
  Measured measure();

 private:
  struct Row;
  void take(Row row);
  std::vector<Manifest> stage(const Row& row) const;
  void judge_row(const Row& row, const std::vector<Manifest>& set);
  void tally_poisoned(const Row& row, const std::set<std::string>& flagged, bool any);
  void tally_others(const Row& row, const std::set<std::string>& flagged);

  Half half_;
  std::size_t rows_ = 0;
  Measured measured_{};
  /// With the numbers of their rows, for names come last.
  std::vector<std::pair<std::size_t, std::string>> missed_{};
  std::vector<std::pair<std::size_t, std::string>> false_alarms_{};
  std::set<std::string> mixed_{};  ///< sources with poisoned rows
  std::vector<Row> waiting_;       ///< names
  std::vector<Row> neighbours_;
};

/// Tables for a terminal; `listed` names what was missed and what was flagged wrongly.
std::string bench_text(const Measured& measured, bool listed);

}  // namespace mcprove::vet
