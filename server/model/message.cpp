#include "model/message.hpp"

namespace banter::model {

namespace {

/// Member names, ids, numbers and times of a message with nothing in it, rounded up.
constexpr std::size_t envelope_bytes = 640;
constexpr std::size_t quoted_id_bytes = 39;
/// An attachment, and one of its variants, with the longest links that are made.
constexpr std::size_t attachment_bytes = 1200;
constexpr std::size_t variant_bytes = 850;

std::size_t escaped_size(std::string_view text) {
    std::size_t size = text.size();
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        if (byte < 0x20) size += 5;  // \u00XX
        if (letter == '"' || letter == '\\') ++size;
    }
    return size;
}

}  // namespace

std::size_t wire_size_bound(const Message& message) {
    std::size_t size = envelope_bytes + escaped_size(message.content);
    size += message.mentions.size() * quoted_id_bytes;
    for (const File& file : message.attachments) {
        // The name stands in the URL too, percent-encoded, perhaps twice.
        size += attachment_bytes + 9 * escaped_size(file.name);
        size += file.variants.size() * variant_bytes;
    }
    if (message.reply_thread) size += 160 + message.reply_thread->users.size() * quoted_id_bytes;
    for (const Reaction& reaction : message.reactions) {
        size += 64 + escaped_size(reaction.emoji) + reaction.users.size() * quoted_id_bytes;
    }
    return size;
}

}  // namespace banter::model
