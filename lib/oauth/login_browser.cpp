#include <chrono>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "base/open_page.h"
#include "base/text.h"
#include "oauth/callback.h"
#include "oauth/logins.h"
#include "oauth/reception.h"

namespace mcprove::oauth {

namespace {

constexpr std::chrono::milliseconds slice{200};

/// Shows the URL on stderr, and in the user's browser if there is one.
void open_for_user(const std::string& url) {
  std::fputs(fmt::format("open this page to log in:\n  {}\n", text::printable(url)).c_str(), stderr);
  open_page(url);
}

class BrowserDriver final : public LoginDriver {
 public:
  BrowserDriver(std::function<void(const std::string&)> open, std::chrono::seconds patience)
      : open_(open ? std::move(open) : open_for_user), patience_(patience) {}
  std::string name() const override { return "browser"; }
  bool listens() const override { return true; }
  std::string redirect_for(const std::vector<std::string>& uris) override { return reception_.open(uris); }

  Result<Authorization> authorize(Browser&, const std::string& url, const LoginOptions& options) override {
    if (auto nobody = asked_to_ask_nobody(options, asks)) return *std::move(nobody);
    Authorization out;
    if (const auto ready = reception_.open_at(redirect_of(options, url)); !ready) {
      if (ready.error().kind != Error::Kind::usage) return tl::unexpected(ready.error());
      out.why = ready.error().message;
      return out;
    }
    open_(url);
    const auto deadline = std::chrono::steady_clock::now() + patience_;
    do {
      const auto location = reception_.wait(slice);
      if (location) {
        read_callback(*location, {}, out);
        reception_.close();
        return out;
      }
      if (location.error().kind != Error::Kind::timeout) return tl::unexpected(location.error());
    } while (std::chrono::steady_clock::now() < deadline && !(options.stopped && options.stopped()));
    reception_.close();
    out.why = fmt::format("no answer from the browser within {} s", patience_.count());
    return out;
  }

 private:
  std::function<void(const std::string&)> open_;
  std::chrono::seconds patience_;
  Reception reception_{};
};

}  // namespace

std::unique_ptr<LoginDriver> make_browser_driver(std::function<void(const std::string& url)> open,
                                                 std::chrono::seconds patience) {
  return std::make_unique<BrowserDriver>(std::move(open), patience);
}

}  // namespace mcprove::oauth
