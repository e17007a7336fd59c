#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"
#include "report/catalogue.h"
#include "report/model.h"

namespace mcprove::report {

namespace {

/// Text that Markdown shows as it is.
std::string literal(std::string_view words) {
  std::string out;
  for (const char c : words) {
    if (std::string_view("\\`*_[]<>#|").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string checks_markdown(Checks checks) {
  std::string out = "# The checks of mcprove\n";
  std::string_view family;
  for (const auto& check : checks) {
    if (check.family != family) out += fmt::format("\n## {}\n", check.family);
    family = check.family;
    const CheckInfo& info = check.check->info;
    out += fmt::format("\n### {}\n\n**{}**\n\n{}\n\n{}\n\n{}\n\n", check.id, literal(info.title), literal(info.what),
                       literal(info.why), literal(info.fix));
    out += fmt::format("- severity: at worst {}\n- effect: {}{}\n- run per: {}\n", name(info.severity), name(info.effect),
                       info.at_issuer ? " at the authorization server" : "", name(info.per));
    const auto assumes = assumed(info);
    if (!assumes.empty()) out += fmt::format("- assumes: {}\n", text::join(assumes, ", "));
    out += fmt::format("- spec: {}\n", literal(references(info)));
  }
  return out;
}

}  // namespace mcprove::report
