#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"
#include "report/catalogue.h"
#include "report/model.h"

namespace mcprove::report {

namespace {

/// Text for mdoc(7): a backslash is an escape, and a point or an apostrophe at the start of a line is a request. New
/// sentences begin new lines, as mandoc's style wants it.
std::string roff(std::string_view words) {
  std::string out;
  bool line_start = true;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const char c = words[i];
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    line_start = false;
    const bool sentence_ends =
        c == ' ' && i >= 2 && words[i - 1] == '.' && i + 1 < words.size() && words[i + 1] >= 'A' && words[i + 1] <= 'Z';
    if (sentence_ends) {
      out += '\n';
      line_start = true;
    } else if (c == '\\') {
      out += "\\e";
    } else {
      out += c;
    }
  }
  return out;
}

/// A macro's argument, quoted so that no word of it is taken for a macro.
std::string argument(std::string_view words) {
  std::string out = "\"";
  for (const char c : words) {
    if (c == '"') out += "\\(dq";
    else if (c == '\\') out += "\\e";
    else out += c;
  }
  return out + "\"";
}

std::string facts(const RegisteredCheck& check) {
  const CheckInfo& info = check.check->info;
  std::string line = fmt::format("At worst {}; {}{}; run per {}.", name(info.severity), name(info.effect),
                                 info.at_issuer ? " at the authorization server" : "", name(info.per));
  const auto assumes = assumed(info);
  if (!assumes.empty()) line += fmt::format("\nAssumes {}.", text::join(assumes, ", "));
  return line + "\n" + roff(references(info)) + ".";
}

}  // namespace

std::string checks_man(Checks checks) {
  std::string out =
      ".\\\" Written by mcprove checks --format man\n"
      ".Dd $Mdocdate$\n"
      ".Dt MCPROVE-CHECKS 7\n"
      ".Os\n"
      ".Sh NAME\n"
      ".Nm mcprove-checks\n"
      ".Nd the checks of mcprove\n"
      ".Sh DESCRIPTION\n"
      "Each check of\n"
      ".Xr mcprove 1\n"
      "with what it does, why it matters, how to fix what it finds, and where the requirement is written.\n";
  std::string_view family;
  bool open = false;
  for (const auto& check : checks) {
    if (check.family != family) {
      if (open) out += ".El\n";
      out += fmt::format(".Ss {}\n.Bl -tag -width Ds\n", check.family);
      open = true;
    }
    family = check.family;
    const CheckInfo& info = check.check->info;
    out += fmt::format(".It Sy {}\n.Em {}\n.Pp\n{}\n.Pp\n{}\n.Pp\n{}\n.Pp\n{}\n", check.id, argument(info.title), roff(info.what),
                       roff(info.why), roff(info.fix), facts(check));
  }
  if (open) out += ".El\n";
  return out + ".Sh SEE ALSO\n.Xr mcprove 1 ,\n.Xr mcprove.toml 5\n";
}

}  // namespace mcprove::report
