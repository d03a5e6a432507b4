// Bodies that are not held whole, over real sockets: those of requests as they come, those of
// answers from a source or a file.
#include "base/descriptor.hpp"
#include "net/http/body_source.hpp"
#include "net/http/request_body.hpp"
#include "net/http/session.hpp"
#include "net/test_client.hpp"
#include "net/test_server.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace banter::net::http {
namespace {

constexpr std::size_t source_bytes = 1'000'000;

/// The byte at that place of every streamed answer.
char byte_at(std::size_t place) { return static_cast<char>('a' + place % 23); }

std::string expected(std::size_t offset, std::size_t size) {
    std::string out(size, '\0');
    for (std::size_t i = 0; i < size; ++i) out[i] = byte_at(offset + i);
    return out;
}

/// What the applications of a test saw, from all shards.
struct Seen {
    metrics::Counter began;
    metrics::Counter asked;                // of sources
    metrics::Counter destroyed;            // of sources
    std::array<metrics::Counter, 6> ends;  // by BodyPiece::Kind
    metrics::Counter large_pieces;

    std::uint64_t ended(BodyPiece::Kind kind) const {
        return ends[static_cast<std::size_t>(kind)].value();
    }
};

class Pieces final : public BodySource {
public:
    Pieces(Seen& seen, Executor executor, std::size_t size, bool throws)
        : seen_(seen), executor_(executor), size_(size), throws_(throws) {}
    ~Pieces() override { seen_.destroyed.add(); }

    Task<std::string_view> next() override {
        seen_.asked.add();
        co_await asio::post(executor_, use_task);
        if (throws_ && place_ > source_bytes / 2) throw std::runtime_error("planted by a test");
        const std::size_t size = std::min<std::size_t>(size_ - place_, 10'007);
        piece_ = expected(place_, size);
        place_ += size;
        co_return std::string_view(piece_);
    }

private:
    Seen& seen_;
    Executor executor_;
    std::size_t size_;
    bool throws_;
    std::size_t place_ = 0;
    std::string piece_;
};

/// POST /sink reads its body and answers how long it was; /sink/echo answers the body, /sink/none
/// reads nothing, /sink/one reads one piece, /sink/later reads after `release`, /sink/small allows
/// ten bytes, /sink/again asks on after the end. GET /source/…, /file/… answer streams.
class Streamer final : public Application {
public:
    Streamer(TestServer& test, Seen& seen, std::size_t shard)
        : seen_(seen), executor_(test.shards[shard].executor()), waiting_(executor_) {
        waiting_.expires_at(Timer::time_point::max());
        test.release = [this, &loop = test.shards[shard]] {
            loop.post([this] { waiting_.cancel(); });
        };
    }

    bool streams_body(const Request& head) override { return head.path.at(0) == "sink"; }

    std::size_t body_bytes_max(const Request& head, std::size_t usual) override {
        if (head.path.at(0) != "sink") return usual;
        return kind_of(head) == "small" ? 10 : std::size_t{1} << 30;
    }

    Task<Response> respond(Request request) override {
        const std::string kind = kind_of(request);
        if (request.path.at(0) == "sink") co_return co_await take(*request.stream, kind);
        EXPECT_EQ(request.stream, nullptr);
        Response response = Response::of(200, "text/plain", request.body);
        if (request.path.at(0) == "source") response.stream = source(kind);
        if (request.path.at(0) == "file") response.stream = file(kind);
        co_return response;
    }

    Task<UpgradeDecision> upgrade(Request) override { co_return Response::empty(403); }

    Response refuse(int status, std::string_view why, const Request* head) override {
        std::string body(why);
        if (head != nullptr) body += " at " + head->target;
        return Response::of(status, "text/plain", std::move(body));
    }

private:
    static std::string kind_of(const Request& request) {
        return request.path.size() > 1 ? request.path[1] : "";
    }

    Task<Response> take(RequestBody& body, std::string kind) {
        seen_.began.add();
        if (kind == "none") co_return Response::of(403, "text/plain", "not you");
        if (kind == "later") {
            boost::system::error_code woken;
            co_await waiting_.async_wait(asio::redirect_error(use_task, woken));
        }
        std::string all;
        std::size_t size = 0;
        BodyPiece piece = co_await body.next();
        if (kind == "one") co_return Response::of(200, "text/plain", std::string(piece.bytes));
        while (piece.kind == BodyPiece::Kind::bytes) {
            size += piece.bytes.size();
            if (piece.bytes.size() > 80 * 1024) seen_.large_pieces.add();
            if (kind == "echo") all += piece.bytes;
            piece = co_await body.next();
        }
        seen_.ends[static_cast<std::size_t>(piece.kind)].add();
        if (kind == "again") {
            for (int i = 0; i < 3; ++i) {
                const BodyPiece same = co_await body.next();
                EXPECT_EQ(same.kind, piece.kind);
            }
        }
        co_return Response::of(200, "text/plain", kind == "echo" ? all : std::to_string(size));
    }

    SourcedBody source(const std::string& kind) {
        std::size_t size = source_bytes;
        if (kind == "short") size -= 1;
        if (kind == "long") size += 1;
        return sourced_body(
            std::make_unique<Pieces>(seen_, executor_, size, kind == "throws"), source_bytes
        );
    }

    static FileBody file(const std::string& kind) {
        FileBody body;
        body.file = Descriptor(::memfd_create("streamed", MFD_CLOEXEC));
        const std::string bytes = expected(0, source_bytes);
        EXPECT_EQ(::write(*body.file, bytes.data(), bytes.size()), ssize_t{source_bytes});
        body.length = source_bytes;
        if (kind == "part") body.offset = 1'000;
        if (kind == "part") body.length = 5'000;
        if (kind == "empty") body.length = 0;
        if (kind == "short") body.length = source_bytes + 1;
        return body;
    }

    Seen& seen_;
    Executor executor_;
    Timer waiting_;
};

class HttpStreams : public testing::Test {
protected:
    void start(const Limits& limits = {}) {
        server_ = std::make_unique<TestServer>(1, limits, [this](TestServer& test, std::size_t at) {
            return std::make_unique<Streamer>(test, seen_, at);
        });
    }

    TestClient connect(int receive_buffer = 0) const {
        return TestClient(server_->port(), receive_buffer);
    }

    [[nodiscard]] bool nobody_is_left() const { return server_->nobody_is_left(); }

    [[nodiscard]] bool ended(BodyPiece::Kind kind) const {
        return TestServer::eventually([&] { return seen_.ended(kind) == 1; });
    }

    Seen seen_;
    std::unique_ptr<TestServer> server_;
};

Limits hurried() {
    Limits limits;
    limits.wheel_tick = std::chrono::milliseconds(5);
    limits.stream_grace = std::chrono::milliseconds(30);
    limits.keep_alive_idle = std::chrono::milliseconds(30);
    return limits;
}

std::string post(std::string_view path, std::string_view headers, std::string_view body = {}) {
    return "POST " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n" + std::string(headers) +
           "\r\n" + std::string(body);
}

std::string sized(std::string_view path, std::string_view body) {
    return post(path, "Content-Length: " + std::to_string(body.size()) + "\r\n", body);
}

std::string chunked(std::string_view path, std::string_view chunks) {
    return post(path, "Transfer-Encoding: chunked\r\n", chunks);
}

std::string get(std::string_view path, std::string_view method = "GET") {
    return std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

std::string status_of(const std::string& response) { return response.substr(9, 3); }

std::string body_of(const std::string& response) {
    return response.substr(std::min(response.size(), response.find("\r\n\r\n") + 4));
}

bool closes(const std::string& response) {
    return response.find("Connection: close\r\n") != std::string::npos;
}

/// Lets the time of `hurried` pass, as the server counts it.
void outlast_an_idle_connection(const TestServer& server) {
    TestClient idle(server.port());
    idle.send(get("/whole"));
    EXPECT_EQ(status_of(idle.read_response()), "200");
    EXPECT_EQ(idle.read_to_end(), "");
}

// --- Bodies of requests

TEST_F(HttpStreams, a_body_is_taken_in_pieces_and_the_connection_stays) {
    start();
    TestClient client = connect();
    const std::string body(3'000'000, 'x');
    for (int i = 0; i < 3; ++i) {
        client.send(sized("/sink", body));
        const std::string response = client.read_response();
        EXPECT_EQ(body_of(response), "3000000");
        EXPECT_FALSE(closes(response));
    }
    EXPECT_EQ(seen_.large_pieces.value(), 0U);
}

TEST_F(HttpStreams, chunks_are_decoded_also_byte_by_byte) {
    start();
    TestClient client = connect();
    const std::string request =
        chunked("/sink/echo", "3;x=y\r\none\r\n1\r\n \r\n3\r\ntwo\r\n0\r\nTrailer: z\r\n\r\n");
    client.send(request);
    EXPECT_EQ(body_of(client.read_response()), "one two");
    for (const char byte : request) client.send(std::string_view(&byte, 1));
    EXPECT_EQ(body_of(client.read_response()), "one two");
}

TEST_F(HttpStreams, streamed_and_whole_requests_follow_each_other_in_their_order) {
    start();
    TestClient client = connect();
    client.send(
        sized("/sink/echo", "one") + sized("/whole", "two") + chunked("/sink", "0\r\n\r\n") +
        get("/whole") + chunked("/sink/echo", "4\r\nlast\r\n0\r\n\r\n")
    );
    for (const std::string answer : {"one", "two", "0", "", "last"}) {
        EXPECT_EQ(body_of(client.read_response()), answer);
    }
}

TEST_F(HttpStreams, no_body_is_an_end_at_once) {
    start();
    TestClient client = connect();
    client.send(post("/sink/again", "Content-Length: 0\r\n") + post("/sink/again", ""));
    EXPECT_EQ(body_of(client.read_response()), "0");
    EXPECT_EQ(body_of(client.read_response()), "0");
}

TEST_F(HttpStreams, who_sends_faster_than_is_read_has_to_wait) {
    start();
    TestClient client = connect();
    constexpr std::size_t size = 64 * 1024 * 1024;
    client.send(post("/sink/later", "Content-Length: " + std::to_string(size) + "\r\n"));
    const timeval patience{0, 200'000};
    ::setsockopt(client.descriptor(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const std::string block(1024 * 1024, 'x');
    std::size_t sent = 0;
    for (;;) {
        const auto taken = ::send(
            client.descriptor(), block.data(), std::min(block.size(), size - sent), MSG_NOSIGNAL
        );
        if (taken <= 0) break;
        sent += static_cast<std::size_t>(taken);
    }
    EXPECT_LT(sent, size);
    server_->release();
    const timeval longer{10, 0};
    ::setsockopt(client.descriptor(), SOL_SOCKET, SO_SNDTIMEO, &longer, sizeof longer);
    client.send(std::string(size - sent, 'x'));
    EXPECT_EQ(body_of(client.read_response()), std::to_string(size));
}

TEST_F(HttpStreams, is_told_to_go_on_when_the_first_piece_is_asked_for) {
    start();
    TestClient client = connect();
    client.send(post("/sink/later", "Content-Length: 2\r\nExpect: 100-continue\r\n"));
    EXPECT_TRUE(TestServer::eventually([&] { return seen_.began.value() == 1; }));
    char byte = 0;
    EXPECT_EQ(::recv(client.descriptor(), &byte, 1, MSG_DONTWAIT), -1);
    EXPECT_EQ(errno, EAGAIN);
    server_->release();
    EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hi");
    const std::string response = client.read_response();
    EXPECT_EQ(body_of(response), "2");
    EXPECT_FALSE(closes(response));
}

TEST_F(HttpStreams, is_not_told_to_go_on_when_nobody_reads) {
    start();
    TestClient client = connect();
    client.send(post("/sink/none", "Content-Length: 2\r\nExpect: 100-continue\r\n"));
    const std::string response = client.read_to_end();
    EXPECT_EQ(status_of(response), "403");
    EXPECT_TRUE(closes(response));
}

TEST_F(HttpStreams, a_length_beyond_the_limit_is_refused_before_anyone_is_asked) {
    start();
    TestClient client = connect();
    client.send(sized("/sink/small", "12345678901"));
    const std::string response = client.read_to_end();
    EXPECT_EQ(status_of(response), "413");
    EXPECT_EQ(body_of(response), "the body is too large at /sink/small");
    EXPECT_EQ(seen_.began.value(), 0U);
    TestClient other = connect();
    other.send(sized("/sink/small", "1234567890"));
    EXPECT_EQ(body_of(other.read_response()), "10");
}

TEST_F(HttpStreams, chunks_beyond_the_limit_are_refused_in_the_middle) {
    start();
    TestClient client = connect();
    client.send(chunked("/sink/small", "5\r\n12345\r\n6\r\n123456\r\n0\r\n\r\n"));
    const std::string response = client.read_to_end();
    EXPECT_EQ(status_of(response), "413");
    EXPECT_EQ(body_of(response), "the body is too large at /sink/small");
    EXPECT_TRUE(closes(response));
    EXPECT_EQ(seen_.ended(BodyPiece::Kind::too_large), 1U);
    TestClient other = connect();
    other.send(chunked("/sink/small", "5\r\n12345\r\n5\r\n12345\r\n0\r\n\r\n"));
    EXPECT_EQ(body_of(other.read_response()), "10");
}

TEST_F(HttpStreams, malformed_chunks_are_refused_in_the_middle) {
    start();
    for (const std::string more : {"x\r\n", "-1\r\n", "3\r\nabcd", "0\r\n:\r\n\r\n"}) {
        TestClient client = connect();
        client.send(chunked("/sink/again", "3\r\none\r\n"));
        client.send(more + get("/whole"));
        const std::string response = client.read_to_end();
        EXPECT_EQ(status_of(response), "400") << more;
        EXPECT_EQ(response.find("200 OK"), std::string::npos);
    }
    EXPECT_EQ(seen_.ended(BodyPiece::Kind::malformed), 4U);
}

TEST_F(HttpStreams, who_stalls_gets_408_and_the_application_knows) {
    start(hurried());
    TestClient client = connect();
    client.send(post("/sink/again", "Content-Length: 10\r\n", "abc"));
    const std::string response = client.read_to_end();
    EXPECT_EQ(status_of(response), "408");
    EXPECT_TRUE(closes(response));
    EXPECT_TRUE(ended(BodyPiece::Kind::too_slow));
}

TEST_F(HttpStreams, the_time_that_the_application_takes_is_not_the_peers) {
    start(hurried());
    TestClient client = connect();
    client.send(sized("/sink/later", "abc"));
    for (int i = 0; i < 3; ++i) outlast_an_idle_connection(*server_);
    server_->release();
    EXPECT_EQ(body_of(client.read_response()), "3");
}

TEST_F(HttpStreams, a_peer_that_goes_away_in_the_middle_is_a_failure) {
    start();
    {
        TestClient client = connect();
        client.send(post("/sink/again", "Content-Length: 10\r\n", "abc"));
        EXPECT_TRUE(TestServer::eventually([&] { return seen_.began.value() == 1; }));
        client.reset();
    }
    EXPECT_TRUE(ended(BodyPiece::Kind::gone));
    EXPECT_TRUE(nobody_is_left());
}

TEST_F(HttpStreams, a_peer_that_sends_no_more_in_the_middle_is_a_failure) {
    start();
    TestClient client = connect();
    client.send(chunked("/sink", "3\r\nabc\r\n"));
    client.end_sending();
    EXPECT_EQ(client.read_to_end(), "");
    EXPECT_TRUE(ended(BodyPiece::Kind::gone));
}

TEST_F(HttpStreams, a_peer_that_only_ends_after_its_body_gets_its_answer) {
    start();
    TestClient client = connect();
    client.send(sized("/sink/echo", "abc"));
    client.end_sending();
    EXPECT_EQ(body_of(client.read_to_end()), "abc");
}

TEST_F(HttpStreams, stopping_cuts_off_who_does_not_send_on) {
    start();
    TestClient client = connect();
    client.send(post("/sink", "Content-Length: 10\r\n", "abc"));
    EXPECT_TRUE(TestServer::eventually([&] { return seen_.began.value() == 1; }));
    server_.reset();
    EXPECT_EQ(client.read_to_end(), "");
}

// --- Answers before the end of the request

TEST_F(HttpStreams, a_short_rest_that_nobody_reads_is_dropped) {
    start();
    for (const std::string& request :
         {sized("/sink/none", "hello"), chunked("/sink/none", "5\r\nhello\r\n0\r\n\r\n")}) {
        TestClient client = connect();
        for (int i = 0; i < 3; ++i) {
            client.send(request + get("/whole"));
            const std::string response = client.read_response();
            EXPECT_EQ(status_of(response), "403");
            EXPECT_FALSE(closes(response));
            EXPECT_EQ(status_of(client.read_response()), "200");
        }
    }
}

TEST_F(HttpStreams, a_short_rest_may_come_after_the_answer) {
    start();
    TestClient client = connect();
    client.send(post("/sink/one", "Content-Length: 50000\r\n", "abc"));
    EXPECT_EQ(body_of(client.read_response()), "abc");
    client.send(std::string(49'997, 'x') + sized("/sink/echo", "next"));
    EXPECT_EQ(body_of(client.read_response()), "next");
}

TEST_F(HttpStreams, a_short_rest_that_never_comes_ends_the_connection) {
    start(hurried());
    TestClient client = connect();
    client.send(post("/sink/none", "Content-Length: 10\r\n", "abc"));
    EXPECT_EQ(status_of(client.read_response()), "403");
    EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(HttpStreams, a_long_rest_closes_the_connection) {
    start();
    TestClient sizes = connect();
    sizes.send(post("/sink/none", "Content-Length: 500000\r\n", std::string(1'000, 'x')));
    const std::string response = sizes.read_to_end();
    EXPECT_EQ(status_of(response), "403");
    EXPECT_EQ(body_of(response), "not you");
    EXPECT_TRUE(closes(response));
    TestClient chunks = connect();
    chunks.send(chunked("/sink/one", "3\r\nabc\r\n"));
    const std::string other = chunks.read_to_end();
    EXPECT_EQ(body_of(other), "abc");
    EXPECT_TRUE(closes(other));
}

TEST_F(HttpStreams, the_answer_reaches_who_still_sends) {
    start();
    TestClient client = connect();
    client.send(post("/sink/none", "Content-Length: 200000\r\n"));
    client.send(std::string(200'000, 'x'));
    EXPECT_EQ(status_of(client.read_response()), "403");
}

TEST_F(HttpStreams, a_rest_that_is_malformed_closes_the_connection) {
    start();
    TestClient client = connect();
    client.send(chunked("/sink/none", "x\r\n") + get("/whole"));
    const std::string response = client.read_to_end();
    EXPECT_EQ(status_of(response), "403");
    EXPECT_TRUE(closes(response));
    EXPECT_EQ(response.find("200 OK"), std::string::npos);
}

// --- Bodies of answers

TEST_F(HttpStreams, a_source_and_a_file_arrive_whole_and_the_connection_stays) {
    start();
    TestClient client = connect();
    for (const std::string path :
         {"/source/whole", "/file/whole", "/source/whole", "/file/whole"}) {
        client.send(get(path));
        const std::string response = client.read_response();
        EXPECT_TRUE(body_of(response) == expected(0, source_bytes)) << path;
        EXPECT_FALSE(closes(response));
    }
    EXPECT_EQ(seen_.destroyed.value(), 2U);
    client.send(get("/file/part") + get("/file/empty") + get("/whole"));
    EXPECT_EQ(body_of(client.read_response()), expected(1'000, 5'000));
    EXPECT_EQ(body_of(client.read_response()), "");
    EXPECT_EQ(status_of(client.read_response()), "200");
}

TEST_F(HttpStreams, they_arrive_whole_although_they_are_read_late) {
    start();
    for (const std::string path : {"/source/whole", "/file/whole"}) {
        TestClient client = connect(4'096);
        client.send("GET " + path + " HTTP/1.0\r\n\r\n");
        const std::string response = client.read_to_end();
        EXPECT_TRUE(body_of(response) == expected(0, source_bytes)) << path;
        EXPECT_TRUE(closes(response));
    }
}

TEST_F(HttpStreams, HEAD_asks_no_source) {
    start();
    TestClient client = connect();
    for (const std::string path : {"/source/whole", "/file/whole"}) {
        client.send(get(path, "HEAD"));
        const std::string head = client.read_until("\r\n\r\n");
        EXPECT_NE(head.find("Content-Length: 1000000\r\n"), std::string::npos);
        EXPECT_EQ(status_of(head), "200");
    }
    client.send(get("/whole"));
    EXPECT_EQ(status_of(client.read_response()), "200");
    EXPECT_EQ(seen_.asked.value(), 0U);
    EXPECT_EQ(seen_.destroyed.value(), 1U);
}

TEST_F(HttpStreams, what_fails_in_the_middle_never_looks_whole) {
    start();
    for (const std::string path :
         {"/source/short", "/source/long", "/source/throws", "/file/short"}) {
        TestClient client = connect();
        client.send(get(path) + get("/whole"));
        const std::string response = client.read_to_end();
        const std::size_t announced = path == "/file/short" ? source_bytes + 1 : source_bytes;
        EXPECT_NE(
            response.find("Content-Length: " + std::to_string(announced) + "\r\n"),
            std::string::npos
        ) << path;
        EXPECT_LT(body_of(response).size(), announced) << path;
    }
    EXPECT_TRUE(nobody_is_left());
    EXPECT_EQ(seen_.destroyed.value(), 3U);
}

TEST_F(HttpStreams, who_does_not_read_a_stream_is_cut_off) {
    Limits limits = hurried();
    limits.body_rate_min = 1'000'000'000;
    start(limits);
    for (const std::string path : {"/source/whole", "/file/whole"}) {
        TestClient client = connect(4'096);
        client.send(get(path));
        EXPECT_NE(client.read_until("\r\n\r\n"), "");
        EXPECT_TRUE(nobody_is_left()) << path;
    }
    // Meanwhile the source was not read ahead.
    EXPECT_LT(seen_.asked.value(), source_bytes / 10'007);
}

TEST_F(HttpStreams, a_reader_that_goes_away_ends_the_stream) {
    start();
    for (const std::string path : {"/source/whole", "/file/whole"}) {
        TestClient client = connect(4'096);
        client.send(get(path));
        EXPECT_NE(client.read_until("\r\n\r\n"), "");
        client.reset();
        EXPECT_TRUE(nobody_is_left()) << path;
    }
    EXPECT_EQ(seen_.destroyed.value(), 1U);
}

}  // namespace
}  // namespace banter::net::http
