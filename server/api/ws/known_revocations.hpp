// The newest revocations of users that this shard has acted on, so that nobody slips in between the
// check of a token and the moment from which revocations reach its connection. Pure.
#pragma once

#include "model/event.hpp"
#include "service/caller.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace banter::api::ws {

class KnownRevocations {
public:
    /// How many are kept. Checking a token takes milliseconds.
    static constexpr std::size_t kept_max = 1'024;

    /// False if it is known, by the event or by a look at the database, whichever was first. Events
    /// of other nodes may come in another order than that of their numbers.
    bool add(const model::Revocation& revocation);

    /// The database was asked for all up to this number: they are known. Asking anew begins here.
    void note_all_up_to(std::uint64_t number);
    [[nodiscard]] std::uint64_t all_up_to() const { return all_up_to_; }

    /// Why what the caller's token gave has ended since the token was checked; nothing if it has
    /// not.
    [[nodiscard]] std::optional<model::RevocationReason> end_of(const service::Caller& caller
    ) const;

private:
    /// By their numbers.
    std::deque<model::Revocation> kept_;
    std::uint64_t all_up_to_ = 0;
    /// Up to this number they are not kept any more.
    std::uint64_t forgotten_ = 0;
};

}  // namespace banter::api::ws
