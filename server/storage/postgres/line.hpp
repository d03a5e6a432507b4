// Scripts that wait for a link of one loop, and the links that serve them.
#pragma once

#include "base/metrics.hpp"
#include "base/task_group.hpp"
#include "storage/event_bus.hpp"
#include "storage/postgres/link.hpp"
#include "storage/postgres/transaction.hpp"
#include "storage/sql/database.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace banter::postgres {

/// A script, with the way back to the coroutine that asked for it.
class Request {
public:
    Request(const Executor& home, std::unique_ptr<sql::Work> asked)
        : work(std::move(asked)), home_has_work_(home) {}
    virtual ~Request() = default;
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;

    /// Resumes the caller at home, later.
    static void answer(std::unique_ptr<Request> request) {
        const Executor home = request->home_has_work_.get_executor();
        // The guard goes home too: released here, it could outlive its loop.
        asio::post(home, [request = std::move(request)] { request->complete(); });
    }

    std::unique_ptr<sql::Work> work;
    std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();

private:
    virtual void complete() = 0;

    /// The home doesn't run out of work while its request is away.
    asio::executor_work_guard<Executor> home_has_work_;
};

/// handler: void(std::unique_ptr<sql::Work>)
template <typename Handler>
class WaitingRequest final : public Request {
public:
    WaitingRequest(Handler handler, const Executor& home, std::unique_ptr<sql::Work> asked)
        : Request(home, std::move(asked)), handler_(std::move(handler)) {}

private:
    void complete() override {
        Handler handler = std::move(handler_);
        std::move(handler)(std::move(work));
    }

    Handler handler_;
};

/// First come, first served, by at most so many links at once. Lives on one loop.
///
/// A script that another transaction was in the way of runs again, a few times; one whose link was
/// lost before its commit, once. When a link is lost for good all that waits is refused: nothing
/// queues up behind a server that is away.
class Line {
public:
    struct Parts {
        Link::Parts link;
        storage::EventBus& bus;
        metrics::Histogram& seconds;
    };

    Line(Executor executor, const Parts& parts, Access access, std::size_t links_max);

    void submit(std::unique_ptr<Request> request);

    /// From now on everything is refused with this.
    void close(std::string why) { closed_ = std::move(why); }
    /// Returns when nothing is under way.
    [[nodiscard]] Task<> wait() { return tasks_.wait(); }

private:
    [[nodiscard]] Task<> serve();
    [[nodiscard]] Task<> serve_one(Link& link, std::unique_ptr<Request> request);
    [[nodiscard]] Task<> read(Link& link, std::unique_ptr<Request> request);
    [[nodiscard]] Task<> write(Link& link, std::unique_ptr<Request> request);
    void refuse(std::unique_ptr<Request> request, Errc code, const std::string& why);
    void refuse_waiting();
    /// Nothing was written by a write that is told so.
    [[nodiscard]] Errc away_code() const;
    [[nodiscard]] std::unique_ptr<Link> take_link();

    Executor executor_;
    Parts parts_;
    Access access_;
    std::size_t links_max_;
    std::deque<std::unique_ptr<Request>> waiting_;
    std::vector<std::unique_ptr<Link>> idle_;
    std::size_t serving_ = 0;
    std::string closed_;
    TaskGroup tasks_;
};

/// What a failed attempt means: null, if it is to be made again; else what the caller gets.
/// attempt: how many have been made. away: the code for a database that can't be reached.
[[nodiscard]] std::exception_ptr settle(
    const std::exception_ptr& failure,
    std::size_t attempt,
    Errc away
);

}  // namespace banter::postgres
