// What a backup says of itself is read as it was written, or not at all.
#include "app/backup/manifest.hpp"

#include <gtest/gtest.h>

#include <string>

namespace banter::app {
namespace {

Manifest sample() {
    Manifest manifest;
    manifest.version = "1.2.3";
    manifest.schema = 7;
    manifest.epoch = "0b9a6e5c-6c0b-4b57-9d0e-0d6f7e4f5a10";
    manifest.made_at = Timestamp{std::chrono::milliseconds{1'800'000'000'123}};
    manifest.parts = {{"issuer-key.pem", 241, "aa"}, {"banter.db", 1ULL << 40U, "bb"}};
    return manifest;
}

TEST(BackupManifest, is_read_as_it_was_written) {
    const auto parsed = parse_manifest(encode(sample()));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->format, 1);
    EXPECT_EQ(parsed->version, "1.2.3");
    EXPECT_EQ(parsed->schema, 7);
    EXPECT_EQ(parsed->epoch, sample().epoch);
    EXPECT_EQ(parsed->made_at, sample().made_at);
    EXPECT_EQ(parsed->parts, sample().parts);
}

TEST(BackupManifest, is_none_without_any_one_of_its_lines) {
    Manifest one_part = sample();
    one_part.parts.pop_back();
    const std::string text = encode(one_part);
    int lines = 0;
    for (std::size_t at = text.find("format"), end; at < text.size(); at = end) {
        end = text.find('\n', at) + 1;
        if (end - at == 1) continue;
        std::string shorter = text;
        shorter.erase(at, end - at);
        EXPECT_FALSE(parse_manifest(shorter)) << text.substr(at, end - at);
        ++lines;
    }
    EXPECT_EQ(lines, 9);
}

TEST(BackupManifest, of_another_format_says_who_made_it) {
    const auto parsed = parse_manifest("format = 2\nversion = \"9.0.0\"\nanything = \"else\"\n");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->format, 2);
    EXPECT_EQ(parsed->version, "9.0.0");
}

TEST(BackupManifest, is_none_where_something_is_missing_or_of_another_kind) {
    for (const char* text :
         {"",
          "format = 1",
          "format = \"1\"\nversion = \"1\"",
          "version = \"1.2.3\"",
          "format = 1\nversion = \"1\"\nschema = 1\nepoch = \"e\"\nmade-at = \"yesterday\"\npart = "
          "[]",
          "format = 1\nversion = \"1\"\nschema = 1\nepoch = \"e\"\nmade-at = "
          "\"2026-11-22T06:30:00Z\"\npart = [1]",
          "format = 1\nversion = \"1\"\nschema = 1\nepoch = \"e\"\nmade-at = "
          "\"2026-11-22T06:30:00Z\"\npart = [{name = \"a\", bytes = -1, sha256 = \"\"}]",
          "\xff\xfe",
          "= = ="}) {
        EXPECT_FALSE(parse_manifest(text)) << text;
    }
}

}  // namespace
}  // namespace banter::app
