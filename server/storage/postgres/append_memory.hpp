// What a writer knows of threads and their members from the last time it asked about them.
#pragma once

#include "storage/sql/thread_rows.hpp"

#include <cstddef>
#include <map>
#include <utility>

namespace banter::postgres {

/// Threads as members of them saw them, without a promise that they are still so: whoever writes on
/// the strength of it has the database compare (append_at_once). How far a thread has come, where
/// the member has read it up to, and what it is called, is from then in any case.
///
/// Bounded: half of what it may hold is forgotten at a time, that which was not used lately.
class AppendMemory {
public:
    /// One of these is a kilobyte or so.
    static constexpr std::size_t half_max = 1'024;

    /// Null: nothing is known.
    [[nodiscard]] const sql::ThreadRow* find(model::ThreadId thread, model::UserId author);

    /// Only of members, and of threads whose own members decide who writes in them.
    void keep(model::UserId author, const sql::ThreadRow& row);

    [[nodiscard]] std::size_t size() const { return young_.size() + old_.size(); }

private:
    using Key = std::pair<model::ThreadId, model::UserId>;
    using Rows = std::map<Key, sql::ThreadRow>;

    sql::ThreadRow& keep_young(const Key& key, sql::ThreadRow row);

    Rows young_;
    /// Used last before `young_` began. What is in both is newer there.
    Rows old_;
};

}  // namespace banter::postgres
