#include "storage/sqlite/live_copy.hpp"

#include "base/result.hpp"
#include "storage/sqlite/errand.hpp"
#include "storage/sqlite/writer.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/this_coro.hpp>

#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace banter::sqlite {

namespace {

/// Pages of 4 KiB that are copied between two batches: a quarter of a millisecond.
constexpr std::size_t pages_per_step = 32;
/// Pages after which the file is synced, so that the system never has much of it to write when a
/// batch waits for its own sync.
constexpr std::size_t pages_per_sync = 1024;
/// What stays free beside the copy, so that no send fails for it.
constexpr std::uint64_t spare_bytes = 64 * 1024 * 1024;
constexpr std::uint64_t page_bytes = 4096;

/// Has the writer call `call`, and returns what it returned or throws what it threw.
template <typename Call>
Task<std::invoke_result_t<Call&, Handle&, std::unique_ptr<Snapshot>&>> ask(
    Writer& writer,
    Call call
) {
    using Value = std::invoke_result_t<Call&, Handle&, std::unique_ptr<Snapshot>&>;
    const Executor here = co_await asio::this_coro::executor;
    auto initiate = [&writer, here](auto handler, Call moved) {
        using Asked = WaitingErrand<Call, decltype(handler)>;
        writer.submit(std::make_unique<Asked>(here, std::move(moved), std::move(handler)));
    };
    std::optional<Value> value = co_await asio::async_initiate<
        const asio::use_awaitable_t<Executor>,
        void(std::exception_ptr, std::optional<Value>)>(initiate, use_task, std::move(call));
    co_return std::move(*value);
}

void require_space(const std::filesystem::path& directory, std::size_t pages) {
    struct statvfs disk {};
    if (::statvfs(directory.c_str(), &disk) != 0) return;
    if (disk.f_bavail * disk.f_frsize >= pages * page_bytes + spare_bytes) return;
    throw StorageFailure(
        Errc::storage_full,
        "there is not enough space in " + directory.string() + " for a copy of the database"
    );
}

}  // namespace

LiveCopy::LiveCopy(Writer& writer, Offload& offload, std::filesystem::path directory)
    : writer_(writer), offload_(offload), directory_(std::move(directory)) {}

LiveCopy::~LiveCopy() {
    if (!begun_) return;
    auto abandon = [](std::unique_ptr<Snapshot>& snapshot) { snapshot.reset(); };
    writer_.submit(std::make_unique<SilentErrand<decltype(abandon)>>(abandon));
}

Task<CopyProgress> LiveCopy::begin() {
    struct Begun {
        CopyProgress progress;
        int file;
    };
    auto make = [directory = directory_](Handle& handle, std::unique_ptr<Snapshot>& snapshot) {
        if (snapshot) throw StorageFailure(Errc::busy, "another copy is being made");
        auto made = std::make_unique<Snapshot>(handle, directory);
        const CopyProgress progress = made->copy(0);
        snapshot = std::move(made);
        return Begun{progress, snapshot->descriptor()};
    };
    const Begun begun = co_await ask(writer_, std::move(make));
    begun_ = true;
    file_ = begun.file;
    progress_ = begun.progress;
    co_await settle();
    co_return progress_;
}

Task<CopyProgress> LiveCopy::step() {
    // Twice what was added since the last step, for it to come to its end however much is written.
    const std::size_t pages = pages_per_step + 2 * grown_pages_;
    auto copy = [pages](Handle&, std::unique_ptr<Snapshot>& snapshot) {
        return snapshot->copy(static_cast<int>(pages));
    };
    const CopyProgress progress = co_await ask(writer_, std::move(copy));
    grown_pages_ = std::max(progress.all, progress_.all) - progress_.all;
    progress_ = progress;
    unsynced_pages_ += pages;
    if (unsynced_pages_ >= pages_per_sync) co_await settle();
    co_return progress_;
}

Task<> LiveCopy::settle() {
    unsynced_pages_ = 0;
    auto sync = [file = file_, directory = directory_, pages = progress_.left] {
        if (::fdatasync(file) != 0) {
            throw std::system_error(errno, std::generic_category(), "the copy of the database");
        }
        require_space(directory, pages);
        return true;
    };
    (void)co_await offload_.run(std::move(sync));
}

Task<DatabaseCopy> LiveCopy::finish() {
    auto take = [](Handle&, std::unique_ptr<Snapshot>& snapshot) {
        DatabaseCopy copy = snapshot->take();
        snapshot.reset();
        return copy;
    };
    DatabaseCopy copy = co_await ask(writer_, std::move(take));
    begun_ = false;
    co_return copy;
}

}  // namespace banter::sqlite
