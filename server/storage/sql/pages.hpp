// Pages of lists that are sorted by a key of their own.
#pragma once

#include "model/page.hpp"
#include "storage/sql/cursor.hpp"
#include "storage/sql/value.hpp"

#include <cstddef>
#include <optional>
#include <utility>

namespace banter::sql {

/// `rows` were asked for with one more than `limit`, which tells whether there is a next page.
/// read(row, cursor) gives the item of a row and leaves its sort key in the cursor.
template <typename Item, typename Read>
[[nodiscard]] model::Page<Item> page_of(Rows rows, std::size_t limit, Read read) {
    model::Page<Item> page;
    Cursor last;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (page.items.size() == limit) {
            page.next = encode_cursor(last);
            break;
        }
        Row row = rows[i];
        page.items.push_back(read(row, last));
    }
    return page;
}

/// Above every id that is made: lists of ids from the newest on begin below it.
inline constexpr model::Uuid above_every_id{
    {0xFF,
     0xFF,
     0xFF,
     0xFF,
     0xFF,
     0xFF,
     0xFF,
     0xFF,
     0xFF,
     0xFF,
     0xFF,
     0xFF,
     0xFF,
     0xFF,
     0xFF,
     0xFF}};

/// Where a page of a list by descending ids begins; nothing for a cursor that is none.
template <typename Id>
[[nodiscard]] std::optional<Id> newest_below(const model::PageRequest& page) {
    if (!page.cursor) return Id{above_every_id};
    const auto cursor = decode_cursor(*page.cursor);
    return cursor ? Id::parse(cursor->text) : std::nullopt;
}

}  // namespace banter::sql
