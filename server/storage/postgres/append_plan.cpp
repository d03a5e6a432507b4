#include "storage/postgres/append_plan.hpp"

#include "storage/sql/file_rows.hpp"
#include "storage/sql/message_rows.hpp"

namespace banter::postgres {

namespace {

Error no_such_message() { return {Errc::not_found, "replyTo: there is no such message"}; }

Error nonce_reused() { return {Errc::nonce_reused, "nonce: it was used for another message"}; }

}  // namespace

void AppendPlan::decide(std::span<Append* const> batch) {
    for (Append* append : batch) {
        append->answer.reset();
        append->failure = nullptr;
        append->deferred = false;
        try {
            decide(*append);
        } catch (...) {
            append->failure = std::current_exception();
        }
    }
}

void AppendPlan::decide(Append& append) {
    const storage::NewMessage& wanted = append.message;
    const sql::ThreadRow* found = facts_.thread(wanted.thread, wanted.author);
    if (found == nullptr) {
        append.answer = sql::no_such_thread();
        return;
    }
    sql::ThreadRow row = *found;
    const auto head = heads.find(wanted.thread);
    if (head != heads.end()) {
        row.view.thread.seq = head->second.seq;
        row.view.thread.rev = head->second.rev;
    }
    if (auto refused = append.rule(row.view)) {
        append.answer = std::move(*refused);
        return;
    }
    if (const auto* earlier = facts_.earlier(wanted.author, wanted.nonce)) {
        if (earlier->request_hash == wanted.request_hash) {
            repeats.push_back({&append, *earlier});
        } else {
            append.answer = nonce_reused();
        }
        return;
    }
    const auto same = by_nonce_.find({wanted.author, wanted.nonce});
    if (same != by_nonce_.end()) {
        if (rows[same->second].append->message.request_hash == wanted.request_hash) {
            echoes.push_back({&append, same->second});
        } else {
            append.answer = nonce_reused();
        }
        return;
    }
    const bool is_reply = row.view.thread.parent.has_value();
    if (is_reply && head != heads.end()) {
        append.deferred = true;
        return;
    }
    auto message = compose(append, row);
    if (!message) {
        append.answer = std::move(message);
        return;
    }
    heads[wanted.thread] = {row.number, message->seq, message->rev};
    by_nonce_[{wanted.author, wanted.nonce}] = rows.size();
    rows.push_back(
        {&append, std::move(*message), row.number, row.view.membership.has_value(), is_reply}
    );
}

Result<model::Message> AppendPlan::compose(Append& append, const sql::ThreadRow& row) {
    const storage::NewMessage& wanted = append.message;
    if (wanted.reply_to && !facts_.is_in_thread(*wanted.reply_to, row.number)) {
        return no_such_message();
    }
    auto files = take_files(wanted);
    if (!files) return files.error();
    model::Message message;
    message.id = wanted.id;
    message.thread = wanted.thread;
    message.seq = row.view.thread.seq + 1;
    message.rev = row.view.thread.rev + 1;
    message.author = wanted.author;
    message.nonce = wanted.nonce;
    message.content = wanted.content;
    message.attachments = std::move(*files);
    message.reply_to = wanted.reply_to;
    message.created_at = wanted.created_at;
    message.mentions_all =
        wanted.mentions.all && (wanted.may_mention_all || sql::owns_thread(row.view) ||
                                row.view.member_count <= sql::members_to_mention_all_max);
    for (const auto& user : sql::distinct(wanted.mentions.users)) {
        if (facts_.is_member(wanted.thread, user)) message.mentions.push_back(user);
    }
    return message;
}

Result<std::vector<model::File>> AppendPlan::take_files(const storage::NewMessage& wanted) {
    std::vector<model::File> files;
    for (const auto& id : wanted.attachments) {
        const model::File* file = facts_.file(id, wanted.author);
        if (file == nullptr || taken_files_.contains(id)) return sql::no_such_file();
        files.push_back(*file);
    }
    taken_files_.insert(wanted.attachments.begin(), wanted.attachments.end());
    return files;
}

}  // namespace banter::postgres
