#include "net/sse.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mcprove::net {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t longest_retry = 9;  // digits: eleven days, and no overflow

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

void SseParser::end_line(std::vector<Event>& out) {
  std::string_view line = line_;
  if (at_start_) {
    at_start_ = false;
    if (line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  }
  if (line.empty() && !overlong_) {
    if (has_data_ && !dropped_) {
      Event event{type_.empty() ? "message" : type_, std::move(data_), id_, retry_};
      out.push_back(std::move(event));
    }
    type_.clear();
    data_.clear();
    has_data_ = false;
    dropped_ = false;
  } else if (overlong_) {
    dropped_ = true;
  } else {
    field(line);
  }
  line_.clear();
  overlong_ = false;
}

void SseParser::field(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == 0) return;  // a comment
  const auto name = line.substr(0, colon);
  auto value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (name == "data") {
    if (data_.size() + value.size() >= max_event) {
      dropped_ = true;
      data_.clear();
      return;
    }
    if (has_data_) data_ += '\n';
    data_ += value;
    has_data_ = true;
  } else if (name == "event") {
    type_ = value;
  } else if (name == "id" && value.find('\0') == std::string_view::npos) {
    id_ = value;
  } else if (name == "retry" && !value.empty() && value.size() <= longest_retry && std::ranges::all_of(value, is_digit)) {
    retry_ = std::chrono::milliseconds(std::stoll(std::string(value)));
  }
}

std::vector<Event> SseParser::feed(std::string_view bytes) {
  std::vector<Event> out;
  while (!bytes.empty()) {
    if (std::exchange(last_was_cr_, false) && bytes.front() == '\n') {
      bytes.remove_prefix(1);
      continue;
    }
    const auto* const found = std::find_if(bytes.begin(), bytes.end(), [](char c) { return c == '\n' || c == '\r'; });
    const auto end = found == bytes.end() ? std::string_view::npos : static_cast<std::size_t>(found - bytes.begin());
    const auto chunk = bytes.substr(0, end);
    if (line_.size() + chunk.size() > max_event) {
      overlong_ = true;
      line_.clear();
    }
    if (!overlong_) line_ += chunk;
    if (end == std::string_view::npos) break;
    last_was_cr_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    end_line(out);
  }
  return out;
}

std::vector<Event> SseParser::finish() {
  *this = SseParser{};
  return {};
}

std::vector<Event> parse_events(std::string_view body) {
  SseParser parser;
  auto events = parser.feed(body);
  auto last = parser.finish();
  events.insert(events.end(), std::make_move_iterator(last.begin()), std::make_move_iterator(last.end()));
  return events;
}

}  // namespace mcprove::net
