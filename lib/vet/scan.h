#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vet/clause_rules.h"
#include "vet/clauses.h"
#include "vet/glance.h"
#include "vet/sense.h"
#include "vet/vet.h"

namespace mcprove::vet {

/// Characters that a human does not see, read from the raw text.
void scan_characters(std::string_view text, std::string_view pointer, std::vector<Signal>& out);
/// Text that is spelt so that only the model reads it: padding, comments, base64. `seen` is what stands in `text`.
void scan_disguise(std::string_view text, const Glance& seen, std::string_view pointer, Senses turned, std::vector<Signal>& out);
/// What a rule saw in a text that plain() made.
struct Hit {
  std::string_view rule;
  std::string_view why;
  Weight weight = Weight::low;
  Aspect aspect = Aspect::none;
  std::size_t at = 0;
  std::size_t size = 0;
  std::uint32_t sentence = 0;
};
/// Who is told to do what, with which data, against whose knowledge: the rules of clause_rules.h. `text` is plain().
/// Returns Sense::rot13 and Sense::reversed, if at least two words that we know stand there turned so.
Senses scan_clauses(std::string_view text, const Place& place, std::vector<Hit>& out);
/// The first verb that tells the reader to do something, with what follows it; `text` is plain(). What a tool does by itself is
/// no order, nor is what should not be done.
std::optional<std::string_view> first_order(std::string_view text);
/// The senses of the words of a tool's name, its words set apart, and of the first sentence of its description.
Senses subject_of(const std::string& name, std::string_view description);
/// Steps that matching takes, which grow no faster than the text.
std::size_t clause_work(std::string_view text);
/// Patterns of the clause rules that cannot be read: mistakes of ours.
std::vector<std::string> malformed_patterns();
/// Commands to the model. Nothing that this adds is high; see corroborate().
Senses scan_injection(std::string_view text, std::string_view pointer, std::vector<Signal>& out, const Place& place = {});
Senses scan_injection(std::string_view text, const Glance& seen, std::string_view pointer, std::vector<Signal>& out,
                      const Place& place);
/// Raises to high what several different rules of `injection` agree on.
void corroborate(std::vector<Signal>& signals);

/// By its name and first line a tool deals with models, chats or memories, and has honest reasons to ask for them.
bool in_trade(const json::Value& tool);
/// Arguments that ask for what the model knows, or whose names are orders.
void scan_parameters(const json::Value& tool, std::vector<Signal>& out);
/// Base64, hexadecimal, percent escapes, rot13, spaced or look-alike letters: decoded and judged again.
/// `turned`: what scan_clauses() returned.
void scan_payloads(std::string_view text, const Glance& seen, std::string_view pointer, Senses turned, std::vector<Signal>& out);
/// What scan_injection() says of words that were hidden.
std::vector<Signal> judge_hidden(std::string_view words);
/// Words that speak to the model rather than of the data.
bool speaks_to_model(std::string_view text);

/// What a reader means to read: compatibility forms unified (NFKC), hidden characters dropped, lines of a paragraph
/// joined. A line break that is left ends a paragraph or a list item.
std::string plain(std::string_view text);
/// The same of a text of ASCII.
std::string plain_ascii(std::string_view text);
/// Where each byte of plain(text), and its end, begins in `text`.
std::vector<std::uint32_t> origins_of(std::string_view text);
/// The surroundings of a match, printable, on one line.
std::string excerpt_of(std::string_view text, std::size_t from, std::size_t size);

}  // namespace mcprove::vet
