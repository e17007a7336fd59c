#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"
#include "vet/identifier.h"
#include "vet/scan.h"
#include "vet/word_table.h"

namespace mcprove::vet {

namespace {

/// Names of arguments that ask for what the model knows rather than for what the tool needs.
constexpr std::array<std::string_view, 19> harvesting = {
    " conversation history ", " chat history ",      " message history ",   " dialogue history ",    " chat transcript ",
    " system prompt ",        " chain of thought ",  " tools list ",        " tool list ",           " available tools ",
    " tool call history ",    " previous messages ", " full conversation ", " llm model name ",      " llm name ",
    " calling model ",        " agent model ",       " user messages ",     " conversation context "};

/// Names that explain nothing and take anything.
constexpr std::array<std::string_view, 10> sinks = {" sidenote ", " side note ", " scratchpad ", " feedback ",   " debug ",
                                                    " extra ",    " misc ",      " telemetry ",  " audit note ", " annotation "};

/// A tool that works with models or messages has honest reasons to ask for them.
constexpr std::array<std::string_view, 27> trade = {
    "model",   "models",    "llm",          "ai",         "agent",     "agents",     "prompt",  "prompts", "chat",
    "message", "messages",  "conversation", "completion", "generate",  "session",    "memory",  "history", "tool",
    "tools",   "assistant", "thought",      "thinking",   "summarize", "transcript", "context", "openai",  "tokens"};

bool speaks_of_trade(std::string_view text) {
  static const auto all = [] {
    WordTable<bool> out;
    for (const auto word : trade) out[word] = true;
    return out;
  }();
  for (IdentifierWords words(text); words.next();)
    if (all.find(words.word()) != nullptr) return true;
  return false;
}

std::string spaced(std::string_view key) {
  std::string out = " ";
  for (IdentifierWords words(key); words.next();) out += words.word() + " ";
  return out;
}

template <std::size_t n>
bool speaks_of(const std::string& words, const std::array<std::string_view, n>& names) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) { return words.find(name) != std::string::npos; });
}

std::string_view first_line(std::string_view text) {
  const std::string_view trimmed = text::trim(text);
  return trimmed.substr(0, std::min(trimmed.find('\n'), trimmed.find(". ")));
}

/// "content_from_reading_dot_ssh_id_rsa": a name that is an order.
bool tells(std::string_view key) {
  constexpr std::size_t shortest = 15;
  if (key.size() < shortest) return false;
  const auto words = identifier_words(key);
  constexpr std::size_t sentence = 5;
  static const std::set<std::string, std::less<>> acts = {"read",    "reading", "content", "contents", "send",
                                                          "sending", "leak",    "include", "output",   "copy"};
  static const std::set<std::string, std::less<>> things = {"ssh",         "rsa",     "passwd", "passwords", "password",
                                                            "credentials", "secrets", "env",    "shadow",    "keychain"};
  const auto holds = [&](const auto& set) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) { return set.contains(word); });
  };
  return words.size() >= sentence && holds(acts) && holds(things);
}

Signal signal(const char* rule, Weight weight, const std::string& key, std::string why) {
  return {rule,          Family::injection, weight, "/inputSchema/properties" + json::pointer_step(key), text::one_line(key, 120),
          std::move(why)};
}

}  // namespace

bool in_trade(const json::Value& tool) {
  return speaks_of_trade(tool.string("name").value_or("")) ||
         speaks_of_trade(first_line(tool.string("description").value_or("")));
}

void scan_parameters(const json::Value& tool, std::vector<Signal>& out) {
  const auto properties = tool.at("inputSchema").at("properties");
  const auto description = tool.string("description").value_or("");
  std::vector<std::string> unexplained;
  for (const auto& key : properties.keys()) {
    if (tells(key)) out.push_back(signal("telling-name", Weight::medium, key, "an argument whose name is an order"));
    const std::string words = spaced(key);
    if (speaks_of(words, harvesting)) {
      out.push_back(signal("context-argument", in_trade(tool) ? Weight::low : Weight::medium, key,
                           "an argument that asks for what the model knows, not for what the tool needs"));
    }
    if (speaks_of(words, sinks) && properties.at(key).string("description").value_or("").empty() &&
        description.find(key) == std::string::npos)
      unexplained.push_back(key);
  }
  for (const auto& key : unexplained)
    out.push_back(signal("unexplained-argument", unexplained.size() > 1 ? Weight::medium : Weight::low, key,
                         "an argument that takes anything and that nothing explains"));
}

}  // namespace mcprove::vet
