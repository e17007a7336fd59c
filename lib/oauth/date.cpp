#include "oauth/date.h"

#include <array>
#include <cstddef>
#include <string>

#include "base/text.h"

namespace mcprove::oauth {

namespace {

using Wall = std::chrono::system_clock::time_point;

constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                  "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Digits at the front of `s`, at most `most`; nothing unless there are at least `least`. Moves `s` past them.
std::optional<int> take_number(std::string_view& s, std::size_t least, std::size_t most) {
  std::size_t count = 0;
  int value = 0;
  while (count < s.size() && count < most && is_digit(s[count])) value = value * 10 + (s[count++] - '0');
  if (count < least) return std::nullopt;
  s.remove_prefix(count);
  return value;
}

bool take(std::string_view& s, std::string_view expected) {
  if (!s.starts_with(expected)) return false;
  s.remove_prefix(expected.size());
  return true;
}

std::optional<int> month_of(std::string_view name) {
  const auto first = text::lower(name.substr(0, 3));
  for (std::size_t i = 0; i < months.size(); ++i) {
    if (months[i] == first) return static_cast<int>(i) + 1;
  }
  return std::nullopt;
}

struct Moment {
  std::optional<int> year{};
  std::optional<int> month{};
  std::optional<int> day{};
  std::optional<int> hour{};
  int minute = 0;
  int second = 0;
};

std::optional<Wall> instant(const Moment& m) {
  if (!m.year || !m.month || !m.day || !m.hour) return std::nullopt;
  if (*m.year < 1601 || *m.year > 9999 || *m.hour > 23 || m.minute > 59 || m.second > 60) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*m.year}, std::chrono::month{static_cast<unsigned>(*m.month)},
                                         std::chrono::day{static_cast<unsigned>(*m.day)}};
  if (!date.ok()) return std::nullopt;
  // system_clock counts nanoseconds, which 64 bits hold for the years 1678 to 2261 only.
  if (*m.year < 1700) return Wall{} - std::chrono::hours(24 * 365);
  if (*m.year > 2200) return Wall{} + std::chrono::hours(24 * 365 * 200);
  return std::chrono::sys_days{date} + std::chrono::hours{*m.hour} + std::chrono::minutes{m.minute} +
         std::chrono::seconds{m.second};
}

/// "hh:mm:ss", one or two digits each; whatever follows a non-digit is passed over.
bool read_time(std::string_view token, Moment& moment) {
  const auto hour = take_number(token, 1, 2);
  if (!hour || !take(token, ":")) return false;
  const auto minute = take_number(token, 1, 2);
  if (!minute || !take(token, ":")) return false;
  const auto second = take_number(token, 1, 2);
  if (!second || (!token.empty() && is_digit(token.front()))) return false;
  moment.hour = hour;
  moment.minute = *minute;
  moment.second = *second;
  return true;
}

bool read_number(std::string_view token, std::size_t least, std::size_t most, std::optional<int>& out) {
  const auto value = take_number(token, least, most);
  if (!value || (!token.empty() && is_digit(token.front()))) return false;
  out = value;
  return true;
}

bool is_date_delimiter(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u == 0x09 || (u >= 0x20 && u <= 0x2F) || (u >= 0x3B && u <= 0x40) || (u >= 0x5B && u <= 0x60) ||
         (u >= 0x7B && u <= 0x7E);
}

}  // namespace

std::optional<Wall> http_date(std::string_view field) {
  auto rest = text::trim(field);
  bool known_day = false;
  for (const auto day : days) known_day = known_day || rest.starts_with(day);
  if (!known_day) return std::nullopt;
  rest.remove_prefix(3);
  Moment moment;
  if (!take(rest, ", ")) return std::nullopt;
  moment.day = take_number(rest, 2, 2);
  if (!moment.day || !take(rest, " ")) return std::nullopt;
  moment.month = month_of(rest.substr(0, 3));
  if (!moment.month) return std::nullopt;
  rest.remove_prefix(3);
  if (!take(rest, " ")) return std::nullopt;
  moment.year = take_number(rest, 4, 4);
  if (!moment.year || !take(rest, " ") || rest.size() != std::string_view("08:49:37 GMT").size()) return std::nullopt;
  if (!read_time(rest, moment) || !rest.ends_with(" GMT")) return std::nullopt;
  return instant(moment);
}

std::optional<Wall> cookie_date(std::string_view attribute) {
  Moment moment;
  attribute = attribute.substr(0, 256);
  while (!attribute.empty()) {
    std::size_t end = 0;
    while (end < attribute.size() && !is_date_delimiter(attribute[end])) ++end;
    const auto token = attribute.substr(0, end);
    attribute.remove_prefix(end == attribute.size() ? end : end + 1);
    if (token.empty()) continue;
    if (!moment.hour && read_time(token, moment)) continue;
    if (!moment.day && read_number(token, 1, 2, moment.day)) continue;
    if (!moment.month && (moment.month = month_of(token))) continue;
    if (!moment.year) read_number(token, 2, 4, moment.year);
  }
  if (moment.year && *moment.year >= 70 && *moment.year <= 99) *moment.year += 1900;
  if (moment.year && *moment.year >= 0 && *moment.year <= 69) *moment.year += 2000;
  return instant(moment);
}

}  // namespace mcprove::oauth
