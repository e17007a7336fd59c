#include "cli/output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace mcprove::cli {

namespace {

tl::unexpected<Error> cannot_write(const std::string& path, int error) {
  return failure(Error::Kind::usage, fmt::format("cannot write '{}': {}", text::one_line(path, 200), std::strerror(error)));
}

Result<void> write_all(int file, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return cannot_write(path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace

OutputFile::OutputFile(int file, std::string path, std::string temporary)
    : file_(file), path_(std::move(path)), temporary_(std::move(temporary)) {}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : file_(std::exchange(other.file_, -1)), path_(std::move(other.path_)), temporary_(std::exchange(other.temporary_, {})) {}

OutputFile::~OutputFile() {
  if (file_ >= 0) ::close(file_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<OutputFile> OutputFile::open(const std::string& path) {
  struct stat status{};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) return cannot_write(path, EISDIR);
  if (exists && !S_ISREG(status.st_mode)) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (file < 0) return cannot_write(path, errno);
    return OutputFile(file, path, {});
  }
  // A link stays a link: what it names is replaced.
  std::error_code error;
  const auto place = exists ? std::filesystem::canonical(path, error) : std::filesystem::path(path);
  if (error) return cannot_write(path, error.value());
  const auto temporary = place.parent_path() / fmt::format(".{}.{}", place.filename().string(), ::getpid());
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0) return cannot_write(path, errno);
  return OutputFile(file, place.string(), temporary.string());
}

Result<void> OutputFile::commit(std::string_view content) {
  MCPROVE_TRY(write_all(file_, content, path_));
  if (::close(std::exchange(file_, -1)) != 0) return cannot_write(path_, errno);
  if (temporary_.empty()) return {};
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) return cannot_write(path_, errno);
  temporary_.clear();
  return {};
}

Result<void> write_to_stdout(std::string_view content) {
  std::fflush(stdout);
  return write_all(STDOUT_FILENO, content, "standard output");
}

Result<Destination> Destination::open(const std::string& path) {
  Destination destination;
  if (!path.empty()) destination.file_.emplace(MCPROVE_TRY(OutputFile::open(path)));
  return destination;
}

Result<void> Destination::write(std::string_view content) { return file_ ? file_->commit(content) : write_to_stdout(content); }

void complain(std::string_view message) {
  const std::string line = fmt::format("mcprove: {}\n", text::one_line(message, 1000));
  std::fputs(line.c_str(), stderr);
}

}  // namespace mcprove::cli
