#include "net/timing_wheel.hpp"

#include "base/check.hpp"

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

void TimingWheel::set(Entry& entry, std::chrono::milliseconds after) {
    entry.unlink();
    // One more than the quotient: the present tick has begun some time ago.
    const auto ticks = after.count() <= 0 ? 0 : (after.count() + tick_.count() - 1) / tick_.count();
    entry.due_ = now_ + static_cast<std::uint32_t>(ticks) + 1;
    link(slots_[entry.due_ % slots], entry);
}

void TimingWheel::advance(SteadyTime now) {
    const auto target = static_cast<std::uint32_t>((now - start_) / tick_);
    while (now_ != target) {
        ++now_;
        turn(slots_[now_ % slots]);
    }
}

void TimingWheel::turn(Slot& slot) {
    // Entries may enter this very slot while others are called: take out what is due first.
    Slot due;
    due.previous_ = due.next_ = &due;
    for (Entry* entry = slot.next_; entry != &slot;) {
        Entry* const following = entry->next_;
        if (entry->due_ == now_) {
            entry->unlink();
            link(due, *entry);
        }
        entry = following;
    }
    while (due.next_ != &due) {
        Entry* const entry = due.next_;
        entry->unlink();
        entry->on_due();
    }
    due.previous_ = due.next_ = nullptr;
}

}  // namespace banter::net
