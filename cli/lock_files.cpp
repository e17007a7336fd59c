#include "cli/lock_files.h"

#include <fmt/format.h>

#include "base/text.h"
#include "cli/files.h"

namespace mcprove::cli {
namespace {

constexpr std::size_t most_of_a_key = 64U << 10U;

}  // namespace

Result<jose::Key> public_key_of(std::string_view flag, const std::string& path) {
  const auto shown = text::one_line(path, 200);
  const auto text = text_of_file(path, most_of_a_key);
  if (!text) return failure(Error::Kind::usage, fmt::format("{} {}: {}", flag, shown, text.error().message));
  auto key = jose::Key::from_pem(*text);
  if (!key || !key->fits("EdDSA")) return failure(Error::Kind::usage, fmt::format("'{}' holds no Ed25519 public key", shown));
  return *std::move(key);
}

}  // namespace mcprove::cli
