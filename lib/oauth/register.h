#pragma once

#include <optional>
#include <string>

#include "base/redactor.h"
#include "base/result.h"
#include "jose/jwk.h"
#include "net/recorder.h"
#include "oauth/registration.h"

namespace mcprove::oauth {

/// What a client may be registered as, beyond the document.
struct RegistrationChoices {
  std::string auth_method{};       ///< this one only; empty: what the metadata lists, the simplest first
  std::optional<jose::Key> key{};  ///< of private_key_jwt; empty: a fresh one is made where it is needed
  bool confidential = false;       ///< a public client is of no use: grants without a person
  std::string initial_access_token{};
};

/// Most requests that one call sends: servers count registrations.
inline constexpr int most_registrations = 4;

/// Registers, and where the server refuses a choice that is ours to make (how to authenticate, native or web, how the
/// loopback redirect is written) goes on with the next one, by what its error complains of. Error::registration when it is
/// refused for good, rate_limited when it is for now.
Result<Client> register_with_fallbacks(net::Recorder& recorder, Redactor& redactor, const ServerMetadata& server,
                                       const Registration& wanted, const RegistrationChoices& choices);

}  // namespace mcprove::oauth
