#include "app/control.hpp"

#include "app/backup/archive.hpp"
#include "app/backup/new_file.hpp"
#include "app/issuer_key.hpp"
#include "base/log.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <exception>
#include <system_error>
#include <utility>

namespace banter::app {

namespace {

/// More at once are turned away: an operator has one.
constexpr std::size_t peers_max = 4;
/// For the request, and for the peer to take what it is sent: it writes to a disk that may be slow.
constexpr std::chrono::seconds request_time{5};
constexpr std::chrono::seconds write_time{60};
constexpr std::chrono::milliseconds accept_pause{250};
constexpr std::size_t calls_waiting_max = 16;
/// How often a peer is told how far the copy is.
constexpr std::chrono::seconds progress_every{1};

std::string percent_done(const sqlite::CopyProgress& progress) {
    if (progress.all == 0) return "0";
    return std::to_string((progress.all - progress.left) * 100 / progress.all);
}

}  // namespace

std::filesystem::path control_socket(const std::filesystem::path& database) {
    return directory_of(database) / "banter.sock";
}

/// Another process, in one coroutine. What takes too long, or is over, is Asio's system_error.
class Control::Peer final : private net::TimingWheel::Entry {
public:
    Peer(net::Shard& shard, net::LocalSocket socket) : shard_(shard), socket_(std::move(socket)) {}

    /// Whether that is what it asks for.
    Task<bool> asks_for(std::string_view request) {
        std::string text(request.size(), '\0');
        shard_.set_deadline(*this, request_time);
        const auto room = asio::buffer(text);
        co_await asio::async_read(socket_, room, use_task);
        net::TimingWheel::cancel(*this);
        co_return text == request;
    }

    Task<> send(FrameKind kind, std::string bytes) {
        const std::string frame = encode_frame(kind, bytes);
        shard_.set_deadline(*this, write_time);
        const auto buffer = asio::buffer(frame);
        co_await asio::async_write(socket_, buffer, use_task);
        net::TimingWheel::cancel(*this);
    }

private:
    void on_due() override {
        boost::system::error_code ignored;
        socket_.cancel(ignored);
    }

    net::Shard& shard_;
    net::LocalSocket socket_;
};

Control::Control(
    net::Shard& shard,
    sqlite::SqliteDatabase& database,
    const Clock& clock,
    Files files
)
    : shard_(shard),
      database_(database),
      clock_(clock),
      files_(std::move(files)),
      offload_(1, calls_waiting_max),
      tasks_(shard.executor()) {}

Control::~Control() = default;

void Control::start() {
    const std::filesystem::path file = control_socket(files_.database);
    try {
        acceptor_.emplace(net::listen_locally(shard_.executor(), file));
    } catch (const std::system_error& failure) {
        log::warning("banter backup will not work while this runs", {{"why", failure.what()}});
        return;
    }
    shard_.post([this] { tasks_.spawn("the socket of the data directory", accept()); });
}

Task<> Control::stop() {
    tasks_.cancel();
    co_await tasks_.wait();
    if (!acceptor_) co_return;
    acceptor_.reset();
    std::error_code ignored;
    std::filesystem::remove(control_socket(files_.database), ignored);
}

Task<> Control::accept() {
    for (;;) {
        net::LocalSocket socket(shard_.executor());
        boost::system::error_code failure;
        co_await acceptor_->async_accept(socket, asio::redirect_error(use_task, failure));
        if (failure) {
            Timer pause(shard_.executor(), accept_pause);
            co_await pause.async_wait(use_task);
        } else {
            const bool has_room = tasks_.running() <= peers_max;
            tasks_.spawn("a command of this machine", serve(std::move(socket), has_room));
        }
    }
}

Task<> Control::serve(net::LocalSocket socket, bool has_room) {
    Peer peer(shard_, std::move(socket));
    std::string trouble;
    try {
        const bool asked = co_await peer.asks_for(backup_request);
        if (!has_room) {
            trouble = "the server is busy with other commands";
        } else if (asked) {
            co_await send_backup(peer);
        } else {
            trouble = "the server is of another version: use its program";
        }
    } catch (const boost::system::system_error& gone) {
        // The peer is, or the server is about to be.
        log::info("a backup was abandoned", {{"why", gone.what()}});
        co_return;
    } catch (const std::exception& failure) {
        trouble = failure.what();
    }
    if (trouble.empty()) co_return;
    log::warning("a backup could not be made", {{"why", std::string_view(trouble)}});
    co_await peer.send(FrameKind::trouble, std::move(trouble));
}

Task<> Control::send_backup(Peer& peer) {
    log::info("a backup begins");
    const Making making(backups_);
    sqlite::DatabaseCopy copy = co_await copy_database(peer);
    std::string key = read_issuer_key(files_.data);
    Archive archive(std::move(copy), std::move(key), files_.files, clock_.now());
    for (;;) {
        auto read = [&archive] { return archive.next(); };
        std::string bytes = co_await offload_.run(read);
        if (bytes.empty()) break;
        co_await peer.send(FrameKind::data, std::move(bytes));
    }
    co_await peer.send(FrameKind::done, std::string());
    log::info("a backup was made");
}

Task<sqlite::DatabaseCopy> Control::copy_database(Peer& peer) {
    sqlite::LiveCopy copy = database_.make_copy(offload_);
    sqlite::CopyProgress progress = co_await copy.begin();
    SteadyTime told = clock_.steady() - progress_every;
    while (progress.left > 0) {
        progress = co_await copy.step();
        if (clock_.steady() - told < progress_every) continue;
        told = clock_.steady();
        std::string percent = percent_done(progress);
        co_await peer.send(FrameKind::progress, std::move(percent));
    }
    co_return co_await copy.finish();
}

}  // namespace banter::app
