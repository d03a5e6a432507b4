// What waits for the writer: an append or a script, with the way back to the coroutine that asked
// for it.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/message_store.hpp"
#include "storage/sql/database.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace banter::sqlite {

class Transaction;

/// Made and completed on the caller's loop, run by the writer.
class WriteItem {
public:
    WriteItem(std::size_t loop, const Executor& executor) : loop_(loop), loop_has_work_(executor) {}
    virtual ~WriteItem() = default;
    WriteItem(const WriteItem&) = delete;
    WriteItem& operator=(const WriteItem&) = delete;

    /// Keeps its result. A StorageFailure ends the transaction; everything else that goes wrong
    /// with the item alone is kept as its failure.
    virtual void run(Transaction& transaction) = 0;
    /// Resumes the caller.
    virtual void complete() = 0;

    [[nodiscard]] std::size_t loop() const { return loop_; }

    std::exception_ptr failure;
    /// The last item of those that its loop handed over together.
    bool ends_hand_over = false;

private:
    std::size_t loop_;
    /// The loop doesn't run out of work while one of its items is away.
    asio::executor_work_guard<Executor> loop_has_work_;
};

using WriteItems = std::vector<std::unique_ptr<WriteItem>>;

class AppendItem : public WriteItem {
public:
    AppendItem(
        std::size_t loop,
        const Executor& executor,
        storage::NewMessage message,
        storage::ThreadRule rule
    )
        : WriteItem(loop, executor), message_(std::move(message)), rule_(std::move(rule)) {}

    void run(Transaction& transaction) final;

protected:
    [[nodiscard]] std::optional<Result<model::Message>> take_answer() { return std::move(answer_); }

private:
    storage::NewMessage message_;
    storage::ThreadRule rule_;
    std::optional<Result<model::Message>> answer_;
};

class ScriptItem : public WriteItem {
public:
    ScriptItem(std::size_t loop, const Executor& executor, std::unique_ptr<sql::Work> work)
        : WriteItem(loop, executor), work_(std::move(work)) {}

    void run(Transaction& transaction) final;

protected:
    [[nodiscard]] std::unique_ptr<sql::Work> take_work() {
        work_->failure = failure;
        return std::move(work_);
    }

private:
    std::unique_ptr<sql::Work> work_;
};

/// handler: void(std::exception_ptr, std::optional<Result<model::Message>>)
template <typename Handler>
class WaitingAppend final : public AppendItem {
public:
    template <typename... Arguments>
    explicit WaitingAppend(Handler handler, Arguments&&... arguments)
        : AppendItem(std::forward<Arguments>(arguments)...), handler_(std::move(handler)) {}

    void complete() override {
        Handler handler = std::move(handler_);
        std::move(handler)(failure, take_answer());
    }

private:
    Handler handler_;
};

/// handler: void(std::unique_ptr<sql::Work>)
template <typename Handler>
class WaitingScript final : public ScriptItem {
public:
    template <typename... Arguments>
    explicit WaitingScript(Handler handler, Arguments&&... arguments)
        : ScriptItem(std::forward<Arguments>(arguments)...), handler_(std::move(handler)) {}

    void complete() override {
        Handler handler = std::move(handler_);
        std::move(handler)(take_work());
    }

private:
    Handler handler_;
};

}  // namespace banter::sqlite
