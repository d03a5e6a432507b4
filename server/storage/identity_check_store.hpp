// When an issuer elsewhere was asked for its users, so that nodes and restarts don't ask it again.
#pragma once

#include "base/clock.hpp"
#include "base/task.hpp"
#include "model/id.hpp"
#include "model/user.hpp"

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

/// One of the issuer's that somebody of has been here, or that was told of.
struct KnownOrganization {
    model::WorkspaceId workspace;
    /// What the issuer calls it.
    std::string organization;
};

/// Who is a member of an organization as far as is known here.
struct KnownMember {
    std::string subject;
    model::WorkspaceRole role = model::WorkspaceRole::member;
    /// By the issuer's clock, of the newest word on the role; zero: nothing was said.
    Timestamp role_at;
};

/// A walk through what is known of an issuer, by one node at a time.
struct IdentitySweep {
    /// Of the walk, for all nodes.
    std::string name;
    /// Of the claim, random: what a node does after another has taken over counts no more.
    std::int64_t holder = 0;
    /// What was looked at last, in the words of who walks; empty: nothing was.
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

    /// The first organization of the issuer whose workspace's id comes after that one, of those
    /// that are not gone.
    [[nodiscard]] virtual Task<std::optional<KnownOrganization>> next_organization(
        std::string issuer,
        model::WorkspaceId after
    ) = 0;

    /// Those who have not left, in the order of the bytes of their subjects.
    [[nodiscard]] virtual Task<std::vector<KnownMember>> members(
        model::WorkspaceId organization,
        std::string after,
        std::size_t count_max
    ) = 0;

    /// Claims the sweep of that name until then. Nothing: it is not due, or claimed. A sweep that
    /// a node did not end goes on where that was.
    [[nodiscard]] virtual Task<std::optional<IdentitySweep>> claim_sweep(
        std::string name,
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
