#include "storage/postgres/line.hpp"

#include "base/check.hpp"
#include "base/elapsed.hpp"
#include "storage/postgres/publish.hpp"

#include <exception>

namespace banter::postgres {

namespace {

/// More would only mean that something is always in the way.
constexpr std::size_t attempts_max = 6;
/// A link that was idle may have been lost long ago; a second one that is lost says that the server
/// is away.
constexpr std::size_t attempts_with_lost_links_max = 2;

}  // namespace

std::exception_ptr settle(const std::exception_ptr& failure, std::size_t attempt, Errc away) {
    try {
        std::rethrow_exception(failure);
    } catch (const LinkLost& lost) {
        if (!lost.after_silence() && attempt < attempts_with_lost_links_max) return nullptr;
        return std::make_exception_ptr(StorageFailure(away, lost.what()));
    } catch (const Refused& refused) {
        if (refused.is_conflict() && attempt < attempts_max) return nullptr;
        try {
            throw_failure(refused);
        } catch (...) {
            return std::current_exception();
        }
    } catch (...) {
        return std::current_exception();
    }
}

Line::Line(Executor executor, const Parts& parts, Access access, std::size_t links_max)
    : executor_(executor),
      parts_(parts),
      access_(access),
      links_max_(links_max),
      tasks_(executor) {}

void Line::submit(std::unique_ptr<Request> request) {
    if (!closed_.empty()) {
        return refuse(std::move(request), Errc::storage_unavailable, closed_);
    }
    if (waiting_.size() >= parts_.link.options.waiting_max) {
        return refuse(std::move(request), Errc::busy, "too many wait for the database");
    }
    waiting_.push_back(std::move(request));
    if (serving_ == links_max_) return;
    ++serving_;
    tasks_.spawn("asking PostgreSQL", serve());
}

void Line::refuse(std::unique_ptr<Request> request, Errc code, const std::string& why) {
    request->work->failure = std::make_exception_ptr(StorageFailure(code, why));
    Request::answer(std::move(request));
}

/// They have waited for a server that is away.
void Line::refuse_waiting() {
    const Errc code = away_code();
    for (auto& request : std::exchange(waiting_, {})) {
        refuse(std::move(request), code, "PostgreSQL is away");
    }
}

Errc Line::away_code() const {
    return access_ == Access::read ? Errc::storage_unavailable : Errc::busy;
}

std::unique_ptr<Link> Line::take_link() {
    if (idle_.empty()) return std::make_unique<Link>(executor_, parts_.link);
    auto link = std::move(idle_.back());
    idle_.pop_back();
    return link;
}

Task<> Line::serve() {
    auto link = take_link();
    while (!waiting_.empty()) {
        auto request = std::move(waiting_.front());
        waiting_.pop_front();
        co_await serve_one(*link, std::move(request));
        if (!link->is_open()) refuse_waiting();
    }
    idle_.push_back(std::move(link));
    --serving_;
}

Task<> Line::serve_one(Link& link, std::unique_ptr<Request> request) {
    const auto waited = std::chrono::steady_clock::now() - request->since;
    if (waited > parts_.link.options.wait_at_most) {
        refuse(std::move(request), Errc::busy, "the database is too slow");
        co_return;
    }
    if (access_ == Access::read) {
        co_await read(link, std::move(request));
    } else {
        co_await write(link, std::move(request));
    }
}

Task<> Line::read(Link& link, std::unique_ptr<Request> request) {
    const auto since = std::chrono::steady_clock::now();
    sql::Outbox nothing_to_tell;
    for (std::size_t attempt = 1;; ++attempt) {
        std::exception_ptr failure;
        Transaction transaction(link, access_);
        try {
            co_await link.open();
            co_await request->work->run(transaction, nothing_to_tell);
        } catch (...) {
            failure = std::current_exception();
        }
        bool ends = failure == nullptr;
        if (failure) {
            request->work->failure = settle(failure, attempt, away_code());
            ends = request->work->failure != nullptr;
        }
        if (!ends) {
            co_await transaction.roll_back();
            continue;
        }
        // Nobody has to wait for the end of a transaction that has only read.
        Request::answer(std::move(request));
        co_await transaction.roll_back();
        break;
    }
    parts_.seconds.observe(microseconds_since(since));
}

Task<> Line::write(Link& link, std::unique_ptr<Request> request) {
    sql::Outbox outbox;
    for (std::size_t attempt = 1;; ++attempt) {
        std::exception_ptr failure;
        try {
            co_await link.open();
            co_await run_writing(link, access_, *request->work, outbox);
        } catch (...) {
            failure = std::current_exception();
        }
        if (!failure) break;
        request->work->failure = settle(failure, attempt, away_code());
        if (request->work->failure) break;
    }
    storage::publish_revocations(parts_.bus, outbox.events);
    Request::answer(std::move(request));
    publish_in_turn(executor_, parts_.bus, std::move(outbox.events));
}

}  // namespace banter::postgres
