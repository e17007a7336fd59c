#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vet/manifest.h"

namespace mcprove::vet {

/// What only a set shows: equal and look-alike names, cloned tools, tools that speak of those of another server, and where
/// data can flow out.
void judge_set(const std::vector<Manifest>& set, std::vector<Finding>& out);
/// The part of it that is about names: of one server, equal and look-alike ones.
void judge_names(const std::vector<Manifest>& set, std::vector<Finding>& out);
/// Annotations that say less than the name does. At most low: a hint is a hint, and only the operator has a policy.
void judge_annotations(const Manifest& manifest, std::vector<Finding>& out);
/// Regular expressions in schemas that take a validator exponentially long: low, for the author rarely means harm.
void judge_schemas(const Manifest& manifest, std::vector<Finding>& out);
/// What a tool's annotations understate, in words; nothing if they do not.
std::optional<std::string> annotation_lie(const json::Value& tool);

}  // namespace mcprove::vet
