// The newest pages of threads that sessions of this loop have joined, kept up with the events that
// they are told: what those sessions can still be given while the database is away. Pure.
#pragma once

#include "service/kept_page.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <list>
#include <optional>

namespace banter::service {

/// It lets nobody in: whoever asks names the rev up to which a session was told of everything, and
/// gets what is of exactly that rev, so nothing that the session was not told already or could have
/// read when it joined. Used from one loop.
class KeptPages {
public:
    /// Beyond `bytes_max` the pages go that were touched longest ago; 0: nothing is kept.
    explicit KeptPages(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    /// What a join has read; since: of one that was resumed.
    void put(model::UserId reader, const Joined& joined, std::optional<model::Rev> since);
    /// To be called with each event as the sessions are told of it, in their order.
    void take(const model::SharedEvent& event);

    /// What a join would read that finds the thread at `told`; users are left out, since their
    /// names may have changed meanwhile. Nothing if not all of that is known here.
    [[nodiscard]] std::optional<Joined> find(
        model::UserId reader,
        model::ThreadId thread,
        model::Rev told,
        std::optional<model::Rev> since
    ) const;

    [[nodiscard]] std::size_t bytes() const { return bytes_; }

private:
    using Order = std::list<KeptPage>;

    void touch(Order::iterator page);
    void drop(Order::iterator page);

    std::size_t bytes_max_;
    std::size_t bytes_ = 0;
    /// Touched last in front.
    Order order_;
    boost::unordered_flat_map<model::ThreadId, Order::iterator> places_;
};

}  // namespace banter::service
