// Access that has ended: what every loop and node acts on, also where the event that told of it got
// lost.
//
// A revocation is written in the transaction of the act that it follows from, by the stores.
#pragma once

#include "base/task.hpp"
#include "model/event.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace banter::storage {

class RevocationStore {
public:
    virtual ~RevocationStore() = default;

    /// Those with a higher number, ascending, at most `count_max`. They become visible in the order
    /// of their numbers.
    [[nodiscard]] virtual Task<std::vector<model::Revocation>> list_after(
        std::uint64_t number,
        std::size_t count_max
    ) = 0;
};

}  // namespace banter::storage
