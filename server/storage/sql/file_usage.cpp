#include "storage/sql/file_usage.hpp"

namespace banter::sql {

namespace {

/// Stands for all users in file_usage.
constexpr model::UserId all_users{};

// The primary key.
constexpr Statement find_usage{"SELECT bytes FROM file_usage WHERE user_id = $1"};
constexpr Statement add_usage{
    "INSERT INTO file_usage (user_id, bytes) VALUES ($1, $2) "
    "ON CONFLICT (user_id) DO UPDATE SET bytes = file_usage.bytes + excluded.bytes"};

Task<std::uint64_t> usage_of(Connection& connection, model::UserId user) {
    Rows rows = co_await connection.query(find_usage, user);
    co_return rows.empty() ? 0 : rows[0].number();
}

}  // namespace

Task<model::FileUsage> read_usage(Connection& connection, model::UserId user) {
    model::FileUsage used;
    used.user_bytes = co_await usage_of(connection, user);
    used.total_bytes = co_await usage_of(connection, all_users);
    co_return used;
}

Task<> count_usage(Connection& connection, model::UserId user, std::int64_t bytes) {
    co_await connection.query(add_usage, user, bytes);
    co_await connection.query(add_usage, all_users, bytes);
}

Task<std::optional<Error>> refused_usage(
    Connection& connection,
    model::FileQuota quota,
    model::UserId user,
    std::uint64_t bytes
) {
    if (!quota.limits()) co_return std::nullopt;
    const model::FileUsage used = co_await read_usage(connection, user);
    co_return model::refused_by(quota, used, bytes);
}

}  // namespace banter::sql
