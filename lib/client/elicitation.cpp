#include "client/elicitation.h"

namespace mcprove::client {

namespace {

json::Value action(std::string_view what) { return json::Value::object({{"action", json::str(what)}}); }

}  // namespace

json::Value elicitation_capability() {
  const auto none = json::Value::object({});
  return json::Value::object({{"elicitation", json::Value::object({{"form", none}})}});
}

std::optional<json::Value> answer_with_defaults(std::string_view method, const json::Value& params) {
  if (method == "ping") return json::Value::object({});
  if (method != "elicitation/create") return std::nullopt;
  if (params.string("mode").value_or("form") != "form") return action("decline");
  const auto schema = params.at("requestedSchema");
  const auto properties = schema.at("properties");
  auto content = json::Value::object({});
  for (const auto& name : properties.keys())
    if (properties.at(name).has("default")) content = content.with(name, properties.at(name).at("default"));
  for (const auto& name : schema.strings("required"))
    if (!content.has(name)) return action("decline");
  return action("accept").with("content", content);
}

}  // namespace mcprove::client
