// What an append makes of a message, the same on every driver.
#pragma once

#include "storage/message_store.hpp"
#include "storage/sql/message_rows.hpp"
#include "storage/sql/thread_rows.hpp"

#include <utility>
#include <vector>

namespace banter::sql {

[[nodiscard]] Error no_message_to_reply_to();
[[nodiscard]] Error nonce_reused();

/// The next one in its thread.
///
/// row        the thread as it is under its lock, as the author sees it
/// is_member  bool(const model::UserId&): of the thread, or of the one that its replies belong to
template <typename IsMember>
[[nodiscard]] model::Message new_message(
    const storage::NewMessage& wanted,
    const ThreadRow& row,
    std::vector<model::File> files,
    IsMember is_member
) {
    model::Message message;
    message.id = wanted.id;
    message.thread = wanted.thread;
    message.seq = row.view.thread.seq + 1;
    message.rev = row.view.thread.rev + 1;
    message.author = wanted.author;
    message.nonce = wanted.nonce;
    message.content = wanted.content;
    message.attachments = std::move(files);
    message.reply_to = wanted.reply_to;
    message.created_at = wanted.created_at;
    message.mentions_all =
        wanted.mentions.all && (wanted.may_mention_all || owns_thread(row.view) ||
                                row.view.member_count <= members_to_mention_all_max);
    for (const auto& user : distinct(wanted.mentions.users)) {
        if (is_member(user)) message.mentions.push_back(user);
    }
    return message;
}

}  // namespace banter::sql
