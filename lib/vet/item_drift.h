#pragma once

#include <string>
#include <vector>

#include "json/json.h"
#include "vet/drift.h"

namespace mcprove::vet {

/// What differs between two definitions of one name: fields, schemas, annotations, powers. `server` is left empty.
std::vector<Change> item_drift(Kind kind, const std::string& name, const json::Value& before, const json::Value& after);

/// A value on one line, for `before` and `after`.
std::string shown_value(const json::Value& value);

}  // namespace mcprove::vet
