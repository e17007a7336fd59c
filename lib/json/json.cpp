#include "json/json.h"

#include <cmath>

#include "json/node.h"

namespace mcprove::json {

namespace {

constexpr std::size_t indexed_from = 16;

std::optional<std::string> unescape_step(std::string_view step) {
  std::string out;
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (step[i] != '~') {
      out += step[i];
      continue;
    }
    if (++i >= step.size() || (step[i] != '0' && step[i] != '1')) return std::nullopt;
    out += step[i] == '0' ? '~' : '/';
  }
  return out;
}

std::optional<std::size_t> index_step(std::string_view step) {
  constexpr std::size_t most_digits = 9;
  if (step.empty() || step.size() > most_digits || (step.size() > 1 && step.front() == '0')) return std::nullopt;
  std::size_t index = 0;
  for (const char c : step) {
    if (c < '0' || c > '9') return std::nullopt;
    index = index * 10 + static_cast<std::size_t>(c - '0');
  }
  return index;
}

Value step_into(const Value& value, std::string_view step) {
  if (value.is_array()) {
    const auto index = index_step(step);
    return index ? value.at(*index) : Value();
  }
  const auto key = unescape_step(step);
  return key ? value.at(*key) : Value();
}

bool same_number(const Value& a, const Value& b) {
  const auto* whole = as<std::int64_t>(a);
  const auto* other_whole = as<std::int64_t>(b);
  if (whole != nullptr && other_whole != nullptr) return *whole == *other_whole;
  if (a.number() != b.number()) return false;
  if (whole != nullptr || other_whole != nullptr) return true;
  // Two integers beyond 64 bits may share their nearest double.
  const auto one = as<Number>(a)->written();
  const auto other = as<Number>(b)->written();
  return one.empty() || other.empty() || one == other || std::abs(as<Number>(a)->real) < 9e15;
}

bool same_members(const Members& a, const Members& b) {
  if (a.list.size() != b.list.size()) return false;
  for (const auto& [key, value] : a.list) {
    const auto other = b.find(key);
    if (!other || !(b.list[*other].second == value)) return false;
  }
  return true;
}

}  // namespace

std::optional<std::size_t> Members::find(std::string_view key) const {
  if (list.size() >= indexed_from) {
    const auto found = rarely->index.find(key);
    return found == rarely->index.end() ? std::nullopt : std::optional(found->second);
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].first == key) return i;
  }
  return std::nullopt;
}

bool Members::put(std::string& key, Value value) {
  if (const auto at = find(key)) {
    list[*at].second = std::move(value);
    return true;
  }
  list.emplace_back(std::move(key), std::move(value));
  if (list.size() == indexed_from) {
    rarely = std::make_unique<Rarely>();
    for (std::size_t i = 0; i < list.size(); ++i) rarely->index.emplace(list[i].first, i);
  } else if (list.size() > indexed_from) {
    rarely->index.emplace(list.back().first, list.size() - 1);
  }
  return false;
}

Value wrap(decltype(Value::Node::data) data) { return Value(std::make_shared<const Value::Node>(Value::Node{std::move(data)})); }

std::string pointer_step(std::string_view key) {
  std::string out = "/";
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

Value::Value() = default;

Value::Value(std::shared_ptr<const Node> node) : node_(std::move(node)) {}

Value::Type Value::type() const {
  if (!node_) return Type::null;
  constexpr Type types[] = {Type::null, Type::boolean, Type::number, Type::number, Type::string, Type::array, Type::object};
  return types[node_->data.index()];
}

bool Value::has(std::string_view key) const {
  const auto* members = as<Members>(*this);
  return members != nullptr && members->find(key).has_value();
}

Value Value::at(std::string_view key) const {
  const auto* members = as<Members>(*this);
  if (members == nullptr) return {};
  const auto index = members->find(key);
  return index ? members->list[*index].second : Value();
}

Value Value::at(std::size_t index) const {
  const auto* items = as<Items>(*this);
  return items != nullptr && index < items->list.size() ? items->list[index] : Value();
}

std::size_t Value::size() const {
  if (const auto* items = as<Items>(*this)) return items->list.size();
  if (const auto* members = as<Members>(*this)) return members->list.size();
  return 0;
}

std::vector<std::string> Value::keys() const {
  std::vector<std::string> out;
  if (const auto* members = as<Members>(*this)) {
    out.reserve(members->list.size());
    for (const auto& member : members->list) out.push_back(member.first);
  }
  return out;
}

Value Value::pointer(std::string_view path) const {
  Value here = *this;
  while (!path.empty()) {
    if (path.front() != '/') return {};
    path.remove_prefix(1);
    const std::size_t end = path.find('/');
    here = step_into(here, path.substr(0, end));
    path = end == std::string_view::npos ? std::string_view() : path.substr(end);
  }
  return here;
}

std::optional<std::string> Value::string() const {
  const auto* s = as<std::string>(*this);
  return s == nullptr ? std::nullopt : std::optional(*s);
}

std::optional<std::int64_t> Value::integer() const {
  if (const auto* whole = as<std::int64_t>(*this)) return *whole;
  const auto* number = as<Number>(*this);
  if (number == nullptr) return std::nullopt;
  constexpr double limit = 9223372036854775808.0;  // 2^63; doubles below it fit.
  if (!(number->real >= -limit && number->real < limit) || std::trunc(number->real) != number->real) return std::nullopt;
  return static_cast<std::int64_t>(number->real);
}

std::optional<double> Value::number() const {
  if (const auto* whole = as<std::int64_t>(*this)) return static_cast<double>(*whole);
  const auto* number = as<Number>(*this);
  return number == nullptr ? std::nullopt : std::optional(number->real);
}

std::optional<bool> Value::boolean() const {
  const auto* b = as<bool>(*this);
  return b == nullptr ? std::nullopt : std::optional(*b);
}

std::vector<std::string> Value::strings() const {
  std::vector<std::string> out;
  if (const auto* items = as<Items>(*this)) {
    for (const Value& item : items->list) {
      if (const auto* s = as<std::string>(item)) out.push_back(*s);
    }
  }
  return out;
}

const std::vector<std::string>& Value::duplicate_keys() const {
  static const std::vector<std::string> none;
  const auto* items = as<Items>(*this);
  const auto* members = as<Members>(*this);
  const auto* rarely = items != nullptr ? items->rarely.get() : members != nullptr ? members->rarely.get() : nullptr;
  return rarely != nullptr ? rarely->duplicates : none;
}

bool Value::operator==(const Value& other) const {
  if (node_ == other.node_) return true;
  if (type() != other.type()) return false;
  switch (type()) {
    case Type::null: return true;
    case Type::boolean: return *as<bool>(*this) == *as<bool>(other);
    case Type::number: return same_number(*this, other);
    case Type::string: return *as<std::string>(*this) == *as<std::string>(other);
    case Type::array: return as<Items>(*this)->list == as<Items>(other)->list;
    case Type::object: return same_members(*as<Members>(*this), *as<Members>(other));
  }
  return false;
}

Value Value::make(bool b) {
  static const Value yes = wrap(true);
  static const Value no = wrap(false);
  return b ? yes : no;
}

Value Value::make(std::int64_t n) { return wrap(n); }

Value Value::make(double n) {
  // JSON has no infinities; ECMAScript writes them as null.
  return std::isfinite(n) ? wrap(Number{n, {}}) : Value();
}

Value Value::make(std::string_view s) { return wrap(std::string(s)); }

Value Value::array(std::vector<Value> items) { return wrap(Items{std::move(items), {}}); }

Value Value::object(std::vector<std::pair<std::string, Value>> members) {
  Members out;
  out.list.reserve(members.size());
  for (auto& [key, value] : members) out.put(key, std::move(value));
  return wrap(std::move(out));
}

Value Value::with(std::string_view key, Value value) const {
  std::vector<std::pair<std::string, Value>> out;
  if (const auto* members = as<Members>(*this)) {
    out.reserve(members->list.size() + 1);
    out = members->list;
  }
  out.emplace_back(key, std::move(value));
  return object(std::move(out));
}

Value Value::without(std::string_view key) const {
  const auto* members = as<Members>(*this);
  if (members == nullptr || !members->find(key)) return *this;
  auto out = members->list;
  std::erase_if(out, [&](const auto& member) { return member.first == key; });
  return object(std::move(out));
}

Value strings(const std::vector<std::string>& items) {
  std::vector<Value> values;
  values.reserve(items.size());
  for (const std::string& item : items) values.push_back(str(item));
  return Value::array(std::move(values));
}

}  // namespace mcprove::json
