// Lists as they are answered. Pure.
#pragma once

#include "api/wire/text.hpp"
#include "model/page.hpp"

#include <optional>
#include <string>

namespace banter::api::wire {

/// `,"next":…`
inline void append_next(std::string& out, const std::optional<std::string>& next) {
    out += R"(,"next":)";
    if (next) {
        append_quoted(out, *next);
    } else {
        out += "null";
    }
}

/// `{items, next}`; append(item) writes one.
template <typename Item, typename Append>
void append_page(std::string& out, const model::Page<Item>& page, Append append) {
    out += R"({"items":[)";
    const char* separator = "";
    for (const Item& item : page.items) {
        out += separator;
        append(item);
        separator = ",";
    }
    out += ']';
    append_next(out, page.next);
    out += '}';
}

}  // namespace banter::api::wire
