#include "storage/memory/presence_store.hpp"

#include "base/heap.hpp"
#include "storage/memory/presence_elsewhere.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace banter::memory {

/// The users whose home is one loop, and the timer of those who are leaving.
class LocalPresence::Home {
public:
    Home(
        Executor executor,
        const Clock& clock,
        storage::EventBus& bus,
        metrics::Gauge& memory,
        const OwnTeller& own_teller,
        PresenceLimits limits
    )
        : clock_(clock),
          bus_(bus),
          memory_(memory),
          own_teller_(own_teller),
          book_(clock, limits),
          timer_(executor) {}

    void arrive(model::UserId user) {
        const model::UserPresence before = find(user);
        if (!book_.arrive(user)) return;
        // What was chosen at another node goes on.
        const auto other = elsewhere_.find(user);
        if (other) book_.choose(user, other->presence);
        tell_others(user, false);
        tell_if_changed(before);
        measure();
    }
    void leave(model::UserId user) {
        book_.leave(user);
        measure();
        wait_for_grace();
    }
    void touch(model::UserId user) { book_.touch(user); }
    void choose(model::UserId user, model::Presence presence) {
        const model::UserPresence before = find(user);
        if (!book_.choose(user, presence)) return;
        tell_others(user, true);
        tell_if_changed(before);
    }
    [[nodiscard]] model::UserPresence find(model::UserId user) const {
        model::UserPresence own = book_.find(user);
        const auto other = elsewhere_.find(user);
        if (!other) return own;
        own.last_active_at = std::max(own.last_active_at, other->last_active_at);
        if (own.presence == model::Presence::offline) own.presence = other->presence;
        return own;
    }
    [[nodiscard]] std::vector<model::UserPresence> find(const std::vector<model::UserId>& users
    ) const {
        std::vector<model::UserPresence> found;
        found.reserve(users.size());
        for (const model::UserId& user : users) found.push_back(find(user));
        return found;
    }

    [[nodiscard]] std::vector<model::UserPresence> all() const { return book_.all(); }
    void hear(storage::NodeId node, const model::UserPresence& told, bool chosen) {
        const model::UserPresence before = find(told.user);
        elsewhere_.hear(node, told);
        if (chosen) book_.choose(told.user, told.presence);
        if (told.presence == model::Presence::offline)
            book_.note_gone(told.user, told.last_active_at.value_or(Timestamp{}));
        tell_if_changed(before);
    }
    void begin_list(storage::NodeId node) { elsewhere_.begin_list(node); }
    void end_list(storage::NodeId node) { tell_gone(elsewhere_.end_list(node)); }
    void lose(storage::NodeId node) { tell_gone(elsewhere_.lose(node)); }

    void stop() {
        stopped_ = true;
        timer_.cancel();
    }

private:
    void measure() { memory_.set(static_cast<std::int64_t>(book_.bytes() + elsewhere_.bytes())); }

    void tell_others(model::UserId user, bool chosen) {
        if (own_teller_) own_teller_(book_.find(user), chosen);
    }

    void tell_if_changed(const model::UserPresence& before) {
        if (find(before.user).presence != before.presence) tell(before.user);
    }

    /// Those of another node, who were there.
    void tell_gone(const std::vector<model::UserId>& users) {
        for (const model::UserId& user : users) {
            if (find(user).presence == model::Presence::offline) tell(user);
        }
        measure();
    }

    void tell(model::UserId user) {
        const model::UserPresence now = find(user);
        const Timestamp active_at = now.last_active_at.value_or(clock_.now());
        const model::PresenceUpdate update{now.user, now.presence, active_at};
        model::Event event{.thread = {}, .rev = 0, .body = update};
        bus_.publish({std::make_shared<const model::Event>(std::move(event))});
    }

    void wait_for_grace() {
        const auto deadline = book_.next_deadline();
        if (!deadline || waiting_ || stopped_) return;
        waiting_ = true;
        timer_.expires_after(*deadline - clock_.steady());
        timer_.async_wait([this](const boost::system::error_code& cancelled) {
            if (cancelled) return;
            waiting_ = false;
            for (const model::UserId& user : book_.due()) {
                tell_others(user, false);
                if (find(user).presence == model::Presence::offline) tell(user);
            }
            measure();
            wait_for_grace();
        });
    }

    const Clock& clock_;
    storage::EventBus& bus_;
    metrics::Gauge& memory_;
    const OwnTeller& own_teller_;
    PresenceBook book_;
    PresenceElsewhere elsewhere_;
    Timer timer_;
    bool waiting_ = false;
    bool stopped_ = false;
};

LocalPresence::LocalPresence(
    const Loops& loops,
    const Clock& clock,
    storage::EventBus& bus,
    metrics::Registry& registry,
    PresenceLimits limits
)
    : homes_(loops, [&](std::size_t index) {
          metrics::Gauge& memory = registry.gauge(memory_metric, memory_help, "part=\"presence\"");
          return std::make_unique<Home>(loops[index], clock, bus, memory, own_teller_, limits);
      }) {}

LocalPresence::~LocalPresence() = default;

template <typename Use>
void LocalPresence::post(model::UserId user, Use use) {
    homes_.post(homes_.home_of(user.hash()), std::move(use));
}

void LocalPresence::arrive(model::UserId user) {
    post(user, [user](Home& home) { home.arrive(user); });
}

void LocalPresence::leave(model::UserId user) {
    post(user, [user](Home& home) { home.leave(user); });
}

void LocalPresence::touch(model::UserId user) {
    post(user, [user](Home& home) { home.touch(user); });
}

Task<> LocalPresence::choose(model::UserId user, model::Presence presence) {
    auto choose = [user, presence](Home& home) {
        home.choose(user, presence);
        return true;
    };
    co_await homes_.ask(homes_.home_of(user.hash()), choose);
}

Task<std::vector<model::UserPresence>> LocalPresence::find(std::vector<model::UserId> users) {
    std::vector<std::vector<model::UserId>> by_home(homes_.size());
    for (const model::UserId& user : users) by_home[homes_.home_of(user.hash())].push_back(user);
    std::vector<model::UserPresence> found;
    found.reserve(users.size());
    for (std::size_t index = 0; index < by_home.size(); ++index) {
        if (by_home[index].empty()) continue;
        auto read = [mine = std::move(by_home[index])](Home& home) { return home.find(mine); };
        const auto part = co_await homes_.ask(index, std::move(read));
        found.insert(found.end(), part.begin(), part.end());
    }
    co_return found;
}

Task<> LocalPresence::tell_here(HereTeller teller) {
    for (std::size_t index = 0; index < homes_.size(); ++index) {
        auto tell = [&teller](Home& home) {
            teller(home.all());
            return true;
        };
        co_await homes_.ask(index, tell);
    }
}

void LocalPresence::hear(storage::NodeId node, const model::UserPresence& told, bool chosen) {
    post(told.user, [node, told, chosen](Home& home) { home.hear(node, told, chosen); });
}

void LocalPresence::begin_list(storage::NodeId node) {
    post_to_all([node](Home& home) { home.begin_list(node); });
}

void LocalPresence::end_list(storage::NodeId node) {
    post_to_all([node](Home& home) { home.end_list(node); });
}

void LocalPresence::lose(storage::NodeId node) {
    post_to_all([node](Home& home) { home.lose(node); });
}

template <typename Use>
void LocalPresence::post_to_all(Use use) {
    for (std::size_t index = 0; index < homes_.size(); ++index) homes_.post(index, use);
}

Task<> LocalPresence::stop() {
    for (std::size_t index = 0; index < homes_.size(); ++index) {
        auto end = [](Home& home) {
            home.stop();
            return true;
        };
        co_await homes_.at(index, end);
    }
}

}  // namespace banter::memory
