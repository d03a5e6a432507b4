// `banter.sock` beside the database: how other commands of this program reach the running server.
#pragma once

#include "app/backup/frames.hpp"
#include "base/clock.hpp"
#include "base/offload.hpp"
#include "base/task.hpp"
#include "base/task_group.hpp"
#include "net/local_socket.hpp"
#include "net/shard.hpp"
#include "storage/sqlite/database.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace banter::app {

[[nodiscard]] std::filesystem::path control_socket(const std::filesystem::path& database);

/// On one shard. The file's mode lets in the user who runs the server, and root.
class Control {
public:
    struct Files {
        std::filesystem::path database;
        std::filesystem::path data;
        /// Empty: they are not on this machine.
        std::filesystem::path files;
    };

    Control(net::Shard& shard, sqlite::SqliteDatabase& database, const Clock& clock, Files files);
    ~Control();

    /// Listens. A directory where no socket can be is no reason not to serve: it is logged.
    void start();
    /// Abandons what is being done, and returns when nothing runs any more. Idempotent.
    [[nodiscard]] Task<> stop();

    /// While a backup is made, no file may be removed. Asked on the control's shard.
    [[nodiscard]] bool makes_backup() const { return backups_ > 0; }

private:
    class Peer;
    /// A backup that is being made.
    class Making {
    public:
        explicit Making(std::size_t& count) : count_(count) { ++count_; }
        ~Making() { --count_; }
        Making(const Making&) = delete;
        Making& operator=(const Making&) = delete;

    private:
        std::size_t& count_;
    };

    [[nodiscard]] Task<> accept();
    [[nodiscard]] Task<> serve(net::LocalSocket socket, bool has_room);
    [[nodiscard]] Task<> send_backup(Peer& peer);
    [[nodiscard]] Task<sqlite::DatabaseCopy> copy_database(Peer& peer);

    net::Shard& shard_;
    sqlite::SqliteDatabase& database_;
    const Clock& clock_;
    Files files_;
    /// Reading and syncing for minutes must not keep the hashing of passwords waiting.
    Offload offload_;
    std::optional<net::LocalAcceptor> acceptor_;
    TaskGroup tasks_;
    std::size_t backups_ = 0;
};

}  // namespace banter::app
