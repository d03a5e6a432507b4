// No statement of the product reads a table from one end to the other.
#include "storage/contract/every_call.hpp"
#include "storage/sqlite/migrate.hpp"
#include "storage/testing/sqlite_backend.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace banter::storage {

namespace {

/// Every statement that any connection of the process runs, while this exists.
class SeenStatements {
public:
    SeenStatements() {
        current = this;
        sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch));
    }
    ~SeenStatements() {
        sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(watch));
        current = nullptr;
    }

    std::set<std::string> texts() {
        const std::scoped_lock lock(guard_);
        return texts_;
    }

private:
    static int watch(sqlite3* database, const char**, const sqlite3_api_routines*) {
        return sqlite3_trace_v2(database, SQLITE_TRACE_STMT, note, current);
    }
    static int note(unsigned, void* self, void* statement, void*) {
        auto& seen = *static_cast<SeenStatements*>(self);
        const char* text = sqlite3_sql(static_cast<sqlite3_stmt*>(statement));
        const std::scoped_lock lock(seen.guard_);
        if (text != nullptr) seen.texts_.insert(text);
        return 0;
    }

    static inline SeenStatements* current = nullptr;
    std::mutex guard_;
    std::set<std::string> texts_;
};

std::vector<std::string> plan_of(sqlite3* database, const std::string& text) {
    std::vector<std::string> steps;
    sqlite3_stmt* statement = nullptr;
    const std::string question = "EXPLAIN QUERY PLAN " + text;
    if (sqlite3_prepare_v2(database, question.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
        return steps;
    }
    while (sqlite3_step(statement) == SQLITE_ROW) {
        steps.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 3)));
    }
    sqlite3_finalize(statement);
    return steps;
}

/// What may be walked through: results in the making, and the table of one row.
bool is_small(const std::string& step) {
    static const std::set<std::string> small{
        "SCAN CONSTANT ROW",
        "SCAN halving",
        "SCAN found",  // a page, which a LIMIT has ended
        "SCAN unread_mentions",
        "SCAN own_mentions",
        "SCAN common_mentions",
        "SCAN departures",  // the first row is all that is read
        "SCAN i",
        // indexes of nothing but what is still to be done
        "SCAN uploads USING INDEX uploads_dropped",
        "SCAN uploads USING INDEX uploads_with_spent_parts",
        "SCAN files USING INDEX files_unrendered",
    };
    return small.contains(step) || step.starts_with("SCAN (subquery");
}

/// What it puts in order is a page that was found in that order.
bool sorts_page(const std::string& text) { return text.find(") AS found ") != text.npos; }

/// A migration may walk through what it changes.
bool is_of_a_migration(const std::string& text) {
    const auto migrations = sqlite::migrations();
    return std::any_of(migrations.begin(), migrations.end(), [&](const auto& migration) {
        return std::string_view(migration.text).find(text) != std::string_view::npos;
    });
}

struct Watched : SeenStatements, SqliteBackend {
    explicit Watched(std::size_t loops = 1) : SqliteBackend(loops) {}
};

using QueryPlan = EveryCall<Watched>;

}  // namespace

TEST_F(QueryPlan, no_statement_walks_through_a_table) {
    use_everything();
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((backend.directory() / "banter.db").c_str(), &database), SQLITE_OK);
    std::size_t explained = 0;
    for (const auto& text : backend.texts()) {
        if (is_of_a_migration(text)) continue;
        for (const auto& step : plan_of(database, text)) {
            ++explained;
            EXPECT_TRUE(!step.starts_with("SCAN") || is_small(step)) << step << " in: " << text;
            EXPECT_TRUE(!step.starts_with("USE TEMP B-TREE FOR ORDER BY") || sorts_page(text))
                << text;
        }
    }
    sqlite3_close(database);
    EXPECT_GT(explained, 50U);
}

}  // namespace banter::storage
