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

    /// False if it, or a newer one, is known: they come in the order of their numbers, by the event
    /// or by a look at the database, whichever is first.
    bool add(const model::Revocation& revocation);

    /// The number of the newest; 0: none.
    [[nodiscard]] std::uint64_t newest() const { return newest_; }

    /// Why what the caller's token gave has ended since the token was checked; nothing if it has
    /// not.
    [[nodiscard]] std::optional<model::RevocationReason> end_of(const service::Caller& caller
    ) const;

private:
    std::deque<model::Revocation> kept_;
    std::uint64_t newest_ = 0;
    /// Up to this number they are not kept any more.
    std::uint64_t forgotten_ = 0;
};

}  // namespace banter::api::ws
