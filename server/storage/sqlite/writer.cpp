#include "storage/sqlite/writer.hpp"

#include "base/check.hpp"
#include "base/elapsed.hpp"
#include "base/log.hpp"
#include "storage/sql/answers.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace banter::sqlite {

namespace {

/// Without work for so long the log is emptied.
constexpr std::chrono::seconds idle_after{1};

using SteadyClock = std::chrono::steady_clock;

}  // namespace

Writer::Writer(
    const SqliteOptions& options,
    std::unique_ptr<Handle> handle,
    const Loops& loops,
    metrics::Registry& registry,
    storage::EventBus& bus
)
    : options_(options),
      in_flight_(std::make_shared<const InFlight>(options.in_flight)),
      loops_(loops),
      bus_(bus),
      gathered_(loops.size()),
      handle_(std::move(handle)),
      transaction_(*handle_),
      checkpoint_(*handle_, options.wal_bytes_max, registry),
      returns_(loops.size()),
      batch_items_(registry.histogram("banter_batch_items", "Writes of one transaction.", 1)),
      commit_seconds_(
          registry.histogram("banter_commit_seconds", "Time of a COMMIT, its sync included.", 1e-6)
      ),
      queue_items_(registry.gauge("banter_writer_queue", "Writes that wait for the writer.")),
      worker_([this] { run(); }) {}

Writer::~Writer() { stop(); }

void Writer::admit() {
    if (stopping_.load(std::memory_order_relaxed)) {
        throw StorageFailure(Errc::storage_unavailable, "the database is closed");
    }
    if (waiting_.fetch_add(1, std::memory_order_relaxed) >= options_.queue_items_max) {
        waiting_.fetch_sub(1, std::memory_order_relaxed);
        throw StorageFailure(Errc::busy, "too many writes wait");
    }
}

void Writer::submit(std::unique_ptr<WriteItem> item) {
    const std::size_t loop = item->loop();
    WriteItems& gathered = gathered_[loop].items;
    gathered.push_back(std::move(item));
    if (gathered.size() > 1) return;
    auto call = [this, loop] { hand_over(loop); };
    if (options_.at_turn_end) {
        options_.at_turn_end(loop, std::move(call));
    } else {
        asio::post(loops_[loop], std::move(call));
    }
}

void Writer::hand_over(std::size_t loop) {
    WriteItems items = std::exchange(gathered_[loop].items, {});
    CHECK(!items.empty());
    items.back()->ends_hand_over = true;
    if (*in_flight_) (*in_flight_)(loop, true);
    {
        std::unique_lock lock(guard_);
        if (!ended_) {
            std::move(items.begin(), items.end(), std::back_inserter(queue_));
            lock.unlock();
            arrived_.notify_one();
            return;
        }
    }
    waiting_.fetch_sub(items.size(), std::memory_order_relaxed);
    const StorageFailure closed(Errc::storage_unavailable, "the database is closed");
    for (auto& item : items) item->failure = std::make_exception_ptr(closed);
    sql::Answers<WriteItem> answers{loops_[loop], std::move(items)};
    answers();
    if (*in_flight_) (*in_flight_)(loop, false);
}

void Writer::submit(std::unique_ptr<Errand> errand) {
    std::unique_lock lock(guard_);
    if (ended_) {
        lock.unlock();
        return errand->refuse();
    }
    errands_.push_back(std::move(errand));
    lock.unlock();
    arrived_.notify_one();
}

void Writer::stop() {
    stopping_.store(true, std::memory_order_relaxed);
    if (!worker_.joinable()) return;
    {
        const std::scoped_lock lock(guard_);
        ending_ = true;
    }
    arrived_.notify_one();
    worker_.join();
}

void Writer::run() {
    WriteItems batch;
    std::unique_ptr<Errand> errand;
    while (take(batch, errand)) {
        if (!batch.empty()) {
            write(batch);
            finish(std::exchange(batch, {}));
            checkpoint_.after_batch();
        }
        if (errand) std::exchange(errand, nullptr)->run(*handle_, snapshot_);
    }
}

bool Writer::wait_for_items(std::unique_lock<std::mutex>& lock) {
    const auto has_work = [this] { return !queue_.empty() || !errands_.empty() || ending_; };
    if (checkpoint_.is_log_empty()) {
        arrived_.wait(lock, has_work);
    } else if (!arrived_.wait_for(lock, idle_after, has_work)) {
        lock.unlock();
        checkpoint_.when_idle();
        lock.lock();
        return false;
    }
    return true;
}

bool Writer::take(WriteItems& batch, std::unique_ptr<Errand>& errand) {
    std::unique_lock lock(guard_);
    while (!wait_for_items(lock)) {}
    if (!errands_.empty()) {
        errand = std::move(errands_.front());
        errands_.pop_front();
    }
    if (queue_.empty()) {
        ended_ = !errand;
        return !ended_;
    }
    const auto count = std::min(queue_.size(), options_.batch_items_max);
    const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
    batch.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
    queue_.erase(queue_.begin(), end);
    queue_items_.set(static_cast<std::int64_t>(queue_.size()));
    waiting_.fetch_sub(count, std::memory_order_relaxed);
    return true;
}

void Writer::write(WriteItems& batch) {
    batch_items_.observe(batch.size());
    try {
        transaction_.begin();
        for (auto& item : batch) item->run(transaction_);
        if (options_.fault == Fault::acknowledge_before_commit)
            post_answers(std::exchange(batch, {}));
        const auto start = SteadyClock::now();
        transaction_.commit();
        commit_seconds_.observe(microseconds_since(start));
        if (std::exchange(failing_, false)) log::info("writing goes on");
    } catch (const std::exception& failure) {
        // Once: a full disk refuses every batch until there is space.
        if (!std::exchange(failing_, true)) {
            log::error("batches are not written", {{"why", failure.what()}});
        }
        transaction_.roll_back();
        for (auto& item : batch) item->failure = std::current_exception();
    }
}

void Writer::finish(WriteItems batch) {
    auto events = transaction_.take_events();
    storage::publish_revocations(bus_, events);
    post_answers(std::move(batch));
    if (!events.empty()) bus_.publish(std::move(events));
    post_hand_overs_ended();
}

void Writer::post_answers(WriteItems batch) {
    for (auto& item : batch) {
        Return& back = returns_[item->loop()];
        if (item->ends_hand_over) ++back.hand_overs_ended;
        back.items.push_back(std::move(item));
    }
    for (std::size_t loop = 0; loop < loops_.size(); ++loop) {
        if (returns_[loop].items.empty()) continue;
        sql::Answers<WriteItem> answers{loops_[loop], std::exchange(returns_[loop].items, {})};
        asio::post(loops_[loop], std::move(answers));
    }
}

void Writer::post_hand_overs_ended() {
    for (std::size_t loop = 0; loop < loops_.size(); ++loop) {
        const std::size_t count = std::exchange(returns_[loop].hand_overs_ended, 0);
        if (count == 0 || !*in_flight_) continue;
        asio::post(loops_[loop], [tell = in_flight_, loop, count] {
            for (std::size_t i = 0; i < count; ++i) (*tell)(loop, false);
        });
    }
}

}  // namespace banter::sqlite
