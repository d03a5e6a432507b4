// What stays of a file that is read from front to back: moved together in its own memory.
#pragma once

#include "base/check.hpp"
#include "storage/vips/eraser/bytes.hpp"

#include <cstring>

namespace banter::vips {

class Kept {
public:
    explicit Kept(Bytes file) : file_(file) {}

    /// The next part that stays. It lies behind all that were kept before.
    void keep(std::size_t offset, std::size_t size) {
        CHECK(offset >= size_ && fits(file_, offset, size));
        if (offset != size_) std::memmove(file_.data() + size_, file_.data() + offset, size);
        size_ += size;
    }

    [[nodiscard]] Bytes bytes() const { return file_.first(size_); }

private:
    Bytes file_;
    std::size_t size_ = 0;
};

}  // namespace banter::vips
