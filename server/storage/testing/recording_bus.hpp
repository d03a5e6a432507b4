// An event bus that keeps what is published, in the order of its coming.
#pragma once

#include "storage/event_bus.hpp"

#include <iterator>
#include <mutex>
#include <utility>
#include <vector>

namespace banter::storage {

class RecordingBus final : public EventBus {
public:
    void set_receiver(Receiver) override {}
    void set_revocation_receiver(RevocationReceiver) override {}

    void publish(std::vector<model::SharedEvent> events) override {
        const std::scoped_lock lock(guard_);
        ++publications_;
        std::move(events.begin(), events.end(), std::back_inserter(events_));
    }

    void want(model::ThreadId) override {}
    void unwant(model::ThreadId) override {}
    Task<> hear(model::ThreadId) override { co_return; }

    [[nodiscard]] std::vector<model::SharedEvent> take() {
        const std::scoped_lock lock(guard_);
        return std::exchange(events_, {});
    }

    [[nodiscard]] std::size_t publications() {
        const std::scoped_lock lock(guard_);
        return publications_;
    }

private:
    std::mutex guard_;
    std::vector<model::SharedEvent> events_;
    std::size_t publications_ = 0;
};

}  // namespace banter::storage
