#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "net/listener.h"
#include "oauth/callback.h"
#include "oauth/logins.h"

extern char** environ;

namespace mcprove::oauth {

namespace {

constexpr std::chrono::milliseconds slice{200};

/// Shows the URL on stderr, and in the user's browser if there is one.
void open_for_user(const std::string& url) {
  std::fputs(fmt::format("open this page to log in:\n  {}\n", text::printable(url)).c_str(), stderr);
  std::string program = "xdg-open";
  std::string argument = url;
  std::array<char*, 3> arguments{program.data(), argument.data(), nullptr};
  posix_spawn_file_actions_t quiet{};
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", 0x1 /* O_WRONLY */, 0);
  posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", 0x1 /* O_WRONLY */, 0);
  pid_t child = 0;
  // xdg-open hands the URL over and ends; a person without it still has the URL above.
  if (posix_spawnp(&child, program.c_str(), &quiet, nullptr, arguments.data(), environ) == 0) waitpid(child, nullptr, 0);
  posix_spawn_file_actions_destroy(&quiet);
}

class BrowserDriver final : public LoginDriver {
 public:
  BrowserDriver(std::function<void(const std::string&)> open, std::chrono::seconds patience)
      : open_(open ? std::move(open) : open_for_user), patience_(patience) {}
  std::string name() const override { return "browser"; }

  Result<Authorization> authorize(Browser&, const std::string& url, const LoginOptions& options) override {
    Authorization out;
    if (options.interaction == Interaction::none) {
      out.end = AuthorizeEnd::page;
      out.why = "a person's browser always asks the person";
      return out;
    }
    const auto request = MCPROVE_TRY(net::Url::parse(url));
    const auto redirect = net::Url::parse(request.params().get("redirect_uri"));
    if (!redirect || redirect->scheme != "http" || !redirect->is_loopback_host()) {
      out.why = "the redirect URI is not at this machine, so its answer cannot be received";
      return out;
    }
    const auto listener = MCPROVE_TRY(net::Listener::bind(redirect->port));
    open_(url);
    const auto deadline = std::chrono::steady_clock::now() + patience_;
    do {
      const auto target = listener->wait(redirect->path, slice, received);
      if (target) {
        read_callback(redirect->origin() + *target, {}, out);
        return out;
      }
      if (target.error().kind != Error::Kind::timeout) return tl::unexpected(target.error());
    } while (std::chrono::steady_clock::now() < deadline && !(options.stopped && options.stopped()));
    out.why = fmt::format("no answer from the browser within {} s", patience_.count());
    return out;
  }

 private:
  std::function<void(const std::string&)> open_;
  std::chrono::seconds patience_;
};

}  // namespace

std::unique_ptr<LoginDriver> make_browser_driver(std::function<void(const std::string& url)> open,
                                                 std::chrono::seconds patience) {
  return std::make_unique<BrowserDriver>(std::move(open), patience);
}

}  // namespace mcprove::oauth
