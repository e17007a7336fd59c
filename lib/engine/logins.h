#pragma once

#include <memory>

#include "engine/options.h"
#include "oauth/logins.h"

namespace mcprove {

/// The driver that logs this identity in, as its settings say. Audits, `mcprove login` and `mcprove call` ask here.
std::unique_ptr<oauth::LoginDriver> make_login_driver(const Identity& identity, oauth::LoginHooks hooks);

/// Are tokens had without anybody consenting: by the client's own right, or for an assertion?
bool needs_nobody(const Identity& identity);

/// Did the operator give a way to have a token: a person, a driver that finds one, or a grant that needs nobody?
bool logs_in(const Identity& identity);

/// Does each login need somebody at the keyboard?
bool needs_a_person(const Identity& identity);

}  // namespace mcprove
