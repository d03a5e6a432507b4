#include "net/timing_wheel.hpp"

#include "base/check.hpp"

#include <algorithm>

namespace banter::net {

void TimingWheel::Entry::unlink() {
    if (next_ == nullptr) return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    previous_ = next_ = nullptr;
}

TimingWheel::TimingWheel(std::chrono::milliseconds tick, SteadyTime now)
    : tick_(tick), start_(now) {
    CHECK(tick.count() > 0);
    for (Slot& slot : slots_) slot.previous_ = slot.next_ = &slot;
}

TimingWheel::~TimingWheel() {
    for (Slot& slot : slots_) {
        while (slot.next_ != &slot) slot.next_->unlink();
        slot.previous_ = slot.next_ = nullptr;
    }
}

void TimingWheel::link(Slot& slot, Entry& entry) {
    entry.previous_ = slot.previous_;
    entry.next_ = &slot;
    slot.previous_->next_ = &entry;
    slot.previous_ = &entry;
}

void TimingWheel::set(Entry& entry, SteadyTime time) {
    entry.unlink();
    const auto since_start = std::chrono::ceil<std::chrono::milliseconds>(time - start_);
    const auto ticks = (since_start + tick_ - std::chrono::milliseconds(1)) / tick_;
    entry.due_ = std::max(now_ + 1, static_cast<std::uint32_t>(ticks));
    link(slots_[entry.due_ % slots], entry);
}

void TimingWheel::advance(SteadyTime now) {
    // All are taken out before the first is called: what they set counts from `now`, and nobody is
    // called a second time for a time that nobody was there.
    Slot due;
    due.previous_ = due.next_ = &due;
    const auto target = static_cast<std::uint32_t>((now - start_) / tick_);
    while (now_ != target) {
        ++now_;
        take_due(due);
    }
    while (due.next_ != &due) {
        Entry* const entry = due.next_;
        entry->unlink();
        entry->on_due();
    }
    due.previous_ = due.next_ = nullptr;
}

void TimingWheel::take_due(Slot& due) {
    Slot& slot = slots_[now_ % slots];
    for (Entry* entry = slot.next_; entry != &slot;) {
        Entry* const following = entry->next_;
        if (entry->due_ == now_) {
            entry->unlink();
            link(due, *entry);
        }
        entry = following;
    }
}

}  // namespace banter::net
