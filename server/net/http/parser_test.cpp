// Requests as they should be, and a corpus of those that have smuggled, crashed or confused other
// servers (attacks 9, 18, 21, 36 and 37). Every one is fed whole and split at every byte.
#include "net/http/parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace banter::net::http {
namespace {

const Limits limits;

struct Outcome {
    int status = 0;  // 0: needs more
    std::vector<Request> requests;
};

void take_all(Parser& parser, Outcome& outcome) {
    for (;;) {
        auto next = parser.next();
        if (std::holds_alternative<NeedMore>(next)) return;
        if (const auto* refusal = std::get_if<Refusal>(&next)) {
            outcome.status = refusal->status;
            return;
        }
        outcome.requests.push_back(std::get<Request>(std::move(next)));
    }
}

Outcome parse_in(std::string_view bytes, std::size_t piece) {
    Parser parser(limits);
    Outcome outcome;
    while (!bytes.empty() && outcome.status == 0) {
        parser.feed(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        take_all(parser, outcome);
    }
    return outcome;
}

Outcome parse_cut(std::string_view bytes, std::size_t cut) {
    Parser parser(limits);
    Outcome outcome;
    parser.feed(bytes.substr(0, cut));
    take_all(parser, outcome);
    if (outcome.status != 0) return outcome;
    parser.feed(bytes.substr(cut));
    take_all(parser, outcome);
    return outcome;
}

std::string get(std::string_view headers, std::string_view body = {}) {
    return "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

std::string post(std::string_view headers, std::string_view body = {}) {
    return "POST /x HTTP/1.1\r\nHost: a\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

std::string to(std::string_view target, std::string_view method = "GET") {
    return std::string(method) + " " + std::string(target) +
           " HTTP/1.1\r\nHost: a.example:80\r\n\r\n";
}

std::string chunked(std::string_view body, std::string_view more = {}) {
    return post("Transfer-Encoding: chunked\r\n" + std::string(more), body);
}

struct Hostile {
    std::string bytes;
    int status = 400;
};

std::vector<Hostile> corpus() {
    const std::string nul(1, '\0');
    std::vector<Hostile> list{
        // --- request line
        {"GET\r\nHost: a\r\n\r\n"},
        {"GET /\r\nHost: a\r\n\r\n"},
        {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"GET /  HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"GET / HTTP/1.1 \r\nHost: a\r\n\r\n"},
        {" GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"\tGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"GET /\tHTTP/1.1\r\nHost: a\r\n\r\n"},
        {"GET / HTTP/1.1\tx\r\nHost: a\r\n\r\n"},
        {"GET / http/1.1\r\nHost: a\r\n\r\n"},
        {"GET / HTTP/1.1x\r\nHost: a\r\n\r\n"},
        {"GET / HTTP/1\r\nHost: a\r\n\r\n"},
        {"GET / HTTP/1.\r\nHost: a\r\n\r\n"},
        {"GET / HTTP/11\r\nHost: a\r\n\r\n"},
        {"GET / HTTP/1.10\r\nHost: a\r\n\r\n"},
        {"GET / HTTP/01.1\r\nHost: a\r\n\r\n"},
        {"GET / HTP/1.1\r\nHost: a\r\n\r\n"},
        {"GET / HTTP/1,1\r\nHost: a\r\n\r\n"},
        {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
        {"GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
        {"GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505},
        {"GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        {"G(T / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"G\"T / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"G,T / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"G\xc3\x89T / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {std::string(33, 'A') + " / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"\x16\x03\x01\x02\r\n\r\n"},  // TLS on a plain port
        {"{\"json\": 1}\r\n\r\n"},
        // --- line ends
        {"GET / HTTP/1.1\nHost: a\n\n"},
        {"GET / HTTP/1.1\r\nHost: a\n\r\n"},
        {"GET / HTTP/1.1\nHost: a\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: a\r\n\n"},
        {"\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"\r\n\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"GET / HTTP/1.1\rHost: a\r\r"},
        {"GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: a\r\r\n\r\n"},
        {"GET / HTTP/1.1\r\r\nHost: a\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: a\nY: b\r\n\r\n"},
        {"GET /" + nul + " HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: a" + nul + "\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: a\r\nX" + nul + ": b\r\n\r\n"},
        // --- header lines
        {get("X : a\r\n")},
        {get("X\t: a\r\n")},
        {get(" X: a\r\n")},
        {get("X: a\r\n b\r\n")},
        {get("X: a\r\n\tb\r\n")},
        {get("Transfer-Encoding:\r\n chunked\r\n")},
        {"GET / HTTP/1.1\r\n Host: a\r\nHost: a\r\n\r\n"},
        {get("X\r\n")},
        {get(": a\r\n")},
        {get("X y: a\r\n")},
        {get("X(: a\r\n")},
        {get("X\"y: a\r\n")},
        {get("X/y: a\r\n")},
        {get("X@y: a\r\n")},
        {get("X[: a\r\n")},
        {get("X{: a\r\n")},
        {get("X=y: a\r\n")},
        {get("X,y: a\r\n")},
        {get("X\xc3\xa9: a\r\n")},
        {get("X: a\x01"
             "b\r\n")},
        {get("X: a\x08\r\n")},
        {get("X: a\x0b"
             "b\r\n")},
        {get("X: a\x0c"
             "b\r\n")},
        {get("X: a\x1b[31m\r\n")},
        {get("X: a\x7f\r\n")},
        // --- Host
        {"GET / HTTP/1.1\r\n\r\n"},
        {"GET / HTTP/1.1\r\nX: a\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n"},
        {"GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost:\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: a,b\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: user@a\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: http://a\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: a:\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: a:-1\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: :80\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: []\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: [::g]\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: a?b\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: a#b\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: a\\b\r\n\r\n"},
        {"GET / HTTP/1.1\r\nHost: %61\r\n\r\n"},
        // --- target
        {to("a")},
        {to("")},
        {to("*")},
        {to("*", "POST")},
        {to("**", "OPTIONS")},
        {to("//")},
        {to("//a")},
        {to("/a//b")},
        {to("/a//")},
        {to("/..")},
        {to("/.")},
        {to("/a/../b")},
        {to("/a/./b")},
        {to("/a/..")},
        {to("/a/.")},
        {to("/%2e%2e/a")},
        {to("/%2E%2e")},
        {to("/.%2e/a")},
        {to("/%2e/a")},
        {to("/a%2fb")},
        {to("/a%2Fb")},
        {to("/%2f")},
        {to("/a%00b")},
        {to("/a%0d%0aSet-Cookie:x")},
        {to("/a%0ab")},
        {to("/a%1f")},
        {to("/a%7f")},
        {to("/a%")},
        {to("/a%2")},
        {to("/a%zz")},
        {to("/a%2g")},
        {to("/a%u0041")},
        {to("/a%c3")},
        {to("/a%ff")},
        {to("/a%c0%af")},
        {to("/a%ed%a0%80")},
        {to("/a\\b")},
        {to("/a#b")},
        {to("/a\"b")},
        {to("/a<b>")},
        {to("/caf\xc3\xa9")},
        {to("/a\x7f")},
        {to("/a\x01")},
        {to("/?a=%")},
        {to("/?a=%zz")},
        {to("/?a=%00")},
        {to("/?%00=a")},
        {to("/?a=%ff")},
        {to("/?a=\xff")},
        {to("/?a#b")},
        {to("a.example:80", "CONNECT")},
        {to("http://b.example/")},
        {to("http://a.example/")},
        {to("http://a.example:81/")},
        {to("http://x@a.example:80/")},
        {to("http://a.example:80@b/")},
        {to("http:///a")},
        {to("http:/a")},
        {to("http://a.example:80//")},
        {to("http://a.example:80/../x")},
        {to("ftp://a.example:80/")},
        {to("javascript:alert(1)")},
        {to("/" + std::string(limits.target_bytes_max, 'a')), 414},
        {to("/?" + std::string(limits.target_bytes_max, 'a')), 414},
        {"GET /" + std::string(limits.head_bytes_max + 100, 'a'), 414},
        // --- Content-Length
        {post("Content-Length: 1\r\nContent-Length: 1\r\n", "a")},
        {post("Content-Length: 1\r\nContent-Length: 2\r\n", "ab")},
        {post("Content-Length: 1, 1\r\n", "a")},
        {post("Content-Length: 1,2\r\n", "ab")},
        {post("Content-Length: +1\r\n", "a")},
        {post("Content-Length: -1\r\n", "a")},
        {post("Content-Length: 0x1\r\n", "a")},
        {post("Content-Length: 1.0\r\n", "a")},
        {post("Content-Length: 1e0\r\n", "a")},
        {post("Content-Length: 1 1\r\n", "a")},
        {post("Content-Length: \r\n")},
        {post("Content-Length: a\r\n")},
        {post("Content-Length: 1;\r\n", "a")},
        {post("Content-Length: \"1\"\r\n", "a")},
        {post("Content-Length: \xd9\xa3\r\n", "abc")},  // an Arabic 3
        {post("Content-Length: 18446744073709551616\r\n"), 413},
        {post("Content-Length: 18446744073709551615\r\n"), 413},
        {post("Content-Length: 9223372036854775808\r\n"), 413},
        {post("Content-Length: 4294967301\r\n", "12345"), 413},  // 5 in 32 bits
        {post("Content-Length: 10737418240\r\n"), 413},
        {post("Content-Length: 65537\r\n"), 413},
        // --- Transfer-Encoding
        {post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
        {post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n")},
        {post("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", "0\r\n\r\n")},
        {post("Content-Length: 6\r\nTransfer-Encoding: identity\r\n", "abcdef")},
        {post("Transfer-Encoding: identity\r\n")},
        {post("Transfer-Encoding: gzip\r\n")},
        {post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")},
        {post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n")},
        {post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n")},
        {post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n")},
        {post("Transfer-Encoding: ,chunked\r\n", "0\r\n\r\n")},
        {post("Transfer-Encoding: chunked,\r\n", "0\r\n\r\n")},
        {post("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n")},
        {post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")},
        {post("Transfer-Encoding: chunkedx\r\n", "0\r\n\r\n")},
        {post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n")},
        {post(
            "Transfer-Encoding: \x0b"
            "chunked\r\n",
            "0\r\n\r\n"
        )},
        {post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
        {post("Transfer-Encoding: chunked\r\ntransfer-encoding: identity\r\n", "0\r\n\r\n")},
        {post("Transfer-Encoding:\r\n")},
        {post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n")},
        {post("Transfer_Encoding: chunked\r\nTransfer-Encoding: x\r\n")},
        {"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        // --- chunks
        {chunked("+1\r\na\r\n0\r\n\r\n")},
        {chunked("-1\r\na\r\n0\r\n\r\n")},
        {chunked("0x1\r\na\r\n0\r\n\r\n")},
        {chunked("1 \r\na\r\n0\r\n\r\n")},
        {chunked(" 1\r\na\r\n0\r\n\r\n")},
        {chunked("\r\na\r\n0\r\n\r\n")},
        {chunked(";a=b\r\na\r\n0\r\n\r\n")},
        {chunked("g\r\na\r\n0\r\n\r\n")},
        {chunked("1g\r\na\r\n0\r\n\r\n")},
        {chunked("1\na\r\n0\r\n\r\n")},
        {chunked("1\ra\r\n0\r\n\r\n")},
        {chunked("1\r\na\n0\r\n\r\n")},
        {chunked("1\r\nab0\r\n\r\n")},
        {chunked("1\r\na\r0\r\n\r\n")},
        {chunked("1\r\naXX0\r\n\r\n")},
        {chunked("1\r\na\r\n0\n\r\n")},
        {chunked("0\r\n\n")},
        {chunked("0\r\n\rX")},
        {chunked("1 ;a\r\na\r\n0\r\n\r\n")},
        {chunked("1;a\x01\r\na\r\n0\r\n\r\n")},
        {chunked("1;a\nb\r\na\r\n0\r\n\r\n")},
        {chunked("1;" + std::string(16 * 1024, 'a') + "\r\na\r\n0\r\n\r\n")},
        {chunked("1;" + std::string(300, 'a'))},
        {chunked(std::string(300, '0'))},
        {chunked("00000000000000001\r\na\r\n0\r\n\r\n")},
        {chunked("100000005\r\n12345\r\n0\r\n\r\n"), 413},
        {chunked("ffffffffffffffff\r\n"), 413},
        {chunked("fffffffffffffffff\r\n")},
        {chunked("10001\r\n"), 413},
        {chunked("10000\r\n" + std::string(65'536, 'a') + "\r\n1\r\n"), 413},
        // --- trailers
        {chunked("0\r\nX : a\r\n\r\n")},
        {chunked("0\r\nX\r\n\r\n")},
        {chunked("0\r\n X: a\r\n\r\n")},
        {chunked("0\r\nX: a\nY: b\r\n\r\n")},
        {chunked("0\r\nX: a\x01\r\n\r\n")},
        {chunked("0\r\nX: " + std::string(5'000, 'a') + "\r\n\r\n")},
        // --- too much of a head
        {get("X: " + std::string(17 * 1024, 'a') + "\r\n"), 431},
        {get("Sec-WebSocket-Protocol: " + std::string(32 * 1024, ',') + "\r\n"), 431},
        {get(std::string(2'000, 'x') + "\r\n"), 400},
        // --- expectations
        {post("Content-Length: 1\r\nExpect: 200-ok\r\n", "a"), 417},
        {post("Content-Length: 1\r\nExpect: 100-continue, x\r\n", "a"), 417},
        {post("Content-Length: 1\r\nExpect: \r\n", "a"), 417},
    };
    std::string many;
    for (int i = 0; i < 2'000; ++i) many += "a:\r\n";
    list.push_back({get(many), 431});
    many.clear();
    for (int i = 0; i < 100; ++i) many += "X-" + std::to_string(i) + ": a\r\n";
    list.push_back({get(many), 431});
    return list;
}

TEST(HostileRequests, each_of_the_corpus_is_refused_with_its_status) {
    ASSERT_GE(corpus().size(), 150U);
    for (const Hostile& hostile : corpus()) {
        const Outcome outcome = parse_in(hostile.bytes, hostile.bytes.size());
        EXPECT_EQ(outcome.status, hostile.status)
            << testing::PrintToString(hostile.bytes.substr(0, 200));
        EXPECT_TRUE(outcome.requests.empty())
            << testing::PrintToString(hostile.bytes.substr(0, 200));
    }
}

TEST(HostileRequests, a_split_at_any_byte_changes_nothing) {
    for (const Hostile& hostile : corpus()) {
        const std::string& bytes = hostile.bytes;
        EXPECT_EQ(parse_in(bytes, bytes.size() > 4'000 ? 997 : 1).status, hostile.status)
            << testing::PrintToString(bytes.substr(0, 200));
        const std::size_t step = bytes.size() > 400 ? bytes.size() / 50 : 1;
        for (std::size_t cut = 0; cut < bytes.size(); cut += step) {
            ASSERT_EQ(parse_cut(bytes, cut).status, hostile.status)
                << cut << " " << testing::PrintToString(bytes.substr(0, 200));
        }
    }
}

TEST(HostileRequests, after_a_refusal_nothing_more_is_read) {
    Parser parser(limits);
    parser.feed("GET / HTTP/9.9\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(std::holds_alternative<Refusal>(parser.next()));
    parser.feed("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(std::holds_alternative<Refusal>(parser.next()));
}

TEST(HostileRequests, a_body_without_end_is_refused_at_its_limit) {
    Parser parser(limits);
    parser.feed(post("Transfer-Encoding: chunked\r\n"));
    const std::string chunk = "400\r\n" + std::string(1'024, 'a') + "\r\n";
    std::size_t fed = 0;
    for (;;) {
        auto outcome = parser.next();
        if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
            EXPECT_EQ(refusal->status, 413);
            ASSERT_NE(parser.head(), nullptr) << "whose body it is stays known";
            EXPECT_EQ(parser.head()->method, "POST");
            break;
        }
        ASSERT_LE(fed, limits.body_bytes_max + 2 * chunk.size());
        parser.feed(chunk);
        fed += chunk.size();
    }
}

struct Good {
    std::string bytes;
    std::string method;
    std::vector<std::string> path;
    std::string body;
    bool keep_alive = true;
};

std::vector<Good> good_requests() {
    return {
        {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET", {}},
        {"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET", {}},
        {"GET /a HTTP/1.1\r\nHost: a\r\n\r\n", "GET", {"a"}},
        {"GET /a/b/c HTTP/1.1\r\nHost: a\r\n\r\n", "GET", {"a", "b", "c"}},
        {"GET /a/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET", {"a", ""}},
        {"GET /a%20b/c%25 HTTP/1.1\r\nHost: a\r\n\r\n", "GET", {"a b", "c%"}},
        {"GET /%F0%9F%91%8D HTTP/1.1\r\nHost: a\r\n\r\n", "GET", {"\xf0\x9f\x91\x8d"}},
        {"GET /..;/a HTTP/1.1\r\nHost: a\r\n\r\n", "GET", {"..;", "a"}},
        {"GET /... HTTP/1.1\r\nHost: a\r\n\r\n", "GET", {"..."}},
        {"GET /%252e%252e HTTP/1.1\r\nHost: a\r\n\r\n", "GET", {"%2e%2e"}},
        {"GET /a+b HTTP/1.1\r\nHost: a\r\n\r\n", "GET", {"a+b"}},
        {"GET http://a/x HTTP/1.1\r\nHost: a\r\n\r\n", "GET", {"x"}},
        {"GET http://A HTTP/1.1\r\nHost: a\r\n\r\n", "GET", {}},
        {"GET http://a?x=1 HTTP/1.1\r\nHost: a\r\n\r\n", "GET", {}},
        {"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS", {}},
        {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", "BREW", {}},
        {"get / HTTP/1.1\r\nHost: a\r\n\r\n", "get", {}},
        {"HEAD / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", "HEAD", {}},
        {"GET / HTTP/1.1\r\nhOsT:a\r\n\r\n", "GET", {}},
        {"GET / HTTP/1.1\r\nHost: \t a.b-c_d:65535 \t\r\n\r\n", "GET", {}},
        {"GET / HTTP/1.1\r\nHost: a\r\nX:\r\n\r\n", "GET", {}},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: caf\xc3\xa9\r\n\r\n", "GET", {}},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: a\tb : c\r\n\r\n", "GET", {}},
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET", {}, "", false},
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n", "GET", {}, "", false},
        {"GET / HTTP/1.0\r\n\r\n", "GET", {}, "", false},
        {"GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n", "GET", {}, "", true},
        {post("Content-Length: 5\r\n", "hello"), "POST", {"x"}, "hello"},
        {post("Content-Length: 0\r\n"), "POST", {"x"}, ""},
        {post("Content-Length: 00005\r\n", "hello"), "POST", {"x"}, "hello"},
        {get("Content-Length: 2\r\n", "ab"), "GET", {}, "ab"},
        {post("Content-Length: 1\r\nExpect: 100-continue\r\n", "a"), "POST", {"x"}, "a"},
        {chunked("5\r\nhello\r\n0\r\n\r\n"), "POST", {"x"}, "hello"},
        {chunked("2\r\nhe\r\n3;a=b;c=\"d\"\r\nllo\r\n000\r\n\r\n"), "POST", {"x"}, "hello"},
        {chunked("A\r\n0123456789\r\na;\r\n0123456789\r\n0\r\nX: y\r\nContent-Length: 9\r\n\r\n"),
         "POST",
         {"x"},
         "01234567890123456789"},
        {chunked("0\r\n\r\n"), "POST", {"x"}, ""},
        {post("transfer-encoding:  Chunked \r\n", "1\r\na\r\n0\r\n\r\n"), "POST", {"x"}, "a"},
        {post("Content-Length: 65536\r\n", std::string(65'536, 'z')),
         "POST",
         {"x"},
         std::string(65'536, 'z')},
    };
}

void expect_good(const Outcome& outcome, const Good& good) {
    ASSERT_EQ(outcome.status, 0) << testing::PrintToString(good.bytes.substr(0, 200));
    ASSERT_EQ(outcome.requests.size(), 1U) << testing::PrintToString(good.bytes.substr(0, 200));
    const Request& request = outcome.requests.front();
    EXPECT_EQ(request.method, good.method);
    EXPECT_EQ(request.path, good.path);
    EXPECT_EQ(request.body, good.body);
    EXPECT_EQ(request.keep_alive, good.keep_alive)
        << testing::PrintToString(good.bytes.substr(0, 200));
}

TEST(GoodRequests, each_is_read_as_it_is_meant) {
    ASSERT_GE(good_requests().size(), 30U);
    for (const Good& good : good_requests()) {
        expect_good(parse_in(good.bytes, good.bytes.size()), good);
    }
}

TEST(GoodRequests, a_split_at_any_byte_changes_nothing) {
    for (const Good& good : good_requests()) {
        expect_good(parse_in(good.bytes, good.bytes.size() > 4'000 ? 997 : 1), good);
        const std::size_t step = good.bytes.size() > 400 ? good.bytes.size() / 50 : 1;
        for (std::size_t cut = 0; cut < good.bytes.size(); cut += step) {
            expect_good(parse_cut(good.bytes, cut), good);
        }
    }
}

TEST(GoodRequests, pipelined_ones_come_one_after_the_other) {
    std::string all;
    for (const Good& good : good_requests()) all += good.bytes;
    for (const std::size_t piece : {all.size(), std::size_t{1'000}, std::size_t{7}}) {
        const Outcome outcome = parse_in(all, piece);
        EXPECT_EQ(outcome.status, 0);
        ASSERT_EQ(outcome.requests.size(), good_requests().size());
        for (std::size_t i = 0; i < outcome.requests.size(); ++i) {
            EXPECT_EQ(outcome.requests[i].body, good_requests()[i].body);
        }
    }
}

TEST(GoodRequests, headers_are_found_without_regard_to_case_and_keep_their_order) {
    const Outcome outcome = parse_in(get("X-One: 1\r\nx-one: 2\r\nCookie: a=b\r\n"), 3);
    ASSERT_EQ(outcome.requests.size(), 1U);
    const Headers& headers = outcome.requests[0].headers;
    EXPECT_EQ(headers.find_all("X-ONE"), (std::vector<std::string_view>{"1", "2"}));
    EXPECT_EQ(*headers.find("cookie"), "a=b");
    EXPECT_EQ(headers.size(), 4U);
}

TEST(GoodRequests, a_query_is_decoded_once) {
    const auto outcome =
        parse_in("GET /a?x=1&y=a%20b+c&z&=e&%26=%3D&x=2&&w=%252F HTTP/1.1\r\nHost: a\r\n\r\n", 1);
    ASSERT_EQ(outcome.requests.size(), 1U);
    const Request& request = outcome.requests[0];
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    const Pairs expected{
        {"x", "1"}, {"y", "a b c"}, {"z", ""}, {"", "e"}, {"&", "="}, {"x", "2"}, {"w", "%2F"}};
    EXPECT_EQ(request.query, expected);
    EXPECT_EQ(request.query_value("x"), "1");
    EXPECT_EQ(request.query_value("v"), std::nullopt);
    EXPECT_EQ(request.raw_query, "x=1&y=a%20b+c&z&=e&%26=%3D&x=2&&w=%252F");
    EXPECT_EQ(request.target, "/a?x=1&y=a%20b+c&z&=e&%26=%3D&x=2&&w=%252F");
}

TEST(GoodRequests, a_hundred_headers_are_not_too_many) {
    std::string lines;
    for (int i = 0; i < 99; ++i) lines += "X-" + std::to_string(i) + ": a\r\n";
    EXPECT_EQ(parse_in(get(lines), 11).requests.size(), 1U);
}

TEST(Parser, a_route_may_allow_a_longer_body) {
    Parser parser(limits, [](const Request& head) {
        const bool longer = head.path == std::vector<std::string>{"x"};
        return BodyRule{longer ? std::size_t{100'000} : std::size_t{0}};
    });
    parser.feed(post("Content-Length: 100000\r\n", std::string(100'000, 'a')));
    EXPECT_TRUE(std::holds_alternative<Request>(parser.next()));
    parser.feed(get("Content-Length: 1\r\n", "a"));
    EXPECT_TRUE(std::holds_alternative<Refusal>(parser.next()));
}

/// Reads requests whose bodies are all streamed; what is refused counts for its status alone.
Outcome parse_streamed(std::string_view bytes, std::size_t cut) {
    Parser parser(limits, [](const Request&) { return BodyRule{limits.body_bytes_max, true}; });
    Outcome outcome;
    for (const std::string_view piece : {bytes.substr(0, cut), bytes.substr(cut)}) {
        parser.feed(piece);
        for (;;) {
            if (parser.streaming()) {
                const auto state = parser.read_streamed(outcome.requests.back().body);
                if (state == BodyReader::State::need_more) break;
                EXPECT_EQ(parser.streaming(), false);
            }
            auto next = parser.next();
            if (std::holds_alternative<NeedMore>(next)) break;
            if (const auto* refusal = std::get_if<Refusal>(&next)) {
                outcome.status = refusal->status;
                return outcome;
            }
            outcome.requests.push_back(std::get<Request>(std::move(next)));
            EXPECT_EQ(outcome.requests.back().body, "");
        }
    }
    return outcome;
}

TEST(Parser, a_streamed_body_is_read_like_a_whole_one) {
    const std::string bytes = post("Content-Length: 3\r\n", "one") + get("") +
                              chunked("3;x\r\ntwo\r\n1\r\n!\r\n0\r\nT: z\r\n\r\n") + post("") +
                              chunked("0\r\n\r\n") + post("Content-Length: 1\r\n", "z");
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        const Outcome outcome = parse_streamed(bytes, cut);
        ASSERT_EQ(outcome.status, 0) << cut;
        ASSERT_EQ(outcome.requests.size(), 6U) << cut;
        std::string bodies;
        for (const Request& request : outcome.requests) bodies += request.body + "|";
        EXPECT_EQ(bodies, "one||two!|||z|") << cut;
    }
}

TEST(Parser, what_is_hostile_is_refused_with_a_streamed_body_too) {
    for (const Hostile& hostile : corpus()) {
        EXPECT_EQ(parse_streamed(hostile.bytes, hostile.bytes.size()).status, hostile.status)
            << hostile.bytes.substr(0, 200);
    }
}

TEST(Parser, a_streamed_body_that_is_announced_as_too_long_is_refused_with_its_head) {
    Parser parser(limits, [](const Request&) { return BodyRule{10, true}; });
    parser.feed(post("Content-Length: 11\r\n"));
    const auto outcome = parser.next();
    ASSERT_TRUE(std::holds_alternative<Refusal>(outcome));
    EXPECT_EQ(std::get<Refusal>(outcome).status, 413);
    ASSERT_NE(parser.head(), nullptr);
    EXPECT_EQ(parser.head()->target, "/x");
}

TEST(Parser, who_waits_with_a_streamed_body_is_told_when_it_is_asked_for) {
    Parser parser(limits, [](const Request&) { return BodyRule{10, true}; });
    parser.feed(post("Content-Length: 3\r\nExpect: 100-continue\r\n"));
    EXPECT_TRUE(std::holds_alternative<Request>(parser.next()));
    EXPECT_TRUE(parser.expects_continue());
    EXPECT_TRUE(parser.expects_continue());
    EXPECT_TRUE(parser.take_expect_continue());
    EXPECT_FALSE(parser.expects_continue());
    EXPECT_FALSE(parser.take_expect_continue());
    EXPECT_EQ(parser.streamed_left(), 3U);
    std::string body;
    parser.feed("ab");
    EXPECT_EQ(parser.read_streamed(body), BodyReader::State::need_more);
    EXPECT_EQ(parser.streamed_left(), 1U);
    parser.feed("cGET");
    EXPECT_EQ(parser.read_streamed(body), BodyReader::State::done);
    EXPECT_EQ(body, "abc");
    EXPECT_FALSE(parser.between_requests());
    EXPECT_EQ(parser.take_rest(), "GET");
}

TEST(Parser, who_waits_for_100_continue_is_told_once) {
    Parser parser(limits);
    parser.feed(post("Content-Length: 3\r\nExpect: 100-Continue\r\n"));
    EXPECT_TRUE(std::holds_alternative<NeedMore>(parser.next()));
    EXPECT_TRUE(parser.in_body());
    EXPECT_TRUE(parser.take_expect_continue());
    EXPECT_FALSE(parser.take_expect_continue());
    parser.feed("abc");
    EXPECT_TRUE(std::holds_alternative<Request>(parser.next()));
    EXPECT_FALSE(parser.take_expect_continue());
}

TEST(Parser, who_sends_the_body_unasked_is_not_told_to_go_on) {
    Parser parser(limits);
    parser.feed(post("Content-Length: 3\r\nExpect: 100-continue\r\n", "a"));
    EXPECT_TRUE(std::holds_alternative<NeedMore>(parser.next()));
    EXPECT_FALSE(parser.take_expect_continue());
}

TEST(Parser, what_follows_a_request_is_left_for_who_speaks_next) {
    Parser parser(limits);
    parser.feed(get("Upgrade: websocket\r\n", "\x81\x80 frame"));
    EXPECT_TRUE(std::holds_alternative<Request>(parser.next()));
    EXPECT_FALSE(parser.between_requests());
    EXPECT_EQ(parser.take_rest(), "\x81\x80 frame");
    EXPECT_TRUE(parser.between_requests());
}

}  // namespace
}  // namespace banter::net::http
