// The bytes of clamd's protocol.
#include "storage/clamd/protocol.hpp"

#include <gtest/gtest.h>

#include <string>

namespace banter::clamd {
namespace {

using namespace std::string_literals;
using Kind = Finding::Kind;

std::string head_of(std::size_t bytes) {
    const auto head = chunk_head(bytes);
    return {head.data(), head.size()};
}

TEST(ClamdProtocol, a_chunk_begins_with_its_size_the_highest_byte_first) {
    EXPECT_EQ(head_of(0), "\0\0\0\0"s);
    EXPECT_EQ(head_of(1), "\0\0\0\1"s);
    EXPECT_EQ(head_of(0x1020304), "\1\2\3\4"s);
    EXPECT_EQ(head_of(0xfffefdfc), "\xff\xfe\xfd\xfc"s);
}

TEST(ClamdProtocol, commands_end_with_a_nul) {
    EXPECT_EQ(ping_command, "zPING\0"s);
    EXPECT_EQ(scan_command, "zINSTREAM\0"s);
}

TEST(ClamdProtocol, clean_is_what_is_said_to_be_and_nothing_else) {
    EXPECT_EQ(parse_finding("stream: OK").kind, Kind::clean);
    for (const std::string& answer :
         {""s,
          "OK"s,
          "stream: ok"s,
          "stream: OK "s,
          "stream: OK\n"s,
          "stream: OK\0"s,
          " stream: OK"s,
          "stream: "s,
          "stream: FOUND"s,
          "stream:  FOUND"s,
          "1: stream: OK"s,
          "PONG"s,
          "UNKNOWN COMMAND"s,
          "stream: Can't allocate memory ERROR"s,
          "stream: OK ERROR"s,
          "COMMAND READ TIMED OUT"s,
          "INSTREAM size limit exceeded. ERROR"s}) {
        EXPECT_EQ(parse_finding(answer).kind, Kind::trouble) << answer;
    }
}

TEST(ClamdProtocol, a_finding_has_its_name_without_what_breaks_a_line) {
    const auto finding = parse_finding("stream: Win.Test.EICAR_HDB-1 FOUND");
    EXPECT_EQ(finding.kind, Kind::found);
    EXPECT_EQ(finding.text, "Win.Test.EICAR_HDB-1");
    EXPECT_EQ(parse_finding("stream: OK FOUND").text, "OK");
    EXPECT_EQ(parse_finding("stream: a\n\x1b\xffz FOUND").text, "a???z");
    EXPECT_EQ(parse_finding("stream: " + std::string(500, 'x') + " FOUND").text.size(), 100U);
}

TEST(ClamdProtocol, trouble_is_told_in_one_line_with_what_to_change) {
    EXPECT_EQ(explain("Oops.\nERROR"), "it says \"Oops.?ERROR\"");
    const auto finding = parse_finding("INSTREAM size limit exceeded. ERROR");
    EXPECT_NE(finding.text.find("raise StreamMaxLength"), std::string::npos) << finding.text;
}

}  // namespace
}  // namespace banter::clamd
