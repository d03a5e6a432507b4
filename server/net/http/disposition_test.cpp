// Names of files in a header, hostile ones above all (attacks 24 and 29).
#include "net/http/disposition.hpp"

#include "base/encoding.hpp"
#include "net/http/parameters.hpp"
#include "net/utf8.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace banter::net::http {
namespace {

struct NameCase {
    std::string name;
    std::string plain;
    std::string header;  // behind "attachment; "
};

const std::vector<NameCase>& cases() {
    static const std::vector<NameCase> list{
        {"plan.png", "plan.png", R"(filename="plan.png")"},
        {"a b (1).tar.gz", "a b (1).tar.gz", R"(filename="a b (1).tar.gz")"},
        {"it's; a=b, c.txt", "it's; a=b, c.txt", R"(filename="it's; a=b, c.txt")"},
        // --- not ASCII
        {"\u00e9t\u00e9.txt",
         "\u00e9t\u00e9.txt",
         R"(filename="_t_.txt"; filename*=UTF-8''%C3%A9t%C3%A9.txt)"},
        {"\U0001f600.png",
         "\U0001f600.png",
         R"(filename="_.png"; filename*=UTF-8''%F0%9F%98%80.png)"},
        {"\u65e5\u672c \u8a9e.txt",
         "\u65e5\u672c \u8a9e.txt",
         R"(filename="__ _.txt"; filename*=UTF-8''%E6%97%A5%E6%9C%AC%20%E8%AA%9E.txt)"},
        // --- quotes and percent signs
        {R"(a"b.txt)", R"(a"b.txt)", R"(filename="a_b.txt"; filename*=UTF-8''a%22b.txt)"},
        {R"(";filename=evil.exe;")",
         R"(";filename=evil.exe;")",
         R"(filename="_;filename=evil.exe;_"; filename*=UTF-8''%22%3Bfilename%3Devil.exe%3B%22)"},
        {"100%.txt", "100%.txt", R"(filename="100_.txt"; filename*=UTF-8''100%25.txt)"},
        {"%2e%2e%2fa", "%2e%2e%2fa", R"(filename="_2e_2e_2fa"; filename*=UTF-8''%252e%252e%252fa)"},
        {"%0d%0aX: y",
         "%0d%0aX: y",
         R"(filename="_0d_0aX: y"; filename*=UTF-8''%250d%250aX%3A%20y)"},
        {"UTF-8''a", "UTF-8''a", R"(filename="UTF-8''a")"},
        {"a*b'c.txt", "a*b'c.txt", R"(filename="a*b'c.txt")"},
        // --- control characters
        {"a\r\nSet-Cookie: x=1.txt",
         "a__Set-Cookie: x=1.txt",
         R"(filename="a__Set-Cookie: x=1.txt")"},
        {"a\nb", "a_b", R"(filename="a_b")"},
        {std::string("a\0b.txt", 7), "a_b.txt", R"(filename="a_b.txt")"},
        {"a\tb\x7f.txt", "a_b_.txt", R"(filename="a_b_.txt")"},
        {"a\u0085b", "a_b", R"(filename="a_b")"},
        // --- the direction of writing
        {"photo_\u202egnp.exe", "photo_gnp.exe", R"(filename="photo_gnp.exe")"},
        {"\u200f\u2066a\u2069\u061c.txt\ufeff", "a.txt", R"(filename="a.txt")"},
        {"a\u2028b\u2029c", "abc", R"(filename="abc")"},
        {"\u202e", "file", R"(filename="file")"},
        // --- paths
        {"../../etc/passwd", "passwd", R"(filename="passwd")"},
        {R"(..\..\boot.ini)", "boot.ini", R"(filename="boot.ini")"},
        {R"(C:\dir\plan.doc)", "plan.doc", R"(filename="plan.doc")"},
        {R"(a/b\c.txt)", "c.txt", R"(filename="c.txt")"},
        {"/", "file", R"(filename="file")"},
        {"dir/", "file", R"(filename="file")"},
        {"..", "file", R"(filename="file")"},
        {".", "file", R"(filename="file")"},
        {"...", "file", R"(filename="file")"},
        {". .", "file", R"(filename="file")"},
        {".\u202e.", "file", R"(filename="file")"},
        {".htaccess", "htaccess", R"(filename="htaccess")"},
        {"evil.exe. .", "evil.exe", R"(filename="evil.exe")"},
        {"", "file", R"(filename="file")"},
        {"   ", "file", R"(filename="file")"},
        // --- no UTF-8
        {"a\xff.txt", "a_.txt", R"(filename="a_.txt")"},
        {"a\xc0\xaf.txt", "a__.txt", R"(filename="a__.txt")"},
        {"a\xe2\x80", "a__", R"(filename="a__")"},
        {"\xed\xa0\x80.txt", "___.txt", R"(filename="___.txt")"},
        {"\xf4\x90\x80\x80", "____", R"(filename="____")"},
    };
    return list;
}

TEST(ContentDisposition, every_name_becomes_what_it_should) {
    for (const NameCase& one : cases()) {
        EXPECT_EQ(plain_file_name(one.name), one.plain) << one.name;
        EXPECT_EQ(
            content_disposition(Disposition::attachment, one.name), "attachment; " + one.header
        ) << one.name;
    }
}

TEST(ContentDisposition, what_may_be_shown_says_so) {
    EXPECT_EQ(content_disposition(Disposition::inline_, "a.png"), R"(inline; filename="a.png")");
}

TEST(ContentDisposition, a_plain_name_stays_as_it_is) {
    for (const NameCase& one : cases()) EXPECT_EQ(plain_file_name(one.plain), one.plain);
}

TEST(ContentDisposition, a_long_name_keeps_its_ending) {
    EXPECT_EQ(plain_file_name(std::string(1'020, 'a') + ".txt"), std::string(251, 'a') + ".txt");
    EXPECT_EQ(plain_file_name(std::string(255, 'a')), std::string(255, 'a'));
    EXPECT_EQ(plain_file_name(std::string(256, 'a')), std::string(255, 'a'));
    // An ending that is none.
    EXPECT_EQ(plain_file_name("a." + std::string(1'022, 'b')), "a." + std::string(253, 'b'));
    // Where the cut meets dots.
    EXPECT_EQ(plain_file_name("a" + std::string(1'000, '.') + "b.txt"), "a.txt");
}

TEST(ContentDisposition, a_long_name_is_cut_between_characters) {
    for (const std::string character : {"\u00e9", "\u65e5", "\U0001f600"}) {
        for (std::size_t shift = 0; shift < 4; ++shift) {
            std::string name(shift, 'a');
            while (name.size() < 1'024) name += character;
            const std::string plain = plain_file_name(name + ".png");
            EXPECT_LE(plain.size(), 255U);
            EXPECT_GT(plain.size(), 250U);
            EXPECT_TRUE(is_valid_utf8(plain));
            EXPECT_TRUE(plain.ends_with(".png"));
        }
    }
}

/// What a strict reader makes of the header: the name that it would save under.
std::string read_back(std::string_view header) {
    EXPECT_TRUE(header.starts_with("attachment;"));
    header.remove_prefix(std::string_view("attachment").size());
    std::string name;
    for (Parameter parameter;;) {
        const NextParameter next = take_parameter(header, parameter);
        EXPECT_NE(next, NextParameter::malformed);
        if (next != NextParameter::there) return name;
        if (parameter.name == "filename") name = parameter.value;
        if (parameter.name == "filename*") {
            EXPECT_TRUE(parameter.value.starts_with("UTF-8''"));
            name = percent_decoded(std::string_view(parameter.value).substr(7)).value_or("broken");
        }
    }
}

TEST(ContentDisposition, any_bytes_make_one_header_that_is_read_back) {
    std::vector<std::string> names;
    for (const NameCase& one : cases()) names.push_back(one.name);
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        names.emplace_back(1, c);
        names.emplace_back(1'024, c);
        names.push_back("a" + std::string(3, c) + "b.txt");
    }
    for (std::size_t size = 0; size < 1'024; size += 7)
        names.push_back(std::string(size, 'a') + "\u202e\u65e5");
    for (const std::string& name : names) {
        const std::string header = content_disposition(Disposition::attachment, name);
        EXPECT_LT(header.size(), 1'100U);
        EXPECT_TRUE(std::all_of(header.begin(), header.end(), [](char c) {
            return c >= 0x20 && c < 0x7f;
        })) << header;
        EXPECT_EQ(read_back(header), plain_file_name(name));
        EXPECT_EQ(plain_file_name(plain_file_name(name)), plain_file_name(name));
    }
}

}  // namespace
}  // namespace banter::net::http
