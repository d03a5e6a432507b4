// Values with everything in them, and random ones, for the tests of what is encoded.
#pragma once

#include "base/random.hpp"
#include "model/limits.hpp"
#include "model/message.hpp"
#include "model/thread.hpp"
#include "model/user.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace banter::api::wire::testing {

/// 2026-11-22T06:30:00.123Z
inline constexpr Timestamp a_time{std::chrono::milliseconds{1'795'329'000'123}};

template <typename Id>
Id an_id(std::uint8_t last) {
    Id id{*model::parse_uuid("01900000-0000-7000-8000-000000000000")};
    id.uuid.bytes.back() = last;
    return id;
}

inline model::User a_user() {
    return model::User{
        .id = an_id<model::UserId>(1),
        .workspace = an_id<model::WorkspaceId>(2),
        .role = model::WorkspaceRole::admin,
        .handle = "ada",
        .display_name = "Ada \"L.\"",
        .avatar_url = std::nullopt,
        .bot = false,
        .status = std::nullopt,
        .deleted_at = std::nullopt,
    };
}

inline model::Message a_message() {
    model::Message message;
    message.id = an_id<model::MessageId>(3);
    message.thread = an_id<model::ThreadId>(4);
    message.seq = 1042;
    message.rev = 1310;
    message.author = an_id<model::UserId>(1);
    message.nonce = an_id<model::Nonce>(5);
    message.content = "**hi**\n\"\\\x01\x7f €";
    message.created_at = a_time;
    return message;
}

inline model::File a_file() {
    model::File file;
    file.id = an_id<model::FileId>(6);
    file.object.bytes.back() = 7;
    file.name = "plan \"A\".png";
    file.media_type = "image/png";
    file.bytes = 48'211;
    file.picture = model::PictureFacts{
        .width = 1200, .height = 800, .thumbhash = "1QcSHQRnh493V4dIh4eXh1h4kJUI"};
    model::FileVariant& variant = file.variants.emplace_back();
    variant.object.bytes.back() = 8;
    variant.media_type = "image/webp";
    variant.width = 320;
    variant.height = 213;
    variant.bytes = 9'000;
    return file;
}

inline model::ThreadView a_thread() {
    model::ThreadView view;
    view.thread.id = an_id<model::ThreadId>(4);
    view.thread.workspace = an_id<model::WorkspaceId>(2);
    view.thread.name = "general";
    view.thread.seq = 1042;
    view.thread.rev = 1310;
    view.thread.created_by = an_id<model::UserId>(1);
    view.thread.created_at = a_time;
    view.membership = model::Membership{.read_seq = 1040, .unread = 2, .mentions = 1};
    return view;
}

/// Well-formed UTF-8 of up to `bytes_max` bytes; often control characters, which take the most
/// room.
inline std::string random_text(SeededRandom& random, std::size_t bytes_max) {
    static const std::vector<std::string> pieces = {
        "a",
        " ",
        "\"",
        "\\",
        "\n",
        "\x01",
        "\x1f",
        "\x7f",
        "é",
        "€",
        "🌍",
        "/",
        "<@x>",
    };
    const std::size_t wanted = random.below(bytes_max + 1);
    const bool all_control = random.below(4) == 0;
    std::string text;
    while (true) {
        const std::string& piece = all_control ? pieces[5] : pieces[random.below(pieces.size())];
        if (text.size() + piece.size() > wanted) return text;
        text += piece;
    }
}

template <typename Id>
Id random_id(SeededRandom& random) {
    return Id{model::Uuid{random.bytes<16>()}};
}

inline std::vector<model::UserId> random_users(SeededRandom& random, std::size_t count_max) {
    std::vector<model::UserId> users(random.below(count_max + 1));
    for (auto& user : users) user = random_id<model::UserId>(random);
    return users;
}

inline Timestamp random_time(SeededRandom& random) {
    return Timestamp(std::chrono::milliseconds(random.below(253'402'300'800'000)));
}

inline std::optional<Timestamp> perhaps_time(SeededRandom& random) {
    return random.below(2) == 0 ? std::nullopt : std::optional(random_time(random));
}

inline std::vector<model::File> random_files(SeededRandom& random) {
    std::vector<model::File> files(
        random.below(2) == 0 ? 0 : random.below(model::limits::attachments_max + 1)
    );
    for (model::File& file : files) {
        file = a_file();
        file.bytes = ~std::uint64_t{0};
        file.name = random_text(random, model::limits::file_name_bytes_max);
        if (random.below(2) == 0) file.picture.reset();
        const std::size_t variants_max = 2 * model::limits::variant_widths.size();
        file.variants.resize(random.below(variants_max + 1), a_file().variants.front());
    }
    return files;
}

/// Within the limits of the product, and often at their ends.
inline model::Message random_message(SeededRandom& random) {
    model::Message message;
    message.id = random_id<model::MessageId>(random);
    message.thread = random_id<model::ThreadId>(random);
    message.seq = random.below(2) == 0 ? ~std::uint64_t{0} : random.below(100);
    message.rev = random.below(2) == 0 ? ~std::uint64_t{0} : random.below(100);
    message.author = random_id<model::UserId>(random);
    message.nonce = random_id<model::Nonce>(random);
    const std::size_t bytes_max = random.below(2) == 0 ? 40 : model::limits::content_bytes_max;
    message.content = random_text(random, bytes_max);
    message.attachments = random_files(random);
    message.mentions = random_users(random, model::limits::mentions_max);
    message.mentions_all = random.below(2) == 0;
    if (random.below(2) == 0) message.reply_to = random_id<model::MessageId>(random);
    message.reactions.resize(
        random.below(random.below(4) == 0 ? model::limits::reactions_max + 1 : 3)
    );
    for (auto& reaction : message.reactions) {
        reaction.emoji = random_text(random, model::limits::emoji_bytes_max);
        reaction.count = static_cast<std::uint32_t>(random.below(std::uint64_t{1} << 32));
        reaction.users = random_users(random, model::limits::reaction_users_named_max);
        reaction.mine = random.below(2) == 0;
    }
    message.created_at = random_time(random);
    message.edited_at = perhaps_time(random);
    message.deleted_at = perhaps_time(random);
    return message;
}

}  // namespace banter::api::wire::testing
