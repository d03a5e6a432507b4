#include "storage/sql/page_cut.hpp"

#include <algorithm>
#include <variant>

namespace banter::sql {

namespace {

/// `count` seqs that end with `last`.
SeqRange ending_with(model::Seq last, std::size_t count) {
    return {last >= count ? last - count + 1 : 1, last};
}

SeqRange starting_with(model::Seq first, std::size_t count) {
    // `first` may be any number that a client thought of.
    const model::Seq last = first > UINT64_MAX - count ? UINT64_MAX : first + count - 1;
    return {first, last};
}

bool keeps_newest(const storage::HistoryPlace& place) {
    return std::holds_alternative<storage::Newest>(place) ||
           std::holds_alternative<storage::Before>(place);
}

std::size_t bytes_of(const std::vector<model::Message>& messages) {
    std::size_t bytes = 0;
    for (const auto& message : messages) bytes += model::wire_size_bound(message);
    return bytes;
}

}  // namespace

SeqRange range_of(
    const storage::HistoryPlace& place,
    std::size_t count_max,
    const model::Thread& thread,
    model::Seq at_time
) {
    SeqRange range;
    if (std::holds_alternative<storage::Newest>(place)) {
        range = ending_with(thread.seq, count_max);
    } else if (const auto* before = std::get_if<storage::Before>(&place)) {
        if (before->seq <= 1) return {};
        range = ending_with(std::min(before->seq - 1, thread.seq), count_max);
    } else if (const auto* after = std::get_if<storage::After>(&place)) {
        if (after->seq >= thread.seq) return {};
        range = starting_with(std::max(after->seq + 1, thread.first_seq), count_max);
    } else if (const auto* around = std::get_if<storage::Around>(&place)) {
        const model::Seq half = count_max / 2;
        const model::Seq first = around->seq > half ? around->seq - half : 1;
        range = starting_with(std::max(first, thread.first_seq), count_max);
        if (range.last > thread.seq) range = ending_with(thread.seq, count_max);
    } else {
        range = starting_with(at_time, count_max);
    }
    range.first = std::max(range.first, thread.first_seq);
    range.last = std::min(range.last, thread.seq);
    return range.first <= range.last ? range : SeqRange{};
}

std::vector<model::Message> cut_to_bytes(
    std::vector<model::Message> messages,
    const storage::HistoryPlace& place,
    std::size_t bytes_max
) {
    std::size_t bytes = bytes_of(messages);
    std::size_t first = 0;
    std::size_t last = messages.size();
    const auto* around = std::get_if<storage::Around>(&place);
    while (bytes > bytes_max && last - first > 1) {
        bool drop_oldest = keeps_newest(place);
        if (around != nullptr) {
            const model::Seq centre =
                std::clamp(around->seq, messages[first].seq, messages[last - 1].seq);
            drop_oldest = centre - messages[first].seq > messages[last - 1].seq - centre;
        }
        bytes -= model::wire_size_bound(drop_oldest ? messages[first++] : messages[--last]);
    }
    messages.resize(last);
    messages.erase(messages.begin(), messages.begin() + static_cast<std::ptrdiff_t>(first));
    return messages;
}

}  // namespace banter::sql
