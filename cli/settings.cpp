#include "cli/settings.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/config.h"
#include "cli/values.h"
#include "engine/logins.h"
#include "net/url.h"

namespace mcprove::cli {

namespace {

tl::unexpected<Error> bad(std::string message) { return failure(Error::Kind::usage, std::move(message)); }

/// --user with its password, in the order given. A single --user takes the place of the configuration's first identity.
Result<void> add_people(const AuditFlags& flags, std::vector<Identity>& identities) {
  const std::size_t passwords = flags.password_envs.size() + flags.password_files.size();
  const bool needs_none = oauth::finds_its_user(flags.login);
  if (passwords > flags.users.size()) return bad("a password is given without --user");
  if (!flags.password_envs.empty() && !flags.password_files.empty())
    return bad("give --password-env or --password-file, not both");
  if (passwords < flags.users.size() && !needs_none) {
    return bad(fmt::format("--user '{}' has no password: name the environment variable that holds it with --password-env",
                           text::one_line(flags.users[passwords], 80)));
  }
  for (std::size_t i = 0; i < flags.users.size(); ++i) {
    Identity person;
    person.name = person.user = flags.users[i];
    if (i < flags.password_envs.size()) person.password = MCPROVE_TRY(secret_from_env(flags.password_envs[i]));
    if (i < flags.password_files.size()) person.password = MCPROVE_TRY(secret_from_file(flags.password_files[i]));
    if (i < identities.size()) identities[i] = std::move(person);
    else identities.push_back(std::move(person));
  }
  return {};
}

Result<void> add_tokens(const AuditFlags& flags, std::vector<Identity>& identities) {
  std::vector<std::string> tokens;
  for (const auto& variable : flags.token_envs) tokens.push_back(MCPROVE_TRY(secret_from_env(variable)));
  for (const auto& path : flags.token_files) tokens.push_back(MCPROVE_TRY(secret_from_file(path)));
  for (const auto& number : flags.token_fds) tokens.push_back(MCPROVE_TRY(secret_from_descriptor(number)));
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    Identity holder;
    holder.name = i == 0 ? "token" : fmt::format("token-{}", i + 1);
    holder.login = "token";
    holder.token = std::move(tokens[i]);
    identities.push_back(std::move(holder));
  }
  return {};
}

/// How the main identity logs in, and every other that the flags named.
Result<void> add_login(const AuditFlags& flags, std::vector<Identity>& identities) {
  for (auto& identity : identities) {
    const bool main = &identity == &identities.front();
    const bool by_flag = std::find(flags.users.begin(), flags.users.end(), identity.name) != flags.users.end();
    if (!main && !by_flag) continue;
    auto& how = identity.how;
    MCPROVE_TRY(lay_over(flags.client, identity.client));
    if (!flags.login.empty()) identity.login = MCPROVE_TRY(login_named(flags.login));
    if (!flags.as_profile.empty()) how.profile = MCPROVE_TRY(profile_named(flags.as_profile));
    if (!flags.user_field.empty()) how.user_field = flags.user_field;
    if (!flags.password_field.empty()) how.password_field = flags.password_field;
    if (!flags.buttons.empty()) how.buttons = flags.buttons;
    if (flags.login_command.size() == 1)
      how.command = MCPROVE_TRY(words_of_command("--login-command", flags.login_command.front()));
    else if (!flags.login_command.empty()) how.command = flags.login_command;
    if (!flags.login_envs.empty()) how.environment = flags.login_envs;
  }
  return {};
}

/// What belongs to the main identity, which is made if nobody was named.
Result<void> add_to_main(const AuditFlags& flags, std::vector<Identity>& identities) {
  const bool any = !flags.header_envs.empty() || !flags.login.empty() || flags.client.any() || !flags.scope.empty() ||
                   !flags.as_profile.empty();
  if (!any) return {};
  if (identities.empty()) identities.emplace_back();
  Identity& main = identities.front();
  for (const auto& text : flags.header_envs) {
    const auto parts = assignment(text);
    if (!parts) return bad(fmt::format("--header-env '{}' is not NAME=VARIABLE", text::one_line(text, 80)));
    main.headers.add(parts->first, MCPROVE_TRY(secret_from_env(parts->second)));
  }
  if (!flags.scope.empty()) main.scope = text::join(list_of({flags.scope}), " ");
  return {};
}

/// What its driver needs is there.
Result<void> judge_login(const Identity& identity) {
  const auto name = text::one_line(identity.name, 80);
  if (identity.login == "script" && identity.how.command.empty())
    return bad(fmt::format("identity '{}' logs in by a script and names none: --login-command, or login_command", name));
  const auto steps = static_cast<std::size_t>(std::count_if(identity.how.steps.begin(), identity.how.steps.end(),
                                                            [](const oauth::LoginStep& step) { return !step.url.empty(); }));
  if (identity.login == "json" && (steps == 0 || steps != identity.how.steps.size()))
    return bad(
        fmt::format("identity '{}' logs in by json, which needs [[identity.step]] in the configuration, each with a url", name));
  if (identity.login == "webdriver" && steps > 0)
    return bad(fmt::format("identity '{}' logs in by webdriver, whose steps are fill, click or wait, and not url", name));
  if (!identity.how.profile.empty() && identity.login != "auto" && identity.login != "token")
    return bad(fmt::format("identity '{}' has an as_profile, which logs in by itself: leave out --login", name));
  if (identity.login == "token" && identity.token.empty())
    return bad(fmt::format("identity '{}' has no token: --token-env, --token-file or --token-fd", name));
  return {};
}

Result<void> add_identities(const AuditFlags& flags, std::vector<Identity>& identities) {
  MCPROVE_TRY(add_people(flags, identities));
  MCPROVE_TRY(add_tokens(flags, identities));
  MCPROVE_TRY(add_to_main(flags, identities));
  MCPROVE_TRY(add_login(flags, identities));
  std::set<std::string> names;
  for (const Identity& identity : identities) {
    if (!names.insert(identity.name).second)
      return bad(fmt::format("two identities are called '{}'", text::one_line(identity.name, 80)));
    MCPROVE_TRY(judge_client(identity.client));
    MCPROVE_TRY(judge_login(identity));
  }
  return {};
}

/// The grants that `mcprove login` kept for this server, each as an identity with a token.
Result<void> add_kept(const AuditFlags& flags, Settings& settings) {
  if (!flags.use_grant) return {};
  auto& options = settings.options;
  const oauth::GrantStore store(options.state_dir);
  for (auto& grant : MCPROVE_TRY(store.of_target(options.url))) {
    if (!flags.grant_of.empty() && grant.person != flags.grant_of) continue;
    Identity holder;
    holder.name = grant.person.empty() ? "grant" : grant.person;
    holder.token = grant.access_token;
    holder.proof_key = grant.proof_key;
    options.identities.push_back(std::move(holder));
    settings.kept.push_back(std::move(grant));
  }
  if (!settings.kept.empty()) return {};
  return bad(fmt::format("no grant is kept{} for {}; 'mcprove login' gets one",
                         flags.grant_of.empty() ? "" : fmt::format(" of '{}'", text::one_line(flags.grant_of, 80)), options.url));
}

/// The webdriver's browser trusts what we trust. It asks the hosts of the login and no other, which holds only while it
/// resolves names itself.
Result<void> equip_browsers(Options& options) {
  for (auto& identity : options.identities) identity.how.ca_file = options.ca_file;
  const bool browser = std::any_of(options.identities.begin(), options.identities.end(),
                                   [](const Identity& identity) { return identity.login == "webdriver"; });
  if (options.proxy.empty() || !browser) return {};
  return bad("--proxy takes everything, and the browser of --login webdriver cannot be sent through it: leave out one of them");
}

Result<void> add_limits(const AuditFlags& flags, Options& options) {
  for (const auto& text : flags.login_origins) options.login_origins.insert(MCPROVE_TRY(origin_of(text)));
  for (const auto& host : list_of(flags.as_in_scope)) options.as_in_scope.insert(MCPROVE_TRY(host_of(host)));
  for (const auto& text : flags.allow_tools) {
    auto tool = MCPROVE_TRY(allowed_tool(text));
    options.allow_tools.insert_or_assign(std::move(tool.first), std::move(tool.second));
  }
  for (const auto& text : flags.budgets) {
    const auto parts = assignment(text);
    if (!parts) return bad(fmt::format("--budget '{}' is not NAME=N", text::one_line(text, 80)));
    MCPROVE_TRY(set_budget(options.budgets, parts->first, parts->second));
  }
  if (!flags.max_wait.empty()) options.max_wait = MCPROVE_TRY(duration_of(flags.max_wait));
  if (!flags.authorized_by.empty()) options.authorized_by = flags.authorized_by;
  if (!flags.proxy.empty()) options.proxy = flags.proxy;
  if (!flags.ca_file.empty()) options.ca_file = flags.ca_file;
  if (flags.no_store) options.store = false;
  if (flags.load) options.load = true;
  return {};
}

Result<void> add_declarations(const AuditFlags& flags, Options& options) {
  if (!flags.other_resource.empty()) options.other_resource = MCPROVE_TRY(http_url(flags.other_resource));
  if (!flags.expected_scopes.empty()) options.expected_scopes = list_of(flags.expected_scopes);
  auto& introspection = options.introspection;
  if (!flags.introspect_client.empty()) introspection.id = flags.introspect_client;
  if (!flags.introspect_secret_env.empty()) introspection.secret = MCPROVE_TRY(secret_from_env(flags.introspect_secret_env));
  if (introspection.id.empty() != introspection.secret.empty())
    return bad("introspection needs both, --introspect-client and --introspect-secret-env");
  if (flags.expect_auth && flags.expect_public) return bad("--expect-auth and --public contradict each other");
  if (flags.expect_auth) options.expect_auth = true;
  if (flags.expect_public) options.expect_auth = false;
  if (!flags.only.empty()) options.only = list_of(flags.only);
  if (!flags.skip.empty()) options.skip = list_of(flags.skip);
  const int effects = (flags.passive ? 1 : 0) + (flags.active ? 1 : 0) + (flags.intrusive ? 1 : 0);
  if (effects > 1) return bad("give one of --passive, --active and --intrusive");
  if (effects == 1) {
    options.effect = flags.passive ? Effect::passive : flags.active ? Effect::active : Effect::intrusive;
    options.effect_given = true;
  }
  options.plan_only = flags.plan;
  return {};
}

Result<void> add_telling(const AuditFlags& flags, Settings& settings) {
  if (!flags.fail_on.empty()) settings.exit.fail_on = MCPROVE_TRY(fail_on_named(flags.fail_on));
  if (!flags.format.empty()) settings.format = MCPROVE_TRY(format_named(flags.format));
  if (!flags.out.empty()) settings.out = flags.out;
  if (flags.strict) settings.exit.strict = true;
  if (flags.verbose) settings.verbose = true;
  return {};
}

void add_reviewed(const AuditFlags& flags, ReviewedFiles& files) {
  if (!flags.reviewed.lock.empty()) files.lock = flags.reviewed.lock;
  if (!flags.reviewed.lock_key.empty()) files.lock_key = flags.reviewed.lock_key;
  if (!flags.reviewed.server_json.empty()) files.server_json = flags.reviewed.server_json;
  if (!flags.reviewed.volatile_text.empty()) files.volatile_text = flags.reviewed.volatile_text;
}

/// Former ids become today's; what is neither a check nor a family is an error, and so is a choice of nothing.
Result<void> judge_checks(Options& options, const Registry& registry) {
  std::set<std::string> known;
  for (const auto& check : registry.all()) {
    known.emplace(check.id);
    known.emplace(check.family);
  }
  const std::vector<std::string> candidates(known.begin(), known.end());
  for (auto* list : {&options.only, &options.skip}) {
    for (auto& word : *list) {
      if (known.contains(word)) continue;
      if (const auto* renamed = registry.find(word)) {
        word = renamed->id;
        continue;
      }
      std::string hint = suggestion(word, candidates);
      if (hint.empty()) hint = "; 'mcprove checks' lists them";
      return bad(fmt::format("no check or family is called '{}'{}", text::one_line(word, 80), hint));
    }
  }
  const auto named = [](const std::vector<std::string>& list, const RegisteredCheck& check) {
    return std::any_of(list.begin(), list.end(),
                       [&](const std::string& word) { return word == check.id || word == check.family; });
  };
  const auto runs = [&](const RegisteredCheck& check) {
    return (options.only.empty() || named(options.only, check)) && !named(options.skip, check);
  };
  const auto all = registry.all();
  if (!all.empty() && std::none_of(all.begin(), all.end(), runs)) return bad("--only and --skip leave no check to run");
  return {};
}

bool has_credentials(const Identity& identity) {
  return logs_in(identity) || !identity.token.empty() || !identity.headers.fields.empty() || !identity.client.secret.empty() ||
         identity.client.key || !identity.client.initial_access_token.empty();
}

/// Effects are granted per host (loopback is one's own); what was not granted is not done, and not silently less.
Result<void> judge_mandate(Options& options) {
  const auto url = net::Url::parse(options.url);
  const bool own = url && url->is_loopback_host();
  const bool mandate = own || !options.authorized_by.empty();
  if (!options.effect_given) options.effect = mandate ? Effect::active : Effect::passive;
  if (mandate) return {};
  if (options.effect != Effect::passive) {
    return bad(fmt::format("{} is not this machine: --{} needs --authorized-by WHO", url ? url->host : options.url,
                           name(options.effect)));
  }
  if (options.load)
    return bad(fmt::format("{} is not this machine: --load needs --authorized-by WHO", url ? url->host : options.url));
  const bool credentials =
      !options.introspection.id.empty() || std::any_of(options.identities.begin(), options.identities.end(), has_credentials);
  if (credentials && !options.effect_given) {
    return bad(fmt::format("{} is not this machine: with credentials, say --authorized-by WHO, or --passive",
                           url ? url->host : options.url));
  }
  return {};
}

}  // namespace

Result<Settings> login_settings_of(const AuditFlags& flags) {
  Settings settings;
  Options& options = settings.options;
  if (!flags.config.empty()) MCPROVE_TRY(read_config(flags.config, settings));
  if (!flags.url.empty()) options.url = flags.url;
  if (!options.url.empty()) options.url = MCPROVE_TRY(http_url(options.url));
  MCPROVE_TRY(add_identities(flags, options.identities));
  MCPROVE_TRY(add_limits(flags, options));
  MCPROVE_TRY(equip_browsers(options));
  for (const auto& identity : options.identities)
    if (!identity.headers.fields.empty()) return bad("an API key needs no login; --header-env is for mcprove audit");
  settings.verbose = flags.verbose;
  return settings;
}

Result<Settings> settings_of(const AuditFlags& flags, const Registry& registry) {
  Settings settings;
  Options& options = settings.options;
  if (!flags.config.empty()) MCPROVE_TRY(read_config(flags.config, settings));
  if (!flags.url.empty()) options.url = flags.url;
  if (options.url.empty()) return bad("no URL: mcprove audit URL");
  options.url = MCPROVE_TRY(http_url(options.url));
  MCPROVE_TRY(add_kept(flags, settings));
  MCPROVE_TRY(add_identities(flags, options.identities));
  MCPROVE_TRY(add_limits(flags, options));
  MCPROVE_TRY(equip_browsers(options));
  MCPROVE_TRY(add_declarations(flags, options));
  add_reviewed(flags, settings.reviewed);
  MCPROVE_TRY(add_telling(flags, settings));
  MCPROVE_TRY(judge_checks(options, registry));
  MCPROVE_TRY(judge_mandate(options));
  return settings;
}

Result<Settings> telling_of(const AuditFlags& flags) {
  Settings settings;
  if (!flags.config.empty()) MCPROVE_TRY(read_config(flags.config, settings));
  MCPROVE_TRY(add_telling(flags, settings));
  return settings;
}

}  // namespace mcprove::cli
