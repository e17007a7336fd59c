#include "cli/config.h"

#include <cstdint>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/text.h"
#include "cli/client_flags.h"
#include "cli/takers.h"
#include "cli/values.h"
#include "oauth/logins.h"

namespace mcprove::cli {

namespace {

tl::unexpected<Error> bad(std::string message) { return failure(Error::Kind::usage, std::move(message)); }

/// RFC 7638 with SHA-256: 32 bytes in base64url.
Result<std::string> thumbprint_of(std::string_view word) {
  const auto bytes = text::base64_decode(word);
  if (word.size() != 43 || !bytes || bytes->size() != 32)
    return bad(fmt::format("'{}' is no thumbprint: 43 letters, as in the lock that the key signed", text::one_line(word, 80)));
  return std::string(word);
}

class Reader {
 public:
  Reader(std::string path, Settings& settings) : path_(std::move(path)), settings_(settings) {}

  Result<void> read(const toml::table& root) { return walk(root, top_level(), ""); }

  /// "mcprove.toml:12: what"
  tl::unexpected<Error> at(const toml::source_position& place, std::string_view what) const {
    return bad(fmt::format("{}:{}: {}", path_, place.line, what));
  }

 private:
  Result<void> walk(const toml::table& table, const Keys& keys, std::string_view section) const {
    for (const auto& [key, node] : table) {
      const std::string word(key.str());
      const auto taker = keys.find(word);
      if (taker == keys.end()) return at(key.source().begin, unknown_key(word, keys, section));
      const auto taken = taker->second(node);
      if (taken) continue;
      // What a section says of its own keys has a place already.
      const std::string& message = taken.error().message;
      if (message.starts_with(path_ + ":")) return taken;
      return at(key.source().begin, fmt::format("'{}' {}", word, message));
    }
    return {};
  }

  static std::string unknown_key(const std::string& word, const Keys& keys, std::string_view section) {
    std::vector<std::string> known;
    for (const auto& [name, taker] : keys) known.push_back(name);
    std::string hint = suggestion(word, known);
    if (hint.empty()) hint = "; mcprove.toml(5) lists them";
    return fmt::format("unknown key '{}'{}{}{}", text::one_line(word, 80), section.empty() ? "" : " in ", section, hint);
  }

  Keys top_level() {
    Options& o = settings_.options;
    Keys keys{
        {"url", parsed(http_url, [&o](std::string url) { o.url = std::move(url); })},
        {"name", into(o.target_name)},
        {"authorized_by", into(o.authorized_by)},
        {"proxy", into(o.proxy)},
        {"ca_file", into(o.ca_file)},
        {"store", into(o.store)},
        {"load", into(o.load)},
        {"only", into(o.only)},
        {"skip", into(o.skip)},
        {"auto_approve", into(o.auto_approve)},
        {"expect_closed_registration", into(o.expect_closed_registration)},
        {"resource_aliases", into(o.resource_aliases)},
        {"expected_scopes", into(o.expected_scopes)},
        {"other_resource", parsed(http_url, [&o](std::string url) { o.other_resource = std::move(url); })},
        {"login_origins", each(origin_of, [&o](std::string origin) { o.login_origins.insert(std::move(origin)); })},
        {"as_in_scope", each(host_of, [&o](std::string host) { o.as_in_scope.insert(std::move(host)); })},
        {"expect", [&o](const toml::node& node) { return take_expectation(node, o); }},
        {"effect", parsed(effect_named,
                          [&o](Effect effect) {
                            o.effect = effect;
                            o.effect_given = true;
                          })},
        {"max_wait", [&o](const toml::node& node) { return take_wait(node, o); }},
        {"budget", [this](const toml::node& node) { return take_budget(node); }},
        {"allow_tools", [this](const toml::node& node) { return take_tools(node); }},
        {"identity", [this](const toml::node& node) { return take_identities(node); }},
        {"introspection", [this](const toml::node& node) { return take_introspection(node); }},
        {"trust", [this](const toml::node& node) { return take_trust(node); }},
    };
    add_reviewed(keys);
    add_telling(keys);
    return keys;
  }

  void add_reviewed(Keys& keys) {
    auto& files = settings_.reviewed;
    keys["lock"] = into(files.lock);
    keys["lock_key"] = into(files.lock_key);
    keys["server_json"] = into(files.server_json);
    keys["volatile"] = into(files.volatile_text);
  }

  void add_telling(Keys& keys) {
    Settings& s = settings_;
    keys["out"] = into(s.out);
    keys["verbose"] = into(s.verbose);
    keys["strict"] = into(s.exit.strict);
    keys["format"] = parsed(format_named, [&s](Format format) { s.format = format; });
    keys["fail_on"] = parsed(fail_on_named, [&s](std::optional<Severity> severity) { s.exit.fail_on = severity; });
  }

  static Result<void> take_expectation(const toml::node& node, Options& options) {
    std::string word;
    MCPROVE_TRY(into(word)(node));
    if (word != "auth" && word != "public") return tl::unexpected(unknown("expectation", word, {"auth", "public"}));
    options.expect_auth = word == "auth";
    return {};
  }

  /// Seconds, or what --max-wait takes.
  static Result<std::chrono::seconds> duration_in(const toml::node& node) {
    const auto* seconds = node.as_integer();
    std::string word = seconds != nullptr ? std::to_string(seconds->get()) : std::string();
    if (seconds == nullptr) MCPROVE_TRY(into(word)(node));
    return duration_of(word);
  }

  static Result<void> take_wait(const toml::node& node, Options& options) {
    options.max_wait = MCPROVE_TRY(duration_in(node));
    return {};
  }

  Result<void> take_budget(const toml::node& node) const {
    const auto* table = node.as_table();
    if (table == nullptr) return bad("needs a table: [budget]");
    BudgetLimits& budgets = settings_.options.budgets;
    const auto taker = [&budgets](const char* name) {
      return [&budgets, name](const toml::node& value) -> Result<void> {
        const auto* n = value.as_integer();
        if (n == nullptr) return bad("needs a whole number");
        return set_budget(budgets, name, std::to_string(n->get()));
      };
    };
    return walk(
        *table,
        {{"registrations", taker("registrations")}, {"tokens", taker("tokens")}, {"authorizations", taker("authorizations")}},
        "[budget]");
  }

  /// Tool = true, or a table of arguments.
  Result<void> take_tools(const toml::node& node) const {
    const auto* table = node.as_table();
    if (table == nullptr) return bad("needs a table: [allow_tools]");
    for (const auto& [key, value] : *table) {
      const std::string tool(key.str());
      json::Value arguments;
      if (const auto* given = value.as_table()) {
        std::ostringstream written;
        written << toml::json_formatter{*given};
        auto parsed_arguments = json::parse(written.str());
        if (!parsed_arguments)
          return at(key.source().begin, fmt::format("the arguments of '{}' cannot be written as JSON", text::one_line(tool, 80)));
        arguments = *std::move(parsed_arguments);
      } else if (const auto* yes = value.as_boolean(); yes == nullptr || !yes->get()) {
        return at(key.source().begin, fmt::format("'{}' needs true, or a table of arguments", text::one_line(tool, 80)));
      }
      settings_.options.allow_tools.insert_or_assign(tool, std::move(arguments));
    }
    return {};
  }

  /// [introspection]: the client by which a resource server asks about tokens.
  Result<void> take_introspection(const toml::node& node) const {
    const auto* table = node.as_table();
    if (table == nullptr) return bad("needs a table: [introspection]");
    auto& lent = settings_.options.introspection;
    const auto secret = parsed(secret_from_env, [&lent](std::string value) { lent.secret = std::move(value); });
    MCPROVE_TRY(walk(*table, {{"client", into(lent.id)}, {"client_secret_env", secret}}, "[introspection]"));
    if (!lent.id.empty() && !lent.secret.empty()) return {};
    return at(table->source().begin, "[introspection] needs client and client_secret_env");
  }

  /// [trust]: whose servers are taken, and what their tools may do.
  Result<void> take_trust(const toml::node& node) const {
    const auto* table = node.as_table();
    if (table == nullptr) return bad("needs a table: [trust]");
    auto& trust = settings_.trust;
    trust.given = true;
    const auto powers = [](std::vector<vet::Power>& out) {
      return [&out](const toml::node& value) -> Result<void> {
        std::vector<std::string> words;
        MCPROVE_TRY(into(words)(value));
        for (const auto& word : words) {
          const auto power = vet::power_of(word);
          if (!power) return tl::unexpected(unknown("capability", word, vet::power_names()));
          out.push_back(*power);
        }
        return {};
      };
    };
    return walk(*table,
                {{"publishers", into(trust.publishers)},
                 {"origins", each(origin_of, [&trust](std::string origin) { trust.origins.push_back(std::move(origin)); })},
                 {"signers", each(thumbprint_of, [&trust](std::string print) { trust.signers.push_back(std::move(print)); })},
                 {"allow", powers(trust.allow)},
                 {"forbid", powers(trust.forbid)}},
                "[trust]");
  }

  Result<void> take_identities(const toml::node& node) const {
    const auto* list = node.as_array();
    if (list == nullptr) return bad("needs [[identity]], with two brackets");
    for (const auto& element : *list) {
      const auto* table = element.as_table();
      if (table == nullptr) return bad("needs [[identity]], with two brackets");
      settings_.options.identities.push_back(MCPROVE_TRY(identity_of(*table)));
    }
    return {};
  }

  Result<Identity> identity_of(const toml::table& table) const {
    Identity identity;
    identity.name.clear();
    const auto secret = [](std::string& out) { return [&out](std::string value) { out = std::move(value); }; };
    Keys keys{
        {"name", into(identity.name)},
        {"user", into(identity.user)},
        {"password_env", parsed(secret_from_env, secret(identity.password))},
        {"password_file", parsed(secret_from_file, secret(identity.password))},
        {"token_env", parsed(secret_from_env, secret(identity.token))},
        {"token_file", parsed(secret_from_file, secret(identity.token))},
        {"login", parsed(login_named, secret(identity.login))},
        {"login_command", into(identity.how.command)},
        {"login_env", into(identity.how.environment)},
        {"login_timeout",
         [&identity](const toml::node& node) -> Result<void> {
           identity.how.patience = MCPROVE_TRY(duration_in(node));
           return {};
         }},
        {"as_profile", parsed(profile_named, secret(identity.how.profile))},
        {"user_field", into(identity.how.user_field)},
        {"password_field", into(identity.how.password_field)},
        {"buttons", into(identity.how.buttons)},
        {"journey", into(identity.how.journey)},
        {"browser_hosts",
         each(host_of, [&identity](std::string host) { identity.how.browser_hosts.push_back(std::move(host)); })},
        {"step", [this, &identity](const toml::node& node) { return take_steps(node, identity.how.steps); }},
        {"scope", into(identity.scope)},
        {"header_env", [this, &identity](const toml::node& node) { return take_headers(node, identity); }},
    };
    add_client_keys(keys, identity.client);
    MCPROVE_TRY(walk(table, keys, "[[identity]]"));
    if (identity.name.empty()) identity.name = identity.user.empty() ? "default" : identity.user;
    const auto& place = table.source().begin;
    if (identity.user.empty() && !identity.password.empty()) return at(place, "[[identity]] has a password and no user");
    if (!identity.user.empty() && identity.password.empty() && identity.token.empty() && !oauth::finds_its_user(identity.login)) {
      return at(place,
                fmt::format("identity '{}' has no password_env, and its login needs one", text::one_line(identity.name, 80)));
    }
    return identity;
  }

  /// [[identity.step]]: requests for the json driver; fill, click and wait for the webdriver.
  Result<void> take_steps(const toml::node& node, std::vector<oauth::LoginStep>& steps) const {
    const auto* list = node.as_array();
    if (list == nullptr) return bad("needs [[identity.step]], with two brackets");
    for (const auto& element : *list) {
      const auto* table = element.as_table();
      if (table == nullptr) return bad("needs [[identity.step]], with two brackets");
      const auto& place = table->source().begin;
      if (!steps.empty() && steps.back().resume) return at(place, "the step that resumes is the last one");
      oauth::LoginStep step;
      const Keys keys{
          {"method", into(step.method)},
          {"url", into(step.url)},
          {"headers", [this, &step](const toml::node& value) { return take_step_headers(value, step); }},
          {"body", into(step.body)},
          {"expect", into(step.expect)},
          {"resume", into(step.resume)},
          {"fill", into(step.fill)},
          {"value", into(step.value)},
          {"click", into(step.click)},
          {"wait", into(step.wait)},
      };
      MCPROVE_TRY(walk(*table, keys, "[[identity.step]]"));
      if (step.resume && table->find("method") == table->end()) step.method = "GET";
      const int acts =
          (step.url.empty() ? 0 : 1) + (step.fill.empty() ? 0 : 1) + (step.click.empty() ? 0 : 1) + (step.wait.empty() ? 0 : 1);
      if (acts != 1) return at(place, "a step has one of url, fill, click and wait");
      steps.push_back(std::move(step));
    }
    return {};
  }

  Result<void> take_step_headers(const toml::node& node, oauth::LoginStep& step) const {
    const auto* table = node.as_table();
    if (table == nullptr) return bad("needs a table of header = value");
    for (const auto& [key, value] : *table) {
      std::string text;
      if (const auto taken = into(text)(value); !taken) return at(key.source().begin, taken.error().message);
      step.headers.emplace_back(std::string(key.str()), std::move(text));
    }
    return {};
  }

  /// header_env = { X-API-Key = "VARIABLE" }
  Result<void> take_headers(const toml::node& node, Identity& identity) const {
    const auto* table = node.as_table();
    if (table == nullptr) return bad("needs a table of header = variable");
    for (const auto& [key, value] : *table) {
      std::string variable;
      auto secret = into(variable)(value).and_then([&] { return secret_from_env(variable); });
      if (!secret) return at(key.source().begin, secret.error().message);
      identity.headers.add(std::string(key.str()), *std::move(secret));
    }
    return {};
  }

  std::string path_;
  Settings& settings_;
};

}  // namespace

Result<void> read_config(const std::string& path, Settings& settings) {
  Reader reader(path, settings);
  std::string content;
  {
    std::ifstream in(path, std::ios::binary);
    if (!in) return bad(fmt::format("cannot read the configuration '{}'", text::one_line(path, 200)));
    content.assign(std::istreambuf_iterator<char>(in), {});
  }
  try {
    return reader.read(toml::parse(content, path));
  } catch (const toml::parse_error& error) {  // the library's way to report malformed input
    return reader.at(error.source().begin, text::one_line(error.description(), 200));
  }
}

}  // namespace mcprove::cli
