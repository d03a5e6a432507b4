// Which number a taken name gets, in few looks: of people whom their issuer gives no names
// thousands are called the same, and whoever comes next must not try the numbers of all of them.
// Pure.
#pragma once

#include <cstdint>
#include <optional>

namespace banter::sql {

/// Numbers from 2 on, where 1 is taken. Finds one that is free behind one that is taken: as long as
/// those that are taken have no gaps, the lowest.
class FreeNumber {
public:
    /// To be looked at next.
    [[nodiscard]] std::uint64_t next() const {
        return free_ ? taken_ + (*free_ - taken_) / 2 : taken_ * 2;
    }
    /// What the look at next() has shown.
    void note(bool is_taken) {
        const std::uint64_t looked_at = next();
        if (is_taken) {
            taken_ = looked_at;
        } else {
            free_ = looked_at;
        }
    }
    [[nodiscard]] std::optional<std::uint64_t> found() const {
        return free_ && *free_ == taken_ + 1 ? free_ : std::nullopt;
    }

private:
    std::uint64_t taken_ = 1;
    std::optional<std::uint64_t> free_;
};

}  // namespace banter::sql
