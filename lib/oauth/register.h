#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "jose/jwk.h"
#include "oauth/client_plan.h"
#include "oauth/registration.h"

namespace mcprove::oauth {

/// What a client may be registered as, beyond the document.
struct RegistrationChoices {
  std::string auth_method{};       ///< this one only; empty: what the metadata lists, the simplest first
  std::optional<jose::Key> key{};  ///< of private_key_jwt; empty: a fresh one is made where it is needed
  std::string signing_alg{};       ///< of assertions; empty: by the key and the metadata
  bool confidential = false;       ///< a public client is of no use: grants without a person, checks of secrets
  bool any_type = true;            ///< web where native is refused
};
/// What the user's plan says of it, and puts into the document.
RegistrationChoices choices_of(const ClientPlan& plan, Registration& wanted);

/// The document with a public key (RFC 7591 section 2, jwks), and with a software statement (section 2.3).
Registration with_key(Registration wanted, const jose::Key& key);
Registration with_statement(Registration wanted, const std::string& statement);

/// Most requests that one call sends: servers count registrations.
inline constexpr int most_registrations = 4;

/// Sends one registration.
using SendRegistration = std::function<Result<Registered>(const Registration&)>;

/// Registers, and where the server refuses a choice that is ours to make (how to authenticate, native or web, how the
/// loopback redirect is written) goes on with the next one, by what its error complains of. Error::registration when it is
/// refused for good, rate_limited when it is for now; else as `send` failed.
Result<Client> register_with_fallbacks(const SendRegistration& send, const ServerMetadata& server, const Registration& wanted,
                                       const RegistrationChoices& choices);

}  // namespace mcprove::oauth
