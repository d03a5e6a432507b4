// Who is typing: told to the others, never stored, gone by itself after limits::typing_lifetime.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "service/caller.hpp"
#include "storage/storage.hpp"

namespace banter::service {

class Typing {
public:
    explicit Typing(storage::Storage& storage) : storage_(storage) {}

    /// Returns not_found, forbidden (no member), rate_limited: at most 2 a second for a thread.
    [[nodiscard]] Task<Result<bool>> update(Caller caller, model::ThreadId thread, bool typing);

private:
    storage::Storage& storage_;
};

}  // namespace banter::service
