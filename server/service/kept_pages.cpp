#include "service/kept_pages.hpp"

#include <iterator>

namespace banter::service {

void KeptPages::put(model::UserId reader, const Joined& joined, std::optional<model::Rev> since) {
    if (bytes_max_ == 0 || !joined.complete) return;
    if (joined.reset) since.reset();
    const auto [place, is_new] = places_.try_emplace(joined.view.thread.id, order_.end());
    if (is_new) {
        order_.emplace_front();
        place->second = order_.begin();
    } else {
        bytes_ -= place->second->bytes();
    }
    const auto page = place->second;
    page->put(reader, joined, since);
    touch(page);
}

void KeptPages::take(const model::SharedEvent& event) {
    if (places_.empty()) return;
    const auto found = places_.find(event->thread);
    if (found == places_.end()) return;
    const auto page = found->second;
    bytes_ -= page->bytes();
    if (page->take(event)) return touch(page);
    places_.erase(found);
    order_.erase(page);
}

std::optional<Joined> KeptPages::find(
    model::UserId reader,
    model::ThreadId thread,
    model::Rev told,
    std::optional<model::Rev> since
) const {
    const auto found = places_.find(thread);
    if (found == places_.end() || found->second->thread().rev != told) return std::nullopt;
    return found->second->joined(reader, since);
}

/// A page whose bytes don't count yet; it may be dropped if it is too large by itself.
void KeptPages::touch(Order::iterator page) {
    order_.splice(order_.begin(), order_, page);
    bytes_ += page->bytes();
    while (bytes_ > bytes_max_) drop(std::prev(order_.end()));
}

void KeptPages::drop(Order::iterator page) {
    bytes_ -= page->bytes();
    places_.erase(page->thread().id);
    order_.erase(page);
}

}  // namespace banter::service
