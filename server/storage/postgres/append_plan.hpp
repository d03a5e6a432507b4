// What a batch of appends comes to, decided from the facts alone: who is refused, who repeats, and
// which messages are new. Pure but for the rules, which are the service's.
#pragma once

#include "storage/postgres/append_facts.hpp"

#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace banter::postgres {

struct NewRow {
    Append* append = nullptr;
    model::Message message;
    std::int64_t thread_number = 0;
    /// The author was one before it: the read marker moves with the message.
    bool author_is_member = false;
    bool is_reply = false;
};

/// An append whose answer is a message that was stored before.
struct Repeat {
    Append* append = nullptr;
    EarlierMessage earlier;
};

/// An append whose answer is a message of the same batch.
struct Echo {
    Append* append = nullptr;
    std::size_t new_row = 0;
};

class AppendPlan {
public:
    explicit AppendPlan(const AppendFacts& facts) : facts_(facts) {}

    /// Decides all, in their order. Leaves an answer with those that are refused, a failure with
    /// those whose rule throws; defers a second message in a reply thread, whose first one may make
    /// members.
    void decide(std::span<Append* const> batch);

    std::vector<NewRow> rows;
    std::vector<Repeat> repeats;
    std::vector<Echo> echoes;

    struct Head {
        std::int64_t number = 0;
        model::Seq seq = 0;
        model::Rev rev = 0;
    };

    /// The heads of the threads that have new messages, as they are to be.
    std::map<model::ThreadId, Head> heads;

private:
    void decide(Append& append);
    [[nodiscard]] Result<model::Message> compose(Append& append, const sql::ThreadRow& row);
    [[nodiscard]] Result<std::vector<model::File>> take_files(const storage::NewMessage& message);

    const AppendFacts& facts_;
    std::map<std::pair<model::UserId, model::Nonce>, std::size_t> by_nonce_;
    std::set<model::FileId> taken_files_;
};

}  // namespace banter::postgres
