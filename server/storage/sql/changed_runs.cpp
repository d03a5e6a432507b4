#include "storage/sql/changed_runs.hpp"

#include <algorithm>
#include <optional>

namespace banter::sql {

namespace {

// The primary key.
constexpr Statement runs_from{
    "SELECT first_place, last_place FROM changed_runs WHERE last_place >= $1 "
    "ORDER BY last_place LIMIT $2"};
constexpr Statement drop_run{"DELETE FROM changed_runs WHERE last_place = $1"};
constexpr Statement lengthen_run{"UPDATE changed_runs SET first_place = $2 WHERE last_place = $1"};

constexpr Statement add_run{"INSERT INTO changed_runs (first_place, last_place) VALUES ($1, $2)"};

/// Walking over so many messages costs less than another statement that begins behind them.
constexpr Place short_run_max = 16;

Task<std::vector<PlaceRange>> read_runs(Connection& connection, Place first, std::size_t count) {
    Rows rows = co_await connection.query(runs_from, first, count);
    std::vector<PlaceRange> runs;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Row row = rows[i];
        const Place first_place = row.integer();
        runs.push_back({first_place, row.integer()});
    }
    co_return runs;
}

}  // namespace

Task<> note_changed(Connection& connection, Place place) {
    // The one that ends before the place, if there is one, and the one that ends at or after it.
    auto runs = co_await read_runs(connection, place - 1, 2);
    PlaceRange run{place, place};
    const bool touches_before = !runs.empty() && runs.front().last == place - 1;
    if (touches_before) {
        run.first = runs.front().first;
        runs.erase(runs.begin());
    }
    if (!runs.empty() && runs.front().first <= place) co_return;
    if (touches_before) co_await connection.query(drop_run, place - 1);
    if (!runs.empty() && runs.front().first == place + 1) {
        co_await connection.query(lengthen_run, runs.front().last, run.first);
    } else {
        co_await connection.query(add_run, run.first, run.last);
    }
}

Task<std::vector<PlaceRange>> ranges_around_runs(
    Connection& connection,
    PlaceRange within,
    std::size_t count
) {
    const auto runs = co_await read_runs(connection, within.first, count + 1);
    // Before each run but the first is a message that is in none.
    if (runs.size() > count) within.last = std::min(within.last, runs.back().first - 1);
    co_return around(within, runs);
}

std::vector<PlaceRange> around(PlaceRange within, const std::vector<PlaceRange>& runs) {
    std::vector<PlaceRange> ranges;
    for (const PlaceRange& run : runs) {
        if (run.last - run.first < short_run_max) continue;
        const PlaceRange before{within.first, std::min(run.first - 1, within.last)};
        if (before.first <= before.last) ranges.push_back(before);
        within.first = std::max(within.first, run.last + 1);
    }
    if (within.first <= within.last) ranges.push_back(within);
    return ranges;
}

}  // namespace banter::sql
