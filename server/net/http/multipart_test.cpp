// Bodies of forms as browsers and programs send them, and as attackers do. Every one is fed whole,
// byte by byte and split at every byte, and read the same.
#include "net/http/multipart.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace banter::net::http {
namespace {

struct Part {
    std::string name;
    std::string filename;
    std::string media_type = "text/plain";
    std::string body;

    friend bool operator==(const Part&, const Part&) = default;
};

struct Reading {
    std::vector<Part> parts;
    std::size_t ended_parts = 0;
    bool ended = false;
    bool complete = false;
    std::string fault;
    bool too_large = false;

    friend bool operator==(const Reading&, const Reading&) = default;
};

class Reader {
public:
    explicit Reader(const Limits& limits, std::string_view boundary = "b")
        : parser_(boundary, limits) {}

    /// False: a fault.
    bool feed(std::string_view bytes) {
        for (;;) {
            const std::size_t before = bytes.size();
            auto event = parser_.next(bytes);
            EXPECT_LE(bytes.size(), before);
            if (std::holds_alternative<MultipartParser::NeedMore>(event)) {
                EXPECT_TRUE(bytes.empty());
                return true;
            }
            if (const auto* fault = std::get_if<MultipartFault>(&event)) {
                reading_.fault = fault->why;
                reading_.too_large = fault->too_large;
                return false;
            }
            take(std::move(event));
        }
    }

    Reading reading() {
        reading_.complete = parser_.complete();
        return reading_;
    }

private:
    void take(MultipartParser::Event event) {
        if (auto* head = std::get_if<PartHead>(&event)) {
            EXPECT_EQ(reading_.ended_parts, reading_.parts.size());
            reading_.parts.push_back(
                {head->name, head->filename.value_or("none"), head->media_type, ""}
            );
        } else if (const auto* piece = std::get_if<PartBytes>(&event)) {
            EXPECT_FALSE(piece->bytes.empty());
            EXPECT_EQ(reading_.ended_parts + 1, reading_.parts.size());
            reading_.parts.back().body += piece->bytes;
        } else if (std::holds_alternative<PartEnd>(event)) {
            ++reading_.ended_parts;
            EXPECT_EQ(reading_.ended_parts, reading_.parts.size());
        } else {
            EXPECT_FALSE(reading_.ended);
            reading_.ended = true;
        }
    }

    MultipartParser parser_;
    Reading reading_;
};

const Limits usual;

Reading read_in(std::string_view body, std::size_t piece, std::string_view boundary = "b") {
    Reader reader(usual, boundary);
    for (; !body.empty(); body.remove_prefix(std::min(piece, body.size()))) {
        if (!reader.feed(body.substr(0, piece))) break;
    }
    return reader.reading();
}

/// Reads it in every way, which all have to agree.
Reading read(std::string_view body, std::string_view boundary = "b") {
    const Reading whole = read_in(body, body.size() + 1, boundary);
    EXPECT_EQ(read_in(body, 1, boundary), whole) << body;
    EXPECT_EQ(read_in(body, 3, boundary), whole) << body;
    for (std::size_t cut = 0; cut <= body.size(); ++cut) {
        Reader reader(usual, boundary);
        if (reader.feed(body.substr(0, cut))) static_cast<void>(reader.feed(body.substr(cut)));
        EXPECT_EQ(reader.reading(), whole) << body << " at " << cut;
    }
    return whole;
}

std::string part(std::string_view head, std::string_view body) {
    return "--b\r\n" + std::string(head) + "\r\n" + std::string(body) + "\r\n";
}

std::string field(std::string_view body) {
    return part("Content-Disposition: form-data; name=\"f\"\r\n", body);
}

const std::string last = "--b--\r\n";

TEST(Multipart, what_a_browser_sends) {
    const Reading reading = read(
        part("Content-Disposition: form-data; name=\"note\"\r\n", "hello") +
        part(
            "Content-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n"
            "Content-Type: image/png\r\n",
            "\x89PNG\r\n\x1a\n"
        ) +
        last
    );
    EXPECT_TRUE(reading.ended);
    EXPECT_TRUE(reading.complete);
    EXPECT_EQ(reading.ended_parts, 2U);
    EXPECT_EQ(
        reading.parts,
        (std::vector<Part>{
            {"note", "none", "text/plain", "hello"},
            {"file", "a.png", "image/png", "\x89PNG\r\n\x1a\n"}})
    );
}

TEST(Multipart, a_form_may_be_empty_and_the_last_line_end_missing) {
    EXPECT_TRUE(read(last).complete);
    EXPECT_TRUE(read("--b--").complete);
    EXPECT_TRUE(read(field("") + "--b--").complete);
    EXPECT_EQ(read(field("") + last).parts, (std::vector<Part>{{"f", "none", "text/plain", ""}}));
}

TEST(Multipart, what_looks_like_a_boundary_and_is_none_is_part_of_the_body) {
    for (const std::string body :
         {"\r",       "\n",        "\r\n",    "\r\n\r\n",    "\r\r\n",
          "\r\n-",    "\r\n--",    "\r\n--a", "\r\n-\r\n--", "--b",
          "--b--",    "\n--b",     "\r--b",   "\r\n-b",      "\r\n --b",
          "\r\n--B",  "\r\r\r\r",  "-",       "--",          "a\r\n--\r\n--a\r\n",
          "\r\n--\r", "\r\n\r\n--"}) {
        const Reading reading = read(field(body) + last);
        EXPECT_TRUE(reading.complete) << body;
        ASSERT_EQ(reading.parts.size(), 1U) << body;
        EXPECT_EQ(reading.parts[0].body, body);
    }
}

TEST(Multipart, a_body_may_hold_any_bytes) {
    std::string body;
    for (int round = 0; round < 3; ++round) {
        for (int byte = 0; byte < 256; ++byte) body += static_cast<char>(byte);
    }
    const Reading reading = read(field(body) + field(std::string(300, '\r')) + last);
    ASSERT_EQ(reading.parts.size(), 2U);
    EXPECT_EQ(reading.parts[0].body, body);
    EXPECT_EQ(reading.parts[1].body, std::string(300, '\r'));
}

TEST(Multipart, a_long_boundary_is_compared_to_its_end) {
    const std::string boundary = std::string(69, '-') + "x";
    const std::string almost = std::string(69, '-') + "y";
    const Reading reading = read(
        "--" + boundary + "\r\nContent-Disposition: form-data; name=f\r\n\r\n\r\n--" + almost +
            "\r\n--" + boundary + "--\r\n",
        boundary
    );
    ASSERT_EQ(reading.parts.size(), 1U);
    EXPECT_EQ(reading.parts[0].body, "\r\n--" + almost);
    EXPECT_TRUE(reading.complete);
}

struct HeadCase {
    std::string head;
    Part part;
};

TEST(Multipart, heads_are_read_as_they_are_meant) {
    const std::string form = "Content-Disposition: form-data; ";
    const std::vector<HeadCase> cases{
        {form + "name=f", {"f", "none"}},
        {form + "name=\"\"", {"", "none"}},
        {form + "name=f; filename=\"\"", {"f", ""}},
        {form + "filename=a; name=f", {"f", "a"}},
        {"content-disposition:FORM-DATA;NAME=\"f\";FileName=\"a\"", {"f", "a"}},
        {"Content-Disposition: form-data ;; name=f ; ", {"f", "none"}},
        {form + "name=f; size=5; x=\"y;z\"", {"f", "none"}},
        // --- quotes
        {form + R"(name=f; filename="a\"b.txt")", {"f", "a\"b.txt"}},
        {form + R"(name=f; filename="a\\b.txt")", {"f", "a\\b.txt"}},
        {form + R"(name=f; filename="C:\dir\a.txt")", {"f", "C:\\dir\\a.txt"}},
        {form + R"(name=f; filename="a%22b.txt")", {"f", "a\"b.txt"}},
        {form + R"(name=f; filename="%22%22")", {"f", "\"\""}},
        {form + R"(name=f; filename="100%.txt")", {"f", "100%.txt"}},
        {form + R"(name=f; filename="a%0D%0AX: y")", {"f", "a%0D%0AX: y"}},
        {form + R"(name=f; filename="a;name=g")", {"f", "a;name=g"}},
        // --- names that are handed on as they came: whoever uses them takes care
        {form + R"(name=f; filename="../../etc/passwd")", {"f", "../../etc/passwd"}},
        {form + R"(name=f; filename="..")", {"f", ".."}},
        {form + "name=f; filename=\"\u202egnp.exe\"", {"f", "\u202egnp.exe"}},
        {form + "name=f; filename=\"\u65e5\u672c.txt\"", {"f", "\u65e5\u672c.txt"}},
        {form + "name=f; filename=\"" + std::string(1'024, 'a') + "\"",
         {"f", std::string(1'024, 'a')}},
        // --- filename*
        {form + "name=f; filename*=UTF-8''%e2%82%ac%20a.txt", {"f", "\u20ac a.txt"}},
        {form + "name=f; filename=a; filename*=utf-8'en'b", {"f", "b"}},
        {form + "name=f; filename*=UTF-8''b; filename=a", {"f", "b"}},
        {form + "name=f; filename=a; filename*=ISO-8859-1''%e9", {"f", "a"}},
        {form + "name=f; filename*=ISO-8859-1''%e9", {"f", "none"}},
        {form + "name=f; filename*=UTF-8''%22%2522", {"f", "\"%22"}},
        {form + "name=f; filename*=UTF-8''..%2f..%2fa", {"f", "../../a"}},
        // --- other headers
        {form + "name=f\r\nContent-Type: text/html; charset=utf-8",
         {"f", "none", "text/html; charset=utf-8"}},
        {"Content-Type: a\r\n" + form + "name=f\r\nX-Other: y", {"f", "none", "a"}},
        {form + "name=f\r\nContent-Transfer-Encoding: binary", {"f", "none"}},
        {form + "name=f\r\nContent-Length: 99999", {"f", "none"}},
    };
    for (const HeadCase& one : cases) {
        const Reading reading = read(part(one.head + "\r\n", "") + last);
        EXPECT_EQ(reading.fault, "") << one.head;
        EXPECT_EQ(reading.parts, std::vector<Part>{one.part}) << one.head;
    }
}

TEST(Multipart, heads_that_can_be_read_in_two_ways_are_refused) {
    const std::string form = "Content-Disposition: form-data; ";
    const std::string nul(1, '\0');
    for (const std::string& head : {
             std::string(),
             std::string("Content-Type: text/plain"),
             std::string("Content-Disposition: form-data"),
             std::string("Content-Disposition:"),
             std::string("Content-Disposition: attachment; name=f"),
             std::string("Content-Disposition: form-datax; name=f"),
             std::string("Content-Disposition: form-data name=f"),
             std::string("Content-Disposition : form-data; name=f"),
             std::string(" Content-Disposition: form-data; name=f"),
             std::string("Content-Disposition form-data; name=f"),
             std::string(": form-data; name=f"),
             form + "filename=a",
             form + "name",
             form + "name=",
             form + "=f",
             form + "name =f",
             form + "name= f",
             form + "name=f g",
             form + "name=\"f",
             form + "name=\"f\\\"",
             form + "name=\"f\"g",
             form + "name=\"f\" filename=a",
             form + "name=f; name=f",
             form + "name=f; NAME=f",
             form + "name=f; filename=a; filename=b",
             form + "name=f; filename*=UTF-8''a; filename*=UTF-8''b",
             form + "name=f\r\n" + form + "name=f",
             form + "name=f;\r\n filename=a",
             form + "name=f\r\n\tfilename=a",
             form + "name=f\r\nContent-Type: a\r\nContent-Type: b",
             form + "name=f\r\nContent-Type:",
             form + "name=f\r\nContent-Transfer-Encoding: base64",
             form + "name=f\r\nContent-Transfer-Encoding: quoted-printable",
             form + "name=f\r\nno colon",
             // --- bytes
             form + "name=f" + nul,
             form + "name=\"f" + nul + "\"",
             form + "name=\"f\tg\"",
             form + "name=\"f\x7f\"",
             form + "name=\"f\xff\"",
             form + "name=\"f\xc0\xaf\"",
             form + "name=f; filename=\"\xed\xa0\x80\"",
             form + "name=f; filename=\xc3\xa9",
             form + "name=f; filename=\"a\nb\"",
             form + "name=f; filename=\"a\rb\"",
             form + "name=f\nX: y",
             form + "name=f\r\r",
             // --- filename*
             form + "name=f; filename*=a",
             form + "name=f; filename*=UTF-8'a",
             form + "name=f; filename*=UTF-8''%",
             form + "name=f; filename*=UTF-8''%4",
             form + "name=f; filename*=UTF-8''%zz",
             form + "name=f; filename*=UTF-8''%ff",
             form + "name=f; filename*=UTF-8''%00",
             form + "name=f; filename*=UTF-8''a%0d%0aX:y",
         }) {
        const Reading reading = read(part(head + "\r\n", "x") + last);
        EXPECT_NE(reading.fault, "") << head;
        EXPECT_FALSE(reading.complete) << head;
        EXPECT_FALSE(reading.too_large) << head;
        EXPECT_TRUE(reading.parts.empty()) << head;
    }
}

TEST(Multipart, what_is_malformed_is_refused) {
    const std::string form = "Content-Disposition: form-data; name=f\r\n\r\n";
    for (const std::string& body : {
             std::string("x"),
             std::string("\r\n--b--\r\n"),
             std::string("preamble\r\n--b--\r\n"),
             std::string("-b--"),
             std::string("--c--"),
             std::string("--B--"),
             std::string("--b \r\n"),
             std::string("--b\n"),
             std::string("--b\r\r\n"),
             std::string("--bb\r\n"),
             std::string("--b-\r\n"),
             std::string("--b-b"),
             std::string("--b\t--"),
             std::string("--b --"),
             "--b\n" + form,
             field("x") + "--b \r\n" + form,
             field("x") + "--b\n" + form,
             field("x") + "--bx",
             field("x") + "--b-x",
             field("x") + "--b-\r\n",
             field("x") + "--b--\r\n\r\n",
             field("x") + "--b--\n",
             field("x") + "--b--\rx",
             field("x") + "--b--x",
             field("x") + "--b-- \r\n",
             field("x") + last + "epilogue",
             field("x") + last + field("y") + last,
             field("x") + last + "--b--",
         }) {
        const Reading reading = read(body);
        EXPECT_NE(reading.fault, "") << body;
        EXPECT_FALSE(reading.complete) << body;
    }
}

TEST(Multipart, what_is_cut_off_anywhere_is_not_complete) {
    const std::string body = field("one") + field("two\r\n--") + "--b--";
    for (std::size_t size = 0; size < body.size(); ++size) {
        const Reading reading = read_in(body.substr(0, size), 5);
        EXPECT_FALSE(reading.complete) << size;
        EXPECT_FALSE(reading.ended) << size;
        EXPECT_EQ(reading.fault, "") << size;
    }
    EXPECT_TRUE(read(body).complete);
    EXPECT_FALSE(read(body + "\r").complete);
    EXPECT_TRUE(read(body + "\r\n").complete);
}

TEST(Multipart, a_fault_stays) {
    MultipartParser parser("b", usual);
    std::string_view input = "wrong";
    EXPECT_TRUE(std::holds_alternative<MultipartFault>(parser.next(input)));
    EXPECT_TRUE(std::holds_alternative<MultipartFault>(parser.next(input)));
    std::string_view good = last;
    EXPECT_TRUE(std::holds_alternative<MultipartFault>(parser.next(good)));
    std::string_view nothing;
    EXPECT_TRUE(std::holds_alternative<MultipartFault>(parser.next(nothing)));
    EXPECT_FALSE(parser.complete());
}

TEST(Multipart, parts_and_heads_are_limited) {
    Limits limits;
    limits.multipart_parts_max = 2;
    limits.multipart_head_bytes_max = 100;
    const auto read_within = [&](const std::string& body) {
        Reader reader(limits);
        static_cast<void>(reader.feed(body));
        return reader.reading();
    };
    EXPECT_TRUE(read_within(field("") + field("") + last).complete);
    const Reading three = read_within(field("") + field("") + field("") + last);
    EXPECT_TRUE(three.too_large);
    EXPECT_EQ(three.parts.size(), 2U);
    const std::string disposition = "Content-Disposition: form-data; name=f\r\n";
    const std::size_t room = 100 - disposition.size() - std::string("X: \r\n\r\n").size();
    const auto with_header = [&](std::size_t size) {
        return read_within(part(disposition + "X: " + std::string(size, 'a') + "\r\n", "") + last);
    };
    EXPECT_TRUE(with_header(room).complete);
    EXPECT_TRUE(with_header(room + 1).too_large);
    EXPECT_TRUE(read_within("--b\r\n" + std::string(101, 'a')).too_large);
}

TEST(MultipartBoundary, is_found_in_the_content_type) {
    const std::string longest(70, 'a');
    const std::vector<std::pair<std::string, std::string>> cases{
        {"multipart/form-data; boundary=b", "b"},
        {"Multipart/Form-Data;BOUNDARY=B", "B"},
        {"multipart/form-data ; boundary=\"b\"", "b"},
        {"multipart/form-data; charset=utf-8; boundary=b; x=y", "b"},
        {"multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
         "----WebKitFormBoundary7MA4YWxkTrZu0gW"},
        {"multipart/form-data; boundary=\"a b:(c)=/?,d\"", "a b:(c)=/?,d"},
        {"multipart/form-data; boundary=" + longest, longest},
    };
    for (const auto& [type, boundary] : cases) {
        EXPECT_EQ(multipart_boundary(type), boundary) << type;
    }
}

TEST(MultipartBoundary, must_be_one) {
    for (const std::string& type : {
             std::string(),
             std::string("multipart/form-data"),
             std::string("multipart/form-data;"),
             std::string("multipart/form-data; boundary"),
             std::string("multipart/form-data; boundary="),
             std::string("multipart/form-data; boundary=\"\""),
             std::string("multipart/form-data; boundary=\"b"),
             std::string("multipart/form-data; boundary=\"b \""),
             std::string("multipart/form-data; boundary=a; boundary=b"),
             std::string("multipart/form-data; boundary=a; boundary=a"),
             std::string("multipart/form-data; boundary = b"),
             std::string("multipart/form-data; boundary=b x"),
             std::string("multipart/form-data; boundary=b!"),
             std::string("multipart/form-data; boundary=\"\xc3\xa9\""),
             std::string("multipart/form-data; boundary=\"a\r\nb\""),
             std::string("multipart/form-data boundary=b"),
             std::string("multipart/form-data, boundary=b"),
             std::string("multipart/mixed; boundary=b"),
             std::string("multipart/form-datax; boundary=b"),
             std::string("text/plain; boundary=b"),
             "multipart/form-data; boundary=" + std::string(71, 'a'),
             "multipart/form-data; boundary=" + std::string(100'000, 'a'),
         }) {
        EXPECT_EQ(multipart_boundary(type), std::nullopt) << type.substr(0, 100);
    }
}

}  // namespace
}  // namespace banter::net::http
