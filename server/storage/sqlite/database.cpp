#include "storage/sqlite/database.hpp"

#include "base/check.hpp"
#include "base/heap.hpp"
#include "base/log.hpp"
#include "storage/sqlite/lock_file.hpp"
#include "storage/sqlite/migrate.hpp"
#include "storage/sqlite/reader.hpp"
#include "storage/sqlite/write_item.hpp"
#include "storage/sqlite/writer.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/this_coro.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace banter::sqlite {

namespace {

void make_directory(const std::filesystem::path& directory) {
    std::error_code failure;
    if (std::filesystem::create_directories(directory, failure)) {
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all, failure);
    }
    if (failure) {
        throw std::runtime_error(directory.string() + " can't be made: " + failure.message());
    }
}

/// For its owner only, as SQLite then makes the files beside it.
void make_private_file(const std::filesystem::path& file) {
    const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (made >= 0) ::close(made);
}

std::unique_ptr<Handle> open_writing(const SqliteOptions& options) {
    Handle::Options writing;
    writing.file = options.directory / options.file_name;
    make_private_file(writing.file);
    writing.vfs = options.vfs;
    writing.cache_bytes = options.writer_cache_bytes;
    writing.synchronous = options.fault != Fault::no_sync;
    return std::make_unique<Handle>(writing);
}

std::unique_ptr<Handle> open_reading(const SqliteOptions& options) {
    Handle::Options reading;
    reading.file = options.directory / options.file_name;
    reading.vfs = options.vfs;
    reading.cache_bytes = options.reader_cache_bytes;
    reading.read_only = true;
    return std::make_unique<Handle>(reading);
}

/// What SQLite says of a file, with the file's name.
[[noreturn]] void throw_unusable(const SqliteOptions& options, const std::exception& failure) {
    throw std::runtime_error(
        (options.directory / options.file_name).string() + " can't be used: " + failure.what()
    );
}

}  // namespace

SqliteDatabase::SqliteDatabase(
    SqliteOptions options,
    const Loops& loops,
    const Clock& clock,
    Random& random,
    metrics::Registry& registry,
    storage::EventBus& bus
)
    : loops_(loops), directory_(options.directory) {
    CHECK(!loops_.empty());
    registry.computed_gauge(memory_metric, memory_help, "part=\"SQLite\"", [] {
        return std::int64_t{sqlite3_memory_used()};
    });
    make_directory(options.directory);
    lock_ = std::make_unique<LockFile>(options.directory);
    std::unique_ptr<Handle> writing;
    try {
        writing = open_writing(options);
        migrate(*writing, options.directory / options.file_name);
        installation_ = open_installation(*writing, clock, random);
        for (std::size_t i = 0; i < loops_.size(); ++i) {
            readers_.push_back(std::make_unique<Reader>(options, open_reading(options), registry));
        }
    } catch (const StorageFailure& failure) {
        throw_unusable(options, failure);
    }
    writer_ = std::make_unique<Writer>(options, std::move(writing), loops_, registry, bus);
    log::info(
        "database open",
        {{"file", std::string_view(options.file_name)}, {"sqlite", sqlite3_libversion()}}
    );
}

SqliteDatabase::~SqliteDatabase() {
    stop();
    // The writer's connection is the last to close: it leaves one file, without a log.
    readers_.clear();
}

LiveCopy SqliteDatabase::make_copy(Offload& offload) {
    return LiveCopy(*writer_, offload, directory_);
}

void SqliteDatabase::stop() {
    writer_->stop();
    for (auto& reader : readers_) reader->stop();
}

std::size_t SqliteDatabase::index_of(const Executor& loop) const {
    const auto found = std::find(loops_.begin(), loops_.end(), loop);
    CHECK(found != loops_.end());
    return static_cast<std::size_t>(found - loops_.begin());
}

Task<Result<model::Message>> SqliteDatabase::append(
    storage::NewMessage message,
    storage::ThreadRule rule
) {
    const Executor here = co_await asio::this_coro::executor;
    const std::size_t loop = index_of(here);
    writer_->admit();
    auto initiate =
        [this, loop, here](auto handler, storage::NewMessage moved, storage::ThreadRule asked) {
            using Item = WaitingAppend<decltype(handler)>;
            writer_->submit(std::make_unique<Item>(
                std::move(handler), loop, here, std::move(moved), std::move(asked)
            ));
        };
    using Answer = std::optional<Result<model::Message>>;
    Answer answer = co_await asio::
        async_initiate<const asio::use_awaitable_t<Executor>, void(std::exception_ptr, Answer)>(
            initiate, use_task, std::move(message), std::move(rule)
        );
    CHECK(answer.has_value());
    co_return std::move(*answer);
}

Task<std::unique_ptr<sql::Work>> SqliteDatabase::submit_write(
    std::unique_ptr<sql::Work> work,
    sql::Turn
) {
    const Executor here = co_await asio::this_coro::executor;
    const std::size_t loop = index_of(here);
    writer_->admit();
    auto initiate = [this, loop, here](auto handler, std::unique_ptr<sql::Work> moved) {
        using Item = WaitingScript<decltype(handler)>;
        writer_->submit(std::make_unique<Item>(std::move(handler), loop, here, std::move(moved)));
    };
    co_return co_await asio::
        async_initiate<const asio::use_awaitable_t<Executor>, void(std::unique_ptr<sql::Work>)>(
            initiate, use_task, std::move(work)
        );
}

Task<std::unique_ptr<sql::Work>> SqliteDatabase::submit_read(std::unique_ptr<sql::Work> work) {
    const Executor here = co_await asio::this_coro::executor;
    co_return co_await readers_[index_of(here)]->run(std::move(work));
}

}  // namespace banter::sqlite
