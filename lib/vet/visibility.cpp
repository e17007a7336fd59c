#include "vet/visibility.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace mcprove::vet {
namespace {

using Names = std::set<std::string>;

/// What a capture and a command show is shown to nobody in particular.
bool is_somebody(const std::string& identity) { return identity != "captured" && identity != "local"; }

class Visibility {
 public:
  Visibility(const Pinned& before, const Pinned& now) : now_(now) {
    for (const auto& tool : before.manifest.tools) tools_.insert(tool.string("name").value_or(""));
    for (const auto& [identity, saw] : before.identities) saw_.emplace(identity, Names(saw.begin(), saw.end()));
    // Whoever is not logged in is read as well where that is possible: it was not.
    if (std::ranges::any_of(saw_, [](const auto& entry) { return is_somebody(entry.first); })) saw_.try_emplace("anonymous");
  }

  std::vector<Change> run() const {
    std::vector<Change> out;
    for (const auto& [identity, sees] : now_.identities) {
      const auto before = saw_.find(identity);
      if (before == saw_.end()) continue;
      std::vector<std::string> fresh;
      for (const auto& tool : Names(sees.begin(), sees.end())) {
        // A tool that is new to all is told as such.
        if (tools_.contains(tool) && !before->second.contains(tool)) fresh.push_back(tool);
      }
      if (before->second.empty() && fresh.size() > 1) out.push_back(all_at_once(identity, fresh));
      else
        for (const auto& tool : fresh) out.push_back(one(identity, tool));
    }
    return out;
  }

 private:
  Change one(const std::string& identity, const std::string& tool) const {
    std::vector<std::string> above;
    bool seen = false;
    for (const auto& [other, saw] : saw_) {
      if (other == identity || !saw.contains(tool)) continue;
      seen = true;
      // Only a stranger is surely below: of others, one may be meant to see what the other is not.
      if (other != "anonymous") above.push_back(other);
    }
    const bool fault = !seen || !above.empty();
    return {
        .kind = Kind::tool,
        .name = tool,
        .rule = "newly-visible",
        .fault = fault,
        .severity = fault ? Weight::medium : Weight::low,
        .why = fault ? "an identity sees a tool that was hidden from it" : "an identity sees a tool that strangers saw before",
        .before = text::one_line(text::join(above, ", "), 120),
        .after = text::one_line(identity, 80)};
  }

  static Change all_at_once(const std::string& identity, const std::vector<std::string>& tools) {
    return {.kind = Kind::server,
            .rule = "newly-visible",
            .fault = true,
            .severity = Weight::medium,
            .why = fmt::format("an identity that saw no tool sees {}", tools.size()),
            .after = text::one_line(fmt::format("{}: {}", identity, text::join(tools, ", ")), 200)};
  }

  const Pinned& now_;
  Names tools_{};
  std::map<std::string, Names> saw_{};
};

}  // namespace

std::vector<Change> newly_visible(const Pinned& before, const Pinned& now) { return Visibility(before, now).run(); }

}  // namespace mcprove::vet
