#pragma once

#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "net/recorder.h"
#include "oauth/client_plan.h"
#include "oauth/metadata.h"
#include "oauth/token.h"

namespace mcprove::oauth {

/// The identity provider as far as the plan names it; without a token endpoint its metadata is still to be asked for. What
/// the user named may be spoken to from then on.
ServerMetadata identity_provider(const Enterprise& company, net::Scope& scope);

/// RFC 8693 with the ID-JAG profile: the person's ID token for an assertion that is good at one authorization server only,
/// `audience`. Error::login: the provider gave none, or something else.
Result<std::string> id_jag(net::Recorder& recorder, const Signing& signing, const ServerMetadata& provider,
                           const Enterprise& company, const std::string& audience, const std::string& resource,
                           const std::string& scope);

}  // namespace mcprove::oauth
