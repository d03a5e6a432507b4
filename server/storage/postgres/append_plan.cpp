#include "storage/postgres/append_plan.hpp"

#include "storage/sql/file_rows.hpp"
#include "storage/sql/new_message.hpp"

namespace banter::postgres {

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
            append.answer = sql::nonce_reused();
        }
        return;
    }
    const auto same = by_nonce_.find({wanted.author, wanted.nonce});
    if (same != by_nonce_.end()) {
        if (rows[same->second].append->message.request_hash == wanted.request_hash) {
            echoes.push_back({&append, same->second});
        } else {
            append.answer = sql::nonce_reused();
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
        return sql::no_message_to_reply_to();
    }
    auto files = take_files(wanted);
    if (!files) return files.error();
    const auto is_member = [&](const model::UserId& user) {
        return facts_.is_member(wanted.thread, user);
    };
    return sql::new_message(wanted, row, *std::move(files), is_member);
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
