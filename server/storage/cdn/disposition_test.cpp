// What browsers are told of a file: nothing of its name gets out of the header's value.
#include "storage/cdn/disposition.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace banter::cdn {

TEST(Disposition, only_what_holds_no_script_is_shown) {
    for (const char* type : {"image/png", "image/jpeg", "image/avif", "audio/mpeg", "video/mp4"}) {
        EXPECT_TRUE(may_be_shown(type)) << type;
    }
    for (const char* type :
         {"image/svg+xml",
          "text/html",
          "text/plain",
          "application/pdf",
          "application/xhtml+xml",
          "application/octet-stream",
          "image/png; charset=x",
          "IMAGE/PNG",
          "image/pngx",
          ""}) {
        EXPECT_FALSE(may_be_shown(type)) << type;
    }
}

TEST(Disposition, a_plain_name_is_given_as_it_is) {
    EXPECT_EQ(
        content_disposition("Report (final) 2.pdf", false),
        "attachment; filename=\"Report (final) 2.pdf\""
    );
    EXPECT_EQ(content_disposition("cat.png", true), "inline; filename=\"cat.png\"");
}

TEST(Disposition, other_names_are_given_twice) {
    EXPECT_EQ(
        content_disposition("na\u00efve \u20ac.txt", false),
        "attachment; filename=\"na_ve _.txt\"; filename*=UTF-8''na%C3%AFve%20%E2%82%AC.txt"
    );
    EXPECT_EQ(
        content_disposition("100%.txt", false),
        "attachment; filename=\"100_.txt\"; filename*=UTF-8''100%25.txt"
    );
}

TEST(Disposition, quotes_line_breaks_and_paths_do_not_get_through) {
    EXPECT_EQ(
        content_disposition("a\"b\r\nSet-Cookie: c;'d.txt", false),
        "attachment; filename=\"a_b__Set-Cookie_ c__d.txt\"; "
        "filename*=UTF-8''a%22b__Set-Cookie%3A%20c%3B%27d.txt"
    );
    EXPECT_EQ(
        content_disposition("../..\\etc/passwd", false), "attachment; filename=\".._.._etc_passwd\""
    );
    EXPECT_EQ(
        content_disposition(std::string("a\0b\x7f", 4), false), "attachment; filename=\"a_b_\""
    );
}

TEST(Disposition, nothing_turns_the_name_around) {
    for (const char* mark :
         {"\u202a",
          "\u202b",
          "\u202d",
          "\u202e",
          "\u2066",
          "\u2067",
          "\u2068",
          "\u2069",
          "\u200e",
          "\u200f",
          "\u061c",
          "\u0085",
          "\u2028"}) {
        EXPECT_EQ(
            content_disposition("gpj" + std::string(mark) + ".exe", false),
            "attachment; filename=\"gpj_.exe\""
        );
    }
    EXPECT_NE(
        content_disposition("\u0645\u200c\u06cc.txt", false).find("%E2%80%8C"), std::string::npos
    ) << "a joiner shapes letters";
}

TEST(Disposition, a_name_that_is_none_becomes_file) {
    for (const char* name : {"", ".", "..", "...", " ", ". ."}) {
        EXPECT_EQ(content_disposition(name, false), "attachment; filename=\"file\"") << name;
    }
    EXPECT_EQ(content_disposition(".profile", false), "attachment; filename=\".profile\"");
}

TEST(Disposition, the_value_is_printable_ascii_for_any_bytes) {
    std::string every;
    for (int i = 0; i < 256; ++i) every += static_cast<char>(i);
    for (std::size_t at = 0; at < every.size(); ++at) {
        const std::string value = content_disposition(every.substr(at) + every.substr(0, at), true);
        for (const char letter : value) EXPECT_TRUE(letter >= ' ' && letter < '\x7f');
        EXPECT_EQ(std::count(value.begin(), value.end(), '"'), 2);
    }
}

TEST(ServedType, what_browsers_may_run_is_bytes) {
    for (const char* type :
         {"text/html",
          "application/xhtml+xml",
          "image/svg+xml",
          "application/xml",
          "application/vnd.mozilla.xul+xml",
          "text/javascript",
          "application/javascript",
          "application/wasm",
          "text/css",
          "text/cache-manifest",
          "multipart/related",
          "application/x-shockwave-flash",
          "nonsense"}) {
        EXPECT_EQ(served_type(type), "application/octet-stream") << type;
    }
    for (const char* type :
         {"image/png",
          "image/heic",
          "video/mp4",
          "text/plain",
          "application/pdf",
          "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}) {
        EXPECT_EQ(served_type(type), type);
    }
}

}  // namespace banter::cdn
