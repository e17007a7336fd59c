#include <string>

#include <fmt/format.h>

#include "cli/baseline.h"
#include "cli/browser.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/person.h"
#include "cli/rendered.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "engine/audit.h"

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
    open_in_browser(url);
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

/// A kept grant that runs out is renewed before the audit begins. Error: it could not be.
Result<void> renew_kept(Settings& settings) {
  const SystemClock clock;
  for (const auto& grant : settings.kept) {
    if (!grant.expired(clock.now())) continue;
    Identity holder;
    holder.name = grant.person.empty() ? "default" : grant.person;
    PersonAt person({.url = settings.options.url, .options = settings.options}, holder, grant);
    const auto connection = person.connect();
    const auto fresh = connection ? (*connection)->grant() : std::nullopt;
    if (!fresh || fresh->expired(clock.now(), std::chrono::seconds(0))) {
      return failure(Error::Kind::login, fmt::format("the grant that is kept ended and could not be renewed{}",
                                                     connection ? "" : ": " + person.redacted(connection.error().message)));
    }
    for (auto& identity : settings.options.identities)
      if (identity.token == grant.access_token) identity.token = fresh->access_token;
  }
  return {};
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
