#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"

namespace mcprove::vet {

/// One of the ways in which a value may satisfy a schema.
struct SchemaForm {
  json::Value schema{};  ///< without anyOf, oneOf, allOf and references that could be followed
  std::string from{};    ///< pointer of the branch that it came of, within the schema: "/anyOf/1"; empty: it has no branches
};

/// A JSON Schema document and what its parts come to (JSON Schema 2020-12 core, sections 8 and 10). Only references into
/// the document are followed: nothing is fetched (MCP "JSON Schema Usage"). Work is bounded; `exhausted` says when it ended.
class SchemaDocument {
 public:
  explicit SchemaDocument(json::Value root) : root_(std::move(root)) {}

  /// What "#", "#/$defs/x" or "#/properties/y" points at; nothing for any other reference.
  std::optional<json::Value> target(std::string_view reference) const;
  /// The schema with its reference and all of allOf in one object.
  json::Value flat(const json::Value& schema);
  /// Each branch of anyOf and oneOf, and each type of several, with all that stands beside it.
  std::vector<SchemaForm> forms(const json::Value& schema);
  bool exhausted() const { return exhausted_; }

 private:
  json::Value flat(const json::Value& schema, int depth);
  std::vector<SchemaForm> branches(const SchemaForm& form, std::string_view group);
  bool spend();

  json::Value root_;
  std::size_t steps_ = 0;
  bool exhausted_ = false;
};

/// "type", also where const or enum say it; empty: any.
std::set<std::string> schema_types(const json::Value& schema);
/// What both say, in one object; what cannot be said in one object stays in its allOf.
json::Value both_schemas(const json::Value& one, const json::Value& other);
bool has_reference(const json::Value& value);

}  // namespace mcprove::vet
