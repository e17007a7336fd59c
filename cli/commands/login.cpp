#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/person.h"
#include "cli/revoke.h"
#include "cli/values.h"
#include "json/json.h"

namespace mcprove::cli {

namespace {

tl::unexpected<Error> bad(std::string message) { return failure(Error::Kind::usage, std::move(message)); }

std::string shown(const std::string& text) { return text::one_line(text, 200); }

std::string scopes_of(const oauth::StoredGrant& grant) {
  const auto scope = grant.scope.value_or(grant.requested_scope);
  return scope.empty() ? "no scope named" : fmt::format("scope {}", shown(scope));
}

std::string until(const oauth::StoredGrant& grant, Clock::Wall now) {
  const auto* renewable = grant.refresh_token.empty() ? "" : ", renewable";
  if (!grant.expires) return fmt::format("no end named{}", renewable);
  return fmt::format("{} {}{}", grant.expired(now, std::chrono::seconds(0)) ? "ended" : "until", rfc3339(*grant.expires),
                     renewable);
}

std::string name_of(const oauth::StoredGrant& grant) { return grant.person.empty() ? "somebody" : shown(grant.person); }

json::Value as_json(const oauth::StoredGrant& grant) {
  return json::Value::object({{"target", json::str(grant.target)},
                              {"person", json::str(grant.person)},
                              {"issuer", json::str(grant.client.issuer)},
                              {"client_id", json::str(grant.client.id)},
                              {"resource", json::str(grant.resource)},
                              {"scopes", json::strings(text::words(grant.scope.value_or(grant.requested_scope)))},
                              {"expires", grant.expires ? json::str(rfc3339(*grant.expires)) : json::Value()},
                              {"renewable", json::boolean(!grant.refresh_token.empty())},
                              {"token_type", json::str(grant.token_type)},
                              {"login", json::str(grant.login)}});
}

int tell(const std::string& text) {
  const auto written = write_to_stdout(text);
  if (written) return ExitCode::ok;
  complain(written.error().message);
  return ExitCode::usage;
}

/// Logs one person in; the exit code.
int log_in(const Meeting& meeting, const Identity& identity, bool as_document) {
  PersonAt person(meeting, identity, std::nullopt);
  const auto connection = person.connect();
  auto done = connection ? (*connection)->log_in() : tl::unexpected(connection.error());
  if (person.interrupted() != 0) return ExitCode::signal(person.interrupted());
  if (!done) {
    // The driver's line says more, and as a rule the same.
    const auto& why = done.error().message;
    const auto told = person.told();
    const bool repeats = told.find(why) != std::string::npos;
    complain(person.redacted("no login: " + (repeats ? told : why)));
    if (!repeats && !told.empty()) complain(person.redacted(told));
    if (const auto kept = oauth::GrantStore().of_target(meeting.url); meeting.options.store && kept && !kept->empty())
      complain(fmt::format("the client of an earlier login was used; 'mcprove login --remove {}' forgets it", meeting.url));
    return exit_code_of(done.error());
  }
  const auto& grant = (*connection)->grant();
  if (!grant) {
    complain("no login: the server wants none");
    return ExitCode::untested;
  }
  if (person.problem()) {
    complain(person.redacted(person.problem()->message));
    return ExitCode::usage;
  }
  if (as_document) {
    const auto document = as_json(*grant).with("kept", json::boolean(person.kept())).with("how", json::str(person.told()));
    return tell(person.redacted(text::printable(document.pretty())) + "\n");
  }
  const SystemClock clock;
  const auto first = fmt::format("{} is logged in to {}: {}, {}{}\n", name_of(*grant), meeting.url, scopes_of(*grant),
                                 until(*grant, clock.now()), person.kept() ? "" : ", not kept");
  const auto second =
      fmt::format("  {}; client {} of {}\n", shown(person.told()), shown(grant->client.id), shown(grant->client.issuer));
  return tell(person.redacted(first + second));
}

/// For a person: each server once, and beneath it who is logged in there.
std::string table_of(const std::vector<oauth::StoredGrant>& grants) {
  const SystemClock clock;
  std::string text;
  std::string target;
  for (const auto& grant : grants) {
    if (grant.target != target) text += shown(grant.target) + "\n";
    target = grant.target;
    text +=
        fmt::format("  {}: {}{}\n", name_of(grant), until(grant, clock.now()), grant.proof_key.empty() ? "" : ", bound to a key");
    text += fmt::format("    {}\n    client {} of {}\n", scopes_of(grant), shown(grant.client.id), shown(grant.client.issuer));
  }
  return text.empty() ? "no grants are kept\n" : text;
}

int list(const oauth::GrantStore& store, bool as_document) {
  const auto listed = store.list();
  std::vector<json::Value> rows;
  for (const auto& grant : listed.grants) rows.push_back(as_json(grant));
  std::string text = listed.grants.empty() && !listed.problems.empty() ? "" : table_of(listed.grants);
  if (as_document) text = text::printable(json::Value::array(std::move(rows)).pretty()) + "\n";
  const int told = tell(text);
  for (const auto& problem : listed.problems) complain(problem.message);
  return listed.problems.empty() ? told : ExitCode::usage;
}

int remove(const oauth::GrantStore& store, const std::string& what, const Options& options) {
  const auto listed = store.list();
  for (const auto& problem : listed.problems) complain(problem.message);
  const auto url = http_url(what);
  int removed = 0;
  std::string text;
  for (const auto& grant : listed.grants) {
    const bool meant = what.empty() || grant.person == what || grant.client.issuer == what || grant.target == (url ? *url : what);
    if (!meant) continue;
    const auto farewell = taken_back(grant, options);
    if (const auto done = store.remove(grant); !done) {
      complain(done.error().message);
      return ExitCode::usage;
    }
    text += fmt::format("{} at {}: removed, {}\n", name_of(grant), shown(grant.target), farewell);
    ++removed;
  }
  if (removed == 0 && !what.empty()) {
    complain(fmt::format("no grant is kept of '{}'; 'mcprove login --list' lists them", shown(what)));
    return ExitCode::usage;
  }
  const int told = tell(fmt::format("{}{} grant{} removed\n", text, removed, removed == 1 ? "" : "s"));
  return listed.problems.empty() ? told : ExitCode::usage;
}

Result<Meeting> meeting_of(const LoginFlags& flags) {
  auto settings = MCPROVE_TRY(login_settings_of(flags.person));
  if (settings.options.url.empty()) return bad("no URL: mcprove login URL");
  Meeting meeting{.url = settings.options.url, .options = std::move(settings.options), .verbose = settings.verbose};
  for (const auto& text : flags.trusted_origins) meeting.trusted_origins.push_back(MCPROVE_TRY(origin_of(text)));
  if (meeting.options.identities.empty()) meeting.options.identities.emplace_back();
  for (const auto& identity : meeting.options.identities)
    if (!identity.token.empty()) return bad("a token that is given needs no login; --token-env is for mcprove call and audit");
  return meeting;
}

/// What the user has to host, so that authorization servers know us by --cimd-url.
int print_cimd(const LoginFlags& flags) {
  auto settings = login_settings_of(flags.person);
  if (!settings) {
    complain(settings.error().message);
    return ExitCode::usage;
  }
  const auto& identities = settings->options.identities;
  if (identities.empty() || identities.front().client.cimd_url.empty()) {
    complain("--print-cimd needs --cimd-url, where the document is to stand");
    return ExitCode::usage;
  }
  return tell(oauth::metadata_document(identities.front().client).pretty() + "\n");
}

/// Proxy and CA file, for the farewell.
Result<Options> options_for_farewell(const LoginFlags& flags) {
  Options options;
  options.ca_file = flags.person.ca_file;
  options.proxy = flags.person.proxy;
  if (flags.person.config.empty()) return options;
  AuditFlags read;
  read.config = flags.person.config;
  auto settings = MCPROVE_TRY(login_settings_of(read));
  if (options.ca_file.empty()) options.ca_file = settings.options.ca_file;
  if (options.proxy.empty()) options.proxy = settings.options.proxy;
  return options;
}

}  // namespace

int login(const LoginFlags& flags) {
  if (flags.format != "text" && flags.format != "json") {
    complain(unknown("format", flags.format, {"text", "json"}).message);
    return ExitCode::usage;
  }
  const bool as_document = flags.format == "json";
  const oauth::GrantStore store;
  if (flags.list) return list(store, as_document);
  if (flags.print_cimd) return print_cimd(flags);
  if (flags.remove) {
    const auto options = options_for_farewell(flags);
    if (options) return remove(store, flags.what.empty() ? flags.person.url : flags.what, *options);
    complain(options.error().message);
    return ExitCode::usage;
  }
  const auto meeting = meeting_of(flags);
  if (!meeting) {
    complain(meeting.error().message);
    return ExitCode::usage;
  }
  int worst = ExitCode::ok;
  for (const auto& identity : meeting->options.identities) {
    const int code = log_in(*meeting, identity, as_document);
    if (code > ExitCode::bug) return code;
    worst = std::max(worst, code);
  }
  return worst;
}

}  // namespace mcprove::cli
