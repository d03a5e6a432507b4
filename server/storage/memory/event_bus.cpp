#include "storage/memory/event_bus.hpp"

#include "base/check.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "base/task_group.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>

#include <memory>
#include <utility>
#include <variant>

namespace banter::memory {

/// The part of the bus that lives on one loop: the order of the threads whose home it is.
class LocalBus::Home {
public:
    Home(const LocalBus& bus, Executor executor, const Clock& clock, OrderLimits limits)
        : bus_(bus), clock_(clock), order_(limits), timer_(executor), repairs_(executor) {}

    void take(std::vector<model::SharedEvent> events) {
        if (stopped_) return;
        std::vector<model::SharedEvent> ready;
        ready.reserve(events.size());
        for (auto& event : events) order_.offer(std::move(event), clock_.steady(), ready);
        pass_on(ready);
    }

    void want(model::ThreadId thread) {
        // What it knows may be from long before.
        if (wants_[thread]++ == 0) order_.forget(thread);
    }
    void unwant(model::ThreadId thread) {
        const auto found = wants_.find(thread);
        CHECK(found != wants_.end());
        if (--found->second == 0) wants_.erase(found);
    }
    void begin(model::ThreadId thread, model::Rev rev) {
        if (stopped_) return;
        order_.begin(thread, rev, clock_.steady());
        wait_for_gaps();
    }

    void expect(const std::vector<KnownHead>& heads) {
        if (stopped_) return;
        for (const KnownHead& head : heads) order_.expect(head, clock_.steady());
        wait_for_gaps();
    }

    [[nodiscard]] std::vector<KnownHead> behind(const std::vector<KnownHead>& heads) const {
        std::vector<KnownHead> behind;
        for (KnownHead head : heads) {
            head.told = order_.told(head.thread).value_or(0);
            if (head.told < head.rev) behind.push_back(head);
        }
        return behind;
    }

    Task<> stop() {
        stopped_ = true;
        timer_.cancel();
        repairs_.cancel();
        co_await repairs_.wait();
    }

private:
    void pass_on(const std::vector<model::SharedEvent>& ready) {
        for (const auto& event : ready) bus_.receiver_(event);
        wait_for_gaps();
    }

    void wait_for_gaps() {
        const auto deadline = order_.next_deadline();
        if (!deadline || stopped_) return;
        timer_.expires_after(*deadline - clock_.steady());
        timer_.async_wait([this](const boost::system::error_code& cancelled) {
            if (!cancelled) repair_due();
        });
    }

    void repair_due() {
        for (const Gap& gap : order_.due(clock_.steady())) {
            repairs_.spawn("event gap", repair(gap));
        }
        wait_for_gaps();
    }

    Task<> repair(Gap gap) {
        Missing found;
        // Caught, because what waits behind the gap has to go on: clients find the gap by the rev.
        try {
            if (bus_.gap_reader_) found = co_await bus_.gap_reader_(gap);
        } catch (const std::exception& failure) {
            // Whatever it was: a gap that stays open would hold the thread's events for ever.
            log::warning("an event gap was not filled", {{"why", failure.what()}});
        }
        if (stopped_) co_return;
        std::vector<model::SharedEvent> ready;
        order_.close(gap, std::move(found), clock_.steady(), ready);
        pass_on(ready);
    }

    const LocalBus& bus_;
    const Clock& clock_;
    ThreadOrder order_;
    /// Loops that have to do with a thread.
    boost::unordered_flat_map<model::ThreadId, std::size_t> wants_;
    Timer timer_;
    bool stopped_ = false;
    TaskGroup repairs_;
};

LocalBus::LocalBus(const Loops& loops, const Clock& clock, OrderLimits limits)
    : homes_(loops, [&](std::size_t index) {
          return std::make_unique<Home>(*this, loops[index], clock, limits);
      }) {}

LocalBus::~LocalBus() = default;

void LocalBus::set_receiver(Receiver receiver) { receiver_ = std::move(receiver); }

void LocalBus::set_gap_reader(GapReader reader) { gap_reader_ = std::move(reader); }

void LocalBus::set_revocation_receiver(RevocationReceiver receiver) {
    revocation_receiver_ = std::move(receiver);
}

void LocalBus::publish(std::vector<model::SharedEvent> events) {
    std::vector<std::vector<model::SharedEvent>> by_home(homes_.size());
    const auto hand_over = [&] {
        for (std::size_t home = 0; home < by_home.size(); ++home) {
            if (by_home[home].empty()) continue;
            homes_.post(home, [mine = std::move(by_home[home])](Home& part) mutable {
                part.take(std::move(mine));
            });
            by_home[home].clear();
        }
    };
    for (auto& event : events) {
        if (std::holds_alternative<model::Revocation>(event->body)) {
            hand_over();
            revoke(event);
        } else {
            by_home[homes_.home_of(model::home_hash(*event))].push_back(std::move(event));
        }
    }
    hand_over();
}

void LocalBus::want(model::ThreadId thread) {
    homes_.post(home_of(thread.hash()), [thread](Home& home) { home.want(thread); });
}

void LocalBus::unwant(model::ThreadId thread) {
    homes_.post(home_of(thread.hash()), [thread](Home& home) { home.unwant(thread); });
}

void LocalBus::begin(model::ThreadId thread, model::Rev rev) {
    homes_.post(home_of(thread.hash()), [thread, rev](Home& home) { home.begin(thread, rev); });
}

std::vector<std::vector<KnownHead>> LocalBus::by_home(const std::vector<KnownHead>& heads) {
    std::vector<std::vector<KnownHead>> parted(homes_.size());
    for (const KnownHead& head : heads) parted[home_of(head.thread.hash())].push_back(head);
    return parted;
}

void LocalBus::expect(const std::vector<KnownHead>& heads) {
    auto parted = by_home(heads);
    for (std::size_t home = 0; home < parted.size(); ++home) {
        if (parted[home].empty()) continue;
        homes_.post(home, [mine = std::move(parted[home])](Home& part) { part.expect(mine); });
    }
}

Task<std::vector<KnownHead>> LocalBus::behind(std::vector<KnownHead> heads) {
    const auto parted = by_home(heads);
    std::vector<KnownHead> all;
    for (std::size_t home = 0; home < parted.size(); ++home) {
        if (parted[home].empty()) continue;
        auto ask = [&mine = parted[home]](Home& part) { return part.behind(mine); };
        const auto some = co_await homes_.at(home, ask);
        all.insert(all.end(), some.begin(), some.end());
    }
    co_return all;
}

void LocalBus::revoke(const model::SharedEvent& event) {
    for (std::size_t loop = 0; loop < homes_.size(); ++loop) {
        // At once on the own loop: what a loop posts to itself is behind what others post to it
        // until the end of its turn, and that may be what came after this.
        asio::dispatch(homes_.loop(loop), [this, loop, event] {
            if (revocation_receiver_)
                revocation_receiver_(loop, std::get<model::Revocation>(event->body));
        });
    }
}

Task<> LocalBus::stop() {
    for (std::size_t home = 0; home < homes_.size(); ++home) {
        auto stopping = homes_.local(home).stop();
        co_await asio::co_spawn(homes_.loop(home), std::move(stopping), use_task);
    }
}

}  // namespace banter::memory
