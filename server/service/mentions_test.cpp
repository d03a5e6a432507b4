// Mentions in a message's content.
#include "service/mentions.hpp"

#include "model/limits.hpp"

#include <gtest/gtest.h>

namespace banter::service {
namespace {

const std::string ada = "01923456-789a-7bcd-8ef0-123456789abc";
const std::string bob = "01923456-789a-7bcd-8ef0-1234567890ff";

std::vector<std::string> users_in(std::string_view content) {
    std::vector<std::string> texts;
    for (const auto& user : mentions_in(content).users) texts.push_back(user.text());
    return texts;
}

TEST(Mentions, users_are_found_once_in_the_order_of_their_first_mention) {
    EXPECT_EQ(
        users_in("<@" + bob + "> and <@" + ada + ">, <@" + bob + ">!"),
        (std::vector<std::string>{bob, ada})
    );
}

TEST(Mentions, one_right_after_another_and_at_both_ends_is_found) {
    EXPECT_EQ(users_in("<@" + ada + "><@" + bob + ">"), (std::vector<std::string>{ada, bob}));
    EXPECT_EQ(users_in("<<@" + ada + ">>"), std::vector<std::string>{ada});
}

TEST(Mentions, upper_case_ids_mean_the_same_user) {
    EXPECT_EQ(users_in("<@01923456-789A-7BCD-8EF0-123456789ABC>"), std::vector<std::string>{ada});
}

TEST(Mentions, what_only_looks_like_one_is_text) {
    for (const std::string& content :
         {std::string(),
          std::string("<"),
          std::string("<@"),
          std::string("<@>"),
          "<@" + ada,
          "<@" + ada + " >",
          "< @" + ada + ">",
          "@" + ada + ">",
          "<@" + ada.substr(1) + ">",
          "<@" + ada + "0>",
          "<#" + ada + ">",
          std::string("<@everyone>"),
          std::string("&lt;@" + ada + "&gt;")}) {
        EXPECT_TRUE(users_in(content).empty()) << content;
        EXPECT_FALSE(mentions_in(content).all) << content;
    }
}

TEST(Mentions, channel_and_here_stand_for_all) {
    EXPECT_TRUE(mentions_in("<!channel> hi").all);
    EXPECT_TRUE(mentions_in("hi <!here>").all);
    for (const char* content :
         {"!channel", "<!Channel>", "<!channel", "<!everyone>", "<@channel>", "<!here >"}) {
        EXPECT_FALSE(mentions_in(content).all) << content;
    }
}

TEST(Mentions, one_user_more_than_a_message_may_mention_shows_that_there_are_too_many) {
    std::string content;
    for (int i = 0; i < 200; ++i) {
        std::string id = ada;
        id.replace(33, 3, std::to_string(100 + i));
        content += "<@" + id + ">";
    }
    EXPECT_EQ(users_in(content).size(), model::limits::mentions_max + 1);
    EXPECT_EQ(users_in(content).front().substr(33), "100");
}

}  // namespace
}  // namespace banter::service
