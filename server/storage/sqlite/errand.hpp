// What the writer's connection is to do outside of any transaction, with the way back to the
// coroutine that asked for it.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/sqlite/snapshot.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace banter::sqlite {

class Errand {
public:
    virtual ~Errand() = default;

    /// On the writer's thread of execution; never throws. snapshot: the one that is being made, if
    /// any; the writer keeps it from one errand to the next.
    virtual void run(Handle& handle, std::unique_ptr<Snapshot>& snapshot) = 0;
    /// In its place when the writer has ended, on the thread of execution that asked.
    virtual void refuse() = 0;
};

/// Nobody waits for it. call: void(std::unique_ptr<Snapshot>&)
template <typename Call>
class SilentErrand final : public Errand {
public:
    explicit SilentErrand(Call call) : call_(std::move(call)) {}

    void run(Handle&, std::unique_ptr<Snapshot>& snapshot) override { call_(snapshot); }
    void refuse() override {}

private:
    Call call_;
};

/// call: Value(Handle&, std::unique_ptr<Snapshot>&)
/// handler: void(std::exception_ptr, std::optional<Value>), called on `loop`
template <typename Call, typename Handler>
class WaitingErrand final : public Errand {
public:
    using Value = std::invoke_result_t<Call&, Handle&, std::unique_ptr<Snapshot>&>;

    WaitingErrand(Executor loop, Call call, Handler handler)
        : loop_has_work_(loop), call_(std::move(call)), handler_(std::move(handler)) {}

    void run(Handle& handle, std::unique_ptr<Snapshot>& snapshot) override {
        std::exception_ptr failure;
        std::optional<Value> value;
        try {
            value.emplace(call_(handle, snapshot));
        } catch (...) {
            failure = std::current_exception();
        }
        answer(std::move(failure), std::move(value));
    }

    void refuse() override {
        const StorageFailure closed(Errc::storage_unavailable, "the database is closed");
        answer(std::make_exception_ptr(closed), std::nullopt);
    }

private:
    void answer(std::exception_ptr failure, std::optional<Value> value) {
        const Executor loop = loop_has_work_.get_executor();
        // The guard goes home too: released here, it could outlive its loop.
        auto call = [guard = std::move(loop_has_work_),
                     handler = std::move(handler_),
                     failure = std::move(failure),
                     value = std::move(value)]() mutable {
            std::move(handler)(std::move(failure), std::move(value));
        };
        asio::post(loop, std::move(call));
    }

    /// The loop doesn't run out of work while its errand is away.
    asio::executor_work_guard<Executor> loop_has_work_;
    Call call_;
    Handler handler_;
};

}  // namespace banter::sqlite
