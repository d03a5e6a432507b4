// Which of several nodes: one run of one process.
#pragma once

#include <cstdint>

namespace banter::storage {

/// Random.
using NodeId = std::uint64_t;

}  // namespace banter::storage
