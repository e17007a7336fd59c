#include <string>

#include <fmt/format.h>

#include "base/open_page.h"
#include "cli/baseline.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/kept_grants.h"
#include "cli/output.h"
#include "cli/person.h"
#include "cli/rendered.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "engine/audit.h"
#include "oauth/publish.h"

namespace mcprove::cli {

namespace {

Progress progress_on(StatusLine& status, bool verbose) {
  Progress progress;
  progress.phase = [&status](const std::string& name) { status.phase(name); };
  progress.check = [&status](std::size_t done, std::size_t all, std::string_view id) { status.check(done, all, id); };
  progress.say = [&status](const std::string& line) { status.say(line); };
  if (verbose) progress.told = [&status](const std::string& line) { status.say(line); };
  progress.open_browser = [&status](const std::string& url) {
    status.say("log in on this page: " + url);
    open_page(url);
  };
  return progress;
}

RunOutcome run(const Registry& registry, const Settings& settings) {
  StatusLine status(settings.verbose);
  Signals signals;
  Audit audit(registry, settings.options, progress_on(status, settings.verbose));
  signals.hand_to([&](int number) {
    status.say("interrupted: cleaning up; once more to leave at once");
    audit.interrupt(number);
  });
  auto outcome = audit.run();
  signals.hand_to({});
  return outcome;
}

/// The text report tells it all; beside any other, a person at the terminal is told the verdict in a line.
void tell_verdict(const RunOutcome& outcome, const Settings& settings) {
  if (settings.format == Format::text && settings.out.empty()) return;
  std::string line = report::headline(outcome);
  if (!settings.out.empty()) line += fmt::format("; the report is in {}", settings.out);
  complain(line);
  for (const auto& error : {outcome.fatal, outcome.login_error}) {
    if (error) complain(outcome.redactor ? outcome.redactor->redact(error->message) : error->message);
  }
}

}  // namespace

int audit(const AuditFlags& flags, const Registry& registry) {
  auto settings = settings_of(flags, registry);
  if (!settings) {
    complain(settings.error().message);
    return ExitCode::usage;
  }
  if (const auto read = read_reviewed(*settings); !read) {
    complain(read.error().message);
    return ExitCode::usage;
  }
  if (const auto renewed = renew_kept(*settings); !renewed) {
    complain(renewed.error().message);
    return exit_code_of(renewed.error());
  }
  auto destination = Destination::open(settings->out);
  if (!destination) {
    complain(destination.error().message);
    return ExitCode::usage;
  }
  const auto& people = settings->options.identities;
  const auto published = oauth::PublishedDocument::publish(people.empty() ? oauth::ClientPlan{} : people.front().client);
  if (!published) {
    complain(published.error().message);
    return ExitCode::usage;
  }
  const RunOutcome outcome = run(registry, *settings);
  const auto written = destination->write(rendered(outcome, *settings));
  const int code = exit_code(outcome, settings->exit);
  if (!written) {
    complain(written.error().message);
    return code >= ExitCode::bug ? code : ExitCode::usage;
  }
  tell_verdict(outcome, *settings);
  return code;
}

}  // namespace mcprove::cli
