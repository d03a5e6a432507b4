// What a file is stands in its bytes.
#include "storage/magic/media_types.hpp"

#include "storage/testing/run_task.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <map>
#include <string>
#include <utility>

namespace banter::magic {
namespace {

class MediaTypesTest : public testing::Test {
public:
    std::string type_of(std::string bytes) {
        return storage::run_task(loop_, types_.detect(std::move(bytes)));
    }

    /// Time of the processor, of this whole process.
    std::clock_t cost_of(const std::string& text) {
        const std::clock_t before = std::clock();
        for (int i = 0; i < 10; ++i) EXPECT_EQ(type_of(text), "text/plain");
        return std::clock() - before;
    }

private:
    asio::io_context loop_{1};
    Offload offload_{2, 100};
    MagicMediaTypes types_{offload_};
};

TEST_F(MediaTypesTest, bytes_tell) {
    EXPECT_EQ(
        type_of(std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\6\0\0\0", 29)),
        "image/png"
    );
    EXPECT_EQ(type_of("GIF89a\1\1"), "image/gif");
    EXPECT_EQ(type_of("\xff\xd8\xff\xe0\0\x10JFIF"), "image/jpeg");
    EXPECT_EQ(type_of("%PDF-1.4\n"), "application/pdf");
    EXPECT_EQ(type_of("<!DOCTYPE html><html><script>alert(1)</script>"), "text/html");
    EXPECT_EQ(
        type_of("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        "image/svg+xml"
    );
    EXPECT_EQ(type_of("hello\n"), "text/plain");
}

TEST_F(MediaTypesTest, texts_are_of_many_kinds) {
    const std::string table = "a,b,c\n1,2,3\n4,5,6\n7,8,9\n";
    const std::map<std::string, std::string> kinds{
        {"\n \n\t<html><body>", "text/html"},
        {"\xef\xbb\xbf<html>", "text/html"},
        {"<svg xmlns=\"http://www.w3.org/2000/svg\"><path/></svg>", "image/svg+xml"},
        {"<?xml version=\"1.0\"?>\n<a/>", "application/xml"},
        {R"({"a":[1,2,{"b":null}]})", "application/json"},
        {"{\"a\":1}\n{\"a\":2}\n", "application/x-ndjson"},
        {table, "text/csv"},
        {"gr\xc3\xbc\xc3\x9f"
         "e\n",
         "text/plain"},
        {"gr\xfc\xdf"
         "e\n",
         "text/plain"},
        {std::string("\xff\xfeh\0e\0y\0", 8), "text/plain"},
        {"\x1b[31mred\x1b[0m", "text/plain"},
        {"#!/bin/sh\necho\n", "text/x-shellscript"},
        {"<?php echo 1;", "text/x-php"},
        {"#include <stdio.h>\nint main() {}\n", "text/x-c"},
        {"{\\rtf1\\ansi hello}", "text/rtf"},
        {"BEGIN:VCARD\nVERSION:3.0\n", "text/vcard"},
        {"BEGIN:VCALENDAR\nVERSION:2.0\n", "text/calendar"},
        {"From: a@b\nTo: c\nSubject: x\n\nhello", "message/rfc822"},
        {"--- a\n+++ b\n@@ -1 +1 @@\n", "text/x-diff"},
        {"\n\n \n", "text/plain"},
        {"x", "text/plain"}};
    for (const auto& [text, type] : kinds) EXPECT_EQ(type_of(text), type) << text;
}

TEST_F(MediaTypesTest, a_control_far_behind_makes_bytes_of_a_text) {
    const std::string text(storage::media_type_bytes - 1, 'x');
    EXPECT_EQ(type_of(text + 'x'), "text/plain");
    EXPECT_EQ(type_of(text + '\0'), "application/octet-stream");
}

TEST_F(MediaTypesTest, white_space_costs_little_more_than_words) {
    constexpr std::size_t size = storage::media_type_bytes;
    const auto repeated = [](const std::string& part) {
        std::string text;
        while (text.size() < size) text += part;
        return text.substr(0, size);
    };
    type_of("the database is read");
    const auto words = cost_of(repeated("a few words "));
    for (const std::string space : {"\n", " ", " \n", "\t", "\r"}) {
        EXPECT_LT(cost_of(repeated(space)), 10 * words) << "by itself it takes up to 80 times that";
        EXPECT_EQ(type_of(repeated(space).substr(0, size / 2) + "<html>"), "text/html");
    }
}

TEST_F(MediaTypesTest, what_nobody_knows_is_bytes) {
    EXPECT_EQ(type_of(""), "application/octet-stream");
    EXPECT_EQ(type_of(std::string("\x01\xfe\x93\x00\x07", 5)), "application/octet-stream");
}

}  // namespace
}  // namespace banter::magic
