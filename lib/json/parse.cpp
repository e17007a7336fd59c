#include <array>
#include <exception>
#include <functional>
#include <iterator>
#include <limits>
#include <utility>

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
    return add(wrap(Number{static_cast<double>(n), std::make_unique<const std::string>(fmt::format("{}", n))}));
  }
  bool number_float(number_float_t n, const string_t& digits) {
    return add(wrap(Number{n, std::make_unique<const std::string>(digits)}));
  }
  bool string(string_t& s) { return add(s.size() <= longest_known ? known(s) : exact(s)); }
  bool binary(binary_t&) { return false; }
  bool start_object(std::size_t) { return open(true); }
  bool start_array(std::size_t) { return open(false); }
  bool end_object() {
    Members out;
    const auto from = stack_.back().members;
    out.list.reserve(members_.size() - from);
    for (auto at = from; at < members_.size(); ++at) {
      auto& [key, value] = members_[at];
      if (out.put(key, std::move(value))) note_duplicate(key);
    }
    members_.resize(from);
    return close(std::move(out));
  }
  bool end_array() {
    Items out;
    const auto from = items_.begin() + static_cast<std::ptrdiff_t>(stack_.back().items);
    out.list.assign(std::make_move_iterator(from), std::make_move_iterator(items_.end()));
    items_.erase(from, items_.end());
    return close(std::move(out));
  }
  bool key(string_t& k) {
    members_.emplace_back(std::string(k.data(), k.size()), Value());
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) {
    // The parser's own words quote the text, which may hold a secret.
    error_ = Error{Error::Kind::malformed, fmt::format("not JSON at byte {}", position)};
    return false;
  }

  Result<Value> take() {
    if (!error_.message.empty()) return tl::unexpected(std::move(error_));
    return std::move(root_);
  }

 private:
  /// An array or object that is being read, and where in the lists below its own begin.
  struct Frame {
    bool object = false;
    std::size_t items = 0;
    std::size_t members = 0;
  };

  bool too_large(std::string message) {
    error_ = Error{Error::Kind::too_large, std::move(message)};
    return false;
  }

  bool count() {
    if (++values_ > limits_.values) return too_large(fmt::format("JSON with more than {} values", limits_.values));
    return true;
  }

  bool open(bool object) {
    if (stack_.size() >= limits_.depth) return too_large(fmt::format("JSON nested deeper than {} levels", limits_.depth));
    stack_.push_back({object, items_.size(), members_.size()});
    return count();
  }

  template <class List>
  bool close(List list) {
    stack_.pop_back();
    if (stack_.empty() && !duplicates_.empty()) {
      if (!list.rarely) list.rarely = std::make_unique<Rarely>();
      list.rarely->duplicates = std::move(duplicates_);
    }
    return place(wrap(std::move(list)));
  }

  /// As long as it must be; the parser keeps the room that it reads the next one into.
  static Value exact(const string_t& s) { return wrap(std::string(s.data(), s.size())); }

  /// Schemas say "string" and "object" a thousand times: what was read a moment ago is shared, not made anew.
  Value known(const string_t& s) {
    auto& place = known_.at(std::hash<std::string_view>{}(s) % known_.size());
    const auto* last = as<std::string>(place);
    if (last == nullptr || *last != s) place = exact(s);
    return place;
  }

  bool add(Value value) { return count() && place(std::move(value)); }

  bool place(Value value) {
    if (stack_.empty()) {
      root_ = std::move(value);
    } else if (stack_.back().object) {
      members_.back().second = std::move(value);
    } else {
      items_.push_back(std::move(value));
    }
    return true;
  }

  /// In the object that is being closed.
  void note_duplicate(const std::string& key) {
    // More than this tells nobody more, and the pointers of a hostile text could outgrow it.
    constexpr std::size_t most = 64;
    if (duplicates_.size() >= most) return;
    std::string path;
    for (std::size_t i = 0; i + 1 < stack_.size(); ++i) {
      const auto& inner = stack_[i + 1];
      path +=
          stack_[i].object ? pointer_step(members_[inner.members - 1].first) : fmt::format("/{}", inner.items - stack_[i].items);
    }
    duplicates_.push_back(path + pointer_step(key));
  }

  static constexpr std::size_t longest_known = 24;

  Limits limits_;
  std::array<Value, 128> known_{};
  std::vector<Frame> stack_{};
  std::vector<Value> items_{};                            ///< of all arrays that are open, one behind the other
  std::vector<std::pair<std::string, Value>> members_{};  ///< of all objects that are open
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
