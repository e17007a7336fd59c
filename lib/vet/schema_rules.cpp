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
    const Way root;
    static const std::string input = "inputSchema";
    static const std::string output = "outputSchema";
    for (const std::string* key : {&input, &output}) walk(tool.at(*key), {&root, key, 0});
  }

 private:
  /// The depth is bounded by the parser that made the value.
  void walk(const json::Value& value, const Way& way) {
    each_item(value, [&](std::size_t i, const json::Value& item) { walk(item, {&way, nullptr, i}); });
    each_member(value, [&](const std::string& key, const json::Value& member) {
      const auto* pattern = key == "pattern" ? text_in(member) : nullptr;
      if (pattern != nullptr) judge_pattern(*pattern, {&way, &key, 0});
      else walk(member, {&way, &key, 0});
    });
  }

  void judge_pattern(const std::string& pattern, const Way& way) {
    const auto part = costly_part(pattern);
    if (!part) return;
    Finding found;
    found.server = manifest_.server;
    found.tool = tool_;
    found.pointer = pointer_of(way);
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
};

}  // namespace

void judge_schemas(const Manifest& manifest, std::vector<Finding>& out) {
  Schemas schemas(manifest, out);
  for (const auto& tool : manifest.tools) schemas.judge(tool);
}

}  // namespace mcprove::vet
