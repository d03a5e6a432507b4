// When issuers were asked for their users, in SQL.
#pragma once

#include "storage/identity_check_store.hpp"
#include "storage/sql/database.hpp"

namespace banter::sql {

class SqlIdentityCheckStore final : public storage::IdentityCheckStore {
public:
    explicit SqlIdentityCheckStore(Database& database) : database_(database) {}

    [[nodiscard]] Task<storage::IdentityCheck> find(std::string issuer, std::string subject)
        override;
    [[nodiscard]] Task<bool> claim(
        std::string issuer,
        std::string subject,
        Timestamp now,
        Timestamp until
    ) override;
    [[nodiscard]] Task<> note(
        std::string issuer,
        std::vector<std::string> subjects,
        Timestamp due_at
    ) override;
    [[nodiscard]] Task<std::vector<storage::KnownIdentity>> list(
        std::string issuer,
        std::string after,
        std::size_t count_max
    ) override;
    [[nodiscard]] Task<std::optional<storage::KnownOrganization>> next_organization(
        std::string issuer,
        model::WorkspaceId after
    ) override;
    [[nodiscard]] Task<std::vector<storage::KnownMember>> members(
        model::WorkspaceId organization,
        std::string after,
        std::size_t count_max
    ) override;
    [[nodiscard]] Task<std::optional<storage::IdentitySweep>> claim_sweep(
        std::string name,
        std::int64_t holder,
        Timestamp now,
        Timestamp until
    ) override;
    [[nodiscard]] Task<bool> keep_sweep(storage::IdentitySweep sweep, Timestamp until) override;
    [[nodiscard]] Task<> end_sweep(storage::IdentitySweep sweep, Timestamp due_at) override;

private:
    Database& database_;
};

}  // namespace banter::sql
