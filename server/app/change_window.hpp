// What of the recent changes is new since the last look: each look sees the same half minute again,
// because transactions commit late. Pure.
#pragma once

#include "storage/change_store.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <vector>

namespace banter::app {

class ChangeWindow {
public:
    struct Fresh {
        /// Their rev is higher than at the last look.
        std::vector<storage::ChangedThread> heads;
        /// Their access has changed. Given at two looks: a join that was reading at the first one
        /// has read by the second.
        std::vector<model::ThreadId> access;
    };

    /// Takes a look's threads, and forgets those that it doesn't name.
    [[nodiscard]] Fresh take(const std::vector<storage::ChangedThread>& threads);

    /// The thread is as new at the next look.
    void forget(model::ThreadId thread) { known_.erase(thread); }
    void forget_all() { known_.clear(); }

private:
    struct Known {
        model::Rev rev = 0;
        std::uint64_t access_rev = 0;
        unsigned access_looks = 0;
    };

    boost::unordered_flat_map<model::ThreadId, Known> known_;
};

}  // namespace banter::app
