#include <exception>
#include <limits>
#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "json/json.h"
#include "json/node.h"

namespace mcprove::json {

namespace {

/// Builds values from the events of a parser that keeps its own stack, so that nesting costs no recursion.
class Builder {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  explicit Builder(const Limits& limits) : limits_(limits) {}

  bool null() { return add({}); }
  bool boolean(bool b) { return add(Value::make(b)); }
  bool number_integer(number_integer_t n) { return add(Value::make(n)); }
  bool number_unsigned(number_unsigned_t n) {
    if (n <= static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max()))
      return add(Value::make(static_cast<std::int64_t>(n)));
    return add(wrap(Number{static_cast<double>(n), {}, fmt::format("{}", n)}));
  }
  bool number_float(number_float_t n, const string_t& digits) { return add(wrap(Number{n, {}, digits})); }
  bool string(string_t& s) { return add(wrap(std::move(s))); }
  bool binary(binary_t&) { return false; }
  bool start_object(std::size_t) { return open(Members{}); }
  bool start_array(std::size_t) { return open(Items{}); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(string_t& k) {
    stack_.back().key = std::move(k);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) {
    // The parser's own words quote the text, which may hold a secret.
    error_ = Error{Error::Kind::malformed, fmt::format("not JSON at byte {}", position)};
    return false;
  }

  Result<Value> take() {
    if (!error_.message.empty()) return tl::unexpected(std::move(error_));
    if (duplicates_.empty()) return std::move(root_);
    return wrap(root_.node()->data, std::move(duplicates_));
  }

 private:
  struct Frame {
    std::variant<Items, Members> content{};
    std::string key{};  ///< of the member that is being read
  };

  bool too_large(std::string message) {
    error_ = Error{Error::Kind::too_large, std::move(message)};
    return false;
  }

  bool count() {
    if (++values_ > limits_.values) return too_large(fmt::format("JSON with more than {} values", limits_.values));
    return true;
  }

  bool open(std::variant<Items, Members> content) {
    if (stack_.size() >= limits_.depth) return too_large(fmt::format("JSON nested deeper than {} levels", limits_.depth));
    stack_.push_back({std::move(content), {}});
    return count();
  }

  bool close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    return place(std::visit([](auto& content) { return wrap(std::move(content)); }, frame.content));
  }

  bool add(Value value) { return count() && place(std::move(value)); }

  bool place(Value value) {
    if (stack_.empty()) {
      root_ = std::move(value);
    } else if (auto* items = std::get_if<Items>(&stack_.back().content)) {
      items->push_back(std::move(value));
    } else if (std::get<Members>(stack_.back().content).put(stack_.back().key, std::move(value))) {
      note_duplicate();
    }
    return true;
  }

  void note_duplicate() {
    // More than this tells nobody more, and the pointers of a hostile text could outgrow it.
    constexpr std::size_t most = 64;
    if (duplicates_.size() >= most) return;
    std::string path;
    for (const Frame& frame : stack_) {
      const auto* items = std::get_if<Items>(&frame.content);
      path += items != nullptr ? fmt::format("/{}", items->size()) : pointer_step(frame.key);
    }
    duplicates_.push_back(std::move(path));
  }

  Limits limits_;
  std::vector<Frame> stack_{};
  Value root_{};
  std::vector<std::string> duplicates_{};
  std::size_t values_ = 0;
  Error error_{};
};

}  // namespace

Result<Value> parse(std::string_view text, Limits limits) {
  if (text.size() > limits.bytes) return failure(Error::Kind::too_large, fmt::format("JSON of more than {} bytes", limits.bytes));
  Builder builder(limits);
  nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
  return builder.take();
}

}  // namespace mcprove::json
