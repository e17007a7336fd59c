#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "base/redactor.h"
#include "base/text.h"

// Whatever a server sends, what we print is UTF-8 without control characters and without our secrets.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mcprove;
  const std::string_view raw(reinterpret_cast<const char*>(data), size);
  const std::string shown = text::printable(raw);
  const bool control = std::any_of(shown.begin(), shown.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
  });
  if (control || !text::valid_utf8(shown) || text::printable(shown) != shown) std::abort();
  const std::string line = text::one_line(raw, 80);
  if (line.size() > 80 || line.find('\n') != std::string::npos || !text::valid_utf8(line)) std::abort();

  static const auto redactor = [] {
    auto out = std::make_unique<Redactor>();
    out->add("code", "s3cr/t");
    out->add("state", "cr/t\"quoted\"");
    out->add_basic_pair("user", "pass word");
    return out;
  }();
  const std::string redacted = redactor->redact(raw);
  for (const char* secret : {"s3cr/t", "s3cr%2Ft", "s3cr\\/t", "pass word", "pass%20word", "dXNlcjpwYXNzIHdvcmQ="}) {
    if (redacted.find(secret) != std::string::npos) std::abort();
  }
  static_cast<void>(text::wrap(raw, 20, 2));
  static_cast<void>(text::percent_decode(raw));
  if (text::percent_decode(text::percent_encode(raw)) != raw) std::abort();
  if (text::base64_decode(text::base64_encode(raw)) != raw || text::base64_decode(text::base64url_encode(raw)) != raw)
    std::abort();
  static_cast<void>(text::base64_decode(raw));
  return 0;
}
