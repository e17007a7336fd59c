#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "oauth/callback.h"
#include "oauth/login.h"
#include "oauth/login_pages.h"

namespace mcprove::oauth {

/// One authorization on its way from the first request to its end. Internal to the form driver.
class Walk {
 public:
  Walk(Browser& browser, const LoginOptions& options, const std::optional<Person>& person)
      : browser_(browser), options_(options), person_(person) {}
  Result<Authorization> run(const std::string& url) { return run(Submission{.method = "GET", .url = url}, {}); }
  /// From a form, or a request with fields of its own, on the page `referrer`.
  Result<Authorization> run(Submission first, std::string referrer);

 private:
  /// What is sent next: a URL, or a form with the page it stands on.
  struct Next {
    Submission submission{};
    std::string referrer{};
    std::string purpose{};
  };

  Result<net::Reply> send(const Next& next);
  std::optional<Next> read(const Next& sent, const net::Reply& reply);
  std::optional<Next> redirect(const Next& sent, const net::Url& from, const std::string& location, int status);
  std::optional<Next> page(const net::Url& url, const Page& page, const net::Reply& reply);
  std::optional<Next> answer(PageKind kind, const net::Url& url, const Page& page);
  std::optional<Next> press(PageKind kind, const net::Url& url, Move move);
  std::optional<Next> follow(const std::string& target, Next next);
  std::optional<Next> read_plain(const net::Url& url, const net::Reply& reply);
  std::optional<Next> error_page(int status, const std::string& words);

  bool delivered_by_page(const Page& page);
  bool deliver(const std::string& location, const net::Params& fields);
  bool is_client(const std::string& location) const { return options_.is_client && options_.is_client(location); }
  bool may_type_at(const std::string& url) const { return oauth::may_type_at(options_, url); }
  bool holds_password(const Submission& submission) const;
  std::nullopt_t end(AuthorizeEnd how, std::string why);
  std::nullopt_t foreign_login(const std::string& origin);

  Browser& browser_;
  const LoginOptions& options_;
  const std::optional<Person>& person_;
  Authorization out_{};
  std::map<std::string, int> asked_;        // how often the same thing was asked with the same cookies
  std::map<std::string, int> met_;          // how often a page with this signature was answered
  std::set<std::string> password_sent_to_;  // origins
  int hops_ = 0;
};

}  // namespace mcprove::oauth
