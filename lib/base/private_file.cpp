#include "base/private_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <fmt/format.h>

#include "base/text.h"

namespace mcprove {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds between_tries{10};

class Descriptor {
 public:
  explicit Descriptor(int file) : file_(file) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (file_ >= 0) ::close(file_);
  }
  int get() const { return file_; }
  int release() { return std::exchange(file_, -1); }

 private:
  int file_;
};

std::string shown(const std::string& path) { return text::one_line(path, 200); }

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const auto n = ::write(file, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

/// What we write is written to a name that no other thread or process uses, before it takes its place.
std::string draft_of(const std::string& path) {
  static std::atomic<unsigned> drafts = 0;
  return fmt::format("{}.{}.{}", path, ::getpid(), drafts++);
}

Result<void> judge(int file, const std::string& path) {
  struct stat status{};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
    return failure(Error::Kind::usage, fmt::format("'{}' is no ordinary file", shown(path)));
  if (status.st_uid != ::geteuid())
    return failure(Error::Kind::usage, fmt::format("'{}' belongs to another user; remove it", shown(path)));
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return failure(Error::Kind::usage,
                   fmt::format("others may read '{}': remove it, or allow only yourself: chmod 600", shown(path)));
  return {};
}

Result<int> open_for_reading(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file >= 0) return file;
  if (errno == ENOENT || errno == ENOTDIR) return failure(Error::Kind::unavailable, fmt::format("there is no '{}'", shown(path)));
  if (errno == ELOOP) return failure(Error::Kind::usage, fmt::format("'{}' is a link; remove it", shown(path)));
  return failure(Error::Kind::usage, fmt::format("cannot read '{}'", shown(path)));
}

}  // namespace

std::string default_state_dir() {
  if (const char* xdg = std::getenv("XDG_STATE_HOME"); xdg != nullptr && *xdg == '/') return std::string(xdg) + "/mcprove";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') return std::string(home) + "/.local/state/mcprove";
  return {};
}

Result<void> write_private(const std::string& directory, const std::string& name, std::string_view content) {
  std::error_code ec;
  fs::create_directories(directory, ec);
  ::chmod(directory.c_str(), S_IRWXU);
  const auto path = directory + "/" + name;
  const auto draft = draft_of(path);
  Descriptor file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (file.get() < 0) return failure(Error::Kind::usage, fmt::format("cannot write '{}'", shown(path)));
  const bool written = write_all(file.get(), content) && ::close(file.release()) == 0;
  if (written && ::rename(draft.c_str(), path.c_str()) == 0) return {};
  ::unlink(draft.c_str());
  return failure(Error::Kind::usage, fmt::format("cannot write '{}'", shown(path)));
}

Result<std::string> read_private(const std::string& path, std::size_t most) {
  const Descriptor file(MCPROVE_TRY(open_for_reading(path)));
  MCPROVE_TRY(judge(file.get(), path));
  std::string content;
  std::array<char, 16'384> buffer{};
  while (true) {
    const auto n = ::read(file.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failure(Error::Kind::usage, fmt::format("cannot read '{}'", shown(path)));
    if (n == 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(n));
    if (content.size() > most)
      return failure(Error::Kind::usage,
                     fmt::format("'{}' is larger than {} bytes; it is not ours, remove it", shown(path), most));
  }
}

Result<FileTurn> FileTurn::take(const std::string& path, std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (true) {
    Descriptor file(MCPROVE_TRY(open_for_reading(path)));
    if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) {
      // Whoever had it before us may have put another file in its place: that one is to be waited for.
      struct stat held{};
      struct stat there{};
      if (::fstat(file.get(), &held) == 0 && ::lstat(path.c_str(), &there) == 0 && held.st_ino == there.st_ino &&
          held.st_dev == there.st_dev)
        return FileTurn(file.release());
      continue;
    }
    if (std::chrono::steady_clock::now() >= until)
      return failure(Error::Kind::timeout, fmt::format("another mcprove is busy with '{}'", shown(path)));
    std::this_thread::sleep_for(between_tries);
  }
}

FileTurn::~FileTurn() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace mcprove
