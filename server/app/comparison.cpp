#include "app/comparison.hpp"

#include "base/elsewhere.hpp"
#include "base/log.hpp"

#include <boost/asio/redirect_error.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace banter::app {

namespace {

template <typename Body>
model::SharedEvent event_of(model::ThreadId thread, Body body) {
    model::Event event{thread, 0, std::move(body)};
    return std::make_shared<const model::Event>(std::move(event));
}

/// As the transaction told that ended the membership.
std::vector<model::SharedEvent> events_of(
    model::ThreadId thread,
    const storage::ThreadAccess& access,
    const storage::LostReader& lost
) {
    std::vector<model::SharedEvent> events;
    model::MemberUpdate update;
    update.thread = thread;
    update.user = lost.user;
    update.member_count = access.member_count;
    events.push_back(event_of(thread, update));
    if (lost.hidden) events.push_back(event_of(thread, model::ThreadRemoved{thread, lost.user}));
    return events;
}

}  // namespace

Comparison::Comparison(Parts parts)
    : parts_(std::move(parts)), timer_(parts_.loops.front()), tasks_(parts_.loops.front()) {}

void Comparison::start() { tasks_.spawn("comparing with the database", go_on()); }

void Comparison::look_now() {
    again_ = true;
    timer_.cancel();
}

Task<> Comparison::stop() {
    stopping_ = true;
    timer_.cancel();
    co_await tasks_.wait();
}

Task<> Comparison::go_on() {
    const auto quarter = static_cast<std::uint64_t>(every.count()) / 4;
    while (!stopping_) {
        if (!std::exchange(again_, false)) {
            const auto jitter = static_cast<std::int64_t>(random_.below(2 * quarter));
            timer_.expires_after(every * 3 / 4 + std::chrono::milliseconds(jitter));
            boost::system::error_code asked;
            co_await timer_.async_wait(asio::redirect_error(use_task, asked));
        }
        if (!stopping_) co_await look();
    }
}

Task<> Comparison::look() {
    std::string why;
    try {
        co_await compare();
    } catch (const std::exception& failure) {
        // Whatever it was: a node that compares no more is blind to the others.
        why = failure.what();
    }
    if (!why.empty()) {
        // What was new is new at the next look.
        window_.forget_all();
        if (!away_) log::warning("changes of other nodes can't be read", {{"why", why}});
    }
    away_ = !why.empty();
}

Task<> Comparison::compare() {
    auto before = co_await moments();
    auto changes = co_await parts_.changes.recent(compared_, window);
    auto fresh = window_.take(changes.threads);
    co_await compare_heads(std::move(fresh.heads));
    for (const model::ThreadId& thread : fresh.access) co_await compare_access(thread);
    co_await compare_members(std::move(changes.members), std::move(before));
    compared_ = changes.now;
}

Task<> Comparison::compare_heads(std::vector<storage::ChangedThread> threads) {
    Heads heads;
    for (const storage::ChangedThread& thread : threads) {
        heads.push_back({.thread = thread.thread, .rev = thread.rev});
    }
    heads = co_await parts_.bus.behind(std::move(heads));
    if (heads.empty()) co_return;
    heads = co_await wanted_of(std::move(heads));
    parts_.bus.expect(heads);
}

Task<Comparison::Heads> Comparison::wanted_of(Heads heads) {
    std::vector<api::ws::Attention> all(heads.size());
    for (std::size_t loop = 0; loop < parts_.hubs.size(); ++loop) {
        auto ask = [&heads](const api::ws::Hub& hub) {
            std::vector<api::ws::Attention> answers;
            for (const memory::KnownHead& head : heads) {
                answers.push_back(hub.attention(head.thread));
            }
            return answers;
        };
        const auto answers = co_await at_hub(loop, ask);
        for (std::size_t i = 0; i < heads.size(); ++i) all[i].add(answers[i]);
    }
    Heads wanted;
    for (std::size_t i = 0; i < heads.size(); ++i) {
        memory::KnownHead head = heads[i];
        // What a join reads now may be from before: the thread is looked at when it has read.
        if (all[i].joining) window_.forget(head.thread);
        if (!all[i].any || (all[i].joining && !all[i].told && head.told == 0)) continue;
        // Members who have not joined are told of the newest alone.
        if (head.told == 0) head.told = all[i].told.value_or(head.rev - 1);
        wanted.push_back(head);
    }
    co_return wanted;
}

Task<> Comparison::compare_access(model::ThreadId thread) {
    const Moments before = co_await moments();
    std::vector<model::UserId> users;
    for (std::size_t loop = 0; loop < parts_.hubs.size(); ++loop) {
        auto ask = [thread](const api::ws::Hub& hub) {
            return std::pair(hub.readers(thread), hub.attention(thread).joining);
        };
        const auto [some, joining] = co_await at_hub(loop, ask);
        users.insert(users.end(), some.begin(), some.end());
        // Whoever is joining is looked at when the join has read.
        if (joining) window_.forget(thread);
    }
    if (users.empty()) co_return;
    const auto access = co_await parts_.changes.check_access(thread, std::move(users));
    for (const storage::LostReader& lost : access.lost) {
        const bool ended = co_await end_reading(thread, lost.user, before);
        if (ended) parts_.bus.publish(events_of(thread, access, lost));
    }
}

/// Whether it ended anything.
Task<bool> Comparison::end_reading(model::ThreadId thread, model::UserId user, Moments read_after) {
    bool ended = false;
    for (std::size_t loop = 0; loop < parts_.hubs.size(); ++loop) {
        auto take = [thread, user, moment = read_after[loop]](api::ws::Hub& hub) {
            return hub.take_loss(user, thread, moment);
        };
        const bool taken = co_await at_hub(loop, take);
        ended = ended || taken;
        if (!taken) window_.forget(thread);
    }
    co_return ended;
}

Task<Comparison::Moments> Comparison::moments() {
    Moments moments;
    for (std::size_t loop = 0; loop < parts_.hubs.size(); ++loop) {
        auto ask = [](const api::ws::Hub& hub) { return hub.moment(); };
        moments.push_back(co_await at_hub(loop, ask));
    }
    co_return moments;
}

Task<> Comparison::compare_members(std::vector<model::MemberUpdate> members, Moments read_after) {
    if (members.empty()) co_return;
    for (std::size_t loop = 0; loop < parts_.hubs.size(); ++loop) {
        auto take = [&members, moment = read_after[loop]](api::ws::Hub& hub) {
            for (const model::MemberUpdate& member : members) hub.take_membership(member, moment);
            return true;
        };
        static_cast<void>(co_await at_hub(loop, take));
    }
}

template <typename Use>
Task<std::invoke_result_t<Use&, api::ws::Hub&>> Comparison::at_hub(std::size_t loop, Use use) {
    api::ws::Hub* const hub = parts_.hubs[loop];
    if (loop == 0) co_return use(*hub);
    auto call = [hub, use = std::move(use)]() mutable { return use(*hub); };
    co_return co_await call_on(parts_.loops[loop], std::move(call));
}

}  // namespace banter::app
