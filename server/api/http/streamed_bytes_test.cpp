// A form holds one file and nothing else, in whatever pieces it comes.
#include "api/http/streamed_bytes.hpp"

#include "base/testing/run.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

namespace banter::api::http {
namespace {

/// The body of a request, in pieces of a size, perhaps cut.
class ScriptedBody final : public net::http::RequestBody {
public:
    ScriptedBody(std::string bytes, std::size_t piece_bytes, bool cut = false)
        : bytes_(std::move(bytes)), piece_bytes_(piece_bytes), cut_(cut) {}

    Task<net::http::BodyPiece> next() override {
        using Kind = net::http::BodyPiece::Kind;
        const std::string_view piece = std::string_view(bytes_).substr(at_, piece_bytes_);
        at_ += piece.size();
        if (piece.empty()) co_return net::http::BodyPiece{cut_ ? Kind::gone : Kind::end, {}};
        co_return net::http::BodyPiece{Kind::bytes, piece};
    }
    [[nodiscard]] std::optional<std::uint64_t> left() const override { return bytes_.size() - at_; }

private:
    std::string bytes_;
    std::size_t piece_bytes_;
    bool cut_;
    std::size_t at_ = 0;
};

const std::string head =
    "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n"
    "Content-Type: text/plain\r\n\r\n";

/// The file's bytes, or the code of what refused it.
Task<std::string> read(std::string form, std::size_t piece_bytes, bool cut) {
    ScriptedBody body(std::move(form), piece_bytes, cut);
    FormFile file(body, "b");
    const auto found = co_await file.find();
    if (!found) co_return std::string(wire_name(found.error().code));
    std::string bytes = *found->filename + ":";
    for (;;) {
        const auto piece = co_await file.next();
        if (!piece) co_return std::string(wire_name(piece.error().code));
        if (piece->empty()) co_return bytes;
        bytes += *piece;
    }
}

std::string result_of(const std::string& form, bool cut = false) {
    std::string result;
    for (std::size_t piece_bytes : {std::size_t{1}, std::size_t{7}, form.size() + 1}) {
        asio::io_context loop{1};
        const std::string now = banter::testing::run(loop, read(form, piece_bytes, cut));
        if (piece_bytes > 1) {
            EXPECT_EQ(now, result) << piece_bytes;
        }
        result = now;
    }
    return result;
}

TEST(FormFile, gives_the_bytes_of_its_file) {
    EXPECT_EQ(result_of(head + "hello\r\n--b--\r\n"), "a.txt:hello");
    EXPECT_EQ(result_of(head + "\r\n--b--"), "a.txt:");
    EXPECT_EQ(result_of(head + "one\r\n--c\r\n--b--\r\n"), "a.txt:one\r\n--c");
}

TEST(FormFile, a_form_with_anything_else_is_refused) {
    EXPECT_EQ(result_of(head + "hello\r\n" + head + "more\r\n--b--\r\n"), "unknown_field");
    std::string other = head + "hello\r\n--b--\r\n";
    other.replace(other.find("\"file\""), 6, "\"mine\"");
    EXPECT_EQ(result_of(other), "unknown_field");
    EXPECT_EQ(
        result_of("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--b--\r\n"),
        "bad_request"
    );
    EXPECT_EQ(result_of("--b--\r\n"), "bad_request");
    EXPECT_EQ(result_of(""), "bad_request");
    EXPECT_EQ(result_of(head + "hello\r\n--b--\r\nmore"), "bad_request");
}

TEST(FormFile, a_form_that_is_cut_is_no_file) {
    const std::string whole = head + "hello\r\n--b--";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_EQ(result_of(whole.substr(0, size)), "bad_request") << size;
        EXPECT_EQ(result_of(whole.substr(0, size), true), "bad_request") << size;
    }
    EXPECT_EQ(result_of(whole, true), "bad_request") << "the connection was cut";
}

}  // namespace
}  // namespace banter::api::http
