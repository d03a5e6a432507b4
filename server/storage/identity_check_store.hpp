// When an issuer elsewhere was asked for its users, so that nodes and restarts don't ask it again.
#pragma once

#include "base/clock.hpp"
#include "base/task.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace banter::storage {

struct IdentityCheck {
    /// By the issuer's clock, of the news that were taken last; zero: none were.
    Timestamp updated_at;
    /// When the issuer is to be asked again; zero: it was never asked.
    Timestamp due_at;
    /// It has said that there is nobody any more, and nothing follows from what it says later.
    bool gone = false;
};

struct KnownIdentity {
    std::string subject;
    /// As in IdentityCheck.
    Timestamp updated_at;
};

/// A walk through all known identities of an issuer, by one node at a time.
struct IdentitySweep {
    std::string issuer;
    /// Of the claim, random: what a node does after another has taken over counts no more.
    std::int64_t holder = 0;
    /// The last subject that was looked at; empty: none was.
    std::string after;
};

class IdentityCheckStore {
public:
    virtual ~IdentityCheckStore() = default;

    [[nodiscard]] virtual Task<IdentityCheck> find(std::string issuer, std::string subject) = 0;

    /// False: it is not due, or somebody else has just claimed it. True: it is due again at
    /// `until`, unless `note` says otherwise.
    [[nodiscard]] virtual Task<bool> claim(
        std::string issuer,
        std::string subject,
        Timestamp now,
        Timestamp until
    ) = 0;

    /// They were asked for, and are due again then.
    [[nodiscard]] virtual Task<> note(
        std::string issuer,
        std::vector<std::string> subjects,
        Timestamp due_at
    ) = 0;

    /// Those who have been here and are not gone, in the order of the bytes of their subjects.
    [[nodiscard]] virtual Task<std::vector<KnownIdentity>> list(
        std::string issuer,
        std::string after,
        std::size_t count_max
    ) = 0;

    /// Claims the sweep of the issuer until then. Nothing: it is not due, or claimed. A sweep that
    /// a node did not end goes on where that was.
    [[nodiscard]] virtual Task<std::optional<IdentitySweep>> claim_sweep(
        std::string issuer,
        std::int64_t holder,
        Timestamp now,
        Timestamp until
    ) = 0;

    /// The sweep has come as far as `after` says, and stays claimed until then. False: another node
    /// has it.
    [[nodiscard]] virtual Task<bool> keep_sweep(IdentitySweep sweep, Timestamp until) = 0;

    /// The sweep is through: the next one is due then. Nothing if another node has it.
    [[nodiscard]] virtual Task<> end_sweep(IdentitySweep sweep, Timestamp due_at) = 0;
};

}  // namespace banter::storage
