#include <fmt/format.h>

#include "base/text.h"
#include "oauth/login.h"

namespace mcprove::oauth {

namespace {

std::string_view kind_of(PageKind kind) {
  switch (kind) {
    case PageKind::login: return "login";
    case PageKind::consent: return "consent";
    case PageKind::chooser: return "choice";
    case PageKind::error: return "error";
    case PageKind::other: return "page";
  }
  return "page";
}

/// Without the query, which may hold a code or a ticket.
std::string place(const std::string& url) {
  const auto parsed = net::Url::parse(url);
  return text::one_line(parsed ? parsed->origin() + parsed->path : url.substr(0, url.find_first_of("?#")), 120);
}

std::string shown(const PageSeen& page) {
  return fmt::format("{} '{}' at {}", kind_of(page.kind), text::one_line(page.title, 60), place(page.url));
}

}  // namespace

std::string told(std::string_view driver, const Authorization& authorization) {
  const auto& pages = authorization.pages;
  if (authorization.end == AuthorizeEnd::code) {
    if (pages.empty()) return fmt::format("{}: {}, no page was shown", driver, authorization.why);
    std::string seen;
    for (const auto& page : pages) seen += (seen.empty() ? "" : ", ") + shown(page);
    return text::one_line(fmt::format("{}: {} after {}", driver, authorization.why, seen), 400);
  }
  const auto why = authorization.why.empty() ? std::string("the authorization did not end") : authorization.why;
  if (pages.empty()) return fmt::format("{}: {}", driver, why);
  return fmt::format("{}: {}; the last page was the {}", driver, why, shown(pages.back()));
}

}  // namespace mcprove::oauth
