// Requests to other servers, over real sockets: to one that answers what it is told to, and to the
// engine itself.
#include "net/http/client.hpp"

#include "base/task_group.hpp"
#include "base/testing/run.hpp"
#include "base/testing/scripted_server.hpp"
#include "net/test_client.hpp"
#include "net/test_server.hpp"

#include <boost/asio/post.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace banter::net::http {
namespace {

using Kind = CallFailure::Kind;
using std::chrono::milliseconds;
using testing::ScriptedAnswer;
using testing::ScriptedRequest;
using testing::ScriptedServer;

constexpr std::size_t large_bytes = 20'000'000;

/// Another byte at every place, by a long period.
std::string pattern(std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i % 251 + i / 65'536);
    return bytes;
}

std::string text_of(const Outcome<std::string>& outcome) {
    return outcome ? *outcome : "failed: " + outcome.error().text;
}

std::string head_of(std::size_t length) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}

class HttpClient : public ::testing::Test {
public:
    template <typename T>
    T run(Task<T> task) {
        return testing::run(loop, std::move(task));
    }
    ScriptedServer& serve(ScriptedServer::Script script) {
        server = std::make_unique<ScriptedServer>(std::move(script));
        return *server;
    }
    Client& client() {
        if (!client_) client_.emplace(loop.get_executor(), limits);
        return *client_;
    }
    ClientRequest get(std::string_view path = "/") {
        ClientRequest request;
        request.url = server->url() + std::string(path);
        return request;
    }
    ClientRequest put(std::string_view body) {
        ClientRequest request = get();
        request.method = "PUT";
        request.body = body;
        return request;
    }
    Outcome<WholeResponse> fetch(ClientRequest request, std::size_t body_bytes_max = 1'000'000) {
        return run(client().fetch(std::move(request), body_bytes_max));
    }
    std::optional<Kind> failure(const ClientRequest& request) {
        const auto whole = fetch(request);
        if (whole) return std::nullopt;
        EXPECT_FALSE(whole.error().text.empty());
        return whole.error().kind;
    }
    /// Everything that is left of the body.
    Outcome<std::string> rest(Call& call) {
        std::string all;
        for (;;) {
            auto piece = run(call.next());
            if (!piece) return piece.error();
            EXPECT_LE(piece->size(), 128U * 1024);
            if (piece->empty()) return all;
            all += *piece;
        }
    }

    asio::io_context loop{1};
    Limits limits;
    std::unique_ptr<ScriptedServer> server;

private:
    std::optional<Client> client_;
};

Task<> fetch_forever(Client& client, ClientRequest request) {
    const auto whole = co_await client.fetch(std::move(request), 1'000);
    ADD_FAILURE() << "it was told to stop" << whole.has_value();
}

}  // namespace

TEST_F(HttpClient, a_request_goes_out_as_it_was_given_and_its_answer_comes_whole) {
    serve([](const ScriptedRequest&) {
        return ScriptedAnswer::of(207, "the body", "ETag: \"a\"\r\nX-Twice: 1\r\nx-twice: 2\r\n");
    });
    ClientRequest request = get("/a/../b%2Fc?x=%20&y");
    request.method = "PROPFIND";
    request.headers.add("X-Own", "some value");
    request.headers.add("X-Empty", "");
    const auto whole = fetch(request);
    ASSERT_TRUE(whole) << whole.error().text;
    EXPECT_EQ(whole->status, 207);
    EXPECT_EQ(whole->body, "the body");
    EXPECT_EQ(*whole->headers.find("etag"), "\"a\"");
    EXPECT_EQ(whole->headers.find_all("X-Twice").size(), 2U);

    const ScriptedRequest seen = server->requests().at(0);
    EXPECT_EQ(seen.method, "PROPFIND");
    EXPECT_EQ(seen.target, "/a/../b%2Fc?x=%20&y");
    const std::map<std::string, std::string> headers{
        {"host", "127.0.0.1:" + std::to_string(server->port())},
        {"x-own", "some value"},
        {"x-empty", ""}};
    EXPECT_EQ(seen.headers, headers) << "and nothing that nobody asked for";
}

TEST_F(HttpClient, a_body_is_sent_whole_with_its_length) {
    serve([](const ScriptedRequest&) { return ScriptedAnswer::of(200); });
    const std::string body = pattern(3'000'000);
    ASSERT_TRUE(fetch(put(body)));
    ASSERT_TRUE(fetch(put("")));
    EXPECT_TRUE(server->requests().at(0).body == body);
    EXPECT_FALSE(server->requests().at(0).headers.contains("expect"));
    EXPECT_FALSE(server->requests().at(0).headers.contains("transfer-encoding"));
    EXPECT_EQ(server->requests().at(1).headers.at("content-length"), "0");
}

TEST_F(HttpClient, an_answer_to_head_has_no_body_and_its_length_is_told) {
    serve([](const ScriptedRequest&) { return ScriptedAnswer{head_of(12345)}; });
    ClientRequest request = get();
    request.method = "HEAD";
    const auto whole = fetch(request);
    ASSERT_TRUE(whole) << whole.error().text;
    EXPECT_EQ(*whole->headers.find("Content-Length"), "12345");
    EXPECT_EQ(whole->body, "");
}

TEST_F(HttpClient, connections_are_kept_for_the_next_request) {
    serve([](const ScriptedRequest&) { return ScriptedAnswer::of(200, "x"); });
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(fetch(get()));
    EXPECT_EQ(server->connections(), 1U);
    EXPECT_EQ(client().calls(), 0U);
}

TEST_F(HttpClient, a_kept_connection_that_was_closed_meanwhile_costs_no_request) {
    // Closed right after the answer, without having said so.
    serve([](const ScriptedRequest&) {
        ScriptedAnswer answer = ScriptedAnswer::of(200, "x");
        answer.then = ScriptedAnswer::Then::close;
        return answer;
    });
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(fetch(put("some body"))) << i;
}

TEST_F(HttpClient, a_kept_connection_that_breaks_off_while_a_body_is_sent_costs_no_request) {
    serve([](const ScriptedRequest&) {
        ScriptedAnswer answer = ScriptedAnswer::of(200, "x");
        answer.then = ScriptedAnswer::Then::break_off;
        return answer;
    });
    // More than the sockets hold: it is on its way when the connection breaks.
    const std::string body = pattern(large_bytes);
    constexpr std::size_t count = 10;
    for (std::size_t i = 0; i < count; ++i) {
        ClientRequest request = put(body);
        request.within = std::chrono::seconds(60);
        const auto whole = fetch(request);
        ASSERT_TRUE(whole) << whole.error().text;
    }
    EXPECT_EQ(server->connections(), count);
    ASSERT_EQ(server->requests().size(), count);
    for (const ScriptedRequest& seen : server->requests()) EXPECT_TRUE(seen.body == body);
}

TEST_F(HttpClient, a_new_connection_that_breaks_off_costs_the_request) {
    std::size_t count = 0;
    serve([&count](const ScriptedRequest&) {
        if (count++ > 0) return ScriptedAnswer::cut();
        ScriptedAnswer answer = ScriptedAnswer::of(200, "x");
        answer.then = ScriptedAnswer::Then::break_off;
        return answer;
    });
    ASSERT_TRUE(fetch(get()));
    const std::string body = pattern(large_bytes);
    EXPECT_EQ(failure(put(body)), Kind::lost);
    EXPECT_EQ(server->connections(), 2U);
    EXPECT_EQ(server->requests().size(), 2U);
}

TEST_F(HttpClient, what_may_not_be_made_twice_goes_over_no_connection_that_was_kept) {
    serve([](const ScriptedRequest&) {
        ScriptedAnswer answer = ScriptedAnswer::of(200, "x");
        answer.then = ScriptedAnswer::Then::break_off;
        return answer;
    });
    ASSERT_TRUE(fetch(get()));
    for (int i = 0; i < 3; ++i) {
        ClientRequest request = put("some body");
        request.method = "POST";
        ASSERT_TRUE(fetch(request));
    }
    EXPECT_EQ(server->connections(), 4U);
    EXPECT_EQ(server->requests().size(), 4U);
}

TEST_F(HttpClient, a_streamed_body_on_a_kept_connection_that_breaks_off_is_lost) {
    serve([](const ScriptedRequest&) {
        ScriptedAnswer answer = ScriptedAnswer::of(200, "x");
        answer.then = ScriptedAnswer::Then::break_off;
        return answer;
    });
    ASSERT_TRUE(fetch(get()));
    const std::string body = pattern(large_bytes);
    ClientRequest request = put("");
    request.streamed_bytes = body.size();
    auto call = client().start(request);
    ASSERT_TRUE(call);
    const auto lost = run(call->send(body));
    ASSERT_TRUE(lost);
    EXPECT_EQ(lost->kind, Kind::lost);
    EXPECT_EQ(server->requests().size(), 1U);
}

TEST_F(HttpClient, interim_answers_are_passed_over_and_chunks_put_together) {
    serve([](const ScriptedRequest&) {
        return ScriptedAnswer{
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n"};
    });
    const auto whole = fetch(get());
    ASSERT_TRUE(whole) << whole.error().text;
    EXPECT_EQ(whole->status, 200);
    EXPECT_EQ(whole->body, "abcde");
    EXPECT_FALSE(whole->headers.has("Link"));
    EXPECT_FALSE(whole->headers.has("Trailer"));
}

TEST_F(HttpClient, no_redirect_is_followed) {
    serve([](const ScriptedRequest&) {
        return ScriptedAnswer::of(302, "", "Location: /elsewhere\r\n");
    });
    EXPECT_EQ(fetch(get())->status, 302);
    EXPECT_EQ(server->requests().size(), 1U);
}

TEST_F(HttpClient, the_environment_names_no_proxy) {
    serve([](const ScriptedRequest&) { return ScriptedAnswer::of(200); });
    ::setenv("http_proxy", "http://127.0.0.1:1", 1);
    const auto whole = fetch(get());
    ::unsetenv("http_proxy");
    EXPECT_TRUE(whole);
}

TEST_F(HttpClient, a_large_answer_is_given_in_pieces_and_waits_for_who_reads) {
    const std::string body = pattern(large_bytes);
    serve([body](const ScriptedRequest& request) {
        return ScriptedAnswer::of(200, request.target == "/large" ? body : "x");
    });
    auto call = client().start(get("/large"));
    ASSERT_TRUE(call);
    EXPECT_EQ(run(call->head())->status, 200);
    std::string all = text_of(run(call->next()));
    // Other requests go on meanwhile, and while they do, all that is ready is read.
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(fetch(get()));
    EXPECT_LT(server->sent(), large_bytes) << "it was read although nobody asked";
    const auto left = rest(*call);
    ASSERT_TRUE(left) << left.error().text;
    EXPECT_TRUE(all + *left == body);
}

TEST_F(HttpClient, a_streamed_body_is_sent_as_it_comes) {
    serve([](const ScriptedRequest&) { return ScriptedAnswer::of(201); });
    const std::string body = pattern(1'000'000);
    ClientRequest request = put("");
    request.streamed_bytes = body.size();
    auto call = client().start(request);
    ASSERT_TRUE(call);
    for (std::size_t at = 0; at < body.size(); at += 70'001) {
        EXPECT_FALSE(run(call->send(std::string_view(body).substr(at, 70'001))));
    }
    EXPECT_EQ(run(call->head())->status, 201);
    EXPECT_EQ(text_of(rest(*call)), "");
    EXPECT_TRUE(server->requests().at(0).body == body);
}

TEST_F(HttpClient, an_answer_before_the_end_of_a_streamed_body_is_the_answer) {
    // The engine refuses a body of this size by its head.
    TestServer refusing;
    ClientRequest request;
    request.method = "PUT";
    request.url = "http://127.0.0.1:" + std::to_string(refusing.port()) + "/echo";
    request.streamed_bytes = large_bytes;
    auto call = client().start(request);
    ASSERT_TRUE(call);
    const std::string piece(100'000, 'x');
    while (!run(call->send(piece)) && client().calls() > 0) {
        const auto head = run(call->head());
        ASSERT_TRUE(head) << head.error().text;
        EXPECT_EQ(head->status, 413);
        break;
    }
}

TEST_F(HttpClient, what_is_larger_than_was_asked_for_is_refused) {
    serve([](const ScriptedRequest& request) {
        if (request.target == "/head") {
            return ScriptedAnswer::of(200, "", "X: " + std::string(50'000, 'x') + "\r\n");
        }
        return ScriptedAnswer::of(200, std::string(1001, 'x'));
    });
    EXPECT_EQ(fetch(get(), 1000).error().kind, Kind::too_large);
    EXPECT_EQ(fetch(get(), 1001)->body.size(), 1001U);
    EXPECT_EQ(failure(get("/head")), Kind::too_large);
}

TEST_F(HttpClient, a_peer_that_breaks_off_is_told_from_one_that_ends) {
    serve([](const ScriptedRequest& request) {
        ScriptedAnswer answer = ScriptedAnswer::cut();
        if (request.target == "/body") answer.bytes = head_of(10) + "12345";
        if (request.target == "/head") answer.bytes = "HTTP/1.1 200 OK\r\nContent-";
        if (request.target == "/chunk") {
            answer.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";
        }
        return answer;
    });
    for (const char* path : {"/", "/body", "/head", "/chunk"}) {
        const auto whole = fetch(get(path));
        ASSERT_FALSE(whole) << path;
        EXPECT_EQ(whole.error().kind, Kind::lost) << path << ": " << whole.error().text;
        EXPECT_TRUE(whole.error().perhaps_done()) << path;
    }
    auto call = client().start(get("/body"));
    ASSERT_TRUE(run(call->head()));
    EXPECT_EQ(text_of(run(call->next())), "12345") << "what came is given";
    EXPECT_EQ(run(call->next()).error().kind, Kind::lost);
    EXPECT_EQ(run(call->next()).error().kind, Kind::lost) << "and so it stays";
}

TEST_F(HttpClient, what_is_no_http_is_refused) {
    serve([](const ScriptedRequest&) {
        return ScriptedAnswer{"SSH-2.0-Server\r\n", ScriptedAnswer::Then::close};
    });
    EXPECT_FALSE(fetch(get()));
}

TEST_F(HttpClient, only_http_is_spoken) {
    serve([](const ScriptedRequest&) { return ScriptedAnswer::of(200); });
    for (const char* url :
         {"file:///etc/hostname", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "http://", "", "//"}) {
        ClientRequest request;
        request.url = url;
        EXPECT_EQ(failure(request), Kind::malformed) << url;
    }
}

TEST_F(HttpClient, nobody_there_is_told_apart) {
    std::uint16_t port = 0;
    {
        const ScriptedServer gone([](const ScriptedRequest&) { return ScriptedAnswer::cut(); });
        port = gone.port();
    }
    ClientRequest request;
    request.url = "http://127.0.0.1:" + std::to_string(port) + "/";
    const auto whole = fetch(request);
    ASSERT_FALSE(whole);
    EXPECT_EQ(whole.error().kind, Kind::unreachable);
    EXPECT_FALSE(whole.error().perhaps_done());
}

TEST_F(HttpClient, who_does_not_speak_tls_is_not_trusted_with_a_request) {
    serve([](const ScriptedRequest&) { return ScriptedAnswer::of(200); });
    ClientRequest request;
    request.url = "https://127.0.0.1:" + std::to_string(server->port()) + "/";
    limits.outgoing_connect_time = milliseconds(200);
    const auto whole = fetch(request);
    ASSERT_FALSE(whole);
    EXPECT_FALSE(whole.error().perhaps_done());
    EXPECT_TRUE(server->requests().empty());
}

TEST_F(HttpClient, a_silent_peer_is_waited_for_as_long_as_was_said) {
    serve([](const ScriptedRequest& request) {
        ScriptedAnswer answer = ScriptedAnswer::silence();
        if (request.target == "/body") answer.bytes = head_of(10) + "12345";
        return answer;
    });
    ClientRequest short_in_all = get();
    short_in_all.within = milliseconds(1'000);
    EXPECT_EQ(failure(short_in_all), Kind::too_slow);
    for (const char* path : {"/", "/body"}) {
        ClientRequest impatient = get(path);
        impatient.grace = milliseconds(50);
        EXPECT_EQ(failure(impatient), Kind::too_slow) << path;
    }
    limits.outgoing_grace = milliseconds(50);
    Client hasty(loop.get_executor(), limits);
    EXPECT_EQ(run(hasty.fetch(get(), 1'000)).error().kind, Kind::too_slow);
    EXPECT_EQ(client().calls(), 0U);
}

TEST_F(HttpClient, a_peer_that_reads_nothing_is_too_slow) {
    // The kernel takes what it has room for, and nobody accepts the connection.
    const Endpoint anywhere(asio::ip::make_address("127.0.0.1"), 0);
    asio::io_context idle;
    const asio::ip::tcp::acceptor deaf(idle, anywhere);
    const std::string body = pattern(large_bytes);
    ClientRequest request;
    request.method = "PUT";
    request.url = "http://127.0.0.1:" + std::to_string(deaf.local_endpoint().port()) + "/";
    request.body = body;
    request.grace = milliseconds(100);
    const auto whole = fetch(request);
    ASSERT_FALSE(whole);
    EXPECT_EQ(whole.error().kind, Kind::too_slow);
}

TEST_F(HttpClient, a_dropped_call_ends_and_the_rest_goes_on) {
    const std::string body = pattern(large_bytes);
    serve([body](const ScriptedRequest& request) {
        if (request.target == "/silence") return ScriptedAnswer::silence();
        return ScriptedAnswer::of(200, request.target == "/large" ? body : "x");
    });
    for (const char* path : {"/silence", "/large"}) {
        auto early = client().start(get(path));
        EXPECT_EQ(client().calls(), 1U);
    }
    {
        auto call = client().start(get("/large"));
        ASSERT_TRUE(run(call->head()));
        ASSERT_TRUE(run(call->next()));
    }
    EXPECT_EQ(client().calls(), 0U);
    EXPECT_TRUE(fetch(get()));
}

TEST_F(HttpClient, a_task_that_is_told_to_stop_ends_its_call) {
    serve([](const ScriptedRequest&) { return ScriptedAnswer::silence(); });
    TaskGroup tasks(loop.get_executor());
    Client& used = client();
    tasks.spawn("a fetch", fetch_forever(used, get()));
    tasks.spawn("a fetch", fetch_forever(used, get()));
    while (server->requests().size() < 2) loop.poll();
    EXPECT_EQ(used.calls(), 2U);
    asio::post(loop, [&] { tasks.cancel(); });
    testing::run(loop, tasks.wait());
    EXPECT_EQ(used.calls(), 0U);
}

TEST_F(HttpClient, more_calls_at_once_than_the_limit_are_refused) {
    serve([](const ScriptedRequest&) { return ScriptedAnswer::silence(); });
    limits.outgoing_calls_max = 2;
    auto one = client().start(get());
    auto two = client().start(get());
    auto three = client().start(get());
    ASSERT_FALSE(three);
    EXPECT_EQ(three.error().kind, Kind::busy);
}

TEST_F(HttpClient, a_header_cannot_smuggle_in_another) {
    serve([](const ScriptedRequest&) { return ScriptedAnswer::of(200); });
    ClientRequest request = get();
    request.headers.add("X-Own", "a\r\nX-Other: b");
    EXPECT_DEATH(static_cast<void>(client().start(request)), "is_plain");
}

TEST_F(HttpClient, a_client_outlives_its_calls) {
    serve([](const ScriptedRequest&) { return ScriptedAnswer::silence(); });
    EXPECT_DEATH(
        {
            auto gone = std::make_unique<Client>(loop.get_executor(), limits);
            const auto call = gone->start(get());
            gone.reset();
        },
        "size_ == 0"
    );
}

TEST_F(HttpClient, many_calls_share_a_loop_with_the_engine) {
    TestServer engine(2);
    const std::string url = "http://127.0.0.1:" + std::to_string(engine.port());
    std::vector<Call> calls;
    for (int i = 0; i < 50; ++i) {
        ClientRequest request;
        request.url = url + (i % 2 == 0 ? "/big" : "/");
        auto call = client().start(request);
        ASSERT_TRUE(call);
        calls.push_back(std::move(*call));
    }
    for (std::size_t i = 0; i < calls.size(); ++i) {
        ASSERT_EQ(run(calls[i].head())->status, 200);
        EXPECT_EQ(rest(calls[i])->size(), i % 2 == 0 ? 1'000'000U : 5U);
    }
}

}  // namespace banter::net::http
