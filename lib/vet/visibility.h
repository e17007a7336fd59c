#pragma once

#include <vector>

#include "vet/drift.h"

namespace mcprove::vet {

/// Tools that an identity sees and did not see when its server was pinned; see drift(). `server` is left empty.
std::vector<Change> newly_visible(const Pinned& before, const Pinned& now);

}  // namespace mcprove::vet
