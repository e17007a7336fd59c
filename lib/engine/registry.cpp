#include <algorithm>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "engine/check.h"

namespace mcprove {

const RegisteredCheck* Registry::find(std::string_view id) const {
  const auto it = std::ranges::find_if(checks_, [&](const RegisteredCheck& entry) {
    return entry.id == id ||
           (!id.empty() && std::ranges::find(entry.check->info.former_ids, id) != entry.check->info.former_ids.end());
  });
  return it == checks_.end() ? nullptr : &*it;
}

std::string problem(const Registry& registry) {
  enum class Colour : std::uint8_t { white, grey, black };
  std::map<std::string_view, Colour> colours;
  std::string found;
  const std::function<void(const RegisteredCheck&)> visit = [&](const RegisteredCheck& entry) {
    auto& colour = colours[entry.id];
    if (colour == Colour::grey) found = fmt::format("{}: assumes itself, by way of others", entry.id);
    if (colour != Colour::white || !found.empty()) return;
    colour = Colour::grey;
    for (const auto id : entry.check->info.assumes) {
      if (id.empty()) continue;
      if (const auto* next = registry.find(id)) visit(*next);
      else found = fmt::format("{}: assumes {}, which is no check", entry.id, id);
    }
    colours[entry.id] = Colour::black;
  };
  for (const auto& entry : registry.all()) visit(entry);
  return found;
}

}  // namespace mcprove
