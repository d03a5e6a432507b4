#include "storage/memory/thread_order.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>
#include <variant>

namespace banter::memory {

namespace {

model::Seq new_seq_of(const model::Event& event) {
    const auto* fresh = std::get_if<model::MessageNew>(&event.body);
    return fresh == nullptr ? 0 : fresh->message.seq;
}

bool looks_new(const model::Message& message) {
    return !message.edited_at && !message.deleted_at && message.reactions.empty();
}

}  // namespace

void ThreadOrder::offer(
    model::SharedEvent event,
    SteadyTime now,
    std::vector<model::SharedEvent>& ready
) {
    if (event->rev == 0) {
        ready.push_back(std::move(event));
        return;
    }
    const model::Rev rev = event->rev;
    Head& head = head_of(event->thread);
    if (!head.rev || rev == *head.rev + 1) {
        pass(head, std::move(event), ready);
        pass_waiting(head, now, ready);
    } else if (rev <= *head.rev) {
        // Who listens without having joined has not read what was on its way.
        if (*head.rev != head.begun || rev <= head.late) return;
        head.late = rev;
        head.seq = std::max(head.seq, new_seq_of(*event));
        ready.push_back(std::move(event));
    } else {
        head.seen = std::max(head.seen, rev);
        if (head.waiting.size() < limits_.waiting_max) head.waiting.emplace(rev, std::move(event));
        if (!head.deadline) wait_until(head, now + limits_.patience);
    }
}

void ThreadOrder::begin(model::ThreadId thread, model::Rev rev, SteadyTime now) {
    Head& head = head_of(thread);
    if (!head.rev) head.rev = head.begun = rev;
    wait_for(head, rev, now);
}

void ThreadOrder::expect(const KnownHead& known, SteadyTime now) {
    Head& head = head_of(known.thread);
    if (!head.rev) head.rev = known.told;
    wait_for(head, known.rev, now);
}

void ThreadOrder::forget(model::ThreadId thread) {
    const auto found = heads_.find(thread);
    if (found == heads_.end() || found->second.being_read) return;
    if (found->second.deadline) gaps_.erase(std::find(gaps_.begin(), gaps_.end(), thread));
    recent_.erase(found->second.place);
    heads_.erase(found);
}

std::optional<model::Rev> ThreadOrder::told(model::ThreadId thread) const {
    const auto found = heads_.find(thread);
    if (found == heads_.end()) return std::nullopt;
    return found->second.rev;
}

void ThreadOrder::wait_for(Head& head, model::Rev logged, SteadyTime now) {
    head.seen = std::max({head.seen, *head.rev, logged});
    head.logged = std::max(head.logged, logged);
    if (logged <= *head.rev) return;
    const SteadyTime deadline = now + limits_.patience_for_known;
    if (!head.deadline || deadline < *head.deadline) wait_until(head, deadline);
}

/// Whoever reads a gap comes back for what is missing then.
void ThreadOrder::wait_until(Head& head, SteadyTime deadline) {
    if (head.being_read) return;
    if (!head.deadline) gaps_.push_back(*head.place);
    head.deadline = deadline;
}

void ThreadOrder::pass(
    Head& head,
    model::SharedEvent event,
    std::vector<model::SharedEvent>& ready
) {
    head.rev = event->rev;
    head.seen = std::max(head.seen, *head.rev);
    head.seq = std::max(head.seq, new_seq_of(*event));
    ready.push_back(std::move(event));
}

void ThreadOrder::pass_waiting(Head& head, SteadyTime now, std::vector<model::SharedEvent>& ready) {
    while (!head.waiting.empty() && head.waiting.begin()->first <= *head.rev + 1) {
        auto next = head.waiting.extract(head.waiting.begin());
        if (next.key() == *head.rev + 1) pass(head, std::move(next.mapped()), ready);
    }
    if (head.being_read) return;
    const bool was_waiting = head.deadline.has_value();
    head.deadline.reset();
    // What is missing now is another event than before, so the waiting begins anew.
    const bool is_known = head.logged > *head.rev;
    const auto patience = is_known ? limits_.patience_for_known : limits_.patience;
    if (head.seen > *head.rev) head.deadline = now + patience;
    if (was_waiting == head.deadline.has_value()) return;
    if (was_waiting) {
        gaps_.erase(std::find(gaps_.begin(), gaps_.end(), *head.place));
    } else {
        gaps_.push_back(*head.place);
    }
}

std::optional<SteadyTime> ThreadOrder::next_deadline() const {
    std::optional<SteadyTime> next;
    for (const auto& thread : gaps_) {
        const auto& deadline = heads_.find(thread)->second.deadline;
        if (!next || *deadline < *next) next = deadline;
    }
    return next;
}

std::vector<Gap> ThreadOrder::due(SteadyTime now) {
    std::vector<Gap> due;
    std::erase_if(gaps_, [&](const model::ThreadId& thread) {
        Head& head = heads_.find(thread)->second;
        if (*head.deadline > now) return false;
        const model::Rev missing =
            head.waiting.empty() ? head.seen : head.waiting.begin()->first - 1;
        // What the log has is read at once, also behind events that came: there may be many gaps.
        due.push_back({thread, *head.rev, std::max(missing, head.logged)});
        head.deadline.reset();
        head.being_read = true;
        return true;
    });
    return due;
}

void ThreadOrder::close(
    const Gap& gap,
    Missing found,
    SteadyTime now,
    std::vector<model::SharedEvent>& ready
) {
    const auto place = heads_.find(gap.thread);
    CHECK(place != heads_.end());
    Head& head = place->second;
    CHECK(head.being_read);
    head.being_read = false;
    for (auto& message : found.messages) {
        if (message.rev <= *head.rev || message.rev > gap.up_to) continue;
        const bool is_new = head.seq == 0 ? looks_new(message) : message.seq > head.seq;
        model::Event event{gap.thread, message.rev, model::MessageUpdate{}};
        if (is_new) {
            event.body = model::MessageNew{std::move(message)};
        } else {
            event.body = model::MessageUpdate{std::move(message), std::nullopt};
        }
        pass(head, std::make_shared<const model::Event>(std::move(event)), ready);
    }
    if (found.thread && *head.rev < gap.up_to) {
        model::Event event{gap.thread, gap.up_to, model::ThreadUpdate{*std::move(found.thread)}};
        pass(head, std::make_shared<const model::Event>(std::move(event)), ready);
    }
    // A change that a later one covered has no event of its own any more.
    head.rev = std::max(*head.rev, gap.up_to);
    head.seen = std::max(head.seen, *head.rev);
    pass_waiting(head, now, ready);
}

ThreadOrder::Head& ThreadOrder::head_of(model::ThreadId thread) {
    const auto found = heads_.find(thread);
    if (found != heads_.end()) {
        recent_.splice(recent_.begin(), recent_, found->second.place);
        return found->second;
    }
    if (heads_.size() >= limits_.threads_max) forget_oldest();
    recent_.push_front(thread);
    Head& head = heads_[thread];
    head.place = recent_.begin();
    return head;
}

void ThreadOrder::forget_oldest() {
    // A thread with a gap is kept: it is few, and something comes back for it.
    for (auto place = std::prev(recent_.end()); place != recent_.begin(); --place) {
        const auto found = heads_.find(*place);
        if (found->second.deadline || found->second.being_read) continue;
        heads_.erase(found);
        recent_.erase(place);
        return;
    }
}

}  // namespace banter::memory
