#pragma once

#include <string>

#include "engine/options.h"
#include "oauth/grant_store.h"

namespace mcprove::cli {

/// Takes a grant's tokens back at its authorization server (RFC 7009), the refresh token first, if it has one; says in a few
/// words what came of it: "revoked", "not revoked: ...". Never an error: the grant is to go whatever the server says. `options`:
/// CA file and proxy.
std::string taken_back(const oauth::StoredGrant& grant, const Options& options);

}  // namespace mcprove::cli
