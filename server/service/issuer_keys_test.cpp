// When the keys of an issuer are asked for, and how long they count.
#include "service/issuer_keys.hpp"

#include "base/testing/run.hpp"
#include "service/refusals.hpp"
#include "service/testing/rsa_signer.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <deque>

namespace banter::service {
namespace {

using namespace std::chrono_literals;

class IssuerKeysTest : public ::testing::Test {
protected:
    /// Whether the key is known after it was looked for.
    bool finds(const RsaSigner& signer) {
        if (keys.find(0, signer.id) != nullptr) return true;
        run(keys.look_for_key(signer.id));
        return keys.find(0, signer.id) != nullptr;
    }
    void run(Task<> task) {
        bool ended = false;
        asio::co_spawn(loop.get_executor(), std::move(task), [&](std::exception_ptr thrown) {
            EXPECT_FALSE(thrown);
            ended = true;
        });
        testing::run_until(loop, ended);
    }
    void publish(const std::vector<std::string>& jwks) { published = key_set_of(jwks); }

    Task<Result<std::string>> fetch() {
        ++asked;
        // Whoever comes meanwhile waits for this answer.
        Timer timer(loop.get_executor(), std::chrono::milliseconds(1));
        co_await timer.async_wait(use_task);
        co_return published;
    }

    asio::io_context loop{1};
    ManualClock clock{Timestamp(1'795'330'200s)};
    Result<std::string> published = bad_request("it is away");
    int asked = 0;
    IssuerKeys keys{{loop.get_executor()}, clock, "https://issuer.example", [this] {
                        return fetch();
                    }};
    RsaSigner one{"one"};
    RsaSigner two{"two"};
};

TEST_F(IssuerKeysTest, a_new_key_is_found_at_its_first_token) {
    publish({one.jwk()});
    EXPECT_TRUE(finds(one));
    clock.advance(30s);
    publish({one.jwk(), two.jwk()});
    EXPECT_TRUE(finds(one));
    EXPECT_TRUE(finds(two));
    EXPECT_EQ(asked, 2);
}

TEST_F(IssuerKeysTest, tokens_with_made_up_keys_ask_at_most_once_in_30_seconds) {
    publish({one.jwk()});
    run(keys.renew());
    for (int i = 0; i < 10'000; ++i) {
        EXPECT_EQ(keys.find(0, "no key " + std::to_string(i)), nullptr);
        if (i % 100 == 0) run(keys.look_for_key("no key"));
    }
    EXPECT_EQ(asked, 2);
    EXPECT_TRUE(finds(one));
    clock.advance(29s);
    EXPECT_FALSE(finds(two));
    EXPECT_EQ(asked, 2);
    clock.advance(1s);
    publish({two.jwk()});
    EXPECT_TRUE(finds(two));
    EXPECT_EQ(keys.find(0, "one"), nullptr) << "the issuer has dropped it";
}

TEST_F(IssuerKeysTest, a_key_that_is_new_right_after_the_start_is_found) {
    publish({one.jwk()});
    run(keys.renew());
    publish({one.jwk(), two.jwk()});
    EXPECT_TRUE(finds(two));
    EXPECT_EQ(asked, 2);
}

TEST_F(IssuerKeysTest, the_first_token_does_not_use_up_the_question_for_a_new_key) {
    publish({one.jwk()});
    EXPECT_TRUE(finds(one)) << "before it was time to ask";
    publish({one.jwk(), two.jwk()});
    EXPECT_TRUE(finds(two));
}

TEST_F(IssuerKeysTest, what_is_on_its_way_to_a_loop_is_not_asked_for_again) {
    asio::io_context other{1};
    IssuerKeys of_two({loop.get_executor(), other.get_executor()}, clock, "issuer", [this] {
        return fetch();
    });
    publish({one.jwk()});
    run(of_two.renew());
    ASSERT_EQ(of_two.find(1, "one"), nullptr) << "the other loop has not run";
    bool ended = false;
    asio::co_spawn(other, of_two.look_for_key("one"), [&](std::exception_ptr thrown) {
        EXPECT_FALSE(thrown);
        EXPECT_NE(of_two.find(1, "one"), nullptr);
        ended = true;
    });
    while (!ended) {
        other.poll();
        other.restart();
        loop.poll();
        loop.restart();
    }
    EXPECT_EQ(asked, 1);
}

TEST_F(IssuerKeysTest, who_comes_while_it_is_asked_waits_for_the_answer) {
    publish({one.jwk()});
    int found = 0;
    for (int i = 0; i < 50; ++i) {
        asio::co_spawn(loop.get_executor(), keys.look_for_key("one"), [&](std::exception_ptr) {
            found += keys.find(0, "one") != nullptr ? 1 : 0;
        });
    }
    run(keys.look_for_key("one"));
    EXPECT_EQ(found, 50);
    EXPECT_EQ(asked, 1);
}

TEST_F(IssuerKeysTest, keys_of_an_issuer_that_is_away_count_for_a_day) {
    publish({one.jwk()});
    EXPECT_TRUE(finds(one));
    published = bad_request("it is away");
    for (int minute = 0; minute < 24 * 60 - 1; ++minute) {
        clock.advance(1min);
        run(keys.renew());
        ASSERT_NE(keys.find(0, "one"), nullptr) << minute;
    }
    clock.advance(1min);
    run(keys.renew());
    EXPECT_EQ(keys.find(0, "one"), nullptr);
    publish({one.jwk()});
    clock.advance(30s);
    EXPECT_TRUE(finds(one)) << "it is back";
}

TEST_F(IssuerKeysTest, nonsense_changes_nothing) {
    publish({one.jwk()});
    EXPECT_TRUE(finds(one));
    for (const char* nonsense : {"", "<html>", R"({"keys":[]})"}) {
        clock.advance(30s);
        published = std::string(nonsense);
        EXPECT_FALSE(finds(two));
        EXPECT_NE(keys.find(0, "one"), nullptr);
    }
}

TEST_F(IssuerKeysTest, a_fresh_set_is_not_asked_for_again) {
    publish({one.jwk()});
    EXPECT_TRUE(finds(one));
    clock.advance(4min);
    run(keys.renew());
    EXPECT_EQ(asked, 1);
    clock.advance(1min);
    run(keys.renew());
    EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace banter::service
