#include "app/backup/backup.hpp"

#include "app/backup/archive.hpp"
#include "app/backup/frames.hpp"
#include "app/backup/new_file.hpp"
#include "app/control.hpp"
#include "app/issuer_key.hpp"
#include "storage/sqlite/lock_file.hpp"
#include "storage/sqlite/maintenance.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <span>
#include <stdexcept>

namespace banter::app {

namespace {

namespace fs = std::filesystem;

/// A server that says nothing for so long is stuck.
constexpr std::chrono::seconds patience{120};
/// How soon an interruption is seen.
constexpr std::chrono::milliseconds look_every{200};

/// The server's end of a backup.
class RunningServer {
public:
    RunningServer(const fs::path& database, const Interruption& interruption)
        : socket_(net::connect_locally(control_socket(database))), interruption_(interruption) {}

    [[nodiscard]] bool answers() const { return static_cast<bool>(socket_); }

    void fill(NewFile& out, const Progress& progress) {
        // It fits into the socket's buffer.
        static_cast<void>(
            ::send(*socket_, backup_request.data(), backup_request.size(), MSG_NOSIGNAL)
        );
        for (;;) {
            const auto [kind, bytes] = next();
            switch (kind) {
                case FrameKind::progress: progress(bytes); break;
                case FrameKind::data: out.write(bytes); break;
                case FrameKind::done: return;
                case FrameKind::trouble: throw std::runtime_error(bytes);
            }
        }
    }

private:
    struct Frame {
        FrameKind kind;
        std::string bytes;
    };

    Frame next() {
        std::array<std::uint8_t, frame_head_bytes> head{};
        read(std::as_writable_bytes(std::span(head)));
        const auto parsed = parse_frame_head(head);
        if (!parsed) throw std::runtime_error("the server speaks another version: use its program");
        Frame frame{parsed->kind, std::string(parsed->bytes, '\0')};
        read(std::as_writable_bytes(std::span(frame.bytes)));
        return frame;
    }

    void read(std::span<std::byte> out) {
        while (!out.empty()) {
            wait();
            interruption_();
            const ssize_t size = ::recv(*socket_, out.data(), out.size(), 0);
            if (size < 0 && errno == EINTR) continue;
            if (size <= 0) throw std::runtime_error("the server ended before the backup was whole");
            out = out.subspan(static_cast<std::size_t>(size));
        }
    }

    void wait() const {
        pollfd readable{*socket_, POLLIN, 0};
        const auto until = std::chrono::steady_clock::now() + patience;
        while (::poll(&readable, 1, static_cast<int>(look_every.count())) <= 0) {
            interruption_();
            if (std::chrono::steady_clock::now() < until) continue;
            throw std::runtime_error("the server does not answer");
        }
    }

    Descriptor socket_;
    const Interruption& interruption_;
};

void fill_from(Archive archive, NewFile& out, const Interruption& interruption) {
    for (std::string bytes = archive.next(); !bytes.empty(); bytes = archive.next()) {
        interruption();
        out.write(bytes);
    }
}

/// Holds the data: a server that started meanwhile would remove the files of deleted messages,
/// which the copy of the database still has. Without files here it may start once that is made.
void fill_offline(const Config& config, NewFile& out, const Interruption& interruption) {
    const fs::path database = config.database_path();
    const auto files = config.files_path();
    std::optional<sqlite::LockFile> lock(std::in_place, directory_of(database));
    Archive archive(
        sqlite::copy_file(database),
        read_issuer_key(config.data),
        files.value_or(""),
        SystemClock().now()
    );
    if (!files) lock.reset();
    fill_from(std::move(archive), out, interruption);
}

void fill(
    const Config& config,
    NewFile& out,
    const Progress& progress,
    const Interruption& interruption
) {
    const fs::path database = config.database_path();
    if (!fs::exists(database)) {
        throw std::runtime_error(
            fmt::format("there is nothing to back up: {} does not exist", database.string())
        );
    }
    try {
        fill_offline(config, out, interruption);
    } catch (const sqlite::InUse& in_use) {
        RunningServer server(database, interruption);
        if (!server.answers()) {
            throw std::runtime_error(fmt::format(
                "{}, which takes no requests: it may be starting or stopping", in_use.what()
            ));
        }
        server.fill(out, progress);
    }
}

}  // namespace

void back_up(
    const Config& config,
    const fs::path& file,
    const Progress& progress,
    const Interruption& interruption
) {
    NewFile out(file);
    fill(config, out, progress, interruption);
    out.publish();
}

}  // namespace banter::app
