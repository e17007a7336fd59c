#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vet/vet.h"

namespace mcprove::vet {

/// Characters that a human does not see, read from the raw text.
void scan_characters(std::string_view text, std::string_view pointer, std::vector<Signal>& out);
/// Text that is spelt so that only the model reads it: padding, comments, base64.
void scan_disguise(std::string_view text, std::string_view pointer, std::vector<Signal>& out);
/// Commands to the model. Nothing that this adds is high; see corroborate().
void scan_injection(std::string_view text, std::string_view pointer, std::vector<Signal>& out);
/// Raises to high what several different rules of `injection` agree on.
void corroborate(std::vector<Signal>& signals);

/// What a reader means to read: compatibility forms unified (NFKC), hidden characters dropped, lines of a paragraph
/// joined. A line break that is left ends a paragraph or a list item.
std::string plain(std::string_view text);
/// The surroundings of a match, printable, on one line.
std::string excerpt_of(std::string_view text, std::size_t from, std::size_t size);

}  // namespace mcprove::vet
