// Group commit: the messages of one share of the threads are appended here, in batches that grow
// with the load.
#pragma once

#include "base/metrics.hpp"
#include "base/sharded.hpp"
#include "base/task_group.hpp"
#include "storage/event_bus.hpp"
#include "storage/postgres/append_batch.hpp"
#include "storage/postgres/link.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace banter::postgres {

/// An append with the way back to the coroutine that asked for it.
class AppendItem : public Append {
public:
    AppendItem(
        std::size_t loop,
        const Executor& home,
        storage::NewMessage asked,
        storage::ThreadRule asked_rule
    )
        : Append{std::move(asked), std::move(asked_rule), {}, {}, false},
          loop_(loop),
          loop_has_work_(home) {}
    virtual ~AppendItem() = default;
    AppendItem(const AppendItem&) = delete;
    AppendItem& operator=(const AppendItem&) = delete;

    /// Resumes the caller, whose loop this is.
    virtual void complete() = 0;

    [[nodiscard]] std::size_t loop() const { return loop_; }

    std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();

private:
    std::size_t loop_;
    /// The loop doesn't run out of work while one of its items is away.
    asio::executor_work_guard<Executor> loop_has_work_;
};

using AppendItems = std::vector<std::unique_ptr<AppendItem>>;

/// handler: void(std::exception_ptr, std::optional<Result<model::Message>>)
template <typename Handler>
class WaitingAppend final : public AppendItem {
public:
    template <typename... Arguments>
    explicit WaitingAppend(Handler handler, Arguments&&... arguments)
        : AppendItem(std::forward<Arguments>(arguments)...), handler_(std::move(handler)) {}

    void complete() override {
        Handler handler = std::move(handler_);
        std::move(handler)(failure, std::move(answer));
    }

private:
    Handler handler_;
};

/// Lives on one loop, with a link of its own. While one batch is written the next one gathers; a
/// lone message waits for nothing.
///
/// A batch that another transaction was in the way of is written again. One that fails otherwise is
/// halved until what can't be written stands alone. One whose link was lost is written again over a
/// new one, once; what may be there already is found by its nonce. If there is no new link it is
/// refused as busy, or as outcome_unknown if the commit may have come through.
class Writer {
public:
    struct Parts {
        Link::Parts link;
        const Loops& loops;
        storage::EventBus& bus;
        metrics::Histogram& batch_items;
        metrics::Histogram& batch_seconds;
        metrics::Gauge& queue_items;
    };

    Writer(Executor executor, const Parts& parts);

    void submit(std::unique_ptr<AppendItem> item);

    /// From now on everything is refused with this.
    void close(std::string why) { closed_ = std::move(why); }
    /// Returns when nothing is under way.
    [[nodiscard]] Task<> wait() { return tasks_.wait(); }

private:
    [[nodiscard]] Task<> serve();
    [[nodiscard]] AppendItems take_batch();
    [[nodiscard]] Task<> write(AppendItems batch);
    [[nodiscard]] Task<> write_some(std::span<Append* const> some, sql::Outbox& outbox);
    [[nodiscard]] Task<std::exception_ptr> try_some(
        std::span<Append* const> some,
        sql::Outbox& outbox
    );
    void answer(AppendItems batch);
    void refuse(std::unique_ptr<AppendItem> item, Errc code, const std::string& why);
    void refuse_waiting();

    Executor executor_;
    Parts parts_;
    Link link_;
    AppendMemory memory_;
    std::deque<std::unique_ptr<AppendItem>> waiting_;
    bool serving_ = false;
    std::string closed_;
    TaskGroup tasks_;
};

}  // namespace banter::postgres
