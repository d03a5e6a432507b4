// The limit of S5: the same rows in the same tables as one message of Banter, written by a loop
// that does nothing else. One connection, one transaction a batch, prepared statements, heads kept
// in memory; within a batch each thread's row and each read marker is written once. It checks
// nothing and answers nobody. Syncs are counted at the call into libc, where strace would see them.

#include "sqlite/database.hpp"
#include "sqlite/values.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

unsigned long long syncs = 0;

}  // namespace

// SQLite's calls land here, because a program's symbols come before a library's.
extern "C" int fdatasync(int fd) {
    ++syncs;
    return static_cast<int>(::syscall(SYS_fdatasync, fd));
}

extern "C" int fsync(int fd) {
    ++syncs;
    return static_cast<int>(::syscall(SYS_fsync, fd));
}

namespace {

using banter::bench::Database;
using banter::bench::fail;
using banter::bench::random_bytes;
using banter::bench::Statement;
using banter::bench::Uuid;
using banter::bench::uuid_of;

/// Members.used_day of everybody, as on most days.
constexpr std::int64_t today = 20'000;

struct Options {
    std::string database;  // a file that doesn't exist yet
    std::string schema;    // SQL
    // Before all other SQL. Nobody else opens the file.
    std::string pragmas = "PRAGMA cache_size=-65536; PRAGMA locking_mode=EXCLUSIVE";
    std::size_t batch = 256;
    std::size_t content_bytes = 200;
    std::size_t threads = 100;  // with one author each
    double warm_up_seconds = 2;
    double seconds = 5;
    double checkpoint_mib = 64;  // measured: 16 is slower, 256 no faster
};

double seconds_of(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

struct Tally {
    double time = seconds_of(CLOCK_MONOTONIC);
    double cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    unsigned long long syncs = ::syncs;
    unsigned long long rows = 0;
    unsigned long long batches = 0;
    unsigned long long checkpoints = 0;
};

/// The file, its schema and how large its WAL is.
class LogFile : public Database {
public:
    explicit LogFile(const Options& options) : Database(options.database) {
        execute(options.pragmas);
        execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0");
        execute(options.schema);
        ::sqlite3_wal_hook(handle(), &LogFile::committed, this);
    }

    void checkpoint() {
        ::sqlite3_wal_checkpoint_v2(handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
        wal_pages_ = 0;
    }

    [[nodiscard]] int wal_pages() const { return wal_pages_; }

private:
    static int committed(void* self, sqlite3*, const char*, int pages) {
        static_cast<LogFile*>(self)->wal_pages_ = pages;
        return SQLITE_OK;
    }

    int wal_pages_ = 0;
};

class Log {
public:
    explicit Log(const Options& options)
        : options_(options), database_(options), content_(options.content_bytes, 'x') {
        database_.execute("BEGIN");
        Statement thread(
            database_.handle(),
            "INSERT INTO threads (number, id, seq, rev, access_rev, first_seq, member_count, "
            "workspace_id, kind, visibility, name, folded_name, topic, created_by, created_at) "
            "VALUES (?1, ?2, 0, 0, 0, 1, 1, ?2, 0, 0, ?3, ?3, '', ?2, 0)"
        );
        Statement member(
            database_.handle(),
            "INSERT INTO members (thread, user_id, role, read_seq, level, joined_at, used_day) "
            "VALUES (?, ?, 0, 0, 0, 0, ?)"
        );
        for (std::size_t i = 0; i < options.threads; ++i) {
            const auto number = static_cast<std::int64_t>(i + 1);
            threads_.push_back({number, uuid_of(i), 0, false});
            thread.run(number, uuid_of(i), std::string_view("bench " + std::to_string(i)));
            member.run(number, threads_[i].author, today);
        }
        database_.execute("COMMIT");
    }

    void run() {
        append_for(options_.warm_up_seconds);
        const Tally from = tally();
        append_for(options_.seconds);
        print(from, tally());
    }

private:
    struct Thread {
        std::int64_t number;
        Uuid author;
        std::int64_t head;
        bool touched;
    };

    void append_for(double seconds) {
        const double until = seconds_of(CLOCK_MONOTONIC) + seconds;
        while (seconds_of(CLOCK_MONOTONIC) < until) append_batch();
    }

    void append_batch() {
        begin_.run();
        // A thread's rows one after the other: they lie together in the table.
        const std::size_t run = std::max<std::size_t>(1, options_.batch / threads_.size());
        for (std::size_t i = 0; i < options_.batch; ++i) {
            append_one(threads_[(first_thread_ + i / run) % threads_.size()]);
        }
        first_thread_ += options_.batch / run;
        for (Thread& thread : threads_) {
            if (!thread.touched) continue;
            thread.touched = false;
            move_head_.run(thread.head, thread.number);
            move_mark_.run(thread.head, today, thread.number, thread.author);
        }
        commit_.run();
        ++now_.batches;
        now_.rows += options_.batch;
        if (database_.wal_pages() < checkpoint_pages_) return;
        database_.checkpoint();
        ++now_.checkpoints;
    }

    void append_one(Thread& thread) {
        ++next_;
        ++thread.head;
        thread.touched = true;
        insert_.run(
            thread.number << 32 | thread.head,
            thread.head,
            uuid_of(next_),
            thread.author,
            random_bytes<16>(),
            random_bytes<32>(),
            std::string_view(content_),
            static_cast<std::int64_t>(next_)
        );
    }

    Tally tally() const {
        Tally copy;
        copy.rows = now_.rows;
        copy.batches = now_.batches;
        copy.checkpoints = now_.checkpoints;
        return copy;
    }

    void print(const Tally& from, const Tally& to) const {
        const double seconds = to.time - from.time;
        const auto rows = static_cast<double>(to.rows - from.rows);
        const auto batches = static_cast<double>(to.batches - from.batches);
        std::printf(
            "{\"batch\":%zu,\"seconds\":%.4f,\"rows\":%.0f,\"rowsPerSecond\":%.1f,"
            "\"cpuSeconds\":%.3f,\"batches\":%.0f,\"syncs\":%llu,\"syncsPerBatch\":%.4f,"
            "\"checkpoints\":%llu}\n",
            options_.batch,
            seconds,
            rows,
            rows / seconds,
            to.cpu - from.cpu,
            batches,
            to.syncs - from.syncs,
            static_cast<double>(to.syncs - from.syncs) / batches,
            to.checkpoints - from.checkpoints
        );
    }

    const Options& options_;
    LogFile database_;
    std::string content_;
    std::vector<Thread> threads_;
    Statement begin_{database_.handle(), "BEGIN IMMEDIATE"};
    Statement commit_{database_.handle(), "COMMIT"};
    Statement insert_{
        database_.handle(),
        "INSERT INTO messages (place, rev, first_rev, id, author_id, nonce, request_hash, content, "
        "mentions_all, created_at) VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8)"};
    Statement move_head_{
        database_.handle(),
        "UPDATE threads SET seq = ?1, rev = ?1 WHERE number = ?2"};
    Statement move_mark_{
        database_.handle(),
        "UPDATE members SET read_seq = ?, used_day = ? WHERE thread = ? AND user_id = ?"};
    int checkpoint_pages_ = static_cast<int>(options_.checkpoint_mib * 256);
    std::uint64_t next_ = 0;  // row
    std::size_t first_thread_ = 0;
    Tally now_;
};

std::string text_of(const std::string& path) {
    std::ifstream file(path);
    if (!file) fail("cannot read " + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

Options parse_options(int argc, char** argv) {
    Options options;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        const std::string value = argv[i + 1];
        if (name == "--database")
            options.database = value;
        else if (name == "--schema")
            options.schema += text_of(value);
        else if (name == "--pragmas")
            options.pragmas = value;
        else if (name == "--batch")
            options.batch = std::stoul(value);
        else if (name == "--content-bytes")
            options.content_bytes = std::stoul(value);
        else if (name == "--threads")
            options.threads = std::stoul(value);
        else if (name == "--warm-up")
            options.warm_up_seconds = std::stod(value);
        else if (name == "--seconds")
            options.seconds = std::stod(value);
        else if (name == "--checkpoint-mib")
            options.checkpoint_mib = std::stod(value);
        else
            fail("unknown " + std::string(name));
    }
    if (options.database.empty() || options.schema.empty()) {
        fail("usage: --database FILE --schema FILE [--batch N] [--seconds N] ...");
    }
    return options;
}

}  // namespace

int main(int argc, char** argv) {
    const Options options = parse_options(argc, argv);
    ::sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    ::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    Log(options).run();
}
