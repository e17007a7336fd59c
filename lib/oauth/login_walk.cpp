#include "oauth/login_walk.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "net/answer.h"
#include "oauth/login_words.h"
#include "oauth/script_text.h"
#include "oauth/token_json.h"

namespace mcprove::oauth {

namespace {

constexpr int max_hops = 40;
constexpr int max_repeats = 2;

bool same_place(const std::string& a, const net::Url& b) {
  const auto url = net::Url::parse(a);
  return url && url->same_origin(b);
}

/// A login over HTTP authentication: a page in its way, not a refusal.
bool asks_http_login(const net::Response& response) {
  if (response.status != 401) return false;
  const auto fields = response.headers.all("WWW-Authenticate");
  return std::any_of(fields.begin(), fields.end(), [](const std::string& field) {
    const auto scheme = text::lower(field.substr(0, 9));
    return scheme.starts_with("basic") || scheme.starts_with("digest") || scheme.starts_with("negotiate") ||
           scheme.starts_with("ntlm");
  });
}

std::string signature(PageKind kind, const net::Url& url, const Page& page) {
  auto out = fmt::format("{} {}{}", static_cast<int>(kind), url.origin(), url.path);
  for (const auto& form : page.forms) {
    for (const auto& field : form.fields) out += " " + field.name + "=" + (field.type == "hidden" ? "" : field.value);
  }
  return out;
}

std::string named(const Page& page) { return text::one_line(page.title.empty() ? page.text : page.title, 80); }

}  // namespace

std::nullopt_t Walk::end(AuthorizeEnd how, std::string why) {
  out_.end = how;
  out_.why = std::move(why);
  return std::nullopt;
}

std::nullopt_t Walk::foreign_login(const std::string& origin) {
  out_.login_origin_refused = true;
  return end(AuthorizeEnd::page, fmt::format("a login at {}, which is not an origin to type a password into", origin));
}

bool Walk::holds_password(const Submission& submission) const {
  if (!person_ || person_->password.empty()) return false;
  const auto& fields = submission.fields.fields();
  return std::any_of(fields.begin(), fields.end(), [&](const auto& field) { return field.second == person_->password; });
}

Result<Authorization> Walk::run(Submission begin, std::string referrer) {
  const net::Recorder::Capture capture;
  std::optional<Next> next =
      Next{std::move(begin), std::move(referrer), options_.purpose.empty() ? "authorization request" : options_.purpose};
  bool first = true;
  while (next) {
    const auto sent = *std::move(next);
    const auto reply = send(sent);
    if (!reply && first) return tl::unexpected(reply.error());
    first = false;
    if (reply) {
      out_.last = reply->id;
      next = read(sent, *reply);
    } else {
      next = end(AuthorizeEnd::unclear, fmt::format("{}: {}", name(reply.error().kind), reply.error().message));
    }
  }
  out_.exchanges = capture.exchanges();
  return std::move(out_);
}

Result<net::Reply> Walk::send(const Next& next) {
  const auto& form = next.submission;
  if (form.method == "GET" && form.fields.empty() && form.headers.fields.empty()) return browser_.get(form.url, next.purpose);
  if (holds_password(form)) {
    if (const auto url = net::Url::parse(form.url)) password_sent_to_.insert(url->origin());
  }
  return browser_.submit(form, next.referrer, next.purpose);
}

std::optional<Walk::Next> Walk::read(const Next& sent, const net::Reply& reply) {
  const auto& response = reply.response;
  const auto url = net::Url::parse(sent.submission.url);
  if (!url) return end(AuthorizeEnd::unclear, "a URL that cannot be read");
  const auto location = response.headers.find("Location");
  const int status = response.status;
  if (location && (status == 301 || status == 302 || status == 303 || status == 307 || status == 308)) {
    return redirect(sent, *url, *location, status);
  }
  if (net::oddity(response) == net::Oddity::rate_limited)
    return end(AuthorizeEnd::unclear, fmt::format("{}: rate limited", status));
  if (net::oddity(response) == net::Oddity::blocked)
    return end(AuthorizeEnd::unclear, fmt::format("{}: blocked by a firewall", status));
  if (status >= 500) return end(AuthorizeEnd::unclear, fmt::format("{}: server error", status));
  if (status < 200 || (status >= 300 && status < 400))
    return end(AuthorizeEnd::unclear, fmt::format("{} without a Location", status));
  if (const auto refresh = response.headers.find("Refresh")) {
    if (const auto target = refresh_target(*refresh)) return redirect(sent, *url, *target, 303);
  }
  if (!net::is_html(response) && net::media_type(response) != "application/xhtml+xml") {
    return asks_http_login(response) ? end(AuthorizeEnd::page, "a login by HTTP authentication") : read_plain(*url, reply);
  }
  const auto shown = read_page(response.body, *url);
  if (asks_http_login(response) && shown.forms.empty()) return end(AuthorizeEnd::page, "a login by HTTP authentication");
  return page(*url, shown, reply);
}

std::optional<Walk::Next> Walk::redirect(const Next& sent, const net::Url& from, const std::string& location, int status) {
  const auto target = net::resolve(from, text::trim(location));
  if (deliver(target ? target->raw : location, {})) {
    out_.location = location;
    return std::nullopt;
  }
  if (!target) {
    out_.location = location;
    return end(AuthorizeEnd::unclear, "a redirect to something that is no http URL");
  }
  Next next{{.method = "GET", .url = target->raw}, {}, "redirect"};
  if (status == 307 || status == 308) {
    next.submission = sent.submission;
    next.submission.url = target->raw;
    next.referrer = sent.referrer;
    // The form's fields go along: to a place where they may not be typed, they must not be sent either.
    if (holds_password(next.submission) && !may_type_at(target->raw)) return foreign_login(target->origin());
  }
  return follow(target->raw, std::move(next));
}

std::optional<Walk::Next> Walk::follow(const std::string& target, Next next) {
  const auto url = net::Url::parse(target);
  if (!url) return end(AuthorizeEnd::unclear, "a redirect to something that is no http URL");
  if (++hops_ > max_hops) return end(AuthorizeEnd::unclear, fmt::format("more than {} redirects", max_hops));
  const auto key = fmt::format("{} {} {} {}", next.submission.method, url->text(), next.submission.fields.encode(),
                               browser_.jar().header_for(*url, browser_.clock().now()));
  if (++asked_[key] > max_repeats) return end(AuthorizeEnd::unclear, "a redirect loop");
  auto& scope = browser_.recorder().scope();
  // Where the target is our own machine, so is whatever logs people in for it.
  if (options_.any_loopback_origin && url->is_loopback_host()) scope.found_origin(url->origin(), net::Reach::honest);
  if (scope.reach(url->origin()) == net::Reach::none) {
    out_.location = target;
    return end(AuthorizeEnd::unclear, fmt::format("a redirect to {}, which is not in scope", url->origin()));
  }
  out_.hops.push_back(url->text());
  return next;
}

bool Walk::deliver(const std::string& location, const net::Params& fields) {
  const bool other_scheme = !net::Url::parse(location) && location.find(':') != std::string::npos;
  if (!other_scheme && !is_client(location)) return false;
  read_callback(location, fields, out_);
  return true;
}

bool Walk::delivered_by_page(const Page& page) {
  for (const auto& form : page.forms) {
    if (!form.self_submitting || form.action.empty()) continue;
    const auto fields = as_it_is(form).fields;
    const auto as_query = form.action + (form.action.find('?') == std::string::npos ? "?" : "&") + fields.encode();
    if (!is_client(as_query)) continue;
    deliver(as_query, fields);
    out_.location = form.action;
    out_.redirect_target = form.action.substr(0, form.action.find_first_of("?#"));
    return true;
  }
  if (!page.refresh.empty() && deliver(page.refresh, {})) return true;
  // What shows a button may be asking still; a link to the client is then the way out of it.
  if (page.has_controls) return false;
  if (!page.script_location.empty() && deliver(page.script_location, {})) return true;
  return std::any_of(page.links.begin(), page.links.end(), [&](const auto& link) {
    return link.first.find("code=") != std::string::npos && is_client(link.first) && deliver(link.first, {});
  });
}

std::optional<Walk::Next> Walk::page(const net::Url& url, const Page& shown, const net::Reply& reply) {
  auto kind = classify(shown, reply.response.status);
  const auto named_field = [&](const Form& form) { return has_field_of(form, *person_); };
  if (person_ && kind != PageKind::error && std::any_of(shown.forms.begin(), shown.forms.end(), named_field))
    kind = PageKind::login;
  PageSeen seen{.kind = kind, .url = url.text(), .exchange = reply.id, .title = shown.title};
  for (const auto& form : shown.forms) seen.form_actions.push_back(form.action);
  if (delivered_by_page(shown)) return std::nullopt;
  for (const auto& form : shown.forms) {
    if (!form.self_submitting || form.action.empty()) continue;
    auto submission = as_it_is(form);
    if (holds_password(submission) && !may_type_at(submission.url)) return foreign_login(submission.url);
    return follow(form.action, {std::move(submission), url.text(), "form that submits itself"});
  }
  if (!shown.refresh.empty() && kind != PageKind::login && !(kind == PageKind::consent && shown.has_controls)) {
    return follow(shown.refresh, {{.method = "GET", .url = shown.refresh}, {}, "redirect"});
  }
  out_.pages.push_back(std::move(seen));
  if (kind == PageKind::error) return error_page(reply.response.status, shown.title + " " + shown.text);
  if (static_cast<int>(out_.pages.size()) > options_.max_pages)
    return end(AuthorizeEnd::page, fmt::format("more than {} pages", options_.max_pages));
  return answer(kind, url, shown);
}

std::optional<Walk::Next> Walk::answer(PageKind kind, const net::Url& url, const Page& shown) {
  const bool again = ++met_[signature(kind, url, shown)] > max_repeats;
  std::string why;
  std::optional<Move> move;
  switch (kind) {
    case PageKind::login: {
      const bool password =
          std::any_of(shown.forms.begin(), shown.forms.end(), [](const Form& form) { return form.has_password(); });
      if (password && password_sent_to_.contains(url.origin())) {
        return end(AuthorizeEnd::page, "the login page came back after the password was sent: user or password refused");
      }
      if (options_.interaction == Interaction::none)
        return end(AuthorizeEnd::page, fmt::format("a login page: {}", named(shown)));
      if (!may_type_at(url.text())) return foreign_login(url.origin());
      if (!person_) return end(AuthorizeEnd::page, "a login page, and nobody to log in: name who with --user");
      move = answer_login(shown, *person_, why);
      break;
    }
    case PageKind::consent:
      if (options_.interaction != Interaction::full)
        return end(AuthorizeEnd::page, fmt::format("a consent page: {}", named(shown)));
      move = answer_consent(shown, person_ ? person_->buttons : std::vector<std::string>{}, why);
      break;
    case PageKind::chooser:
      if (options_.interaction == Interaction::none)
        return end(AuthorizeEnd::page, fmt::format("a page to choose from: {}", named(shown)));
      move = answer_chooser(shown, person_, why);
      break;
    case PageKind::error:
    case PageKind::other:
      if (shown.needs_script)
        return end(AuthorizeEnd::page,
                   "a page that shows nothing without JavaScript; --login webdriver runs it in a browser, --login json "
                   "and --login script go around it");
      return end(AuthorizeEnd::unclear, fmt::format("a page that is no login, consent or error: {}", named(shown)));
  }
  if (!move) return end(AuthorizeEnd::page, why);
  if (again) return end(AuthorizeEnd::page, "the same page came back after it was answered");
  if (move->consents && options_.interaction != Interaction::full)
    return end(AuthorizeEnd::page, "login and consent on one page");
  return press(kind, url, *std::move(move));
}

std::optional<Walk::Next> Walk::press(PageKind kind, const net::Url& url, Move move) {
  auto& submission = move.submission;
  if ((move.typed_user || move.typed_password) && !may_type_at(submission.url)) {
    const auto action = net::Url::parse(submission.url);
    return foreign_login(action ? action->origin() : "nowhere");
  }
  if (options_.at_form) options_.at_form(submission, kind);
  if (holds_password(submission) && !may_type_at(submission.url)) return foreign_login(text::one_line(submission.url, 120));
  std::string purpose = kind == PageKind::login ? "login form" : kind == PageKind::consent ? "consent form" : "choice";
  const auto target = net::Url::parse(submission.url);
  if (target && same_place(url.raw, *target)) return Next{std::move(submission), url.text(), std::move(purpose)};
  const auto elsewhere = submission.url;
  return follow(elsewhere, {std::move(submission), url.text(), std::move(purpose)});
}

std::optional<Walk::Next> Walk::error_page(int status, const std::string& words) {
  const auto shown = text::one_line(words, 120);
  if (!password_sent_to_.empty() && !reads_like_oauth_error(words) && reads_like_wrong_password(words)) {
    return end(AuthorizeEnd::page, fmt::format("{}: user or password refused: {}", status, shown));
  }
  const bool about_the_request = status < 400 || reads_like_oauth_error(words);
  // These speak about the page, its size or the moment, unless their words say otherwise.
  const bool beside_the_point = status == 404 || status == 405 || status == 408 || status == 410 || status == 413 ||
                                status == 414 || status == 425 || status == 431;
  if (beside_the_point && !about_the_request) return end(AuthorizeEnd::unclear, fmt::format("{}: {}", status, shown));
  return end(AuthorizeEnd::error_page, fmt::format("{} error page: {}", status, shown));
}

std::optional<Walk::Next> Walk::read_plain(const net::Url& url, const net::Reply& reply) {
  const auto& response = reply.response;
  const auto error = error_of(response);
  out_.pages.push_back({.kind = response.status >= 400 || !error.code.empty() ? PageKind::error : PageKind::other,
                        .url = url.text(),
                        .exchange = reply.id});
  if (!error.code.empty() && !is_passing(error.code)) {
    return end(AuthorizeEnd::error_page,
               fmt::format("{} error: {}", response.status, text::one_line(error.code + " " + error.description, 120)));
  }
  if (response.status >= 400) return error_page(response.status, response.body.substr(0, 2048));
  if (reads_like_oauth_error(response.body.substr(0, 2048)) && !net::is_json(response))
    return error_page(response.status, response.body.substr(0, 2048));
  return end(AuthorizeEnd::unclear, fmt::format("{} with {} instead of a page", response.status,
                                                net::media_type(response).empty() ? "nothing" : net::media_type(response)));
}

}  // namespace mcprove::oauth
