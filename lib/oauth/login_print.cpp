#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "oauth/callback.h"
#include "oauth/logins.h"
#include "oauth/reception.h"

namespace mcprove::oauth {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds slice{100};
constexpr std::size_t longest_line = 16U << 10U;

/// Lines typed or pasted into a file descriptor, read without waiting.
class Lines {
 public:
  explicit Lines(int input) : input_(input) {}

  bool open() const { return input_ >= 0; }
  std::optional<std::string> next(milliseconds within) {
    pollfd ready{input_, POLLIN, 0};
    if (open() && ::poll(&ready, 1, static_cast<int>(within.count())) > 0) read_some();
    const auto end = pending_.find('\n');
    if (end == std::string::npos) return std::nullopt;
    std::string line(text::trim(pending_.substr(0, end)));
    pending_.erase(0, end + 1);
    return line;
  }

 private:
  void read_some() {
    std::array<char, 4096> bytes{};
    const auto got = ::read(input_, bytes.data(), bytes.size());
    if (got <= 0) {
      input_ = -1;  // its end: what stands without a newline is a line too
      if (!pending_.empty()) pending_ += '\n';
      return;
    }
    pending_.append(bytes.data(), static_cast<std::size_t>(got));
    if (pending_.size() > longest_line) pending_.clear();
  }

  int input_;
  std::string pending_{};
};

/// A redirect as the address bar shows it; or, when only that was copied, its query.
std::optional<std::string> pasted(const std::string& line, const std::string& redirect_uri) {
  Authorization read;
  read_callback(line, {}, read);
  if (read.end == AuthorizeEnd::code || read.end == AuthorizeEnd::redirect_error) return line;
  if (line.find("code=") == std::string::npos && line.find("error=") == std::string::npos) return std::nullopt;
  return redirect_uri + "?" + line.substr(line.starts_with('?') ? 1 : 0);
}

class PrintDriver final : public LoginDriver {
 public:
  explicit PrintDriver(PrintOptions options) : options_(std::move(options)) {}
  std::string name() const override { return "print"; }
  bool listens() const override { return true; }
  std::string redirect_for(const std::vector<std::string>& uris) override { return reception_.open(uris); }

  Result<Authorization> authorize(Browser&, const std::string& url, const LoginOptions& login) override {
    if (auto nobody = asked_to_ask_nobody(login, asks)) return *std::move(nobody);
    Authorization out;
    const auto uri = redirect_of(login, url);
    // Where nothing can be received, the redirect can still be pasted.
    static_cast<void>(reception_.open_at(uri));
    Lines lines(options_.input);
    explain(url);
    wait(uri, lines, login, out);
    reception_.close();
    return out;
  }

 private:
  void say(const std::string& line) const {
    if (options_.say) options_.say(line);
    else std::fputs((line + "\n").c_str(), stderr);
  }

  void explain(const std::string& url) const {
    say("open this page in any browser and log in:");
    say("  " + text::printable(url));
    say(reception_.listening()
            ? "then, if that browser is not on this machine, paste the address that it ends at here, and press Enter"
            : "then paste the address that the browser ends at here, and press Enter");
  }

  void wait(const std::string& uri, Lines& lines, const LoginOptions& login, Authorization& out) {
    const auto deadline = std::chrono::steady_clock::now() + options_.patience;
    const bool listening = reception_.listening();
    do {
      if (login.stopped && login.stopped()) {
        out.why = "interrupted";
        return;
      }
      if (listening) {
        if (const auto location = reception_.wait(slice)) return read_callback(*location, {}, out);
      } else if (!lines.open()) {
        out.why = "standard input ended before a redirect was pasted, and its port is taken by another program";
        return;
      }
      const auto line = lines.next(listening ? milliseconds(0) : slice);
      if (!line || line->empty()) continue;
      if (const auto location = pasted(*line, uri)) return read_callback(*location, {}, out);
      say("that is not it: the address holds 'code=' or 'error='; paste the whole of it");
    } while (std::chrono::steady_clock::now() < deadline);
    out.why = fmt::format("no redirect came or was pasted within {} s", options_.patience.count());
  }

  PrintOptions options_;
  Reception reception_{};
};

}  // namespace

std::unique_ptr<LoginDriver> make_print_driver(PrintOptions options) { return std::make_unique<PrintDriver>(std::move(options)); }

}  // namespace mcprove::oauth
