#include <string>
#include <vector>

#include "json/json.h"
#include "report/catalogue.h"
#include "report/json_parts.h"
#include "report/model.h"

namespace mcprove::report {

namespace {

using json::Value;

Value of_info(const RegisteredCheck& check) {
  const CheckInfo& info = check.check->info;
  std::vector<std::string> former;
  for (const auto id : info.former_ids) {
    if (!id.empty()) former.emplace_back(id);
  }
  return Value::object({{"id", json::str(check.id)},
                        {"family", json::str(check.family)},
                        {"title", json::str(info.title)},
                        {"what", json::str(info.what)},
                        {"why", json::str(info.why)},
                        {"fix", json::str(info.fix)},
                        {"severity", json::str(name(info.severity))},
                        {"effect", json::str(name(info.effect))},
                        {"at_issuer", json::boolean(info.at_issuer)},
                        {"per", json::str(name(info.per))},
                        {"burns", json::boolean(info.burns)},
                        {"assumes", json::strings(assumed(info))},
                        {"requirement", info.requirement == Requirement::none ? Value() : json::str(slug(info.requirement))},
                        {"cwe", info.cwe == 0 ? Value() : json::num(info.cwe)},
                        {"spec", of_references(info)},
                        {"since", json::str(info.since)},
                        {"former_ids", json::strings(former)},
                        {"source", json::str(check.source)}});
}

}  // namespace

std::string checks_json(Checks checks) {
  JsonDocument document;
  document.member("version", json::num(1));
  document.list("checks", checks, of_info);
  return document.take();
}

}  // namespace mcprove::report
