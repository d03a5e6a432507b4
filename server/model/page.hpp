// Lists come in pages.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace banter::model {

/// `next` is what the next page is asked for with: opaque to clients, made and read by the store.
template <typename T>
struct Page {
    std::vector<T> items;
    std::optional<std::string> next;
};

struct PageRequest {
    std::optional<std::string> cursor;
    /// 1 to limits::page_max.
    std::size_t limit = 50;
};

}  // namespace banter::model
