#include "storage/sql/message_rows.hpp"

#include "storage/sql/message_codec.hpp"

#include <algorithm>
#include <utility>

namespace banter::sql {

// The primary key.
const Statement message_by_place{"SELECT " BANTER_MESSAGE_COLUMNS "FROM messages WHERE place = $1"};

// reactions_by_user: the user, then a range of places.
const Statement reactions_of_user{
    "SELECT place, emoji FROM reactions WHERE user_id = $1 AND place >= $2 AND place <= $3"};

namespace {

// messages_by_id alone.
constexpr Statement place_by_id{"SELECT place FROM messages WHERE id = $1"};

// The primary key of members.
constexpr Statement find_member{"SELECT 1 FROM members WHERE thread = $1 AND user_id = $2"};

/// Places this near to each other are asked for together.
constexpr model::Seq neighbour_seqs_max = 64;

}  // namespace

model::Message message_from(Row row, model::ThreadId thread) {
    model::Message message;
    message.thread = thread;
    message.seq = seq_of(row.integer());
    message.rev = row.number();
    message.id = row.id<model::MessageId>();
    message.author = row.id<model::UserId>();
    message.nonce = row.id<model::Nonce>();
    message.content = row.text();
    message.mentions = decode_users(row.bytes());
    message.mentions_all = row.flag();
    message.reply_to = row.optional_id<model::MessageId>();
    message.reactions = decode_reactions(row.bytes());
    if (!row.next_is_null()) message.reply_thread = decode_reply_summary(row.bytes());
    message.attachments = decode_files(row.bytes());
    message.created_at = row.time();
    message.edited_at = row.optional_time();
    message.deleted_at = row.optional_time();
    return message;
}

std::vector<model::Message> messages_from(Rows rows, model::ThreadId thread) {
    std::vector<model::Message> messages;
    messages.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) messages.push_back(message_from(rows[i], thread));
    return messages;
}

Task<std::optional<Place>> find_place(Connection& connection, model::MessageId message) {
    Rows rows = co_await connection.query(place_by_id, message);
    if (rows.empty()) co_return std::nullopt;
    co_return rows[0].integer();
}

void mark_mine(std::span<model::Message> messages, Rows rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Row row = rows[i];
        const model::Seq seq = seq_of(row.integer());
        const std::string emoji = row.text();
        for (auto& message : messages) {
            if (message.seq != seq) continue;
            for (auto& reaction : message.reactions) {
                if (reaction.emoji == emoji) reaction.mine = true;
            }
        }
    }
}

Task<std::vector<model::Message>> with_mine(
    Connection& connection,
    std::vector<model::Message> messages,
    std::int64_t thread_number,
    model::UserId viewer
) {
    std::vector<model::Seq> seqs;
    for (const auto& message : messages) {
        if (!message.reactions.empty()) seqs.push_back(message.seq);
    }
    std::sort(seqs.begin(), seqs.end());
    for (std::size_t at = 0; at < seqs.size();) {
        std::size_t last = at;
        while (last + 1 < seqs.size() && seqs[last + 1] - seqs[last] <= neighbour_seqs_max) ++last;
        Rows rows = co_await connection.query(
            reactions_of_user,
            viewer,
            place_of(thread_number, seqs[at]),
            place_of(thread_number, seqs[last])
        );
        mark_mine(messages, std::move(rows));
        at = last + 1;
    }
    co_return messages;
}

bool owns_thread(const model::ThreadView& view) {
    return view.membership && view.membership->role == model::ThreadRole::owner;
}

Task<Mentioned> mentioned_members(
    Connection& connection,
    storage::MentionCandidates candidates,
    bool may_mention_all,
    std::int64_t thread_number,
    std::uint64_t member_count
) {
    Mentioned mentioned;
    mentioned.all =
        candidates.all && (may_mention_all || member_count <= members_to_mention_all_max);
    const std::vector<model::UserId> users = distinct(std::move(candidates.users));
    for (const auto& user : users) {
        const Rows rows = co_await connection.query(find_member, thread_number, user);
        if (!rows.empty()) mentioned.users.push_back(user);
    }
    co_return mentioned;
}

std::vector<model::UserId> distinct(std::vector<model::UserId> users) {
    auto end = users.begin();
    for (const auto& user : users) {
        if (std::find(users.begin(), end, user) == end) *end++ = user;
    }
    users.erase(end, users.end());
    return users;
}

std::optional<Bytes> users_column(std::span<const model::UserId> users) {
    if (users.empty()) return std::nullopt;
    return Bytes{encode_users(users)};
}

std::optional<Bytes> reactions_column(std::span<const model::Reaction> reactions) {
    if (reactions.empty()) return std::nullopt;
    return Bytes{encode_reactions(reactions)};
}

}  // namespace banter::sql
