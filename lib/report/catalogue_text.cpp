#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "report/catalogue.h"
#include "report/model.h"
#include "report/page.h"

namespace mcprove::report {

namespace {

std::string effect_of(const CheckInfo& info) {
  return fmt::format("{}{}", name(info.effect), info.at_issuer ? ", at the authorization server" : "");
}

}  // namespace

std::string checks_text(Checks checks, std::size_t width) {
  Page page(TextOptions{.width = width});
  std::size_t column = 0;
  for (const auto& check : checks) column = std::max(column, check.id.size() + 4);
  std::string_view family;
  for (const auto& check : checks) {
    if (check.family != family) page.heading(check.family);
    family = check.family;
    page.field(check.id, fmt::format("{} ({})", check.check->info.title, name(check.check->info.severity)), 2, column);
  }
  page.gap();
  page.line(fmt::format("{}; 'mcprove checks ID' explains one", counted(checks.size(), "check")));
  return page.take();
}

std::string check_text(const RegisteredCheck& check, std::size_t width) {
  const CheckInfo& info = check.check->info;
  Page page(TextOptions{.width = width});
  page.line(fmt::format("{} ({})", check.id, check.family));
  page.paragraph(info.title, 2);
  constexpr std::size_t column = 13;
  page.gap();
  page.field("what", info.what, 2, column);
  page.field("why", info.why, 2, column);
  page.field("fix", info.fix, 2, column);
  page.gap();
  page.field("severity", fmt::format("at worst {}", name(info.severity)), 2, column);
  page.field("effect", effect_of(info), 2, column);
  page.field("run per", name(info.per), 2, column);
  if (info.requirement != Requirement::none) page.field("decides", name(info.requirement), 2, column);
  page.field("assumes", text::join(assumed(info), ", "), 2, column);
  page.field("spec", references(info), 2, column);
  page.field("since", info.since, 2, column);
  page.field("source", check.source, 2, column);
  std::vector<std::string> former;
  for (const auto id : info.former_ids) {
    if (!id.empty()) former.emplace_back(id);
  }
  page.field("formerly", text::join(former, ", "), 2, column);
  return page.take();
}

}  // namespace mcprove::report
