// Threads and members in SQL.
#pragma once

#include "storage/sql/database.hpp"
#include "storage/thread_store.hpp"

namespace banter::sql {

class SqlThreadStore final : public storage::ThreadStore {
public:
    explicit SqlThreadStore(Database& database) : database_(database) {}

    [[nodiscard]] Task<Result<model::ThreadView>> create(storage::NewThread thread) override;
    [[nodiscard]] Task<Result<storage::FoundOrMade>> find_or_make_direct(storage::NewThread thread
    ) override;
    [[nodiscard]] Task<Result<storage::FoundOrMade>> find_or_make_reply(
        storage::NewReplyThread thread,
        storage::ThreadRule rule
    ) override;
    [[nodiscard]] Task<Result<model::ThreadView>> change(
        model::ChangeThread change,
        model::UserId caller,
        Timestamp now,
        storage::ThreadRule rule
    ) override;
    [[nodiscard]] Task<Result<model::Member>> set_member(
        storage::MemberChange change,
        storage::MemberRule rule
    ) override;
    [[nodiscard]] Task<Result<model::ThreadView>> remove_member(
        storage::MemberChange change,
        storage::MemberRule rule
    ) override;
    [[nodiscard]] Task<Result<model::Page<model::Member>>> members(
        model::ThreadId thread,
        model::UserId viewer,
        model::PageRequest page,
        storage::ThreadRule rule
    ) override;
    [[nodiscard]] Task<Result<model::ThreadView>> set_preferences(
        storage::Preferences preferences,
        storage::ThreadRule rule
    ) override;
    [[nodiscard]] Task<Result<model::ThreadView>> hide(
        model::ThreadId thread,
        model::UserId user,
        storage::ThreadRule rule
    ) override;
    [[nodiscard]] Task<std::vector<model::ThreadId>> watched(
        model::UserId user,
        storage::Watch watch
    ) override;
    [[nodiscard]] Task<std::optional<model::ThreadView>> find(
        model::ThreadId thread,
        model::UserId viewer
    ) override;
    /// A cursor that is not of this list's making ends the list.
    [[nodiscard]] Task<model::Page<model::ThreadView>> list(
        model::UserId member,
        model::PageRequest page
    ) override;
    [[nodiscard]] Task<model::Page<model::ThreadView>> discover(
        model::WorkspaceId workspace,
        model::UserId viewer,
        std::string query,
        model::PageRequest page
    ) override;
    [[nodiscard]] Task<Result<model::ThreadView>> join(
        model::ThreadId thread,
        model::UserId user,
        Timestamp now,
        storage::ThreadRule rule
    ) override;
    Task<> mark_read(std::vector<storage::ReadMark> marks) override;
    [[nodiscard]] Task<std::uint32_t> count_mentions(
        model::ThreadId thread,
        model::UserId user,
        model::Seq above
    ) override;

private:
    Database& database_;
};

}  // namespace banter::sql
