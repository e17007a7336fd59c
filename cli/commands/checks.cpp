#include <unistd.h>

#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "cli/values.h"
#include "report/catalogue.h"

namespace mcprove::cli {

namespace {

/// The check of that id, or the checks of that family.
Result<std::vector<RegisteredCheck>> chosen(const Registry& registry, const std::string& what) {
  const auto all = registry.all();
  if (what.empty()) return std::vector<RegisteredCheck>(all.begin(), all.end());
  if (const auto* check = registry.find(what)) return std::vector<RegisteredCheck>{*check};
  std::vector<RegisteredCheck> family;
  std::set<std::string> known;
  for (const auto& check : all) {
    if (check.family == what) family.push_back(check);
    known.emplace(check.id);
    known.emplace(check.family);
  }
  if (!family.empty()) return family;
  std::string hint = suggestion(what, {known.begin(), known.end()});
  if (hint.empty()) hint = "; 'mcprove checks' lists them";
  return failure(Error::Kind::usage, fmt::format("no check or family is called '{}'{}", text::one_line(what, 80), hint));
}

Result<std::string> rendered(const ChecksFlags& flags, const Registry& registry) {
  const auto list = MCPROVE_TRY(chosen(registry, flags.what));
  const std::size_t width = columns(STDOUT_FILENO, 80);
  if (flags.format == "json") return report::checks_json(list);
  if (flags.format == "man") return report::checks_man(list);
  if (flags.format == "markdown") return report::checks_markdown(list);
  if (flags.format != "text") return tl::unexpected(unknown("format", flags.format, {"text", "json", "man", "markdown"}));
  const bool one = list.size() == 1 && registry.find(flags.what) != nullptr;
  return one ? report::check_text(list.front(), width) : report::checks_text(list, width);
}

}  // namespace

int checks(const ChecksFlags& flags, const Registry& registry) {
  const auto written = rendered(flags, registry).and_then([](const std::string& text) { return write_to_stdout(text); });
  if (written) return ExitCode::ok;
  complain(written.error().message);
  return ExitCode::usage;
}

}  // namespace mcprove::cli
