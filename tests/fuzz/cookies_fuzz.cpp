// The first line is the page that sets cookies, each other one a Set-Cookie field; what is kept keeps to its host.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/text.h"
#include "oauth/cookies.h"
#include "oauth/date.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mcprove;
  const auto lines = text::split(std::string(data, data + size), '\n');
  const std::chrono::system_clock::time_point now{std::chrono::seconds(1'800'000'000)};
  const auto from = net::Url::parse(lines.front());
  const auto stranger = net::Url::parse("https://stranger.invalid/");
  net::Headers headers;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    headers.add("Set-Cookie", lines[i]);
    static_cast<void>(oauth::http_date(lines[i]));
    static_cast<void>(oauth::cookie_date(lines[i]));
  }
  if (!from) return 0;
  oauth::CookieJar jar;
  jar.take(*from, headers, now);
  for (const auto& cookie : jar.all()) {
    if (from->host != cookie.domain && !from->host.ends_with("." + cookie.domain)) std::abort();
  }
  if (from->host != stranger->host && !from->host.ends_with(".invalid") && !jar.header_for(*stranger, now).empty()) std::abort();
  if (jar.header_for(*from, now).find_first_of("\r\n") != std::string::npos) std::abort();
  return 0;
}
