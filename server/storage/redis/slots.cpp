#include "storage/redis/slots.hpp"

#include <algorithm>
#include <utility>

namespace banter::redis {

namespace {

/// XMODEM's, as in the specification of Redis Cluster.
std::uint16_t crc16(std::string_view bytes) {
    unsigned crc = 0;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned>(static_cast<unsigned char>(byte)) << 8;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
        crc &= 0xffff;
    }
    return static_cast<std::uint16_t>(crc);
}

/// [host, port, id, …]. Who doesn't know its own host says nothing, or a question mark.
std::optional<Place> parse_node(const Reply& node, const Place& asked) {
    if (node.items.size() < 2) return std::nullopt;
    const std::string& host = node.items[0].text;
    const std::int64_t port = node.items[1].integer;
    if (port < 1 || port > 65'535) return std::nullopt;
    const bool unknown = host.empty() || host == "?";
    return Place{unknown ? asked.host : host, static_cast<std::uint16_t>(port)};
}

std::size_t index_in(std::vector<Place>& places, const Place& place) {
    const auto found = std::find(places.begin(), places.end(), place);
    const auto index = static_cast<std::size_t>(found - places.begin());
    if (found == places.end()) places.push_back(place);
    return index;
}

}  // namespace

std::size_t slot_of(std::string_view channel) {
    const std::size_t open = channel.find('{');
    if (open != std::string_view::npos) {
        const std::size_t close = channel.find('}', open + 1);
        if (close != std::string_view::npos && close > open + 1) {
            channel = channel.substr(open + 1, close - open - 1);
        }
    }
    return crc16(channel) % slot_count;
}

std::optional<SlotMap> SlotMap::parse(const Reply& answer, const Place& asked) {
    SlotMap map;
    if (answer.kind != Reply::Kind::list) return std::nullopt;
    for (const Reply& range : answer.items) {
        if (!map.add(range, asked)) return std::nullopt;
    }
    return map;
}

/// [first slot, last slot, primary, replica, …]
bool SlotMap::add(const Reply& range, const Place& asked) {
    if (range.items.size() < 3) return false;
    const std::int64_t first = range.items[0].integer;
    const std::int64_t last = range.items[1].integer;
    if (first < 0 || last < first || last >= static_cast<std::int64_t>(slot_count)) return false;
    const auto primary = parse_node(range.items[2], asked);
    if (!primary) return false;
    const std::size_t index = index_in(primaries_, *primary);
    std::fill(
        owners_.begin() + first, owners_.begin() + last + 1, static_cast<std::uint16_t>(index)
    );
    for (std::size_t at = 2; at < range.items.size(); ++at) {
        if (const auto node = parse_node(range.items[at], asked)) index_in(nodes_, *node);
    }
    return true;
}

const Place* SlotMap::owner(std::size_t slot) const {
    const std::uint16_t index = owners_[slot];
    return index == nobody ? nullptr : &primaries_[index];
}

std::string SlotMap::beat_channel(const Place& primary) const {
    for (std::size_t number = 0;; ++number) {
        std::string name = "banter:beat:" + std::to_string(number);
        const Place* place = owner(slot_of(name));
        // Names enough for each slot of one that has a single one.
        if ((place != nullptr && *place == primary) || number == 64 * slot_count) return name;
    }
}

}  // namespace banter::redis
