// Which signatures of tokens were found right lately, and which wrong, so that a storm of
// reconnections costs each check once, and one token that is none no more.
#pragma once

#include "base/metrics.hpp"
#include "base/sharded.hpp"
#include "service/tokens.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace banter::service {

class CheckedSignatures {
public:
    /// checks: counts the signatures that had to be checked.
    CheckedSignatures(const Loops& loops, metrics::Counter& checks);

    /// Whether `key` has signed the text; on the loop of this index. What one loop has found right
    /// the others know a moment later. A key that counts no more is not asked about: a signature is
    /// remembered with its key, not in its place.
    [[nodiscard]] bool is_signed_by(
        const VerificationKey& key,
        std::string_view signed_text,
        std::string_view signature,
        std::size_t loop
    );

private:
    /// The first half of a SHA-256: nobody finds a second text for one that was signed.
    using Mark = std::array<std::uint64_t, 2>;

    /// Of the latest, 256 for each chunk of 4 KiB; those are taken as they are needed. Never slow
    /// at once, as a table that grows would be.
    class Marks {
    public:
        explicit Marks(std::size_t chunks) : chunks_(chunks) {}
        [[nodiscard]] bool contains(const Mark& mark) const;
        /// In place of the oldest of its bucket.
        void add(const Mark& mark);

    private:
        using Bucket = std::array<Mark, 4>;
        using Chunk = std::array<Bucket, 64>;

        std::vector<std::unique_ptr<Chunk>> chunks_;
    };

    struct Known {
        /// 131,072 in 2 MiB.
        Marks right{512};
        /// 16,384 in 256 KiB, apart from those: whoever makes many up drives out no right one.
        Marks wrong{64};
    };

    [[nodiscard]] static Mark mark_of(
        const VerificationKey& key,
        std::string_view signed_text,
        std::string_view signature
    );

    Sharded<Known> known_;
    metrics::Counter& checks_;
};

}  // namespace banter::service
