#include <string>

#include "base/text.h"
#include "vet/backtracking.h"
#include "vet/members.h"
#include "vet/set_rules.h"

namespace mcprove::vet {

namespace {

class Schemas {
 public:
  Schemas(const Manifest& manifest, std::vector<Finding>& out) : manifest_(manifest), out_(out) {}

  void judge(const json::Value& tool) {
    tool_ = tool.string("name").value_or("");
    for (const char* key : {"inputSchema", "outputSchema"}) {
      pointer_ = std::string("/") + key;
      walk(tool.at(key));
    }
  }

 private:
  /// The depth is bounded by the parser that made the value.
  void walk(const json::Value& value) {
    const std::size_t here = pointer_.size();
    each_item(value, [&](std::size_t i, const json::Value& item) {
      if (!item.is_object() && !item.is_array()) return;
      pointer_ += "/" + std::to_string(i);
      walk(item);
      pointer_.resize(here);
    });
    each_member(value, [&](const std::string& key, const json::Value& below) {
      const auto* pattern = key == "pattern" ? text_in(below) : nullptr;
      if (pattern == nullptr && !below.is_object() && !below.is_array()) return;
      pointer_ += json::pointer_step(key);
      if (pattern != nullptr) judge_pattern(*pattern);
      else walk(below);
      pointer_.resize(here);
    });
  }

  void judge_pattern(const std::string& pattern) {
    const auto part = costly_part(pattern);
    if (!part) return;
    Finding found;
    found.server = manifest_.server;
    found.tool = tool_;
    found.pointer = pointer_;
    found.rule = "costly-pattern";
    found.severity = Weight::low;
    found.confidence = Confidence::likely;
    found.excerpt = text::one_line(*part, 120);
    found.why = "a regular expression that a backtracking validator may take exponentially long for";
    out_.push_back(std::move(found));
  }

  const Manifest& manifest_;
  std::vector<Finding>& out_;
  std::string tool_{};
  std::string pointer_{};
};

}  // namespace

void judge_schemas(const Manifest& manifest, std::vector<Finding>& out) {
  Schemas schemas(manifest, out);
  for (const auto& tool : manifest.tools) schemas.judge(tool);
}

}  // namespace mcprove::vet
