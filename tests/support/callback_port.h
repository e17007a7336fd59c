#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace mcprove::test {

/// Tests run side by side, and the redirect URI that mcprove registers has one port: whoever listens there holds this.
class CallbackPort {
 public:
  CallbackPort()
      : file_(::open((std::filesystem::temp_directory_path() / "mcprove-test-callback-port").c_str(),
                     O_CREAT | O_RDWR | O_CLOEXEC, 0600)) {
    if (file_ >= 0) ::flock(file_, LOCK_EX);
  }
  ~CallbackPort() {
    if (file_ >= 0) ::close(file_);
  }
  CallbackPort(const CallbackPort&) = delete;
  CallbackPort& operator=(const CallbackPort&) = delete;

 private:
  int file_;
};

}  // namespace mcprove::test
