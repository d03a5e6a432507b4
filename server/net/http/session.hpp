// The keep-alive loop of one HTTP/1.1 connection: requests in, responses out, and the way to
// WebSocket.
#pragma once

#include "base/task.hpp"
#include "net/http/application.hpp"
#include "net/http/pace.hpp"
#include "net/http/parser.hpp"
#include "net/http/serializer.hpp"
#include "net/listener.hpp"
#include "net/shard.hpp"

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace banter::net::http {

/// An upgraded socket: its descriptor, what was read beyond the request's head, and what was
/// agreed.
struct Upgraded {
    int descriptor = -1;
    std::unique_ptr<websocket::Application> application;
    std::string response;  // the 101, to be sent first
    std::string rest;
    bool deflate = false;
};

/// Lives on one shard, in one coroutine. While it waits for a request it holds no read buffer.
/// Memory while idle: this object, two coroutine frames, and Asio's part of a socket; below 3 KiB
/// together.
class Session final : public boost::intrusive::list_base_hook<
                          boost::intrusive::link_mode<boost::intrusive::auto_unlink>>,
                      private TimingWheel::Entry {
public:
    Session(Shard& shard, Socket socket, const Endpoint& peer, Application& application);

    /// Runs until the connection ends (nothing is returned) or is to become a WebSocket.
    [[nodiscard]] Task<std::optional<Upgraded>> run();

    /// Finishes the request in flight, answers it with `Connection: close` and ends; at once when
    /// idle.
    void drain();

private:
    enum class Waiting { nothing, head, body, idle, write, stream, end };
    class IncomingBody;

    void on_due() override;
    void expect(Waiting what);
    void rest();
    [[nodiscard]] BodyRule body_rule(const Request& head);

    Task<bool> more();
    Task<bool> fill();
    Task<bool> write(std::string bytes);
    Task<bool> send(Response response, bool head_only, bool keep_alive);
    Task<bool> answer(Request request);
    Task<std::optional<Upgraded>> upgrade(Request request);
    Task<> refuse(int status, std::string_view why);
    Task<> linger();

    // Streams (session_streams.cpp).
    Task<bool> answer_streamed(Request request);
    Task<bool> more_of_stream();
    [[nodiscard]] bool can_read_rest();
    Task<bool> send_stream(Response response, const Delivery& delivery);
    Task<bool> send_source(SourcedBody& body);
    Task<bool> send_chunks(BodySource& source);
    Task<bool> send_file(const FileBody& body);
    Task<bool> write_paced(std::string_view bytes, int flags);
    Task<bool> writable();

    Shard& shard_;
    Socket socket_;
    Application& application_;
    Parser parser_;
    std::string peer_address_;
    unsigned short peer_port_;
    Waiting waiting_ = Waiting::nothing;
    bool timed_out_ = false;
    bool draining_ = false;
    bool answered_one_ = false;
    SteadyTime began_;             // of the body or the write that is waited for
    std::size_t write_bytes_ = 0;  // of that write
    Pace pace_;                    // of the stream that is under way
};

}  // namespace banter::net::http
