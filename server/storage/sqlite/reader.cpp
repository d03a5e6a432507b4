#include "storage/sqlite/reader.hpp"

#include "base/elapsed.hpp"
#include "base/elsewhere.hpp"
#include "base/result.hpp"

#include <chrono>
#include <exception>
#include <utility>

namespace banter::sqlite {

Reader::Reader(
    const SqliteOptions& options,
    std::unique_ptr<Handle> handle,
    metrics::Registry& registry
)
    : waiting_max_(options.reads_waiting_max),
      handle_(std::move(handle)),
      connection_(*handle_),
      read_seconds_(registry.histogram("banter_reads_seconds", "Time of a read transaction.", 1e-6)
      ),
      has_work_(loop_.get_executor()),
      worker_([this] { loop_.run(); }) {}

Reader::~Reader() { stop(); }

void Reader::stop() {
    stopping_.store(true, std::memory_order_relaxed);
    if (!worker_.joinable()) return;
    has_work_.reset();
    worker_.join();
}

void Reader::admit() {
    if (stopping_.load(std::memory_order_relaxed)) {
        throw StorageFailure(Errc::storage_unavailable, "the database is closed");
    }
    if (waiting_.fetch_add(1, std::memory_order_relaxed) >= waiting_max_) {
        waiting_.fetch_sub(1, std::memory_order_relaxed);
        throw StorageFailure(Errc::busy, "too many reads wait");
    }
}

Task<std::unique_ptr<sql::Work>> Reader::run(std::unique_ptr<sql::Work> work) {
    admit();
    auto call = [this, work = std::move(work)]() mutable {
        run_here(*work);
        return std::move(work);
    };
    co_return co_await call_on(loop_.get_executor(), std::move(call));
}

void Reader::run_here(sql::Work& work) {
    const auto start = std::chrono::steady_clock::now();
    waiting_.fetch_sub(1, std::memory_order_relaxed);
    sql::Outbox nothing_to_tell;
    try {
        handle_->run("BEGIN");
        scripts_.run(work.run(connection_, nothing_to_tell));
    } catch (...) {
        work.failure = std::current_exception();
    }
    try {
        if (handle_->in_transaction()) handle_->run("COMMIT");
    } catch (...) {
        work.failure = std::current_exception();
    }
    read_seconds_.observe(microseconds_since(start));
}

}  // namespace banter::sqlite
