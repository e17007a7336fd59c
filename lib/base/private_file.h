#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

/// What is kept between runs and holds secrets: directories of mode 0700 and files of mode 0600, our own.
namespace mcprove {

/// XDG_STATE_HOME/mcprove, or ~/.local/state/mcprove; empty if neither is known.
std::string default_state_dir();

/// Writes a file of mode 0600 in a directory of mode 0700, by rename: nobody ever reads half of it.
Result<void> write_private(const std::string& directory, const std::string& name, std::string_view content);

/// The content of a file that nobody else could have read or written. Error::unavailable: there is none. Error::usage: it
/// is a link, another user's, open to others, or larger than `most` bytes.
Result<std::string> read_private(const std::string& path, std::size_t most = std::size_t{1} << 20U);

/// The turn of one process at a file that others replace by rename (flock(2)). It ends with this object, or the process.
class FileTurn {
 public:
  /// Error::unavailable: there is no such file. Error::timeout: somebody else kept it for longer than `patience`.
  static Result<FileTurn> take(const std::string& path, std::chrono::milliseconds patience);
  FileTurn(FileTurn&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FileTurn& operator=(FileTurn&&) = delete;
  ~FileTurn();

 private:
  explicit FileTurn(int file) : file_(file) {}
  int file_;
};

}  // namespace mcprove
