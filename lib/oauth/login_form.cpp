#include <utility>

#include "oauth/login.h"
#include "oauth/login_walk.h"

namespace mcprove::oauth {

namespace {

class FormDriver final : public LoginDriver {
 public:
  explicit FormDriver(std::optional<Person> person) : person_(std::move(person)) {}
  std::string name() const override { return "form"; }
  Result<Authorization> authorize(Browser& browser, const std::string& url, const LoginOptions& options) override {
    return Walk(browser, options, person_).run(url);
  }

 private:
  std::optional<Person> person_;
};

}  // namespace

std::unique_ptr<LoginDriver> make_form_driver(std::optional<Person> person) {
  return std::make_unique<FormDriver>(std::move(person));
}

}  // namespace mcprove::oauth
