#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "engine/check.h"

/// What the program says of its own checks. Every format walks the same registry; there is no second list.
namespace mcprove::report {

using Checks = std::span<const RegisteredCheck>;

/// One line per check, by family.
std::string checks_text(Checks checks, std::size_t width = 80);
/// One check in full, for a reader.
std::string check_text(const RegisteredCheck& check, std::size_t width = 80);
/// `{version, checks[]}` with all metadata, described by checks.schema.json.
std::string checks_json(Checks checks);
/// mcprove-checks.7 in mdoc(7).
std::string checks_man(Checks checks);
std::string checks_markdown(Checks checks);

}  // namespace mcprove::report
