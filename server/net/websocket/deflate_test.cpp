// permessage-deflate: the vectors of RFC 7692, the bound on what comes out, and the negotiation.
#include "net/websocket/deflate.hpp"

#include "net/websocket/extensions.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace banter::net::websocket {
namespace {

using Outcome = Inflater::Outcome;

std::string inflated(std::string_view payload, std::size_t bytes_max = 1'000'000) {
    Inflater inflater;
    std::string out;
    EXPECT_EQ(inflater.inflate(payload, bytes_max, out), Outcome::done);
    return out;
}

TEST(Deflate, the_vectors_of_rfc_7692_are_inflated) {
    EXPECT_EQ(inflated(std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7)), "Hello");
    // 7.2.3.3: a stored block.
    EXPECT_EQ(inflated(std::string("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 11)), "Hello");
    // 7.2.3.4: a block with BFINAL, and an empty one after it.
    EXPECT_EQ(inflated(std::string("\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8)), "Hello");
    // 7.2.3.5: two blocks.
    EXPECT_EQ(
        inflated(std::string("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 13)), "Hello"
    );
    // 7.2.3.6: nothing.
    EXPECT_EQ(inflated(std::string("\x00", 1)), "");
}

TEST(Deflate, a_last_block_with_nothing_after_it_is_accepted) {
    EXPECT_EQ(inflated(std::string("\xf3\x48\xcd\xc9\xc9\x07\x00", 7)), "Hello");
}

TEST(Deflate, context_is_not_taken_over) {
    Inflater inflater;
    std::string out;
    EXPECT_EQ(
        inflater.inflate(std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7), 100, out), Outcome::done
    );
    // The second "Hello" of a sender that does take it over looks back into a window that is not
    // there.
    EXPECT_EQ(
        inflater.inflate(std::string("\xf2\x00\x11\x00\x00", 5), 100, out), Outcome::malformed
    );
    EXPECT_EQ(
        inflater.inflate(std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7), 100, out), Outcome::done
    );
    EXPECT_EQ(out, "Hello");
}

TEST(Deflate, what_was_compressed_comes_out_again) {
    Deflater deflater;
    std::mt19937 random(3);
    for (int round = 0; round < 300; ++round) {
        std::string payload;
        const std::size_t size = random() % 5'000;
        for (std::size_t i = 0; i < size; ++i)
            payload += static_cast<char>(round % 2 ? random() : random() % 5);
        EXPECT_EQ(inflated(deflater.compress(payload)), payload);
    }
    EXPECT_EQ(inflated(deflater.compress("")), "");
    EXPECT_EQ(deflater.compress("Hello"), std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7));
}

TEST(Deflate, each_payload_stands_alone) {
    Deflater deflater;
    const std::string once = deflater.compress("the same text, and the same text");
    EXPECT_EQ(deflater.compress("the same text, and the same text"), once);
}

TEST(Deflate, what_comes_out_is_bounded) {
    Deflater deflater;
    Inflater inflater;
    const std::string bomb = deflater.compress(std::string(50'000'000, '\0'));
    EXPECT_LT(bomb.size(), 300'000U);
    std::string out;
    EXPECT_EQ(inflater.inflate(bomb, 65'536, out), Outcome::too_big);
    EXPECT_LE(out.size(), 65'536U);
    EXPECT_LE(out.capacity(), 2U * 65'536U);
    const std::string exact = deflater.compress(std::string(65'536, 'x'));
    EXPECT_EQ(inflater.inflate(exact, 65'536, out), Outcome::done);
    EXPECT_EQ(inflater.inflate(exact, 65'535, out), Outcome::too_big);
}

TEST(Deflate, malformed_input_is_told_apart) {
    Inflater inflater;
    std::string out;
    EXPECT_EQ(inflater.inflate("\xff\xff\xff", 100, out), Outcome::malformed);
    EXPECT_EQ(inflater.inflate(std::string("\x06", 1), 100, out), Outcome::malformed);
    std::mt19937 random(5);
    for (int round = 0; round < 5'000; ++round) {
        std::string bytes;
        for (std::size_t i = 0, size = random() % 40; i < size; ++i)
            bytes += static_cast<char>(random());
        static_cast<void>(inflater.inflate(bytes, 1'000, out));
        EXPECT_LE(out.size(), 1'000U);
    }
}

std::string negotiated(std::vector<std::string_view> offers) { return negotiate_deflate(offers); }

const std::string plain_answer =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

TEST(Extensions, a_plain_offer_is_accepted_without_context_takeover) {
    EXPECT_EQ(negotiated({"permessage-deflate"}), plain_answer);
    EXPECT_EQ(negotiated({"Permessage-Deflate"}), plain_answer);
    EXPECT_EQ(negotiated({"permessage-deflate; client_max_window_bits"}), plain_answer);
    EXPECT_EQ(negotiated({"permessage-deflate;client_max_window_bits=8"}), plain_answer);
    EXPECT_EQ(
        negotiated(
            {"permessage-deflate ; server_no_context_takeover ;\tclient_no_context_takeover "}
        ),
        plain_answer
    );
}

TEST(Extensions, a_window_that_was_asked_for_is_answered_with_ours) {
    for (const std::string bits : {"9", "10", "11", "12", "13", "14", "15"}) {
        EXPECT_EQ(
            negotiated({"permessage-deflate; server_max_window_bits=" + bits}),
            plain_answer + "; server_max_window_bits=9"
        );
    }
}

TEST(Extensions, invalid_offers_are_declined) {
    for (const std::string parameter :
         {"server_max_window_bits",
          "server_max_window_bits=0",
          "server_max_window_bits=7",
          "server_max_window_bits=8",
          "server_max_window_bits=16",
          "server_max_window_bits=08",
          "server_max_window_bits=09",
          "server_max_window_bits=\"10\"",
          "server_max_window_bits=-9",
          "server_max_window_bits=1e1",
          "server_max_window_bits=",
          "server_max_window_bits=100",
          "client_max_window_bits=7",
          "client_max_window_bits=16",
          "client_max_window_bits=",
          "client_max_window_bits=\"15\"",
          "server_no_context_takeover=1",
          "client_no_context_takeover=true",
          "unknown",
          "unknown=1",
          "server_max_window_bits=10; server_max_window_bits=10",
          "client_max_window_bits; client_max_window_bits",
          "server_no_context_takeover; server_no_context_takeover",
          "server_max_window_bits=4294967305"}) {
        EXPECT_EQ(negotiated({"permessage-deflate; " + parameter}), "") << parameter;
    }
}

TEST(Extensions, the_first_offer_that_can_be_met_is_taken) {
    EXPECT_EQ(
        negotiated({"permessage-deflate; server_max_window_bits=8, permessage-deflate; "
                    "server_max_window_bits=12"}),
        plain_answer + "; server_max_window_bits=9"
    );
    EXPECT_EQ(negotiated({"x-other, permessage-deflate"}), plain_answer);
    EXPECT_EQ(negotiated({"x-other; a=b", "permessage-deflate"}), plain_answer);
    EXPECT_EQ(negotiated({"permessage-deflate; unknown", "permessage-deflate"}), plain_answer);
}

TEST(Extensions, what_is_no_list_of_extensions_declines_all) {
    for (const char* const line :
         {"permessage-deflate;",
          "permessage-deflate,",
          ",permessage-deflate",
          "permessage-deflate; =1",
          "permessage-deflate \"x\"",
          "permessage-deflate; a=\"unclosed",
          "permessage-deflate x",
          ";",
          "=",
          ""}) {
        EXPECT_EQ(negotiated({line}), "") << line;
    }
    EXPECT_EQ(negotiated({}), "");
}

}  // namespace
}  // namespace banter::net::websocket
