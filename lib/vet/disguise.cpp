#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/text.h"
#include "vet/scan.h"

namespace mcprove::vet {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

Signal signal(const char* rule, Weight weight, std::string_view pointer, std::string excerpt, std::string why) {
  return {rule, Family::hidden, weight, std::string(pointer), std::move(excerpt), std::move(why)};
}

/// Blanks that push what follows out of the window in which a human approves the tool.
void scan_padding(std::string_view text, std::string_view pointer, std::vector<Signal>& out) {
  constexpr std::size_t longest_honest = 200;
  // A longer run holds one of every so many bytes.
  bool any = false;
  for (std::size_t at = longest_honest; at < text.size(); at += longest_honest) any = any || is_blank(text[at]);
  if (!any) return;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_blank(text[end])) ++end;
    if (end - at > longest_honest && end < text.size()) {
      out.push_back(signal("padding", Weight::medium, pointer, text::one_line(text.substr(end, 160)),
                           fmt::format("text after {} blanks in a row", end - at)));
      return;
    }
    at = std::max(end, at + 1);
  }
}

/// A comment is markup that a client does not render and the model reads all the same.
void scan_comments(std::string_view text, std::string_view pointer, std::vector<Signal>& out) {
  std::size_t end = 0;
  for (std::size_t from = text.find("<!--"); from != std::string_view::npos; from = text.find("<!--", end)) {
    end = std::min(text.find("-->", from + 4), text.size());
    const std::string_view body = text.substr(from + 4, end - from - 4);
    const auto inside = judge_hidden(body);
    if (inside.empty() && !speaks_to_model(body)) continue;
    const Weight weight = heaviest(inside) >= Weight::medium ? Weight::high : Weight::medium;
    out.push_back(signal("markup-comment", weight, pointer, text::one_line(text.substr(from), 200),
                         "a markup comment that speaks to the model"));
    return;
  }
}

}  // namespace

bool speaks_to_model(std::string_view text) {
  static const RE2 words(
      R"((?i)\bsystem ?:|\b(?:you|always|must|disregard|instructions?|system prompt)\b|(?:^|\s)ignore\s+\w|^\W*(?:please |now |first |then )?(?:send|forward|read|include|call|execute|reveal|output|use)\b)");
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), words);
}

void scan_disguise(std::string_view text, const Glance& seen, std::string_view pointer, Senses turned, std::vector<Signal>& out) {
  scan_padding(text, pointer, out);
  if (seen.may_hold("<!--")) scan_comments(text, pointer, out);
  scan_payloads(text, seen, pointer, turned, out);
}

}  // namespace mcprove::vet
