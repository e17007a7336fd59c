#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "net/answer.h"
#include "oauth/callback.h"
#include "oauth/login_template.h"
#include "oauth/login_walk.h"
#include "oauth/logins.h"

namespace mcprove::oauth {

namespace {

constexpr std::size_t shortest_secret = 16;

/// At a page that the steps may get past; a consent page that was not to be answered is none.
bool stopped_at_a_page(const Authorization& seen) {
  if (!seen.pages.empty() && seen.pages.back().kind == PageKind::consent) return false;
  if (seen.end == AuthorizeEnd::page) return true;
  return seen.end == AuthorizeEnd::unclear && !seen.pages.empty() && seen.pages.back().kind == PageKind::other;
}

Place place_of_body(const LoginStep& step) {
  for (const auto& [name, value] : step.headers) {
    if (!text::iequals(name, "Content-Type")) continue;
    if (text::icontains(value, "json")) return Place::json;
    if (text::icontains(value, "urlencoded")) return Place::form;
    return Place::plain;
  }
  return step.body.starts_with('{') || step.body.starts_with('[') ? Place::json : Place::form;
}

bool meets(int status, const std::string& expected) {
  const auto got = std::to_string(status);
  if (expected.empty()) return status < 400;
  if (expected.size() == 3 && expected.ends_with("xx")) return got.front() == expected.front();
  return got == expected;
}

/// One login on its way through the steps.
class Steps {
 public:
  Steps(Browser& browser, const LoginOptions& options, StepValues values)
      : browser_(browser), options_(options), values_(std::move(values)) {}

  /// The error says which step, and what was wrong with it.
  Result<void> run(const std::vector<LoginStep>& steps) {
    std::size_t number = 0;
    for (const auto& step : steps) {
      ++number;
      if (step.resume) continue;
      auto done = send(step);
      if (!done) return failure(done.error().kind, fmt::format("step {}: {}", number, done.error().message));
    }
    return {};
  }

  /// How the authorization goes on.
  Result<Submission> resume(const std::vector<LoginStep>& steps, const std::string& url) {
    for (const auto& step : steps) {
      if (!step.resume) continue;
      const auto request = MCPROVE_TRY(request_of(step));
      if (!request.body.empty()) return failure(Error::Kind::login, "the step that resumes has a body");
      return Submission{.method = "GET", .url = request.url, .headers = request.headers};
    }
    return Submission{.method = "GET", .url = url};
  }

  bool origin_refused() const { return origin_refused_; }

 private:
  Result<net::Request> request_of(const LoginStep& step) {
    const auto base = MCPROVE_TRY(net::Url::parse(values_.url));
    const auto address = MCPROVE_TRY(expand(step.url, values_, Place::url));
    const auto url = net::resolve(base, address.text);
    if (!url) return failure(Error::Kind::login, fmt::format("'{}' is no http URL", text::one_line(step.url, 120)));
    net::Request request;
    request.method = step.method;
    request.url = url->raw;
    bool password = address.holds_password;
    for (const auto& [name, pattern] : step.headers) {
      auto value = MCPROVE_TRY(expand(pattern, values_, Place::plain));
      password = password || value.holds_password;
      request.headers.add(name, std::move(value.text));
    }
    auto body = MCPROVE_TRY(expand(step.body, values_, place_of_body(step)));
    password = password || body.holds_password;
    request.body = std::move(body.text);
    if (!request.body.empty() && !request.headers.has("Content-Type")) {
      request.headers.add("Content-Type",
                          place_of_body(step) == Place::json ? "application/json" : "application/x-www-form-urlencoded");
    }
    // Where a step goes may come from a hostile answer; where a password goes may not.
    origin_refused_ = password && !may_type_at(options_, url->raw);
    if (origin_refused_) {
      return failure(Error::Kind::login,
                     fmt::format("the password is for {}, which --login-origin does not name", url->origin()));
    }
    return request;
  }

  Result<void> send(const LoginStep& step) {
    auto request = MCPROVE_TRY(request_of(step));
    request.purpose = "login step";
    if (!request.headers.has("Accept")) request.headers.add("Accept", "application/json, */*;q=0.5");
    const auto url = MCPROVE_TRY(net::Url::parse(request.url));
    if (options_.any_loopback_origin && url.is_loopback_host())
      browser_.recorder().scope().found_origin(url.origin(), net::Reach::honest);
    auto reply = browser_.send(std::move(request));
    if (!reply && reply.error().kind == Error::Kind::out_of_scope)
      return failure(Error::Kind::login, fmt::format("{}; name it with --login-origin", reply.error().message));
    if (!reply) return tl::unexpected(reply.error());
    const auto& response = reply->response;
    if (!meets(response.status, step.expect)) {
      return failure(Error::Kind::login, fmt::format("{} {} answered {} instead of {}", step.method, url.origin() + url.path,
                                                     response.status, step.expect.empty() ? "less than 400" : step.expect));
    }
    StepValues::Answer answer{response.headers, {}};
    if (auto parsed = json::parse(response.body)) answer.body = *std::move(parsed);
    hide(answer.body, 0);
    values_.answers.push_back(std::move(answer));
    return {};
  }

  /// Long text without spaces in an answer to a login may be a session, a ticket or a token.
  void hide(const json::Value& value, int depth) {
    if (!options_.hide || depth > 8) return;
    if (const auto text = value.string()) {
      const bool address = text->find("://") != std::string::npos || text->starts_with('/');
      if (text->size() >= shortest_secret && !address && text::words(*text).size() == 1) options_.hide("login_value", *text);
    }
    for (const auto& key : value.keys()) hide(value.at(key), depth + 1);
    for (std::size_t i = 0; value.is_array() && i < value.size() && i < 100; ++i) hide(value.at(i), depth + 1);
  }

  Browser& browser_;
  const LoginOptions& options_;
  StepValues values_;
  bool origin_refused_ = false;
};

class JsonDriver final : public LoginDriver {
 public:
  JsonDriver(std::optional<Person> person, std::vector<LoginStep> steps) : person_(std::move(person)), steps_(std::move(steps)) {}
  std::string name() const override { return "json"; }

  Result<Authorization> authorize(Browser& browser, const std::string& url, const LoginOptions& options) override {
    // A session may be there still; then no step is needed.
    auto before = MCPROVE_TRY(Walk(browser, options, nobody_).run(url));
    if (options.interaction == Interaction::none || !stopped_at_a_page(before)) return before;
    Steps steps(browser, options, values_for(url, before));
    Authorization after;
    const net::Recorder::Capture capture;
    if (auto done = steps.run(steps_); !done) {
      after.end = done.error().kind == Error::Kind::login ? AuthorizeEnd::page : AuthorizeEnd::unclear;
      after.why = done.error().message;
      after.exchanges = capture.exchanges();
    } else if (auto next = steps.resume(steps_, url); !next) {
      after.end = AuthorizeEnd::page;
      after.why = next.error().message;
    } else {
      before.exchanges.insert(before.exchanges.end(), capture.exchanges().begin(), capture.exchanges().end());
      after = MCPROVE_TRY(Walk(browser, options, nobody_).run(*std::move(next), {}));
      if (after.end == AuthorizeEnd::page && !after.pages.empty() && after.pages.back().url == values_page(before))
        after.why = "the steps ran, and the same login page came back";
    }
    after.login_origin_refused = steps.origin_refused();
    went_before(std::move(before), after);
    return after;
  }

 private:
  static std::string values_page(const Authorization& before) { return before.pages.empty() ? "" : before.pages.back().url; }

  StepValues values_for(const std::string& url, const Authorization& before) const {
    StepValues values;
    values.person = person_ ? &*person_ : nullptr;
    values.url = url;
    values.page = values_page(before);
    return values;
  }

  std::optional<Person> person_;
  std::optional<Person> nobody_{};
  std::vector<LoginStep> steps_;
};

}  // namespace

std::unique_ptr<LoginDriver> make_json_driver(std::optional<Person> person, std::vector<LoginStep> steps) {
  return std::make_unique<JsonDriver>(std::move(person), std::move(steps));
}

}  // namespace mcprove::oauth
