// The way back of what was written together.
#pragma once

#include "base/task.hpp"

#include <boost/asio/post.hpp>

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace banter::sql {

/// Resumes the callers of one loop, one after the other; what throws does not keep the others
/// waiting. To be posted to that loop.
///
/// Item  complete() resumes its caller
template <typename Item>
struct Answers {
    Executor loop;
    std::vector<std::unique_ptr<Item>> items;
    std::size_t next = 0;

    void operator()() {
        while (next < items.size()) {
            const std::unique_ptr<Item> item = std::move(items[next++]);
            try {
                item->complete();
            } catch (...) {
                asio::post(loop, std::move(*this));
                throw;
            }
        }
    }
};

}  // namespace banter::sql
