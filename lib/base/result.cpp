#include "base/result.h"

namespace mcprove {

std::string_view name(Error::Kind kind) {
  switch (kind) {
    case Error::Kind::network: return "network";
    case Error::Kind::timeout: return "timeout";
    case Error::Kind::tls: return "tls";
    case Error::Kind::too_large: return "too_large";
    case Error::Kind::malformed: return "malformed";
    case Error::Kind::out_of_scope: return "out_of_scope";
    case Error::Kind::budget: return "budget";
    case Error::Kind::wait: return "wait";
    case Error::Kind::rate_limited: return "rate_limited";
    case Error::Kind::blocked: return "blocked";
    case Error::Kind::login: return "login";
    case Error::Kind::unavailable: return "unavailable";
    case Error::Kind::registration: return "registration";
    case Error::Kind::oracle: return "oracle";
    case Error::Kind::interrupted: return "interrupted";
    case Error::Kind::usage: return "usage";
  }
  return "unknown";
}

}  // namespace mcprove
