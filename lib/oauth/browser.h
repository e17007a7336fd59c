#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "net/recorder.h"
#include "oauth/cookies.h"
#include "oauth/html.h"

namespace mcprove::oauth {

/// A form about to be sent, open to bending.
struct Submission {
  std::string method = "POST";
  std::string url{};
  net::Params fields{};
  std::string enctype{};   ///< of the form; "multipart/form-data" is honoured, anything else is urlencoded
  net::Headers headers{};  ///< further fields, which no form sends but a script of the page may
};

/// Enough of a browser for login pages: GET and form POST with one cookie jar, one hop at a time. Redirects are not
/// followed by themselves; the caller sees each.
class Browser {
 public:
  Browser(net::Recorder& recorder, Clock& clock, CookieJar& jar) : recorder_(recorder), clock_(clock), jar_(jar) {}
  Result<net::Reply> get(const std::string& url, const std::string& purpose);
  Result<net::Reply> submit(const Submission& form, const std::string& referrer, const std::string& purpose);
  /// A request as a script of the page makes it: with the cookies, and keeping those that come back.
  Result<net::Reply> send(net::Request request);
  CookieJar& jar() { return jar_; }
  Clock& clock() { return clock_; }
  net::Recorder& recorder() { return recorder_; }

 private:
  net::Recorder& recorder_;
  Clock& clock_;
  CookieJar& jar_;
};

}  // namespace mcprove::oauth
