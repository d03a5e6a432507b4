// What one node tells another arrives as it was, or not at all.
#include "storage/nodes/event_codec.hpp"

#include "base/random.hpp"
#include "model/event.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace banter::nodes {
namespace {

using std::chrono::milliseconds;

constexpr std::uint8_t first_id = 0x10;

/// Fills in ids, times and texts that are all different.
class Filler {
public:
    template <typename Of>
    Of id() {
        Of made;
        made.uuid.bytes.fill(next_++);
        return made;
    }
    Timestamp time() { return Timestamp(milliseconds(1'700'000'000'000 + next_++)); }
    std::string text(std::string_view start) {
        return std::string(start) + std::to_string(next_++);
    }
    model::ObjectKey key() {
        model::ObjectKey made;
        made.bytes.fill(next_++);
        return made;
    }

private:
    std::uint8_t next_ = first_id;
};

model::File file(Filler& fill) {
    model::File made;
    made.id = fill.id<model::FileId>();
    made.object = fill.key();
    made.name = fill.text("name");
    made.media_type = "image/png";
    made.bytes = 5'000'000'000;
    made.picture = model::PictureFacts{.width = 4'000, .height = 3'000, .thumbhash = "\x01\x02"};
    made.variants = {{fill.key(), "image/avif", 320, 240, 9'999}};
    return made;
}

model::Message message(Filler& fill) {
    model::Message made;
    made.id = fill.id<model::MessageId>();
    made.thread = fill.id<model::ThreadId>();
    made.seq = 300;
    made.rev = 70'000;
    made.author = fill.id<model::UserId>();
    made.nonce = fill.id<model::Nonce>();
    made.content = std::string("text with \0 and ü", 18);
    made.attachments = {file(fill), file(fill)};
    made.mentions = {fill.id<model::UserId>()};
    made.mentions_all = true;
    made.reply_to = fill.id<model::MessageId>();
    made.reactions = {{"👍", 2, {fill.id<model::UserId>(), fill.id<model::UserId>()}, true}};
    made.reply_thread = model::ReplySummary{
        .thread = fill.id<model::ThreadId>(),
        .count = 7,
        .last_reply_at = fill.time(),
        .changed_at = fill.time(),
        .users = {fill.id<model::UserId>()},
    };
    made.created_at = fill.time();
    made.edited_at = fill.time();
    made.deleted_at = Timestamp(milliseconds(-1));
    return made;
}

model::Thread thread(Filler& fill) {
    model::Thread made;
    made.id = fill.id<model::ThreadId>();
    made.workspace = fill.id<model::WorkspaceId>();
    made.kind = model::ThreadKind::reply;
    made.visibility = model::Visibility::private_;
    made.name = fill.text("thread");
    made.topic = fill.text("topic");
    made.parent = model::ParentMessage{fill.id<model::ThreadId>(), fill.id<model::MessageId>()};
    made.people = {fill.id<model::UserId>()};
    made.seq = 1;
    made.rev = 2;
    made.access_rev = 3;
    made.first_seq = 4;
    made.created_by = fill.id<model::UserId>();
    made.created_at = fill.time();
    made.archived_at = fill.time();
    return made;
}

model::User user(Filler& fill) {
    model::User made;
    made.id = fill.id<model::UserId>();
    made.workspace = fill.id<model::WorkspaceId>();
    made.role = model::WorkspaceRole::guest;
    made.handle = fill.text("h");
    made.display_name = fill.text("d");
    made.avatar_url = fill.text("u");
    made.bot = true;
    made.status = model::UserStatus{"🏠", fill.text("s"), fill.time()};
    made.deactivated_at = fill.time();
    made.deleted_at = fill.time();
    return made;
}

/// One of each kind, with something in every field.
std::vector<model::Event> all() {
    Filler fill;
    std::vector<model::EventBody> bodies;
    bodies.emplace_back(model::MessageNew{message(fill)});
    bodies.emplace_back(model::MessageUpdate{
        message(fill), model::ReactionChange{"🎉", fill.id<model::UserId>(), true}});
    bodies.emplace_back(model::TypingUpdate{
        fill.id<model::ThreadId>(), fill.id<model::UserId>(), true, milliseconds(6'000)});
    bodies.emplace_back(model::ReadUpdate{
        fill.id<model::ThreadId>(), fill.id<model::UserId>(), 9, 1'000'000'000'000, 3, true});
    bodies.emplace_back(model::ThreadUpdate{thread(fill)});
    bodies.emplace_back(model::MemberUpdate{
        .thread = fill.id<model::ThreadId>(),
        .user = fill.id<model::UserId>(),
        .role = model::ThreadRole::member,
        .level = model::Level::none,
        .muted_until = fill.time(),
        .member_count = 50,
    });
    bodies.emplace_back(model::ThreadRemoved{fill.id<model::ThreadId>(), fill.id<model::UserId>()});
    bodies.emplace_back(model::ThreadActivity{
        fill.id<model::ThreadId>(), 12, {fill.id<model::UserId>()}, true});
    bodies.emplace_back(model::UserUpdate{user(fill)});
    bodies.emplace_back(model::PresenceUpdate{
        fill.id<model::UserId>(), model::Presence::dnd, fill.time()});
    bodies.emplace_back(model::Revocation{
        .number = 77,
        .user = fill.id<model::UserId>(),
        .thread = fill.id<model::ThreadId>(),
        .sign_in = fill.id<model::SignInId>(),
        .others = true,
        .reason = model::RevocationReason::thread_closed,
    });
    std::vector<model::Event> events;
    for (auto& body : bodies) {
        events.push_back({fill.id<model::ThreadId>(), events.size(), std::move(body)});
    }
    return events;
}

std::uint64_t sum_of(std::string_view bytes) {
    // FNV-1a
    std::uint64_t sum = 14695981039346656037U;
    for (const char each : bytes) sum = (sum ^ static_cast<std::uint8_t>(each)) * 1099511628211U;
    return sum;
}

TEST(EventCodec, every_kind_of_event_arrives_as_it_was) {
    const auto events = all();
    ASSERT_EQ(events.size(), std::variant_size_v<model::EventBody>);
    for (const auto& event : events) {
        const std::string bytes = encode(event);
        const auto read = decode(bytes);
        ASSERT_TRUE(read) << event.body.index();
        EXPECT_EQ(read->body.index(), event.body.index());
        EXPECT_EQ(read->thread, event.thread);
        EXPECT_EQ(read->rev, event.rev);
        // Nothing of it is lost: written again it is the same, and nothing in it was empty.
        EXPECT_EQ(encode(*read), bytes);
    }
    const auto& sent = std::get<model::MessageNew>(events[0].body).message;
    const auto read = decode(encode(events[0])).value();
    const auto& got = std::get<model::MessageNew>(read.body).message;
    EXPECT_EQ(got.content, sent.content);
    EXPECT_EQ(got.attachments, sent.attachments);
    EXPECT_EQ(got.reply_thread, sent.reply_thread);
    EXPECT_EQ(got.deleted_at, sent.deleted_at);
    EXPECT_EQ(got.reactions.at(0).users, sent.reactions.at(0).users);
}

TEST(EventCodec, another_layout_has_another_number) {
    std::string bytes;
    for (const auto& event : all()) bytes += encode(event);
    // If this fails, what nodes tell each other has changed: raise `layout`, then take this sum.
    EXPECT_EQ(sum_of(bytes), 873032644041791163U);
}

TEST(EventCodec, what_is_cut_or_too_long_is_nothing) {
    for (const auto& event : all()) {
        const std::string bytes = encode(event);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            EXPECT_FALSE(decode(std::string_view(bytes).substr(0, size))) << size;
        }
        EXPECT_FALSE(decode(bytes + '\0'));
    }
}

TEST(EventCodec, of_another_layout_nothing_is_read) {
    std::string bytes = encode(all().at(6));
    bytes[0] = static_cast<char>(bytes[0] + 1);
    EXPECT_FALSE(decode(bytes));
}

TEST(EventCodec, bytes_that_were_changed_are_an_event_or_nothing) {
    SeededRandom random(7);
    const auto events = all();
    std::size_t read = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::string bytes = encode(events[random.below(events.size())]);
        for (std::uint64_t change = 1 + random.below(3); change > 0; --change) {
            bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
        }
        if (const auto event = decode(bytes)) {
            ++read;
            EXPECT_EQ(decode(encode(*event))->body.index(), event->body.index());
        }
    }
    EXPECT_GT(read, 0U);
}

}  // namespace
}  // namespace banter::nodes
