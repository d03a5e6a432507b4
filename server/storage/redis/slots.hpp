// Which of a cluster's servers has which channel: a channel is in one of 16,384 slots, and each
// slot has an owner. Pure.
#pragma once

#include "storage/redis/options.hpp"
#include "storage/redis/resp.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::redis {

inline constexpr std::size_t slot_count = 16'384;

/// As Redis reckons: of what stands between the first { and the next }, if something does.
[[nodiscard]] std::size_t slot_of(std::string_view channel);

class SlotMap {
public:
    /// asked  who answered: it may call itself nothing
    /// Returns  nothing if that is no answer to CLUSTER SLOTS
    [[nodiscard]] static std::optional<SlotMap> parse(const Reply& answer, const Place& asked);

    /// Nothing: nobody has it.
    [[nodiscard]] const Place* owner(std::size_t slot) const;

    [[nodiscard]] const std::vector<Place>& primaries() const { return primaries_; }
    /// And their replicas.
    [[nodiscard]] const std::vector<Place>& nodes() const { return nodes_; }

    /// A channel that this primary has, the same one whoever asks.
    [[nodiscard]] std::string beat_channel(const Place& primary) const;

private:
    [[nodiscard]] bool add(const Reply& range, const Place& asked);

    static constexpr std::uint16_t nobody = 0xffff;

    /// Of each slot, the place of its owner in primaries_.
    std::vector<std::uint16_t> owners_ = std::vector<std::uint16_t>(slot_count, nobody);
    std::vector<Place> primaries_;
    std::vector<Place> nodes_;
};

}  // namespace banter::redis
