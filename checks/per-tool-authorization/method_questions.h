#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/context.h"

namespace mcprove::checks {

/// One method, as the full token may ask for it.
struct Question {
  std::string name{};  ///< "resources/read"
  std::string method{};
  json::Value params{};
  bool list_of_names = false;  ///< like the list of tools, it may be public on purpose
  bool stream = false;         ///< it is answered by events for as long as somebody listens
  bool data = true;            ///< false: it shows nothing, it only sets something of the session's own
};

inline json::Value with_one(std::string_view key, std::string_view value) {
  return json::Value::object({{std::string(key), json::str(value)}});
}

inline json::Value completion_of(json::Value reference, std::string_view argument) {
  return json::Value::object({{"ref", std::move(reference)},
                              {"argument", json::Value::object({{"name", json::str(argument)}, {"value", json::str("")}})}});
}

/// The first prompt that needs no argument is asked for; the first argument that there is, is completed.
inline void add_prompts(std::vector<Question>& all, const mcp::Catalogue& catalogue, bool completes) {
  bool got = false;
  bool completed = !completes;
  for (const auto& prompt : catalogue.prompts) {
    const auto name = prompt.string("name");
    if (!name) continue;
    const auto arguments = prompt.at("arguments");
    bool needs = false;
    for (std::size_t i = 0; i < arguments.size() && i < 50; ++i)
      needs = needs || arguments.at(i).boolean("required").value_or(false);
    if (!needs && !std::exchange(got, true)) all.push_back({"prompts/get", "prompts/get", with_one("name", *name)});
    const auto argument = arguments.at(std::size_t{0}).string("name");
    if (argument && !std::exchange(completed, true))
      all.push_back({"completion/complete of a prompt", "completion/complete",
                     completion_of(with_one("type", "ref/prompt").with("name", json::str(*name)), *argument)});
  }
}

inline void add_resources(std::vector<Question>& all, const mcp::Catalogue& catalogue, bool subscribes) {
  if (!catalogue.resources.empty())
    if (const auto uri = catalogue.resources.front().string("uri")) {
      all.push_back({"resources/read", "resources/read", with_one("uri", *uri)});
      if (subscribes) all.push_back({"resources/subscribe", "resources/subscribe", with_one("uri", *uri)});
    }
  if (catalogue.templates.empty()) return;
  const auto uri = catalogue.templates.front().string("uriTemplate");
  if (!uri) return;
  const auto open = uri->find('{');
  const auto close = uri->find_first_of("},:*", open == std::string::npos ? 0 : open);
  const auto variable =
      open == std::string::npos || close == std::string::npos ? std::string("id") : uri->substr(open + 1, close - open - 1);
  all.push_back({"completion/complete", "completion/complete",
                 completion_of(with_one("type", "ref/resource").with("uri", json::str(*uri)), variable)});
}

/// Whatever this server has besides tools/call, by what the full token is shown and what the server says it can do. Methods
/// that a revision does not have are not asked for on its wire (catalogue of revisions: 2026-07-28 dropped setLevel,
/// subscribe and the list of tasks, and brought subscriptions/listen).
inline std::vector<Question> questions(const mcp::Catalogue& catalogue, const json::Value& capabilities, mcp::Wire wire) {
  const bool stateless = wire == mcp::Wire::stateless;
  std::vector<Question> all{{"tools/list", "tools/list", {}, true},
                            {"resources/list", "resources/list", {}},
                            {"resources/templates/list", "resources/templates/list", {}, true},
                            {"prompts/list", "prompts/list", {}, true}};
  add_resources(all, catalogue, !stateless && capabilities.at("resources").boolean("subscribe").value_or(false));
  add_prompts(all, catalogue, capabilities.has("completions"));
  if (!stateless && capabilities.has("logging"))
    all.push_back({"logging/setLevel", "logging/setLevel", with_one("level", "info"), false, false, false});
  if (!stateless && capabilities.at("tasks").has("list")) all.push_back({"tasks/list", "tasks/list", {}});
  if (stateless)
    all.push_back({"subscriptions/listen", "subscriptions/listen",
                   json::Value::object({{"notifications", json::Value::object({{"toolsListChanged", json::boolean(true)}})}}),
                   false, true});
  return all;
}

/// About one task of the person's, by the list that the full token was shown: only what reads.
inline std::vector<Question> task_questions(const json::Value& list) {
  const auto id = list.at("tasks").at(std::size_t{0}).string("taskId");
  if (!id) return {};
  std::vector<Question> all{{"tasks/get", "tasks/get", with_one("taskId", *id)}};
  // The result of a task that still runs would be waited for.
  if (list.at("tasks").at(std::size_t{0}).string("status") == "completed")
    all.push_back({"tasks/result", "tasks/result", with_one("taskId", *id)});
  return all;
}

}  // namespace mcprove::checks
