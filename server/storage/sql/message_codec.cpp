#include "storage/sql/message_codec.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace banter::sql {

namespace {

/// Which of the optional members of a message follow.
enum Presence : std::uint8_t {
    mentions_all = 1,
    reply_to = 2,
    edited = 4,
    deleted = 8,
    reply_thread = 16,
    attachments = 32
};

class Encoder {
public:
    explicit Encoder(std::size_t expected) { out_.reserve(expected); }

    void number(std::uint64_t value) {
        while (value >= 0x80) {
            out_.push_back(static_cast<char>(value | 0x80));
            value >>= 7;
        }
        out_.push_back(static_cast<char>(value));
    }
    void text(std::string_view text) {
        number(text.size());
        out_.append(text);
    }
    template <typename Tag>
    void id(const model::Id<Tag>& id) {
        out_.append(id.uuid.bytes.begin(), id.uuid.bytes.end());
    }
    void key(const model::ObjectKey& key) { out_.append(key.bytes.begin(), key.bytes.end()); }
    void time(Timestamp time) {
        number(static_cast<std::uint64_t>(time.time_since_epoch().count()));
    }

    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    std::string out_;
};

/// Reads what an Encoder of this program, or of an older version's, wrote; anything else is damage.
class Decoder {
public:
    explicit Decoder(std::string_view bytes) : rest_(bytes) {}

    [[nodiscard]] bool at_end() const { return rest_.empty(); }

    [[nodiscard]] std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0;; shift += 7) {
            CHECK(shift < 64);
            const auto byte = static_cast<std::uint8_t>(take(1).front());
            value |= std::uint64_t{byte & 0x7FU} << shift;
            if (byte < 0x80) return value;
        }
    }
    [[nodiscard]] std::string text() { return std::string(take(number())); }
    template <typename Id>
    [[nodiscard]] Id id() {
        const std::string_view bytes = take(16);
        Id id;
        std::copy(bytes.begin(), bytes.end(), id.uuid.bytes.begin());
        return id;
    }
    [[nodiscard]] model::ObjectKey key() {
        const std::string_view bytes = take(16);
        model::ObjectKey key;
        std::copy(bytes.begin(), bytes.end(), key.bytes.begin());
        return key;
    }
    [[nodiscard]] Timestamp time() {
        return Timestamp{std::chrono::milliseconds{static_cast<std::int64_t>(number())}};
    }

private:
    [[nodiscard]] std::string_view take(std::size_t size) {
        CHECK(size <= rest_.size());
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    std::string_view rest_;
};

void encode(Encoder& out, const model::FileVariant& variant) {
    out.key(variant.object);
    out.text(variant.media_type);
    out.number(variant.width);
    out.number(variant.height);
    out.number(variant.bytes);
}

model::FileVariant decode_variant(Decoder& in) {
    model::FileVariant variant;
    variant.object = in.key();
    variant.media_type = in.text();
    variant.width = static_cast<std::uint32_t>(in.number());
    variant.height = static_cast<std::uint32_t>(in.number());
    variant.bytes = in.number();
    return variant;
}

void encode(Encoder& out, const model::File& file) {
    out.id(file.id);
    out.key(file.object);
    out.text(file.name);
    out.text(file.media_type);
    out.number(file.bytes);
    out.number(file.picture ? 1 : 0);
    if (file.picture) {
        out.number(file.picture->width);
        out.number(file.picture->height);
        out.text(file.picture->thumbhash);
    }
    out.text(encode_variants(file.variants));
}

model::File decode_file(Decoder& in) {
    model::File file;
    file.id = in.id<model::FileId>();
    file.object = in.key();
    file.name = in.text();
    file.media_type = in.text();
    file.bytes = in.number();
    if (in.number() != 0) {
        model::PictureFacts& picture = file.picture.emplace();
        picture.width = static_cast<std::uint32_t>(in.number());
        picture.height = static_cast<std::uint32_t>(in.number());
        picture.thumbhash = in.text();
    }
    file.variants = decode_variants(in.text());
    return file;
}

void encode(Encoder& out, const model::Message& message) {
    std::uint8_t presence = 0;
    if (message.mentions_all) presence |= mentions_all;
    if (message.reply_to) presence |= reply_to;
    if (message.edited_at) presence |= edited;
    if (message.deleted_at) presence |= deleted;
    if (message.reply_thread) presence |= reply_thread;
    if (!message.attachments.empty()) presence |= attachments;
    out.number(presence);
    out.number(message.seq);
    out.number(message.rev);
    out.id(message.id);
    out.id(message.author);
    out.id(message.nonce);
    out.text(message.content);
    out.text(encode_users(message.mentions));
    out.text(encode_reactions(message.reactions));
    out.time(message.created_at);
    if (message.reply_to) out.id(*message.reply_to);
    if (message.edited_at) out.time(*message.edited_at);
    if (message.deleted_at) out.time(*message.deleted_at);
    if (message.reply_thread) out.text(encode_reply_summary(*message.reply_thread));
    if (!message.attachments.empty()) out.text(encode_files(message.attachments));
}

model::Message decode(Decoder& in) {
    model::Message message;
    const std::uint64_t presence = in.number();
    message.mentions_all = (presence & mentions_all) != 0;
    message.seq = in.number();
    message.rev = in.number();
    message.id = in.id<model::MessageId>();
    message.author = in.id<model::UserId>();
    message.nonce = in.id<model::Nonce>();
    message.content = in.text();
    message.mentions = decode_users(in.text());
    message.reactions = decode_reactions(in.text());
    message.created_at = in.time();
    if ((presence & reply_to) != 0) message.reply_to = in.id<model::MessageId>();
    if ((presence & edited) != 0) message.edited_at = in.time();
    if ((presence & deleted) != 0) message.deleted_at = in.time();
    if ((presence & reply_thread) != 0) message.reply_thread = decode_reply_summary(in.text());
    if ((presence & attachments) != 0) message.attachments = decode_files(in.text());
    return message;
}

}  // namespace

std::string encode_users(std::span<const model::UserId> users) {
    Encoder out(users.size() * 16);
    for (const auto& user : users) out.id(user);
    return out.take();
}

std::vector<model::UserId> decode_users(std::string_view bytes) {
    std::vector<model::UserId> users;
    users.reserve(bytes.size() / 16);
    Decoder in(bytes);
    while (!in.at_end()) users.push_back(in.id<model::UserId>());
    return users;
}

std::string encode_reactions(std::span<const model::Reaction> reactions) {
    Encoder out(reactions.size() * 48);
    for (const auto& reaction : reactions) {
        out.text(reaction.emoji);
        out.number(reaction.count);
        out.number(reaction.users.size());
        for (const auto& user : reaction.users) out.id(user);
    }
    return out.take();
}

std::vector<model::Reaction> decode_reactions(std::string_view bytes) {
    std::vector<model::Reaction> reactions;
    Decoder in(bytes);
    while (!in.at_end()) {
        model::Reaction& reaction = reactions.emplace_back();
        reaction.emoji = in.text();
        reaction.count = static_cast<std::uint32_t>(in.number());
        const std::uint64_t users = in.number();
        for (std::uint64_t i = 0; i < users; ++i) reaction.users.push_back(in.id<model::UserId>());
    }
    return reactions;
}

std::string encode_reply_summary(const model::ReplySummary& summary) {
    Encoder out(48 + summary.users.size() * 16);
    out.id(summary.thread);
    out.number(summary.count);
    out.time(summary.last_reply_at);
    out.time(summary.changed_at);
    for (const auto& user : summary.users) out.id(user);
    return out.take();
}

model::ReplySummary decode_reply_summary(std::string_view bytes) {
    Decoder in(bytes);
    model::ReplySummary summary;
    summary.thread = in.id<model::ThreadId>();
    summary.count = in.number();
    summary.last_reply_at = in.time();
    summary.changed_at = in.time();
    while (!in.at_end()) summary.users.push_back(in.id<model::UserId>());
    return summary;
}

std::string encode_variants(std::span<const model::FileVariant> variants) {
    Encoder out(variants.size() * 48);
    for (const auto& variant : variants) encode(out, variant);
    return out.take();
}

std::vector<model::FileVariant> decode_variants(std::string_view bytes) {
    std::vector<model::FileVariant> variants;
    Decoder in(bytes);
    while (!in.at_end()) variants.push_back(decode_variant(in));
    return variants;
}

std::string encode_files(std::span<const model::File> files) {
    Encoder out(files.size() * 256);
    for (const auto& file : files) encode(out, file);
    return out.take();
}

std::vector<model::File> decode_files(std::string_view bytes) {
    std::vector<model::File> files;
    Decoder in(bytes);
    while (!in.at_end()) files.push_back(decode_file(in));
    return files;
}

std::string encode_messages(std::span<const model::Message> messages) {
    std::size_t expected = 0;
    for (const auto& message : messages) expected += 80 + message.content.size();
    Encoder out(expected);
    for (const auto& message : messages) encode(out, message);
    return out.take();
}

std::vector<model::Message> decode_messages(std::string_view bytes, model::ThreadId thread) {
    std::vector<model::Message> messages;
    Decoder in(bytes);
    while (!in.at_end()) {
        messages.push_back(decode(in));
        messages.back().thread = thread;
    }
    return messages;
}

}  // namespace banter::sql
