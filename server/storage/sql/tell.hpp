// Puts events into a script's outbox.
#pragma once

#include "model/event.hpp"
#include "storage/sql/database.hpp"

#include <memory>
#include <utility>

namespace banter::sql {

/// What takes no rev.
template <typename Body>
void tell(Outbox& outbox, model::ThreadId thread, Body body) {
    model::Event event{thread, 0, std::move(body)};
    outbox.events.push_back(std::make_shared<const model::Event>(std::move(event)));
}

/// A change of the thread.
template <typename Body>
void tell_change(Outbox& outbox, model::ThreadId thread, model::Rev rev, Body body) {
    model::Event event{thread, rev, std::move(body)};
    outbox.events.push_back(std::make_shared<const model::Event>(std::move(event)));
}

inline void tell_revocation(Outbox& outbox, model::Revocation revocation) {
    tell(outbox, model::ThreadId{}, std::move(revocation));
}

}  // namespace banter::sql
