#include "service/read_marks.hpp"

#include "model/limits.hpp"
#include "service/permissions.hpp"
#include "service/refusals.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace banter::service {

namespace {

auto is_in(model::ThreadId thread) {
    return [thread](const storage::ReadMark& mark) { return mark.thread == thread; };
}

/// In small private conversations people see how far the others have read.
bool shows_readers(const model::ThreadView& view) {
    const model::ThreadKind kind = view.thread.kind;
    return (kind == model::ThreadKind::direct || kind == model::ThreadKind::group) &&
           view.member_count <= model::limits::members_told_max;
}

}  // namespace

model::Seq WaitingMarks::advance(const storage::ReadMark& mark, model::Seq stored) {
    if (const auto known = marks_.find(mark.user); known != marks_.end()) {
        auto& marks = known->second;
        const auto waiting = std::find_if(marks.begin(), marks.end(), is_in(mark.thread));
        // What the marker was set back from is over; and of what waits, the newest turn stays.
        if (waiting != marks.end() && waiting->turn < mark.turn) {
            forget(mark.user, mark.thread);
        } else if (waiting != marks.end() && waiting->turn > mark.turn) {
            return std::max(stored, mark.seq);
        } else if (waiting != marks.end()) {
            const model::Seq before = std::max(stored, waiting->seq);
            waiting->seq = std::max(before, mark.seq);
            return before;
        }
    }
    if (mark.seq > stored) marks_[mark.user].push_back(mark);
    return stored;
}

std::vector<storage::ReadMark> WaitingMarks::of(model::UserId user) const {
    const auto known = marks_.find(user);
    return known != marks_.end() ? known->second : std::vector<storage::ReadMark>{};
}

std::vector<storage::ReadMark> WaitingMarks::all() const {
    std::vector<storage::ReadMark> all;
    for (const auto& [user, marks] : marks_) all.insert(all.end(), marks.begin(), marks.end());
    return all;
}

void WaitingMarks::written(const std::vector<storage::ReadMark>& marks) {
    for (const storage::ReadMark& done : marks) {
        const auto known = marks_.find(done.user);
        if (known == marks_.end()) continue;
        std::erase_if(known->second, [&](const storage::ReadMark& mark) {
            return mark.thread == done.thread && mark.seq <= done.seq && mark.turn <= done.turn;
        });
        if (known->second.empty()) marks_.erase(known);
    }
}

void WaitingMarks::forget(model::UserId user, model::ThreadId thread) {
    const auto known = marks_.find(user);
    if (known == marks_.end()) return;
    std::erase_if(known->second, is_in(thread));
    if (known->second.empty()) marks_.erase(known);
}

ReadMarks::ReadMarks(storage::Storage& storage, Sharded<WaitingMarks>& waiting)
    : storage_(storage), waiting_(waiting) {}

Task<Result<ReadState>> ReadMarks::mark(Caller caller, model::ThreadId thread, model::Seq seq) {
    const auto view = co_await storage_.threads.find(thread, caller.user);
    if (!view) co_return no_such_thread();
    if (auto refused = permissions::may_mark_read(caller, *view)) co_return *std::move(refused);

    const model::Seq wanted = std::min(seq, view->thread.seq);
    const storage::ReadMark mark{
        .thread = thread,
        .user = caller.user,
        .seq = wanted,
        .turn = view->membership->read_turn,
    };
    auto advance = [mark, stored = view->membership->read_seq](WaitingMarks& waiting) {
        return waiting.advance(mark, stored);
    };
    const model::Seq before = co_await waiting_.at(waiting_.home_of(caller.user.hash()), advance);

    auto state = co_await state_at(caller, view->thread, std::max(before, wanted));
    if (wanted > before) tell(caller, *view, state);
    co_return state;
}

Task<Result<ReadState>> ReadMarks::set(Caller caller, model::ThreadId thread, model::Seq seq) {
    const auto view = co_await storage_.threads.find(thread, caller.user);
    if (!view) co_return no_such_thread();
    if (auto refused = permissions::may_mark_read(caller, *view)) co_return *std::move(refused);

    auto forget = [user = caller.user, thread](WaitingMarks& waiting) {
        waiting.forget(user, thread);
        return true;
    };
    co_await waiting_.at(waiting_.home_of(caller.user.hash()), forget);

    const model::Seq wanted = std::min(seq, view->thread.seq);
    std::vector<storage::ReadMark> marks{
        {.thread = thread, .user = caller.user, .seq = wanted, .may_go_back = true}};
    co_await storage_.threads.mark_read(std::move(marks));

    auto state = co_await state_at(caller, view->thread, wanted);
    tell(caller, *view, state);
    co_return state;
}

Task<> ReadMarks::settle(model::UserId user) {
    const std::size_t home = waiting_.home_of(user.hash());
    auto read = [user](WaitingMarks& waiting) { return waiting.of(user); };
    auto marks = co_await waiting_.at(home, read);
    if (marks.empty()) co_return;
    try {
        co_await storage_.threads.mark_read(marks);
    } catch (const StorageFailure&) {
        // A full disk must not keep anybody from reading: the marks wait on, and until they are
        // written the marker is shown as it is stored.
        co_return;
    }
    auto confirm = [marks = std::move(marks)](WaitingMarks& waiting) {
        waiting.written(marks);
        return true;
    };
    co_await waiting_.at(home, std::move(confirm));
}

Task<> ReadMarks::settle_all(std::size_t index) {
    WaitingMarks& waiting = waiting_.local(index);
    const auto marks = waiting.all();
    if (marks.empty()) co_return;
    co_await storage_.threads.mark_read(marks);
    waiting.written(marks);
}

Task<ReadState> ReadMarks::state_at(Caller caller, model::Thread thread, model::Seq seq) {
    // A mark that another loop took may be of a newer thread than this one.
    ReadState state{
        .thread = thread.id, .seq = seq, .unread = thread.seq - std::min(seq, thread.seq)};
    if (state.unread > 0) {
        state.mentions = co_await storage_.threads.count_mentions(thread.id, caller.user, seq);
    }
    co_return state;
}

void ReadMarks::tell(Caller caller, const model::ThreadView& view, const ReadState& state) {
    model::ReadUpdate update{
        .thread = state.thread,
        .user = caller.user,
        .seq = state.seq,
        .unread = state.unread,
        .mentions = state.mentions,
        .tells_others = shows_readers(view),
    };
    std::vector<model::SharedEvent> events{
        std::make_shared<const model::Event>(model::Event{.thread = state.thread, .body = update})};
    storage_.bus.publish(std::move(events));
}

}  // namespace banter::service
