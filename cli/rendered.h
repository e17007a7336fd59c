#pragma once

#include <unistd.h>

#include <string>

#include "cli/settings.h"
#include "cli/terminal.h"
#include "report/report.h"
#include "report/vetting.h"

namespace mcprove::cli {

/// What an audit, a vetting or a verification found, in the format that the user wants.
template <class Found>
std::string rendered(const Found& found, const Settings& settings) {
  const bool here = settings.out.empty();
  switch (settings.format) {
    case Format::text:
      return report::text(found, {.color = here && wants_color(STDOUT_FILENO),
                                  .width = here ? columns(STDOUT_FILENO, 80) : 80,
                                  .verbose = settings.verbose});
    case Format::json: return report::json(found);
    case Format::junit: return report::junit(found, {.fail_on = settings.exit.fail_on});
  }
  return {};
}

}  // namespace mcprove::cli
