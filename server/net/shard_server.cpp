#include "net/shard_server.hpp"

#include "base/check.hpp"
#include "net/websocket/close.hpp"

#include <utility>

namespace banter::net {

namespace {

/// A place of an HTTP session, for as long as it is one.
class Place {
public:
    Place(Budget& budget, metrics::Gauge& count) : budget_(&budget), count_(count) {
        count_.add(1);
    }

    ~Place() {
        count_.add(-1);
        if (budget_ != nullptr) budget_->give_back();
    }

    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    /// The connection stays open as something else.
    void hand_over() { budget_ = nullptr; }

private:
    Budget* budget_;
    metrics::Gauge& count_;
};

/// Calls `look` in a later call of the shard's loop, when the coroutine that it lies in has ended.
class Afterwards {
public:
    Afterwards(Shard& shard, std::function<void()> look) : shard_(shard), look_(std::move(look)) {}

    ~Afterwards() { shard_.post(std::move(look_)); }

    Afterwards(const Afterwards&) = delete;
    Afterwards& operator=(const Afterwards&) = delete;

private:
    Shard& shard_;
    std::function<void()> look_;
};

}  // namespace

ShardServer::ShardServer(
    Shard& shard,
    Budget& budget,
    metrics::Gauge& deflate_readers,
    metrics::Registry& registry
)
    : shard_(shard),
      budget_(budget),
      http_sessions_count_(registry.gauge("banter_connections", "Open connections", "kind=\"http\"")
      ),
      sessions_(shard, budget, deflate_readers, registry),
      serving_(shard.executor()) {
    sessions_.on_emptied([this] { look_whether_empty(); });
}

ShardServer::~ShardServer() = default;

void ShardServer::start(Acceptor acceptor, std::unique_ptr<http::Application> application) {
    CHECK(shard_.is_current());
    application_ = std::move(application);
    auto on_accepted = [this](Socket socket, const Endpoint& peer) {
        accepted(std::move(socket), peer);
    };
    listener_ = std::make_unique<Listener>(shard_, std::move(acceptor), budget_, on_accepted);
    listener_->start();
}

void ShardServer::accepted(Socket socket, const Endpoint& peer) {
    auto session = std::make_unique<http::Session>(shard_, std::move(socket), peer, *application_);
    http_sessions_.push_back(*session);
    serving_.spawn("http session", serve(this, std::move(session)));
}

Task<> ShardServer::serve(ShardServer* server, std::unique_ptr<http::Session> session) {
    const Afterwards afterwards(server->shard_, [server] { server->look_whether_empty(); });
    Place place(server->budget_, server->http_sessions_count_);
    auto upgraded = co_await session->run();
    session.reset();
    if (!upgraded) co_return;
    place.hand_over();
    server->sessions_.add(
        upgraded->descriptor,
        std::move(upgraded->application),
        upgraded->deflate,
        upgraded->response,
        std::move(upgraded->rest)
    );
    // Whose request was being answered when the drain began.
    if (server->farewell_) server->close_sessions();
}

void ShardServer::drain(std::function<std::string()> farewell, std::function<void()> emptied) {
    farewell_ = std::move(farewell);
    emptied_ = std::move(emptied);
    if (listener_) listener_->stop();
    for (http::Session& session : http_sessions_) session.drain();
    close_sessions();
    look_whether_empty();
}

void ShardServer::look_whether_empty() {
    if (sessions_.size() > 0 || serving_.running() > 0) return;
    if (const auto emptied = std::exchange(emptied_, nullptr)) emptied();
}

void ShardServer::close_sessions() {
    sessions_.close_all(websocket::close_code::restart, farewell_);
}

void ShardServer::cut_off() {
    serving_.cancel();
    sessions_.abort_all();
}

}  // namespace banter::net
