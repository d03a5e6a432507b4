#include "storage/sqlite/checkpoint.hpp"

#include "base/check.hpp"
#include "base/log.hpp"

#include <algorithm>

namespace banter::sqlite {

namespace {

/// How often the log may have grown by its bound before readers are waited for.
constexpr std::size_t patience = 8;
constexpr int reader_wait_ms = 250;

std::size_t page_bytes(Handle& handle) {
    Cursor cursor(handle, "PRAGMA page_size");
    CHECK(cursor.step());
    return static_cast<std::size_t>(cursor.integer(0));
}

}  // namespace

Checkpoint::Checkpoint(Handle& handle, std::size_t wal_bytes_max, metrics::Registry& registry)
    : handle_(handle),
      frames_max_(std::max<std::size_t>(1, wal_bytes_max / page_bytes(handle))),
      checkpoints_(
          registry.counter("banter_checkpoints_total", "Checkpoints of the write-ahead log.")
      ) {
    sqlite3_wal_hook(handle_.raw(), on_commit, this);
}

Checkpoint::~Checkpoint() { sqlite3_wal_hook(handle_.raw(), nullptr, nullptr); }

int Checkpoint::on_commit(void* self, sqlite3*, const char*, int frames) {
    auto& checkpoint = *static_cast<Checkpoint*>(self);
    checkpoint.log_frames_ = static_cast<std::size_t>(frames);
    // Shorter than it was copied: it has begun anew.
    if (checkpoint.log_frames_ < checkpoint.copied_frames_) checkpoint.copied_frames_ = 0;
    return SQLITE_OK;
}

void Checkpoint::after_batch() {
    if (log_frames_ - copied_frames_ < frames_max_) return;
    if (log_frames_ < patience * frames_max_) {
        run(SQLITE_CHECKPOINT_PASSIVE);
        return;
    }
    sqlite3_busy_timeout(handle_.raw(), reader_wait_ms);
    run(SQLITE_CHECKPOINT_RESTART);
    sqlite3_busy_timeout(handle_.raw(), 0);
}

void Checkpoint::when_idle() {
    if (!is_log_empty()) run(SQLITE_CHECKPOINT_TRUNCATE);
}

void Checkpoint::run(int mode) {
    int frames = 0;
    int copied = 0;
    const int code = sqlite3_wal_checkpoint_v2(handle_.raw(), nullptr, mode, &frames, &copied);
    checkpoints_.add();
    copied_frames_ = log_frames_;
    if (code == SQLITE_OK && mode == SQLITE_CHECKPOINT_TRUNCATE) log_frames_ = copied_frames_ = 0;
    // A reader in the way is no failure. After another one, such as a full disk, the log holds
    // everything still, and the next checkpoint tries again.
    if (code != SQLITE_OK && code != SQLITE_BUSY) {
        log::warning("checkpoint failed", {{"why", sqlite3_errstr(code)}});
    }
}

}  // namespace banter::sqlite
