// A page stays within its limits, leads only to http and https with its forms, and is classified whatever it says.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "oauth/html.h"
#include "oauth/login.h"
#include "oauth/script_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mcprove;
  const std::string html(data, data + size);
  static const auto base = net::Url::parse("https://as.example/login?x=1");
  const auto page = oauth::read_page(html, *base);
  if (page.text.size() > 4096 || page.forms.size() > 64) std::abort();
  for (const auto& form : page.forms) {
    if (!form.action.empty() && !net::Url::parse(form.action)) std::abort();
    if (form.self_submitting && form.has_password()) std::abort();
  }
  for (const int status : {200, 400, 500}) static_cast<void>(oauth::classify(page, status));
  static_cast<void>(oauth::refresh_target(html));
  static_cast<void>(oauth::location_written(html));
  return 0;
}
