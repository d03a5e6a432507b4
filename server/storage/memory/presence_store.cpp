#include "storage/memory/presence_store.hpp"

#include "base/heap.hpp"

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
        PresenceLimits limits
    )
        : clock_(clock), bus_(bus), memory_(memory), book_(clock, limits), timer_(executor) {}

    void arrive(model::UserId user) {
        if (!book_.arrive(user)) return;
        measure();
        tell(user);
    }
    void leave(model::UserId user) {
        book_.leave(user);
        measure();
        wait_for_grace();
    }
    void touch(model::UserId user) { book_.touch(user); }
    void choose(model::UserId user, model::Presence presence) {
        if (book_.choose(user, presence)) tell(user);
    }
    [[nodiscard]] std::vector<model::UserPresence> find(const std::vector<model::UserId>& users
    ) const {
        std::vector<model::UserPresence> found;
        found.reserve(users.size());
        for (const model::UserId& user : users) found.push_back(book_.find(user));
        return found;
    }
    void stop() {
        stopped_ = true;
        timer_.cancel();
    }

private:
    void measure() { memory_.set(static_cast<std::int64_t>(book_.bytes())); }

    void tell(model::UserId user) {
        const model::UserPresence now = book_.find(user);
        model::PresenceUpdate update{now.user, now.presence, now.last_active_at.value()};
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
            for (const model::UserId& user : book_.due()) tell(user);
            measure();
            wait_for_grace();
        });
    }

    const Clock& clock_;
    storage::EventBus& bus_;
    metrics::Gauge& memory_;
    PresenceBook book_;
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
          return std::make_unique<Home>(loops[index], clock, bus, memory, limits);
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
