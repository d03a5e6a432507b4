// The scanner against a peer that does what it is told to: answers, errors, half answers, nothing.
// Against a real clamd it is tests/integration/clamd.test.mjs.
#include "storage/clamd/scanner.hpp"

#include "base/result.hpp"
#include "base/testing/run.hpp"
#include "storage/clamd/testing/scripted_clamd.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/system/system_error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace banter::clamd {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using ::testing::HasSubstr;
using testing::Peer;
using testing::ScriptedClamd;

constexpr std::size_t more_than_any_buffer = 32 << 20;

Task<> whole(storage::VirusScan& scan, std::string_view bytes) {
    co_await scan.append(bytes);
    static_cast<void>(co_await scan.finish());
}

class ClamdScannerTest : public ::testing::Test {
protected:
    void serve(ScriptedClamd::Script script, bool over_tcp = false) {
        clamd.emplace(std::move(script), over_tcp);
        use(clamd->address());
    }
    /// Reads a file, and answers with these bytes.
    void answer_with(std::string bytes) {
        serve([bytes = std::move(bytes)](Peer& peer) {
            (void)peer.read_command();
            (void)peer.read_file();
            peer.say(bytes);
        });
    }
    void use(const std::string& address) { scanner.emplace(parse_address(address).value(), times); }
    /// Waits for nothing but what takes for ever.
    void be_impatient() {
        times = {.connect = 1min, .take = 20ms, .scan = 20ms, .ping = 20ms};
        scanner.emplace(parse_address(clamd->address()).value(), times);
    }

    template <typename T>
    T run(Task<T> task) {
        return banter::testing::run(loop, std::move(task));
    }
    void run(Task<> task) { banter::testing::run(loop, std::move(task)); }

    std::optional<std::string> scan(const std::vector<std::string>& chunks) {
        const auto scan = run(scanner->begin());
        for (const std::string& chunk : chunks) run(scan->append(chunk));
        return run(scan->finish());
    }
    /// What the log is told of a failure; empty if there is none.
    std::string trouble(const std::function<void()>& call) {
        try {
            call();
        } catch (const StorageFailure& failure) {
            EXPECT_EQ(failure.code(), Errc::storage_unavailable);
            EXPECT_EQ(std::string(failure.what()).find("clamd at "), 0U) << failure.what();
            return failure.what();
        }
        return {};
    }
    std::string trouble_of_scan(const std::vector<std::string>& chunks = {"bytes"}) {
        return trouble([&] { (void)scan(chunks); });
    }

    asio::io_context loop{1};
    /// Nothing here takes as long, unless it hangs.
    Times times{.connect = 1min, .take = 1min, .scan = 1min, .ping = 1min};
    std::optional<ScriptedClamd> clamd;
    std::optional<ClamdScanner> scanner;
};

TEST_F(ClamdScannerTest, a_file_goes_to_clamd_byte_for_byte_and_may_be_clean) {
    for (const bool over_tcp : {false, true}) {
        std::promise<std::pair<std::string, std::string>> heard;
        serve(
            [&heard](Peer& peer) {
                std::string command = peer.read_command();
                heard.set_value({std::move(command), peer.read_file()});
                peer.answer("stream: OK");
            },
            over_tcp
        );
        const std::string large(more_than_any_buffer, 'x');
        EXPECT_EQ(scan({"one", large, std::string(1, '\0'), "two"}), std::nullopt);
        const auto [command, file] = heard.get_future().get();
        EXPECT_EQ(command, "zINSTREAM");
        EXPECT_TRUE(file == "one" + large + std::string(1, '\0') + "two");
    }
}

TEST_F(ClamdScannerTest, what_is_found_has_its_name) {
    answer_with("stream: Win.Test.EICAR_HDB-1 FOUND\0"s);
    EXPECT_EQ(scan({"bytes"}), "Win.Test.EICAR_HDB-1");
    EXPECT_EQ(scan({"bytes"}), "Win.Test.EICAR_HDB-1") << "each file has a connection of its own";
}

TEST_F(ClamdScannerTest, nothing_is_a_file_and_an_empty_piece_is_not_its_end) {
    serve([](Peer& peer) {
        (void)peer.read_command();
        peer.answer("stream: \"" + peer.read_file() + "\" FOUND");
    });
    EXPECT_EQ(scan({}), "\"\"");
    EXPECT_EQ(scan({"", "a", "", "b", ""}), "\"ab\"");
}

TEST_F(ClamdScannerTest, an_error_is_no_clean_file) {
    answer_with("INSTREAM size limit exceeded. ERROR\0"s);
    EXPECT_THAT(trouble_of_scan(), HasSubstr("raise StreamMaxLength"));
    answer_with("stream: Can't allocate memory ERROR\0"s);
    EXPECT_THAT(trouble_of_scan(), HasSubstr("Can't allocate memory"));
    answer_with("\0"s);
    EXPECT_THAT(trouble_of_scan(), HasSubstr("it says \"\""));
}

TEST_F(ClamdScannerTest, an_answer_that_is_cut_anywhere_is_none) {
    const std::string answer = "stream: OK\0"s;
    for (std::size_t size = 0; size < answer.size(); ++size) {
        answer_with(answer.substr(0, size));
        EXPECT_THAT(trouble_of_scan(), HasSubstr(" and goes"));
    }
    answer_with(answer);
    EXPECT_EQ(scan({"bytes"}), std::nullopt);
}

TEST_F(ClamdScannerTest, an_answer_in_pieces_is_the_same) {
    serve([](Peer& peer) {
        (void)peer.read_command();
        (void)peer.read_file();
        for (const char letter : "stream: X FOUND"s + '\0') peer.say({&letter, 1});
        peer.wait_for_end();
    });
    EXPECT_EQ(scan({"bytes"}), "X");
}

TEST_F(ClamdScannerTest, an_answer_without_an_end_is_read_no_further_than_any_has_bytes) {
    answer_with(std::string(100'000, 'x'));
    EXPECT_THAT(trouble_of_scan(), HasSubstr("more than a clamd would"));
    answer_with("stream: OK\0stream: X FOUND\0"s);
    EXPECT_THAT(trouble_of_scan(), HasSubstr("more than a clamd would"));
}

TEST_F(ClamdScannerTest, who_goes_away_or_is_away_is_a_failure) {
    serve([](Peer& peer) { (void)peer.read_command(); });
    EXPECT_NE(trouble_of_scan({std::string(more_than_any_buffer, 'x')}), "");
    serve([](Peer&) {});
    EXPECT_NE(trouble_of_scan({}), "");
    const std::string address = clamd->address();
    clamd.reset();
    EXPECT_THAT(trouble_of_scan(), HasSubstr("it can't be reached"));
    EXPECT_THAT(trouble_of_scan(), HasSubstr(address));
}

TEST_F(ClamdScannerTest, who_does_not_answer_is_given_up) {
    serve([](Peer& peer) { peer.wait_for_end(); });
    be_impatient();
    EXPECT_THAT(trouble_of_scan(), HasSubstr("too long"));
    EXPECT_THAT(trouble([&] { run(scanner->check()); }), HasSubstr("too long"));
    serve([](Peer& peer) {
        (void)peer.read_command();
        (void)peer.read_file();
        peer.say("stream: O");
        peer.wait_for_end();
    });
    be_impatient();
    EXPECT_THAT(trouble_of_scan(), HasSubstr("too long"));
}

TEST_F(ClamdScannerTest, who_takes_no_bytes_is_given_up) {
    std::promise<void> done;
    serve([waiting = done.get_future().share()](Peer&) { waiting.wait(); });
    be_impatient();
    EXPECT_THAT(trouble_of_scan({std::string(more_than_any_buffer, 'x')}), HasSubstr("too long"));
    done.set_value();
}

TEST_F(ClamdScannerTest, an_answer_before_the_end_is_a_failure_whatever_it_says) {
    std::promise<void> answered;
    serve([&answered](Peer& peer) {
        std::string chunk;
        (void)peer.read_command();
        (void)peer.read_chunk(chunk);
        peer.answer("stream: OK");
        answered.set_value();
        peer.wait_for_end();
    });
    const auto early = run(scanner->begin());
    run(early->append("one"));
    answered.get_future().wait();
    EXPECT_THAT(trouble([&] { run(early->append("two")); }), HasSubstr("stream: OK"));
}

TEST_F(ClamdScannerTest, an_answer_just_before_the_end_is_a_failure_too) {
    std::promise<void> answered;
    serve([&answered](Peer& peer) {
        (void)peer.read_command();
        peer.answer("stream: OK");
        answered.set_value();
        peer.wait_for_end();
    });
    const auto early = run(scanner->begin());
    answered.get_future().wait();
    EXPECT_THAT(trouble([&] { (void)run(early->finish()); }), HasSubstr("stream: OK"));
}

TEST_F(ClamdScannerTest, who_stops_taking_and_answers_is_heard_at_once) {
    for (const bool over_tcp : {false, true}) {
        std::promise<void> done;
        serve(
            [waiting = done.get_future().share()](Peer& peer) {
                std::string some;
                (void)peer.read_command();
                (void)peer.read(100'000, some);
                peer.answer("INSTREAM size limit exceeded. ERROR");
                // It neither reads on nor goes: only the answer can end the client's wait.
                waiting.wait();
            },
            over_tcp
        );
        EXPECT_THAT(
            trouble_of_scan({std::string(more_than_any_buffer, 'x')}),
            HasSubstr("raise StreamMaxLength")
        );
    }
}

TEST_F(ClamdScannerTest, who_answers_and_closes_while_we_write_is_heard) {
    for (const bool over_tcp : {false, true}) {
        serve(
            [](Peer& peer) {
                std::string some;
                (void)peer.read_command();
                (void)peer.read(100'000, some);
                peer.answer("INSTREAM size limit exceeded. ERROR");
            },
            over_tcp
        );
        EXPECT_THAT(
            trouble_of_scan({std::string(more_than_any_buffer, 'x')}),
            HasSubstr("raise StreamMaxLength")
        );
    }
}

TEST_F(ClamdScannerTest, a_scan_that_is_dropped_ends_the_connection) {
    std::promise<void> gone;
    serve([&gone](Peer& peer) {
        (void)peer.read_command();
        (void)peer.read_file();
        gone.set_value();
    });
    auto dropped = run(scanner->begin());
    run(dropped->append("one"));
    dropped.reset();
    gone.get_future().wait();
}

TEST_F(ClamdScannerTest, who_is_cancelled_while_it_waits_is_no_failure_of_clamds) {
    const std::string large(more_than_any_buffer, 'x');
    for (const std::string_view bytes : {std::string_view(), std::string_view(large)}) {
        std::promise<void> done;
        serve([waiting = done.get_future().share()](Peer&) { waiting.wait(); });
        const auto waiting = run(scanner->begin());
        asio::cancellation_signal cancel;
        std::exception_ptr thrown;
        bool ended = false;
        auto at_end = [&](std::exception_ptr failure) {
            ended = true;
            thrown = failure;
        };
        asio::co_spawn(
            loop, whole(*waiting, bytes), asio::bind_cancellation_slot(cancel.slot(), at_end)
        );
        asio::post(loop, [&] { cancel.emit(asio::cancellation_type::terminal); });
        banter::testing::run_until(loop, ended);
        ASSERT_TRUE(thrown);
        try {
            std::rethrow_exception(thrown);
        } catch (const boost::system::system_error& failure) {
            EXPECT_EQ(failure.code(), asio::error::operation_aborted);
        }
    }
}

TEST_F(ClamdScannerTest, a_clamd_is_known_by_its_pong) {
    serve([](Peer& peer) { peer.answer(peer.read_command() == "zPING" ? "PONG" : "what?"); });
    EXPECT_EQ(trouble([&] { run(scanner->check()); }), "");
    serve([](Peer& peer) {
        (void)peer.read_command();
        peer.answer("HTTP/1.1 400 Bad Request");
    });
    EXPECT_THAT(trouble([&] { run(scanner->check()); }), HasSubstr("another program"));
    use("/nowhere/clamd.ctl");
    EXPECT_THAT(
        trouble([&] { run(scanner->check()); }),
        HasSubstr("clamd at /nowhere/clamd.ctl: it can't be reached: start it, or say where it "
                  "listens (No "
                  "such file")
    );
}

}  // namespace
}  // namespace banter::clamd
