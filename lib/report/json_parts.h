#pragma once

#include <string>
#include <string_view>

#include "engine/outcome.h"
#include "json/json.h"
#include "report/model.h"

/// The elements of the JSON report; report.schema.json describes each.
namespace mcprove::report {

json::Value of_check(const CheckResult& result, const Cleaner& clean);
json::Value of_finding(const RunOutcome& outcome, const Finding& finding, const Cleaner& clean);
json::Value of_exchange(const RunOutcome& outcome, net::ExchangeId id, const Cleaner& clean);
json::Value of_subject(const Subject& subject, const Cleaner& clean);
json::Value of_totals(const RunOutcome& outcome);
/// `{document, section}` for each, without the empty places.
json::Value of_references(const CheckInfo& info);
json::Value nullable(std::string_view text);  ///< null if empty
/// A requirement as an identifier that stays the same when the words for readers change.
std::string_view slug(Requirement requirement);

/// Writes an object whose lists have one element per line, so that a report of many megabytes of traffic is written
/// element by element and still reads and compares line by line.
class JsonDocument {
 public:
  void member(std::string_view key, const json::Value& value);
  template <class Range, class Convert>
  void list(std::string_view key, const Range& range, Convert convert) {
    begin_list(key);
    for (const auto& element : range) this->element(convert(element));
    end_list();
  }
  std::string take();

 private:
  void begin_list(std::string_view key);
  void element(const json::Value& value);
  void end_list();
  void key(std::string_view key);
  std::string text_ = "{";
  bool first_member_ = true;
  bool first_element_ = true;
};

}  // namespace mcprove::report
