#include "cli/files.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

namespace mcprove::cli {
namespace {

tl::unexpected<Error> bad(std::string why) { return failure(Error::Kind::usage, std::move(why)); }

std::string in_mebibytes(std::size_t bytes) { return fmt::format("{} MiB", bytes >> 20U); }

}  // namespace

Result<std::string> text_of_file(const std::string& path, std::size_t most) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) return bad("there is no such file");
  if (std::filesystem::is_directory(status)) return bad("it is a directory");
  if (std::filesystem::is_character_file(status) || std::filesystem::is_block_file(status)) return bad("it is a device");
  const auto expected = std::filesystem::is_regular_file(status) ? std::filesystem::file_size(path, error) : 0;
  if (!error && expected > most) return bad(fmt::format("it is larger than {}", in_mebibytes(most)));
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) return bad(fmt::format("it cannot be read: {}", std::strerror(errno)));
  std::string text;
  if (!error) text.reserve(expected);
  std::array<char, 65'536> part{};
  while (in.read(part.data(), part.size()), in.gcount() > 0) {
    text.append(part.data(), static_cast<std::size_t>(in.gcount()));
    if (text.size() > most) return bad(fmt::format("it is larger than {}", in_mebibytes(most)));
  }
  using namespace std::string_view_literals;
  if (text.starts_with("\xff\xfe"sv) || text.starts_with("\xfe\xff"sv)) return bad("it is UTF-16: save it as UTF-8");
  if (text.starts_with("\xef\xbb\xbf"sv)) text.erase(0, 3);
  if (text.find('\0') != std::string::npos) return bad("it is no text: it holds NUL bytes");
  return text;
}

}  // namespace mcprove::cli
