#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/json.h"
#include "net/http.h"
#include "net/url.h"
#include "oauth/login.h"

namespace mcprove::oauth {

/// What the templates of login steps may speak of. {user}, {password}, {url} (the authorization request), {page} (the
/// address of the login page that it led to), {page:NAME} (a parameter of that address), {stepN:/pointer} (RFC 6901 into
/// the JSON of the N-th step's answer, from 1), {stepN:header:NAME}. Anything else in braces stays as it is, so that JSON
/// needs no escapes.
struct StepValues {
  const Person* person = nullptr;
  std::string url{};
  std::string page{};
  struct Answer {
    net::Headers headers{};
    json::Value body{};
  };
  std::vector<Answer> answers{};
};

/// How a value is written where it stands.
enum class Place { plain, url, json, form };

struct Expanded {
  std::string text{};
  bool holds_password = false;
};

/// Error::login names the value that is not there.
Result<Expanded> expand(std::string_view pattern, const StepValues& values, Place place);

}  // namespace mcprove::oauth
