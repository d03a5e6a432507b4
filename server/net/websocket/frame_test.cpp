// The codec against RFC 6455 5 and the cases of the Autobahn test suite, whole and split at every
// byte.
#include "net/websocket/frame.hpp"

#include "net/websocket/close.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace banter::net::websocket {
namespace {

using Kind = Decoded::Kind;

DecoderRules rules() { return {64 * 1024, 1'024, true, nullptr}; }

struct Heard {
    Kind kind;
    std::uint16_t code;
    std::string payload;

    friend bool operator==(const Heard&, const Heard&) = default;
};

std::ostream& operator<<(std::ostream& out, const Heard& heard) {
    return out << "{" << static_cast<int>(heard.kind) << " " << heard.code << " "
               << testing::PrintToString(heard.payload.substr(0, 40)) << "}";
}

/// A client's frame. first: the whole first byte.
std::string frame(
    unsigned first,
    std::string_view payload,
    std::string_view mask = "\x37\xfa\x21\x3d"
) {
    std::string out(1, static_cast<char>(first));
    const std::size_t size = payload.size();
    if (size < 126) {
        out += static_cast<char>(0x80 | size);
    } else if (size < 65'536) {
        out += static_cast<char>(0x80 | 126);
        out += static_cast<char>(size >> 8);
        out += static_cast<char>(size & 0xff);
    } else {
        out += static_cast<char>(0x80 | 127);
        for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(size >> shift & 0xff);
    }
    out += mask;
    for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(payload[i] ^ mask[i % 4]);
    return out;
}

std::string text(std::string_view payload) { return frame(0x81, payload); }

class Listening {
public:
    explicit Listening(DecoderRules with = rules()) : rules_(with) {}

    void hear(std::string_view bytes) {
        std::string copy(bytes);
        std::span<char> input(copy);
        while (!failed_) {
            const Decoded decoded = decoder_.next(input, rules_);
            if (decoded.kind == Kind::need_more) {
                EXPECT_TRUE(input.empty());
                return;
            }
            failed_ = decoded.kind == Kind::failed;
            heard.push_back({decoded.kind, decoded.code, std::string(decoded.payload)});
        }
    }

    [[nodiscard]] const Decoder& decoder() const { return decoder_; }
    [[nodiscard]] bool failed() const { return failed_; }
    std::vector<Heard> heard;

private:
    DecoderRules rules_;
    Decoder decoder_;
    bool failed_ = false;
};

std::vector<Heard> heard_in(
    std::string_view bytes,
    std::size_t piece,
    DecoderRules with = rules()
) {
    Listening listening(with);
    for (std::size_t at = 0; at < bytes.size(); at += piece)
        listening.hear(bytes.substr(at, piece));
    return listening.heard;
}

/// The same, whatever the pieces.
void expect_heard(
    std::string_view bytes,
    const std::vector<Heard>& expected,
    DecoderRules with = rules()
) {
    EXPECT_EQ(heard_in(bytes, bytes.size(), with), expected);
    if (bytes.size() < 20'000) {
        EXPECT_EQ(heard_in(bytes, 1, with), expected);
    }
    EXPECT_EQ(heard_in(bytes, 997, with), expected);
    const std::size_t step = bytes.size() > 600 ? bytes.size() / 60 : 1;
    for (std::size_t cut = 0; cut <= bytes.size(); cut += step) {
        Listening listening(with);
        listening.hear(bytes.substr(0, cut));
        listening.hear(bytes.substr(cut));
        ASSERT_EQ(listening.heard, expected) << "cut at " << cut;
    }
}

void expect_failure(std::string_view bytes, std::uint16_t code, DecoderRules with = rules()) {
    expect_heard(bytes, {{Kind::failed, code, ""}}, with);
}

/// A header alone, claiming a size.
std::string claiming(unsigned first, unsigned second, std::uint64_t size, int size_bytes) {
    std::string out{static_cast<char>(first), static_cast<char>(second)};
    for (int shift = 8 * (size_bytes - 1); shift >= 0; shift -= 8)
        out += static_cast<char>(size >> shift & 0xff);
    return out;
}

TEST(FrameDecoder, the_examples_of_rfc_6455_are_read) {
    expect_heard(
        std::string("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11), {{Kind::text, 0, "Hello"}}
    );
    expect_heard(frame(0x01, "Hel") + frame(0x80, "lo"), {{Kind::text, 0, "Hello"}});
    expect_heard(frame(0x89, "Hello"), {{Kind::ping, 0, "Hello"}});
}

TEST(FrameDecoder, payloads_of_every_size_class_are_read) {
    // Autobahn 1.1.* and 1.2.*
    for (const std::size_t size : {0U, 1U, 124U, 125U, 126U, 127U, 128U, 65'535U, 65'536U}) {
        const std::string payload(size, '*');
        expect_heard(text(payload), {{Kind::text, 0, payload}});
        expect_heard(frame(0x82, payload), {{Kind::binary, 0, payload}});
    }
}

TEST(FrameDecoder, binary_bytes_survive_every_mask) {
    std::string payload;
    for (int i = 0; i < 256; ++i) payload += static_cast<char>(i);
    std::mt19937 random(1);
    for (int i = 0; i < 20; ++i) {
        std::string mask;
        for (int j = 0; j < 4; ++j) mask += static_cast<char>(random() & 0xff);
        expect_heard(frame(0x82, payload, mask), {{Kind::binary, 0, payload}});
    }
}

TEST(FrameDecoder, control_frames_are_read_up_to_125_bytes) {
    // Autobahn 2.*
    for (const std::size_t size : {0U, 1U, 124U, 125U}) {
        const std::string payload(size, '\xfe');
        expect_heard(frame(0x89, payload), {{Kind::ping, 0, payload}});
        expect_heard(frame(0x8a, payload), {{Kind::pong, 0, payload}});
    }
    for (const unsigned first : {0x88U, 0x89U, 0x8aU}) {
        expect_failure(frame(first, std::string(126, 'a')), close_code::protocol_error);
    }
}

TEST(FrameDecoder, reserved_bits_are_refused) {
    // Autobahn 3.*
    for (const unsigned bits : {0x10U, 0x20U, 0x30U, 0x40U, 0x50U, 0x60U, 0x70U}) {
        for (const unsigned opcode : {0x1U, 0x2U, 0x8U, 0x9U, 0xaU}) {
            expect_failure(frame(0x80 | bits | opcode, "x"), close_code::protocol_error);
        }
    }
    expect_heard(
        text("a") + frame(0x91, "b"),
        {{Kind::text, 0, "a"}, {Kind::failed, close_code::protocol_error, ""}}
    );
}

TEST(FrameDecoder, reserved_opcodes_are_refused) {
    // Autobahn 4.*
    for (const unsigned opcode : {0x3U, 0x4U, 0x5U, 0x6U, 0x7U, 0xbU, 0xcU, 0xdU, 0xeU, 0xfU}) {
        expect_failure(frame(0x80 | opcode, ""), close_code::protocol_error);
        expect_failure(frame(0x80 | opcode, "x"), close_code::protocol_error);
    }
}

TEST(FrameDecoder, fragments_are_joined_and_control_frames_come_in_between) {
    // Autobahn 5.3 to 5.8, 5.19, 5.20
    expect_heard(
        frame(0x01, "a") + frame(0x89, "p") + frame(0x00, "b") + frame(0x8a, "") + frame(0x00, "") +
            frame(0x80, "c") + text("d"),
        {{Kind::ping, 0, "p"}, {Kind::pong, 0, ""}, {Kind::text, 0, "abc"}, {Kind::text, 0, "d"}}
    );
    expect_heard(frame(0x02, "") + frame(0x00, "") + frame(0x80, ""), {{Kind::binary, 0, ""}});
}

TEST(FrameDecoder, fragments_out_of_their_place_are_refused) {
    // Autobahn 5.1, 5.2, 5.9 to 5.18
    for (const unsigned first : {0x08U, 0x09U, 0x0aU}) {
        expect_failure(frame(first, ""), close_code::protocol_error);
    }
    expect_failure(frame(0x80, "a"), close_code::protocol_error);
    expect_failure(frame(0x00, "a"), close_code::protocol_error);
    expect_failure(frame(0x01, "a") + text("b"), close_code::protocol_error);
    expect_failure(frame(0x01, "a") + frame(0x02, "b"), close_code::protocol_error);
    expect_heard(
        frame(0x01, "a") + frame(0x80, "b") + frame(0x80, "c"),
        {{Kind::text, 0, "ab"}, {Kind::failed, close_code::protocol_error, ""}}
    );
}

TEST(FrameDecoder, frames_without_a_mask_are_refused) {
    expect_failure(std::string("\x81\x05Hello"), close_code::protocol_error);
    expect_failure(std::string("\x89\x00", 2), close_code::protocol_error);
    expect_failure(claiming(0x81, 126, 200, 2), close_code::protocol_error);
}

TEST(FrameDecoder, lengths_have_to_be_in_their_shortest_form) {
    for (const std::uint64_t size : {0ULL, 1ULL, 125ULL}) {
        expect_failure(claiming(0x81, 0x80 | 126, size, 2), close_code::protocol_error);
    }
    for (const std::uint64_t size : {0ULL, 125ULL, 126ULL, 65'535ULL}) {
        expect_failure(claiming(0x81, 0x80 | 127, size, 8), close_code::protocol_error);
    }
}

TEST(FrameDecoder, a_length_above_the_limit_is_refused_before_a_byte_of_it_came) {
    expect_failure(claiming(0x81, 0x80 | 127, 65'537, 8), close_code::too_big);
    expect_failure(claiming(0x81, 0x80 | 127, (1ULL << 63) - 1, 8), close_code::too_big);
    expect_failure(claiming(0x81, 0x80 | 127, 1ULL << 63, 8), close_code::protocol_error);
    expect_failure(claiming(0x81, 0x80 | 127, ~0ULL, 8), close_code::protocol_error);
    Listening listening;
    listening.hear(claiming(0x81, 0x80 | 127, 65'536, 8) + "mask");
    EXPECT_LT(listening.decoder().partial_bytes(), 1'024U);
}

TEST(FrameDecoder, fragments_may_not_exceed_the_limit_together) {
    const std::string half(32 * 1024, 'a');
    expect_heard(frame(0x01, half) + frame(0x80, half), {{Kind::text, 0, half + half}});
    expect_failure(frame(0x01, half) + frame(0x00, half) + frame(0x80, "a"), close_code::too_big);
    // Unsigned arithmetic must not wrap.
    expect_failure(
        frame(0x01, half) + claiming(0x80, 0x80 | 127, (1ULL << 63) - 1, 8), close_code::too_big
    );
}

TEST(FrameDecoder, there_may_not_be_too_many_fragments) {
    std::string bytes = frame(0x01, "a");
    for (int i = 0; i < 1'022; ++i) bytes += frame(0x00, "a");
    expect_heard(bytes + frame(0x80, "a"), {{Kind::text, 0, std::string(1'024, 'a')}});
    expect_failure(bytes + frame(0x00, "a") + frame(0x00, "a"), close_code::too_big);
    // Empty ones count too.
    bytes = frame(0x01, "");
    for (int i = 0; i < 1'024; ++i) bytes += frame(0x00, "");
    expect_failure(bytes, close_code::too_big);
}

TEST(FrameDecoder, tiny_fragments_do_not_blow_up_memory) {
    Listening listening;
    listening.hear(frame(0x01, "a"));
    for (int i = 0; i < 1'000; ++i) listening.hear(frame(0x00, "a"));
    EXPECT_LT(listening.decoder().partial_bytes(), 2U * 7'000U);
}

TEST(FrameDecoder, binary_payloads_are_refused_at_their_first_byte_where_none_are_taken) {
    DecoderRules text_only = rules();
    text_only.binary_accepted = false;
    expect_failure(frame(0x82, "a"), close_code::unsupported, text_only);
    expect_failure("\x02", close_code::unsupported, text_only);
}

TEST(FrameDecoder, text_has_to_be_utf_8) {
    // Autobahn 6.*
    expect_heard(text("\xce\xba\xe1\xbd\xb9"), {{Kind::text, 0, "\xce\xba\xe1\xbd\xb9"}});
    expect_failure(
        text("\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80"
             "edited"),
        close_code::invalid_text
    );
    expect_failure(text("a\xc3"), close_code::invalid_text);
    expect_failure(text("\xf4\x90\x80\x80"), close_code::invalid_text);
    expect_failure(frame(0x01, "a\xc3") + frame(0x80, ""), close_code::invalid_text);
    expect_heard(frame(0x01, "a\xc3") + frame(0x80, "\xa4"), {{Kind::text, 0, "a\xc3\xa4"}});
    expect_heard(frame(0x82, "\xff\xfe"), {{Kind::binary, 0, "\xff\xfe"}});
}

TEST(FrameDecoder, every_character_may_be_split_over_fragments) {
    const std::string payload = "Hello-\xc2\xb5@\xc3\x9f\xe2\x82\xac\xf0\x9f\x98\x80!";
    std::string bytes = frame(0x01, payload.substr(0, 1));
    for (std::size_t i = 1; i + 1 < payload.size(); ++i) bytes += frame(0x00, payload.substr(i, 1));
    bytes += frame(0x80, payload.substr(payload.size() - 1));
    expect_heard(bytes, {{Kind::text, 0, payload}});
}

TEST(FrameDecoder, wrong_text_is_found_before_its_frame_or_payload_ends) {
    // Autobahn 6.4.*: fail fast, in a fragment and in a frame that arrives in pieces.
    Listening fragments;
    fragments.hear(frame(0x01, "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5"));
    EXPECT_FALSE(fragments.failed());
    fragments.hear(frame(0x00, "\xf4\x90\x80\x80"));
    EXPECT_TRUE(fragments.failed());

    const std::string whole = text(
        "\xce\xba\xe1\xbd\xb9\xf4\x90\x80\x80"
        "edited"
    );
    Listening pieces;
    pieces.hear(whole.substr(0, 6 + 5 + 1));
    EXPECT_FALSE(pieces.failed());
    pieces.hear(whole.substr(6 + 5 + 1, 1));
    EXPECT_TRUE(pieces.failed());
    EXPECT_EQ(pieces.heard.back().code, close_code::invalid_text);
}

TEST(FrameDecoder, a_wrong_header_is_found_at_its_first_wrong_byte) {
    for (const char first : {'\x83', '\x91', '\x08', '\x80'}) {
        Listening listening;
        listening.hear(std::string_view(&first, 1));
        EXPECT_TRUE(listening.failed());
    }
    Listening unmasked;
    unmasked.hear(std::string("\x81\x05", 2));
    EXPECT_TRUE(unmasked.failed());
}

std::string close_frame(std::uint16_t code, std::string_view reason = {}) {
    std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
    return frame(0x88, payload + std::string(reason));
}

TEST(FrameDecoder, closes_are_read_with_their_code_and_reason) {
    // Autobahn 7.*
    expect_heard(frame(0x88, ""), {{Kind::close, close_code::no_code, ""}});
    expect_heard(close_frame(1000), {{Kind::close, 1000, ""}});
    expect_heard(close_frame(1000, "bye \xc3\xa4"), {{Kind::close, 1000, "bye \xc3\xa4"}});
    expect_heard(
        close_frame(1000, std::string(123, 'x')), {{Kind::close, 1000, std::string(123, 'x')}}
    );
    expect_failure(close_frame(1000, std::string(124, 'x')), close_code::protocol_error);
    expect_failure(frame(0x88, "\x03"), close_code::protocol_error);
    expect_failure(close_frame(1000, "\xed\xa0\x80"), close_code::invalid_text);
    expect_failure(close_frame(1000, "\xc3"), close_code::invalid_text);
}

TEST(FrameDecoder, only_codes_that_may_be_sent_are_taken_in_a_close) {
    for (const unsigned code :
         {1000U,
          1001U,
          1002U,
          1003U,
          1007U,
          1008U,
          1009U,
          1010U,
          1011U,
          1012U,
          1013U,
          1014U,
          3000U,
          3999U,
          4000U,
          4408U,
          4999U}) {
        expect_heard(
            close_frame(static_cast<std::uint16_t>(code)),
            {{Kind::close, static_cast<std::uint16_t>(code), ""}}
        );
    }
    for (const unsigned code :
         {0U, 1U, 999U, 1004U, 1005U, 1006U, 1015U, 1016U, 1100U, 2000U, 2999U, 5000U, 65'535U}) {
        expect_failure(close_frame(static_cast<std::uint16_t>(code)), close_code::protocol_error);
    }
}

TEST(FrameDecoder, many_frames_in_one_read_are_all_read) {
    std::string bytes;
    std::vector<Heard> expected;
    for (int i = 0; i < 100; ++i) {
        bytes += text(std::to_string(i));
        expected.push_back({Kind::text, 0, std::to_string(i)});
    }
    expect_heard(bytes, expected);
}

TEST(FrameDecoder, nothing_is_held_between_payloads) {
    Listening listening;
    for (const auto& bytes : {text("a"), frame(0x89, "p"), frame(0x01, "a") + frame(0x80, "b")}) {
        for (const char byte : bytes) listening.hear(std::string_view(&byte, 1));
        EXPECT_FALSE(listening.decoder().partial());
        EXPECT_EQ(listening.decoder().partial_bytes(), 0U);
    }
    listening.hear(frame(0x01, "a") + frame(0x89, "p"));
    EXPECT_TRUE(listening.decoder().partial());
}

TEST(FrameDecoder, compressed_payloads_are_inflated) {
    Inflater inflater;
    DecoderRules with = rules();
    with.inflater = &inflater;
    const std::string hello("\xf2\x48\xcd\xc9\xc9\x07\x00", 7);
    expect_heard(frame(0xc1, hello), {{Kind::text, 0, "Hello"}}, with);
    // RFC 7692 7.2.3.1: two fragments, RSV1 on the first only.
    expect_heard(
        frame(0x41, hello.substr(0, 3)) + frame(0x80, hello.substr(3)),
        {{Kind::text, 0, "Hello"}},
        with
    );
    expect_heard(
        frame(0xc1, hello) + text("plain"),
        {{Kind::text, 0, "Hello"}, {Kind::text, 0, "plain"}},
        with
    );
    expect_heard(
        frame(0x41, hello.substr(0, 3)) + frame(0x89, "") + frame(0x80, hello.substr(3)),
        {{Kind::ping, 0, ""}, {Kind::text, 0, "Hello"}},
        with
    );
}

TEST(FrameDecoder, the_compressed_bit_out_of_its_place_is_refused) {
    Inflater inflater;
    DecoderRules with = rules();
    with.inflater = &inflater;
    expect_failure(frame(0xc9, ""), close_code::protocol_error, with);
    expect_failure(frame(0xc8, ""), close_code::protocol_error, with);
    expect_failure(frame(0x41, "\xf2") + frame(0xc0, "\x48"), close_code::protocol_error, with);
    expect_failure(frame(0xc1, "\xf2"), close_code::protocol_error);
}

TEST(FrameDecoder, a_compressed_bomb_ends_at_the_limit) {
    Inflater inflater;
    Deflater deflater;
    DecoderRules with = rules();
    with.inflater = &inflater;
    expect_failure(
        frame(0xc1, deflater.compress(std::string(10'000'000, '\0'))), close_code::too_big, with
    );
    const std::string largest(with.payload_bytes_max, 'a');
    expect_heard(frame(0xc1, deflater.compress(largest)), {{Kind::text, 0, largest}}, with);
    expect_failure(frame(0xc1, deflater.compress(largest + "a")), close_code::too_big, with);
}

TEST(FrameDecoder, compressed_text_has_to_be_whole_and_utf_8) {
    Inflater inflater;
    Deflater deflater;
    DecoderRules with = rules();
    with.inflater = &inflater;
    expect_failure(frame(0xc1, deflater.compress("\xff")), close_code::invalid_text, with);
    expect_failure(frame(0xc1, deflater.compress("a\xc3")), close_code::invalid_text, with);
    expect_failure(frame(0xc1, "\xff\xff\xff\xff"), close_code::invalid_text, with);
}

TEST(FrameDecoder, random_bytes_never_do_more_than_fail) {
    std::mt19937 random(7);
    Inflater inflater;
    for (int round = 0; round < 20'000; ++round) {
        DecoderRules with = rules();
        if (round % 2 == 0) with.inflater = &inflater;
        std::string bytes;
        const std::size_t size = random() % 64;
        for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(random() & 0xff);
        // Half of them begin like a frame.
        if (size > 1 && round % 4 < 2)
            bytes.replace(0, 2, {static_cast<char>(0x81), static_cast<char>(0x80 | random() % 20)});
        EXPECT_EQ(heard_in(bytes, 64, with), heard_in(bytes, 1, with));
    }
}

TEST(FrameHeader, sizes_are_written_in_their_shortest_form) {
    const auto header = [](std::uint64_t size) {
        return std::string(frame_header(Opcode::text, size).view());
    };
    EXPECT_EQ(header(0), std::string("\x81\x00", 2));
    EXPECT_EQ(header(125), "\x81\x7d");
    EXPECT_EQ(header(126), std::string("\x81\x7e\x00\x7e", 4));
    EXPECT_EQ(header(65'535), "\x81\x7e\xff\xff");
    EXPECT_EQ(header(65'536), std::string("\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10));
    EXPECT_EQ(std::string(frame_header(Opcode::text, 1, true).view()), "\xc1\x01");
    EXPECT_EQ(std::string(frame_header(Opcode::close, 2).view()), "\x88\x02");
    EXPECT_EQ(std::string(frame_header(Opcode::pong, 0).view()), std::string("\x8a\x00", 2));
}

TEST(Close, a_payload_is_the_code_and_the_reason) {
    EXPECT_EQ(close_payload(1000, ""), "\x03\xe8");
    EXPECT_EQ(close_payload(4408, "too slow"), std::string("\x11\x38", 2) + "too slow");
    EXPECT_EQ(close_payload(close_code::no_code, "ignored"), "");
}

TEST(Close, a_long_reason_is_cut_at_a_character) {
    EXPECT_EQ(close_payload(1000, std::string(200, 'a')).size(), 125U);
    std::string reason(122, 'a');
    reason += "\xe2\x82\xac";
    EXPECT_EQ(close_payload(1000, reason).size(), 2U + 122U);
}

TEST(Unmask, every_phase_and_size_gives_back_what_was_masked) {
    const std::array<char, 4> mask{'\x01', '\x80', '\x7f', '\xff'};
    std::string payload;
    for (int i = 0; i < 40; ++i) payload += static_cast<char>(i * 7);
    for (std::size_t phase = 0; phase < 8; ++phase) {
        for (std::size_t size = 0; size <= payload.size(); ++size) {
            std::string bytes = payload.substr(0, size);
            unmask(bytes, mask, phase);
            for (std::size_t i = 0; i < size; ++i)
                ASSERT_EQ(bytes[i], static_cast<char>(payload[i] ^ mask[(phase + i) % 4]));
        }
    }
}

}  // namespace
}  // namespace banter::net::websocket
