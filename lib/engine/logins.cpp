#include "engine/logins.h"

#include <optional>
#include <utility>

namespace mcprove {

std::unique_ptr<oauth::LoginDriver> make_login_driver(const Identity& identity, oauth::LoginHooks hooks) {
  std::optional<oauth::Person> person;
  if (identity.has_person()) {
    const auto& how = identity.how;
    person = oauth::Person{identity.user, identity.password, how.user_field, how.password_field, how.buttons};
  }
  return oauth::make_login_driver(identity.login, std::move(person), identity.how, std::move(hooks));
}

bool logs_in(const Identity& identity) {
  return identity.has_person() || oauth::finds_its_user(identity.login) || needs_nobody(identity);
}

bool needs_nobody(const Identity& identity) { return identity.client.grant_type != oauth::GrantType::authorization_code; }

bool needs_a_person(const Identity& identity) { return identity.login == "browser" || identity.login == "print"; }

}  // namespace mcprove
