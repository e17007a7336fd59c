#include <algorithm>

#include "base/text.h"
#include "oauth/login.h"
#include "oauth/login_pages.h"
#include "oauth/login_words.h"

namespace mcprove::oauth {

namespace {

std::size_t choices(const Page& page) {
  std::size_t count = 0;
  for (const auto& form : page.forms) {
    for (const auto& field : form.fields)
      count += field.type == "submit" || field.type == "image" || field.type == "radio" ? 1 : 0;
  }
  for (const auto& [url, words] : page.links) count += reads_like_chooser(words) || approves(words) ? 1 : 0;
  return count;
}

bool announces_error(const Page& page) {
  if (reads_like_oauth_error(page.title + " " + page.text)) return true;
  const bool titled = text::icontains(page.title, "error") || text::icontains(page.text.substr(0, 80), "error");
  return titled && (text::icontains(page.text, "invalid") || text::icontains(page.text, "bad request") ||
                    text::icontains(page.text, "missing"));
}

}  // namespace

PageKind classify(const Page& page, int status) {
  const auto& forms = page.forms;
  const bool login = std::any_of(forms.begin(), forms.end(), is_login_form);
  const bool consent = std::any_of(forms.begin(), forms.end(), is_consent_form);
  const bool refused = status >= 400 && status < 500 && status != 429;
  if (refused && (!login || reads_like_oauth_error(page.title + " " + page.text))) return PageKind::error;
  const bool password = std::any_of(forms.begin(), forms.end(), [](const Form& form) { return form.has_password(); });
  if (password) return PageKind::login;
  if (!login && reads_like_chooser(page.title + " " + page.text) && choices(page) > 1) return PageKind::chooser;
  if (login) return PageKind::login;
  if (status >= 500 || status == 429) return PageKind::other;
  if (consent) return PageKind::consent;
  if (announces_error(page)) return PageKind::error;
  return choices(page) > 0 ? PageKind::chooser : PageKind::other;
}

}  // namespace mcprove::oauth
