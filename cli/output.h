#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mcprove::cli {

/// Where a report goes. A file is written beside its place and renamed into it, so that nobody ever reads half a report;
/// that it can be written is known before an audit begins. Devices and pipes are written to directly.
class OutputFile {
 public:
  /// Error (usage) if the place cannot be written to.
  static Result<OutputFile> open(const std::string& path);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();  ///< what was not committed leaves no trace

  Result<void> commit(std::string_view content);

 private:
  OutputFile(int file, std::string path, std::string temporary);
  int file_;
  std::string path_;
  std::string temporary_;  ///< empty: written directly
};

/// Error (usage) if standard output takes no more.
Result<void> write_to_stdout(std::string_view content);

/// Where the user wants a report: a file that can be written, or standard output for an empty path.
class Destination {
 public:
  static Result<Destination> open(const std::string& path);
  Result<void> write(std::string_view content);

 private:
  std::optional<OutputFile> file_{};
};

/// One line "mcprove: message" to standard error; control characters become visible.
void complain(std::string_view message);

}  // namespace mcprove::cli
