#include <string>

#include "base/text.h"
#include "vet/backtracking.h"
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
    for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
      pointer_ += "/" + std::to_string(i);
      walk(value.at(i));
      pointer_.resize(here);
    }
    if (!value.is_object()) return;
    for (const std::string& key : value.keys()) {
      const auto below = value.at(key);
      if (!below.is_object() && !below.is_array() && key != "pattern") continue;
      pointer_ += json::pointer_step(key);
      if (const auto pattern = key == "pattern" ? below.string() : std::nullopt) judge_pattern(*pattern);
      else walk(below);
      pointer_.resize(here);
    }
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
