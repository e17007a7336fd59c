#include <algorithm>
#include <atomic>
#include <functional>
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
#include "cli/signals.h"
#include "cli/sources.h"
#include "cli/values.h"
#include "json/json.h"
#include "mcp/stdio.h"

namespace mcprove::cli {

namespace {

tl::unexpected<Error> bad(std::string message) { return failure(Error::Kind::usage, std::move(message)); }

constexpr std::size_t summary = 72;

/// What a server says goes to a terminal: nothing in it may move a cursor.
std::string tools_text(const std::vector<mcp::Tool>& tools, const std::vector<client::Connection::Rejected>& rejected) {
  std::string text;
  for (const auto& tool : tools) {
    const auto needs = tool.required();
    text += text::one_line(tool.name, 120);
    if (!needs.empty()) text += fmt::format(" ({})", text::one_line(text::join(needs, ", "), 120));
    if (const auto what = tool.raw.string("description").value_or(""); !what.empty())
      text += fmt::format("\n    {}", text::one_line(what, summary));
    text += "\n";
  }
  for (const auto& tool : rejected)
    text += fmt::format("{}\n    not used: {}\n", text::one_line(tool.name, 120), text::one_line(tool.why, summary));
  return text.empty() ? "no tools\n" : text;
}

std::string tools_document(const std::vector<mcp::Tool>& tools) {
  std::vector<json::Value> rows;
  for (const auto& tool : tools) rows.push_back(tool.raw);
  return text::printable(json::Value::object({{"tools", json::Value::array(std::move(rows))}}).pretty()) + "\n";
}

std::string result_text(const json::Value& result) {
  std::string text;
  const auto content = result.at("content");
  for (std::size_t i = 0; i < content.size(); ++i) {
    const auto part = content.at(i);
    const auto type = part.string("type").value_or("");
    if (type == "text") text += text::printable(part.string("text").value_or(""));
    else text += fmt::format("[{}: {}]", text::one_line(type, 40), text::one_line(part.dump(), summary));
    if (!text.ends_with('\n')) text += "\n";
  }
  if (content.size() == 0) text = text::printable(result.pretty()) + "\n";
  return text;
}

/// The grant to begin with: the one that is kept of this person, or the only one.
Result<std::optional<oauth::StoredGrant>> kept_grant(const Meeting& meeting, const CallFlags& flags, const Identity& identity) {
  if (!meeting.options.store || !identity.token.empty()) return std::nullopt;
  const oauth::GrantStore store(meeting.options.state_dir);
  auto grants = MCPROVE_TRY(store.of_target(meeting.url));
  const auto who = flags.as.empty() ? person_name(identity) : flags.as;
  const bool named = !flags.as.empty() || identity.has_person();
  if (named) std::erase_if(grants, [&](const oauth::StoredGrant& grant) { return grant.person != who; });
  if (grants.size() > 1) {
    std::vector<std::string> people;
    for (const auto& grant : grants) people.push_back(text::one_line(grant.person, 40));
    return bad(fmt::format("several grants are kept: name the person with --as ({})", text::join(people, ", ")));
  }
  if (grants.empty() && !flags.as.empty())
    return bad(
        fmt::format("no grant is kept of '{}' at {}; 'mcprove login' gets one", text::one_line(flags.as, 80), meeting.url));
  if (grants.empty()) return std::nullopt;
  return std::move(grants.front());
}

Result<json::Value> arguments_of(const CallFlags& flags) {
  if (flags.format != "text" && flags.format != "json") return tl::unexpected(unknown("format", flags.format, {"text", "json"}));
  if (flags.tool.empty() && !flags.arguments.empty()) return bad("--args is for a tool, and none is named");
  auto arguments = json::parse(flags.arguments.empty() ? "{}" : flags.arguments);
  if (!arguments) return bad(fmt::format("--args is no JSON: {}", arguments.error().message));
  if (!arguments->is_object()) return bad("--args is JSON, but no object");
  return arguments;
}

struct Wanted {
  Meeting meeting{};
  Identity identity{};
  std::optional<oauth::StoredGrant> grant{};
  json::Value arguments{};
};

Result<Wanted> wanted_of(const CallFlags& flags) {
  auto settings = MCPROVE_TRY(login_settings_of(flags.person));
  if (settings.options.url.empty()) return bad("no URL: mcprove call URL [TOOL]");
  Wanted wanted;
  wanted.meeting = {.url = settings.options.url, .options = std::move(settings.options), .verbose = settings.verbose};
  for (const auto& text : flags.trusted_origins) wanted.meeting.trusted_origins.push_back(MCPROVE_TRY(origin_of(text)));
  const auto& people = wanted.meeting.options.identities;
  const auto named = std::find_if(people.begin(), people.end(), [&](const Identity& one) { return one.name == flags.as; });
  if (named != people.end()) wanted.identity = *named;
  else if (!people.empty()) wanted.identity = people.front();
  wanted.grant = MCPROVE_TRY(kept_grant(wanted.meeting, flags, wanted.identity));
  // A renewed grant stays that of the person it was.
  if (wanted.grant && !wanted.identity.has_person() && !wanted.grant->person.empty()) wanted.identity.name = wanted.grant->person;
  wanted.arguments = MCPROVE_TRY(arguments_of(flags));
  return wanted;
}

/// What is to be printed, and whether the tool itself said that it failed.
struct Answered {
  std::string text{};
  bool failed = false;
};

/// A server however it is reached.
struct Server {
  std::function<Result<std::vector<mcp::Tool>>()> list{};
  std::function<std::vector<client::Connection::Rejected>()> rejected{};
  std::function<Result<mcp::Outcome>(const std::string& tool, const json::Value& arguments)> call{};
};

Server over_http(client::Connection& connection) {
  return {[&connection] { return connection.list_tools(); }, [&connection] { return connection.rejected_tools(); },
          [&connection](const std::string& tool, const json::Value& arguments) { return connection.call_tool(tool, arguments); }};
}

Server over_pipes(mcp::Client& client) {
  return {[&client] { return mcp::list_tools(client); }, [] { return std::vector<client::Connection::Rejected>{}; },
          [&client](const std::string& tool, const json::Value& arguments) {
            return client.call("tools/call", json::Value::object({{"name", json::str(tool)}, {"arguments", arguments}}));
          }};
}

Result<Answered> list(const Server& server, bool as_document) {
  const auto tools = MCPROVE_TRY(server.list());
  return Answered{as_document ? tools_document(tools) : tools_text(tools, server.rejected())};
}

Result<Answered> call_one(const Server& server, const std::string& name, const json::Value& arguments, bool as_document) {
  // The list tells which arguments are mirrored into headers, and catches a slip of the pen. Who may not list may call.
  if (const auto tools = server.list()) {
    std::vector<std::string> names;
    for (const auto& tool : *tools) names.push_back(tool.name);
    for (const auto& tool : server.rejected()) names.push_back(tool.name);
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      auto hint = suggestion(name, names);
      if (hint.empty()) hint = "; 'mcprove call URL' lists them";
      return bad(fmt::format("no tool is called '{}'{}", text::one_line(name, 80), hint));
    }
  }
  const auto outcome = MCPROVE_TRY(server.call(name, arguments));
  if (!outcome.error().is_null()) {
    const auto said = outcome.error().string("message").value_or("");
    const auto code = outcome.error().integer("code").value_or(0);
    const auto text = fmt::format("error {}: {}\n", code, text::one_line(said, 400));
    return Answered{as_document ? text::printable(outcome.message.pretty()) + "\n" : text, true};
  }
  const auto result = outcome.result();
  if (result.is_null()) return failure(Error::Kind::malformed, "the server gave no result: " + text::one_line(outcome.why, 200));
  return Answered{as_document ? text::printable(result.pretty()) + "\n" : result_text(result),
                  result.boolean("isError").value_or(false)};
}

Result<Answered> answer_of(const Server& server, const CallFlags& flags, const json::Value& arguments) {
  const bool as_document = flags.format == "json";
  return flags.tool.empty() ? list(server, as_document) : call_one(server, flags.tool, arguments, as_document);
}

int told(const Result<Answered>& answered, const std::function<std::string(const std::string&)>& redacted) {
  if (!answered) {
    complain(redacted(answered.error().message));
    return exit_code_of(answered.error());
  }
  if (const auto written = write_to_stdout(redacted(answered->text)); !written) {
    complain(written.error().message);
    return ExitCode::usage;
  }
  return answered->failed ? ExitCode::findings : ExitCode::ok;
}

/// `mcprove call --stdio COMMAND [TOOL]`: there is no login, and where the URL stands otherwise stands the tool.
Result<Answered> ask_command(CallFlags flags, Redactor& redactor, std::atomic<int>& interrupted) {
  if (!flags.tool.empty()) return bad("a command or a URL, not both");
  flags.tool = std::exchange(flags.person.url, {});
  const auto arguments = MCPROVE_TRY(arguments_of(flags));
  Command command{MCPROVE_TRY(words_of_command("--stdio", flags.command)), plain_environment(), {}};
  for (const auto& name : flags.environment) {
    command.environment[name] = MCPROVE_TRY(secret_from_env(name));
    redactor.add("environment", command.environment[name]);
  }
  SystemClock clock;
  Signals signals;
  const auto server = mcp::StdioServer::start(command, clock, {}, {}, [&](mcp::StdioServer& started) {
    signals.hand_to([&](int number) {
      interrupted = number;
      started.stop();
    });
  });
  if (!server) return tl::unexpected(server.error());
  auto answered = answer_of(over_pipes((*server)->client()), flags, arguments);
  signals.hand_to({});
  if (!answered) return tl::unexpected((*server)->explained(answered.error()));
  return answered;
}

int call_command(const CallFlags& flags) {
  std::atomic<int> interrupted = 0;
  Redactor redactor;
  const auto answered = ask_command(flags, redactor, interrupted);
  if (interrupted != 0) return ExitCode::signal(interrupted);
  return told(answered, [&redactor](const std::string& text) { return redactor.redact(text); });
}

}  // namespace

int call(const CallFlags& flags) {
  if (!flags.command.empty()) return call_command(flags);
  const auto wanted = wanted_of(flags);
  if (!wanted) {
    complain(wanted.error().message);
    return exit_code_of(wanted.error());
  }
  PersonAt person(wanted->meeting, wanted->identity, wanted->grant);
  const auto connection = person.connect();
  const auto answered = [&]() -> Result<Answered> {
    if (!connection) return tl::unexpected(connection.error());
    return answer_of(over_http(**connection), flags, wanted->arguments);
  }();
  if (person.interrupted() != 0) return ExitCode::signal(person.interrupted());
  if (const auto problem = person.problem()) complain(person.redacted(problem->message));
  return told(answered, [&](const std::string& text) { return person.redacted(text); });
}

}  // namespace mcprove::cli
