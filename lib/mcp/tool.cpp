#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

#include "mcp/catalogue.h"
#include "mcp/denial.h"

namespace mcprove::mcp {
namespace {

// Verbs in tool names. The first verb decides: "get_commit" reads, "commit_list" too, "delete_list" does not.
constexpr auto changing_verbs = std::to_array<std::string_view>(
    {"create",  "add",       "insert",    "write",       "update",    "modify",    "edit",     "put",     "upsert",    "replace",
     "append",  "save",      "upload",    "delete",      "remove",    "destroy",   "purge",    "clear",   "reset",     "erase",
     "wipe",    "truncate",  "send",      "notify",      "publish",   "reply",     "transfer", "pay",     "charge",    "refund",
     "buy",     "purchase",  "withdraw",  "exec",        "execute",   "eval",      "deploy",   "install", "uninstall", "restart",
     "kill",    "terminate", "cancel",    "enable",      "disable",   "toggle",    "grant",    "revoke",  "approve",   "reject",
     "assign",  "invite",    "subscribe", "unsubscribe", "rename",    "rotate",    "trigger",  "submit",  "rollback",  "migrate",
     "restore", "shutdown",  "reboot",    "unlock",      "unblock",   "ban",       "mkdir",    "rmdir",   "rm",        "mv",
     "chmod",   "chown",     "alter",     "apply",       "provision", "overwrite", "kick"});

// These name things as often as deeds, so a reading verb anywhere makes the name a reading one.
constexpr auto ambiguous_verbs = std::to_array<std::string_view>(
    {"set",    "change",  "move",    "copy",  "post",  "patch", "drop",   "run",      "call", "start",   "stop",     "share",
     "order",  "commit",  "push",    "merge", "close", "lock",  "block",  "schedule", "book", "release", "register", "store",
     "import", "archive", "forward", "fork",  "vote",  "sign",  "format", "comment",  "mail", "deposit"});

constexpr auto reading_verbs = std::to_array<std::string_view>(
    {"get",      "list",   "read",      "search",  "find",      "fetch",   "query",   "show",     "describe", "view",   "count",
     "check",    "lookup", "inspect",   "status",  "help",      "ping",    "echo",    "info",     "explain",  "browse", "whoami",
     "validate", "verify", "summarize", "analyze", "calculate", "compute", "compare", "print",    "peek",     "stat",   "ls",
     "cat",      "grep",   "version",   "about",   "retrieve",  "resolve", "detect",  "estimate", "monitor",  "watch"});

template <std::size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

enum class Verb : unsigned char { none, reading, changing };

/// "get_or_create", "fetch_and_delete", "read_write": a second deed after a reading one.
bool adds_a_deed(const std::vector<std::string>& words) {
  for (std::size_t at = 1; at < words.size(); ++at) {
    const bool joined = words[at - 1] == "or" || words[at - 1] == "and" || words[at - 1] == "then" || words[at - 1] == "read";
    if (joined && (among(changing_verbs, words[at]) || (words[at - 1] != "read" && among(ambiguous_verbs, words[at]))))
      return true;
  }
  return false;
}

Verb verb_of(std::string_view name) {
  const auto words = plain_words(name);
  if (adds_a_deed(words)) return Verb::changing;
  for (const auto& word : words) {
    if (among(reading_verbs, word)) return Verb::reading;
    if (among(changing_verbs, word)) return Verb::changing;
  }
  return std::ranges::any_of(words, [](const std::string& word) { return among(ambiguous_verbs, word); }) ? Verb::changing
                                                                                                          : Verb::none;
}

constexpr int deepest_schema = 4;
constexpr std::size_t widest_schema = 32;
/// Real tools have a dozen; a schema with more is not one to build a request from.
constexpr std::size_t most_required = 200;

std::string_view type_name(json::Value::Type type) {
  switch (type) {
    case json::Value::Type::null: return "null";
    case json::Value::Type::boolean: return "boolean";
    case json::Value::Type::number: return "number";
    case json::Value::Type::string: return "string";
    case json::Value::Type::array: return "array";
    case json::Value::Type::object: return "object";
  }
  return "null";
}

/// The JSON types that a property takes; empty if its schema does not say. References are followed inside the tool's own
/// schema only.
std::set<std::string, std::less<>> types_of(const json::Value& root, const json::Value& schema, int depth) {
  std::set<std::string, std::less<>> types;
  if (depth == 0 || !schema.is_object()) return types;
  if (const auto one = schema.string("type")) types.insert(*one);
  for (const auto& each : schema.strings("type")) types.insert(each);
  if (!types.empty()) return types;
  if (schema.has("const")) return {std::string{type_name(schema.at("const").type())}};
  const auto values = schema.at("enum");
  for (std::size_t i = 0; i < std::min(values.size(), widest_schema); ++i) types.emplace(type_name(values.at(i).type()));
  if (!types.empty()) return types;
  if (const auto reference = schema.string("$ref"); reference && reference->starts_with("#/")) {
    return types_of(root, root.pointer(reference->substr(1)), depth - 1);
  }
  for (const auto* key : {"anyOf", "oneOf"}) {
    const auto branches = schema.at(key);
    for (std::size_t i = 0; i < std::min(branches.size(), widest_schema); ++i) {
      const auto branch = types_of(root, branches.at(i), depth - 1);
      if (branch.empty()) return {};  // a branch that takes anything
      types.insert(branch.begin(), branch.end());
    }
  }
  return types;
}

json::Value marker(std::string_view nonce) { return json::Value::object({{"audit", json::str(nonce)}}); }

/// A value of a type that is not among these, if there is one.
std::optional<json::Value> misfit(const std::set<std::string, std::less<>>& types, std::string_view nonce) {
  if (types.empty()) return std::nullopt;
  if (!types.contains("object")) return marker(nonce);
  if (!types.contains("array")) return json::Value::array({marker(nonce)});
  if (!types.contains("string")) return json::str(nonce);
  if (!types.contains("boolean")) return json::boolean(true);
  return std::nullopt;
}

}  // namespace

bool Tool::read_only_hint() const { return raw.at("annotations").boolean("readOnlyHint") == true; }

bool Tool::destructive_hint() const {
  const auto hints = raw.at("annotations");
  return hints.boolean("destructiveHint").value_or(hints.boolean("readOnlyHint") == false);
}

bool Tool::mutating() const {
  if (verb_of(name) == Verb::changing || destructive_hint()) return true;
  return raw.at("annotations").boolean("readOnlyHint") == false;
}

bool Tool::harmless() const { return read_only_hint() && !mutating() && required().empty(); }

std::vector<std::string> Tool::required() const { return raw.at("inputSchema").strings("required"); }

std::optional<json::Value> sentinel_arguments(const Tool& tool, std::string_view nonce) {
  const auto schema = tool.raw.at("inputSchema");
  const auto required = tool.required();
  if (required.size() > most_required) return std::nullopt;
  std::vector<std::pair<std::string, json::Value>> arguments;
  bool misfits = false;
  for (const auto& property : std::set<std::string>(required.begin(), required.end())) {
    const auto wrong = misfit(types_of(schema, schema.at("properties").at(property), deepest_schema), nonce);
    misfits = misfits || wrong.has_value();
    arguments.emplace_back(property, wrong.value_or(marker(nonce)));
  }
  if (!misfits) return std::nullopt;
  arguments.emplace_back("audit-" + std::string{nonce}, json::str(nonce));
  return json::Value::object(std::move(arguments));
}

}  // namespace mcprove::mcp
