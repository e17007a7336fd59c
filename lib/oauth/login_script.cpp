#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/child.h"
#include "base/text.h"
#include "oauth/callback.h"
#include "oauth/logins.h"
#include "oauth/reception.h"

namespace mcprove::oauth {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t most_output = 64U << 10U;
constexpr milliseconds slice{100};

/// The variables that the operator named, besides those that any command needs.
std::map<std::string, std::string> environment_with(const std::vector<std::string>& names) {
  auto out = plain_environment();
  for (const auto& name : names) {
    if (const char* value = std::getenv(name.c_str()); value != nullptr) out[name] = value;
  }
  return out;
}

class ScriptDriver final : public LoginDriver {
 public:
  explicit ScriptDriver(ScriptOptions options) : options_(std::move(options)) {}
  std::string name() const override { return "script"; }

  Result<Authorization> authorize(Browser&, const std::string& url, const LoginOptions& login) override {
    if (auto nobody = asked_to_ask_nobody(login, "a script always logs in")) return *std::move(nobody);
    Authorization out;
    Command command{.argv = options_.command, .environment = environment_with(options_.environment)};
    command.argv.push_back(url);
    // Once it has answered there is nothing to wait for.
    const auto child = MCPROVE_TRY(
        Child::start(command, {.line = most_output, .last_line = true, .farewell = milliseconds(0), .grace = milliseconds(200)}));
    listen(*child, login, out);
    const auto errors = text::trim(child->errors());
    if (out.location.empty() && !errors.empty()) out.why += fmt::format("; it said '{}'", text::one_line(errors, 120));
    return out;
  }

 private:
  /// To the first line that is a redirect with an answer; a script may say other things before it.
  void listen(Child& child, const LoginOptions& login, Authorization& out) const {
    const auto deadline = std::chrono::steady_clock::now() + options_.patience;
    std::size_t heard = 0;
    std::string last;
    for (;;) {
      if (login.stopped && login.stopped()) out.why = "interrupted";
      else if (std::chrono::steady_clock::now() >= deadline)
        out.why = fmt::format("the command printed no redirect within {} s", options_.patience.count());
      else if (heard > most_output) out.why = fmt::format("the command printed more than {} kB", most_output >> 10U);
      if (!out.why.empty()) return;
      const auto line = child.next_line(std::min(deadline, std::chrono::steady_clock::now() + slice));
      if (!line && line.error().kind == Error::Kind::timeout) continue;
      if (!line) {
        out.why = fmt::format("{}, and no redirect with a code or an error was printed{}", line.error().message,
                              last.empty() ? "" : fmt::format(", but '{}'", text::one_line(last, 80)));
        return;
      }
      heard += line->size() + 1;
      if (read_redirect(*line, out)) return;
      if (!text::trim(*line).empty()) last = *line;
    }
  }

  static bool read_redirect(const std::string& line, Authorization& out) {
    const std::string location(text::trim(line));
    if (location.find(':') == std::string::npos) return false;
    Authorization read;
    read_callback(location, {}, read);
    if (read.end != AuthorizeEnd::code && read.end != AuthorizeEnd::redirect_error) return false;
    out = std::move(read);
    return true;
  }

  ScriptOptions options_;
};

}  // namespace

std::unique_ptr<LoginDriver> make_script_driver(ScriptOptions options) {
  return std::make_unique<ScriptDriver>(std::move(options));
}

}  // namespace mcprove::oauth
