#include "cli/command_line.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/commands/lock.h"
#include "cli/commands/vet.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/values.h"
#include "engine/audit.h"
#include "oauth/logins.h"

namespace mcprove::cli {

namespace {

using Strings = std::vector<std::string>;

/// One value each time the flag is given; never the words that follow it.
void repeatable(CLI::App& app, const char* flag, Strings& out, const char* value, const char* help, const char* group) {
  app.add_option(flag, out, help)->type_name(value)->allow_extra_args(false)->group(group);
}

void single(CLI::App& app, const char* flag, std::string& out, const char* value, const std::string& help, const char* group) {
  app.add_option(flag, out, help)->type_name(value)->group(group);
}

void on(CLI::App& app, const char* flag, bool& out, const char* help, const char* group) {
  app.add_flag(flag, out, help)->group(group);
}

void add_login(CLI::App& app, AuditFlags& f) {
  const char* group = "Logging in";
  repeatable(app, "--user", f.users, "NAME", "who logs in; again for a second person", group);
  repeatable(app, "--password-env", f.password_envs, "VAR", "environment variable that holds the user's password", group);
  repeatable(app, "--password-file", f.password_files, "FILE", "file of mode 0600, or pipe, whose first line is the password",
             group);
  repeatable(app, "--token-env", f.token_envs, "VAR", "variable that holds an access token, instead of a login", group);
  repeatable(app, "--token-file", f.token_files, "FILE", "the same from a file of mode 0600, or a pipe", group);
  repeatable(app, "--token-fd", f.token_fds, "N", "the same from an open file descriptor", group);
  repeatable(app, "--header-env", f.header_envs, "NAME=VAR", "header NAME with the variable's value, for API keys", group);
  single(app, "--login", f.login, "DRIVER", fmt::format("how to log in: {} (auto)", fmt::join(oauth::login_driver_names(), ", ")),
         group);
  repeatable(app, "--login-command", f.login_command, "COMMAND",
             "for --login script: the command, or given again each word of it", group);
  repeatable(app, "--login-env", f.login_envs, "VAR", "a variable that this command may see", group);
  single(app, "--as-profile", f.as_profile, "NAME", "an authorization server with a login of its own: pingone-aic", group);
  single(app, "--user-field", f.user_field, "NAME", "the login form's field for the user (guessed)", group);
  single(app, "--password-field", f.password_field, "NAME", "... and for the password (guessed)", group);
  repeatable(app, "--button", f.buttons, "NAME", "a button to press on login and consent pages (guessed)", group);
  repeatable(app, "--login-origin", f.login_origins, "URL", "origin that the password may be typed into", group);
  single(app, "--scope", f.scope, "SCOPES", "what to ask for (what the server advises)", group);
  add_client_flags(app, f.client);
}

/// Given without a person, too: whether it was is asked when all is parsed.
void add_use_grant(CLI::App& app, AuditFlags& f) {
  auto* option = app.add_option("--use-grant", f.grant_of, "the grants that 'mcprove login' kept, or this person's");
  option->type_name("PERSON")->expected(0, 1)->group("Logging in");
}

void add_facts(CLI::App& app, AuditFlags& f) {
  const char* group = "What only you know";
  repeatable(app, "--expected-scopes", f.expected_scopes, "SCOPES", "the scopes that a default login should get", group);
  single(app, "--other-resource", f.other_resource, "URL", "another resource of the same authorization server", group);
  single(app, "--introspect-client", f.introspect_client, "ID", "a resource server's client, to ask about tokens with", group);
  single(app, "--introspect-secret-env", f.introspect_secret_env, "VAR", "variable that holds its secret", group);
  single(app, "--lock", f.reviewed.lock, "FILE", "what was reviewed (mcprove lock); tell what changed since", group);
  single(app, "--lock-key", f.reviewed.lock_key, "PUB.pem", "the public key that must have signed it", group);
  repeatable(app, "--volatile", f.reviewed.volatile_text, "REGEX", "text that changes by itself and is not compared", group);
  single(app, "--server-json", f.reviewed.server_json, "FILE", "the registry's record of the server, saved", group);
  on(app, "--expect-auth", f.expect_auth, "the server is meant to demand a token", group);
  on(app, "--public", f.expect_public, "the server is meant to be open to all", group);
}

void add_choice(CLI::App& app, AuditFlags& f) {
  const char* group = "What to do";
  repeatable(app, "--only", f.only, "CHECKS", "only these checks or families", group);
  repeatable(app, "--skip", f.skip, "CHECKS", "not these checks or families", group);
  on(app, "--passive", f.passive, "only read what is published", group);
  on(app, "--active", f.active, "register a client, log in, send bad tokens (default on loopback)", group);
  on(app, "--intrusive", f.intrusive, "also call tools that may change something", group);
  on(app, "--load", f.load, "also races and floods", group);
  single(app, "--authorized-by", f.authorized_by, "WHO", "who allowed the audit of a host that is not this machine", group);
  repeatable(app, "--as-in-scope", f.as_in_scope, "HOST", "attack this authorization server too", group);
  repeatable(app, "--allow-tool", f.allow_tools, "NAME[=JSON]", "this tool may be called, with these arguments", group);
  single(app, "--max-wait", f.max_wait, "TIME", "longest wait for a code or token to expire (60s)", group);
  repeatable(app, "--budget", f.budgets, "NAME=N", "at most N registrations, tokens or authorizations", group);
  on(app, "--no-store", f.no_store, "keep nothing for the next run", group);
  single(app, "--proxy", f.proxy, "URL", "send everything through it; switches the address guard off", group);
  single(app, "--ca-file", f.ca_file, "FILE", "certificates to trust, in PEM", group);
  on(app, "--plan", f.plan, "read and log in, then say what would be done", group);
}

void add_telling(CLI::App& app, AuditFlags& f) {
  const char* group = "How to tell";
  single(app, "--format", f.format, "text|json|junit", "of the report (text)", group);
  single(app, "--out", f.out, "FILE", "write the report there", group);
  single(app, "--fail-on", f.fail_on, "SEVERITY", "exit 1 for findings from here on, or never (medium)", group);
  on(app, "--strict", f.strict, "exit 3 if anything is inconclusive", group);
  on(app, "--verbose", f.verbose, "all proof, curl commands, what passed", group);
  single(app, "--config", f.config, "FILE", "read mcprove.toml(5) first; flags win", group);
}

/// Where tools are read from, and how that is told.
void add_sources(CLI::App& app, SourceFlags& f) {
  const char* group = "Sources";
  app.add_option("SOURCES", f.sources, "URLs, saved tools/list answers, clients' configurations")->type_name("");
  repeatable(app, "--stdio", f.commands, "COMMAND", "start this server and read it; no shell is involved", group);
  repeatable(app, "--env", f.environment, "NAME", "a variable of ours that the commands get", group);
  repeatable(app, "--server-json", f.server_jsons, "FILE", "what a registry says of them: a server.json, or a saved answer",
             group);
  on(app, "--discover", f.discover, "the configurations of known clients on this machine", group);
  on(app, "--run", f.run, "also start the commands that configurations name: they are programs, and run", group);
  on(app, "--no-store", f.login.no_store, "keep nothing for the next run", group);
  single(app, "--proxy", f.login.proxy, "URL", "send everything through it; switches the address guard off", group);
  single(app, "--ca-file", f.login.ca_file, "FILE", "certificates to trust, in PEM", group);
  add_login(app, f.login);
}

void add_vet(CLI::App& app, VetFlags& f) {
  const char* group = "Measuring the rules";
  add_sources(app, f.from);
  add_telling(app, f.from.login);
  on(app, "--bench", f.bench, "measure the rules on labelled manifests in JSON lines", group);
  single(app, "--half", f.half, "a|b", "only the half of the templates and servers with this hash", group);
  on(app, "--list", f.list, "name what was missed and what was flagged wrongly", group);
}

/// What `login` and `call` share besides the login itself.
void add_client(CLI::App& app, AuditFlags& f, Strings& trusted_origins, std::string& format) {
  const char* group = "Options";
  repeatable(app, "--trust-origin", trusted_origins, "URL", "an origin where the authorization server has endpoints",
             "Logging in");
  single(app, "--format", format, "text|json", "of what is told (text)", group);
  on(app, "--no-store", f.no_store, "keep nothing for the next run", group);
  single(app, "--proxy", f.proxy, "URL", "send everything through it; switches the address guard off", group);
  single(app, "--ca-file", f.ca_file, "FILE", "certificates to trust, in PEM", group);
  single(app, "--config", f.config, "FILE", "read mcprove.toml(5) first; flags win", group);
  on(app, "--verbose", f.verbose, "say what is going on", group);
}

/// Every flag of the command, and the commands, as a person may have meant them.
Strings names_in(const CLI::App& app) {
  Strings names;
  for (const CLI::Option* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// What the parser could not place, in one line.
std::string misplaced(const CLI::App& command, const Strings& extras) {
  const bool root = command.get_parent() == nullptr;
  std::string word = extras.front();
  for (const auto& extra : extras) {
    if (extra.size() > 1 && extra.front() == '-') {
      word = extra;
      break;
    }
  }
  word = word.substr(0, word.find('='));
  if (word.size() > 1 && word.front() == '-') {
    std::string hint = suggestion(word, names_in(command));
    if (hint.empty()) hint = fmt::format("; see 'mcprove {}--help'", root ? "" : command.get_name() + " ");
    return fmt::format("unknown flag {}{}", text::one_line(word, 80), hint);
  }
  if (root) return unknown("command", word, {"audit", "vet", "lock", "verify", "call", "login", "checks", "cleanup"}).message;
  return fmt::format("'{}' is one argument too many for 'mcprove {}'", text::one_line(word, 80), command.get_name());
}

std::string in_words(const CLI::ParseError& error) {
  const std::string text = error.what();
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    const std::string flag = text.substr(0, text.find(':'));
    return flag.starts_with("--")
               ? fmt::format("{} {}", flag, text.find("At Most") == std::string::npos ? "needs a value" : "is given twice")
               : text;
  }
  return text;
}

int usage(const std::string& message) {
  complain(message);
  return ExitCode::usage;
}

}  // namespace

int run(int argc, const char* const* argv, const Registry& registry) {
  CLI::App app("Audits the security of MCP servers: logs in, attacks, and proves what it finds.", "mcprove");
  app.set_version_flag("--version", fmt::format("mcprove {}", version()), "print the version");
  app.set_help_flag("--help,-h", "print this");
  app.get_formatter()->column_width(30);
  app.allow_extras();

  // Hundreds of flags take longer to declare than most commands to run: only those of the command that was typed are.
  const auto typed = [&](std::string_view name) { return std::find(argv + 1, argv + argc, name) != argv + argc; };
  const auto command = [&](const char* name, const char* what, const auto& declare) {
    CLI::App* added = app.add_subcommand(name, what);
    added->allow_extras();
    if (argc > 0 && typed(name)) declare(*added);
    return added;
  };
  AuditFlags audit_flags;
  const auto* audit_command = command("audit", "discover, log in, attack, report", [&](CLI::App& it) {
    it.add_option("URL", audit_flags.url, "the MCP server's endpoint")->type_name("");
    add_login(it, audit_flags);
    add_use_grant(it, audit_flags);
    add_facts(it, audit_flags);
    add_choice(it, audit_flags);
    add_telling(it, audit_flags);
  });
  VetFlags vet_flags;
  const auto* vet_command = command("vet", "judge what servers tell the model", [&](CLI::App& it) {
    add_vet(it, vet_flags);
    add_use_grant(it, vet_flags.from.login);
  });
  LockFlags lock_flags;
  const auto* lock_command = command("lock", "pin what was vetted in mcprove.lock", [&](CLI::App& it) {
    add_sources(it, lock_flags.from);
    add_use_grant(it, lock_flags.from.login);
    single(it, "--sign", lock_flags.sign, "KEY.pem", "sign it with this Ed25519 key, a file of mode 0600", "The lock");
    single(it, "--out", lock_flags.from.login.out, "FILE", "write it there (mcprove.lock)", "The lock");
    single(it, "--config", lock_flags.from.login.config, "FILE", "read mcprove.toml(5) first; flags win", "The lock");
  });
  VerifyFlags verify_flags;
  const auto* verify_command = command("verify", "what changed since it was pinned, and does it matter", [&](CLI::App& it) {
    add_sources(it, verify_flags.from);
    add_use_grant(it, verify_flags.from.login);
    single(it, "--lock", verify_flags.lock, "FILE", "the lock (mcprove.lock)", "The lock");
    single(it, "--key", verify_flags.key, "PUB.pem", "the public key that must have signed it", "The lock");
    add_telling(it, verify_flags.from.login);
  });
  ChecksFlags checks_flags;
  const auto* checks_command = command("checks", "list the checks, or explain one", [&](CLI::App& it) {
    it.add_option("ID", checks_flags.what, "a check or a family")->type_name("");
    single(it, "--format", checks_flags.format, "text|json|man|markdown", "of the list (text)", "Options");
  });
  LoginFlags login_flags;
  const auto* login_command = command("login", "log in and keep the grant for later runs", [&](CLI::App& it) {
    it.add_option("URL", login_flags.person.url, "the MCP server's endpoint")->type_name("");
    add_login(it, login_flags.person);
    add_client(it, login_flags.person, login_flags.trusted_origins, login_flags.format);
    on(it, "--list", login_flags.list, "the grants that are kept", "Grants");
    on(it, "--print-cimd", login_flags.print_cimd, "print the document to publish at --cimd-url", "Our client");
    auto* remove = it.add_option("--remove", login_flags.what, "take back and forget these, or all grants");
    remove->type_name("URL|PERSON")->expected(0, 1)->group("Grants");
  });
  CallFlags call_flags;
  const auto* call_command = command("call", "list the tools, or call one, as a strict client", [&](CLI::App& it) {
    it.add_option("URL", call_flags.person.url, "the MCP server's endpoint")->type_name("");
    it.add_option("TOOL", call_flags.tool, "the tool to call")->type_name("");
    single(it, "--stdio", call_flags.command, "COMMAND", "start this server instead of asking a URL", "Options");
    repeatable(it, "--env", call_flags.environment, "NAME", "a variable of ours that the command gets", "Options");
    single(it, "--args", call_flags.arguments, "JSON", "its arguments, an object", "Options");
    single(it, "--as", call_flags.as, "PERSON", "with the grant that is kept of this person", "Logging in");
    add_login(it, call_flags.person);
    add_client(it, call_flags.person, call_flags.trusted_origins, call_flags.format);
  });
  const auto* cleanup_command = command("cleanup", "finish what an interrupted run left behind", [](CLI::App&) {});

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // --help and --version
    return app.exit(success) == 0 ? ExitCode::ok : ExitCode::bug;
  } catch (const CLI::ParseError& error) {
    return usage(in_words(error));
  }
  for (const CLI::App* chosen : app.get_subcommands()) {
    if (const auto extras = chosen->remaining(); !extras.empty()) return usage(misplaced(*chosen, extras));
  }
  if (const auto extras = app.remaining(); !extras.empty()) return usage(misplaced(app, extras));
  const auto given = [](const CLI::App* of, const char* flag) {
    const auto* option = of->get_option_no_throw(flag);
    return option != nullptr && option->count() > 0;
  };
  audit_flags.use_grant = given(audit_command, "--use-grant");
  vet_flags.from.login.use_grant = given(vet_command, "--use-grant");
  lock_flags.from.login.use_grant = given(lock_command, "--use-grant");
  verify_flags.from.login.use_grant = given(verify_command, "--use-grant");
  if (app.got_subcommand(audit_command)) return audit(audit_flags, registry);
  if (app.got_subcommand(vet_command)) return vet(vet_flags, registry);
  if (app.got_subcommand(lock_command)) return lock(lock_flags, registry);
  if (app.got_subcommand(verify_command)) return verify(verify_flags, registry);
  if (app.got_subcommand(checks_command)) return checks(checks_flags, registry);
  if (app.got_subcommand(login_command)) {
    login_flags.remove = given(login_command, "--remove");
    return login(login_flags);
  }
  if (app.got_subcommand(call_command)) return call(call_flags);
  if (app.got_subcommand(cleanup_command)) return cleanup();
  return usage("no command; 'mcprove audit URL' audits a server, 'mcprove --help' lists the rest");
}

}  // namespace mcprove::cli
