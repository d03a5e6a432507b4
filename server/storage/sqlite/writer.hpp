// Group commit: everything that is written goes through here, in batches that grow with the load.
//
// The writer is a thread of execution with the only connection that writes and checkpoints. While
// it commits one batch the next one gathers; a lone item waits for nothing.
#pragma once

#include "base/metrics.hpp"
#include "base/sharded.hpp"
#include "storage/event_bus.hpp"
#include "storage/sqlite/checkpoint.hpp"
#include "storage/sqlite/errand.hpp"
#include "storage/sqlite/handle.hpp"
#include "storage/sqlite/options.hpp"
#include "storage/sqlite/snapshot.hpp"
#include "storage/sqlite/transaction.hpp"
#include "storage/sqlite/write_item.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace banter::sqlite {

/// Invariant: no answer and no event of an item is posted before the COMMIT of its batch returned,
/// answers before events, each in the order of the items.
class Writer {
public:
    Writer(
        const SqliteOptions& options,
        std::unique_ptr<Handle> handle,
        const Loops& loops,
        metrics::Registry& registry,
        storage::EventBus& bus
    );
    /// Stops.
    ~Writer();

    /// Before an item is made. Throws StorageFailure: busy (too many wait), storage_unavailable
    /// (stopped).
    void admit();
    /// An admitted item, on its own loop. It is handed over, with all others of that loop's turn,
    /// by one lock and one wake-up, when the turn's work is done.
    void submit(std::unique_ptr<WriteItem> item);

    /// Has it done between two batches, at most one between each two.
    void submit(std::unique_ptr<Errand> errand);

    /// Writes what was handed over, then ends. Idempotent.
    void stop();

private:
    /// What one loop has gathered in its turn; touched by that loop only.
    struct alignas(64) Gathering {
        WriteItems items;
    };
    /// What a batch brings back to one loop.
    struct Return {
        WriteItems items;
        std::size_t hand_overs_ended = 0;
    };

    void hand_over(std::size_t loop);
    void run();
    /// What is to be done next. False: nothing any more.
    [[nodiscard]] bool take(WriteItems& batch, std::unique_ptr<Errand>& errand);
    [[nodiscard]] bool wait_for_items(std::unique_lock<std::mutex>& lock);
    void write(WriteItems& batch);
    void finish(WriteItems batch);
    void post_answers(WriteItems batch);
    void post_hand_overs_ended();

    const SqliteOptions options_;
    std::shared_ptr<const InFlight> in_flight_;
    Loops loops_;
    storage::EventBus& bus_;

    std::vector<Gathering> gathered_;
    /// Items that were admitted and that no batch has taken.
    std::atomic<std::size_t> waiting_{0};
    std::atomic<bool> stopping_{false};

    std::mutex guard_;
    std::condition_variable arrived_;
    std::deque<std::unique_ptr<WriteItem>> queue_;
    std::deque<std::unique_ptr<Errand>> errands_;
    /// The writer is to end when both queues are empty; it has, and looks at them no more.
    bool ending_ = false;
    bool ended_ = false;

    std::unique_ptr<Handle> handle_;
    Transaction transaction_;
    Checkpoint checkpoint_;
    /// That errands are making; it reads through the handle.
    std::unique_ptr<Snapshot> snapshot_;
    std::vector<Return> returns_;
    /// The last batch was not written.
    bool failing_ = false;
    metrics::Histogram& batch_items_;
    metrics::Histogram& commit_seconds_;
    metrics::Gauge& queue_items_;
    std::jthread worker_;
};

}  // namespace banter::sqlite
