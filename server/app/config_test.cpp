// What an operator sets is read from three places, and mistakes are told in full.
#include "app/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace banter::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Invocation invoke(std::vector<std::string> arguments, std::vector<std::string> environment = {}) {
    return parse_invocation(arguments, environment);
}

class ConfigFile : public testing::Test {
protected:
    ~ConfigFile() override { std::filesystem::remove(path_); }

    std::string write(const std::string& text) {
        std::ofstream(path_) << text;
        return path_.string();
    }

private:
    std::filesystem::path path_ = std::filesystem::temp_directory_path() /
                                  ("banter-config-" + std::to_string(::getpid()) + ".toml");
};

TEST(Config, serve_with_the_defaults_is_what_no_argument_means) {
    const Invocation invocation = invoke({});
    EXPECT_THAT(invocation.problems, IsEmpty());
    EXPECT_EQ(invocation.command, "serve");
    EXPECT_EQ(invocation.config.listen, "127.0.0.1:8080");
    EXPECT_EQ(invocation.config.database_path(), "data/banter.db");
    EXPECT_TRUE(invocation.config.loopback_only());
}

TEST(Config, a_database_on_a_server_is_named_by_its_url_and_shown_without_the_password) {
    const auto shown = [](const std::string& url) {
        const Invocation invocation = invoke({"--database", url});
        EXPECT_THAT(invocation.problems, IsEmpty());
        EXPECT_TRUE(invocation.config.database_on_server());
        EXPECT_EQ(invocation.config.database, url);
        for (const Option& option : options()) {
            if (option.name == "database") return option.show(invocation.config);
        }
        return std::string();
    };
    EXPECT_EQ(shown("postgresql://host:5432/banter"), "postgresql://host:5432/banter");
    EXPECT_EQ(shown("postgresql://ada@host:5432/banter"), "postgresql://ada@host:5432/banter");
    EXPECT_EQ(shown("postgres://ada:secret@host/banter"), "postgres://ada:…@host/banter");
    EXPECT_EQ(
        shown("postgresql://h/b?user=ada&password=secret&sslpassword=secret"),
        "postgresql://h/b?user=ada&password=…&sslpassword=…"
    );
    EXPECT_FALSE(invoke({"--database", "mysql://host/banter"}).problems.empty());
    EXPECT_FALSE(invoke({"--database", "sqlite:/srv/banter.db"}).config.database_on_server());
}

TEST(Config, a_flag_stands_before_or_after_the_command) {
    EXPECT_EQ(invoke({"serve", "--listen", "[::1]:0"}).config.listen, "[::1]:0");
    EXPECT_EQ(invoke({"--listen", "[::1]:0", "serve"}).config.listen, "[::1]:0");
    EXPECT_EQ(invoke({"--listen=0.0.0.0:80"}).config.listen, "0.0.0.0:80");
}

TEST_F(ConfigFile, a_flag_wins_over_the_environment_and_that_over_the_file) {
    const std::string file = write("shards = 1\nlimit-sends = 1\nlimit-requests = 1\n");
    const Invocation invocation = invoke(
        {"--config", file, "--shards", "3"}, {"BANTER_SHARDS=2", "BANTER_LIMIT_SENDS=2", "HOME=/"}
    );
    EXPECT_THAT(invocation.problems, IsEmpty());
    EXPECT_EQ(invocation.config.shards, 3U);
    EXPECT_EQ(invocation.config.limit_sends, 2);
    EXPECT_EQ(invocation.config.limit_requests, 1);
}

TEST_F(ConfigFile, lists_in_the_file_are_arrays) {
    const std::string file =
        write("allowed-origins = [\"https://a.example\", \"http://b.example:81\"]\n");
    EXPECT_THAT(
        invoke({"--config", file}).config.allowed_origins,
        ElementsAre("https://a.example", "http://b.example:81")
    );
}

TEST_F(ConfigFile, an_unknown_setting_is_refused_with_the_nearest_known_one) {
    const std::string file = write("shard = 2\n");
    EXPECT_THAT(
        invoke({"--config", file}).problems, ElementsAre(HasSubstr("did you mean shards?"))
    );
    EXPECT_THAT(
        invoke({"--lisen", "x"}).problems, testing::Contains(HasSubstr("did you mean --listen?"))
    );
    EXPECT_THAT(
        invoke({}, {"BANTER_SHARD=1"}).problems,
        ElementsAre(HasSubstr("did you mean BANTER_SHARDS?"))
    );
    EXPECT_THAT(invoke({"sevre"}).problems, ElementsAre(HasSubstr("did you mean serve?")));
}

TEST_F(ConfigFile, a_file_that_is_no_toml_is_refused_with_its_line) {
    const std::string file = write("shards = 1\nshards 2\n");
    EXPECT_THAT(invoke({"--config", file}).problems, ElementsAre(HasSubstr("line 2")));
}

TEST(Config, a_flag_needs_no_value_and_no_other_place_leaves_it_out) {
    EXPECT_FALSE(invoke({}).config.files_take_over);
    EXPECT_TRUE(invoke({"--files-take-over"}).config.files_take_over);
    const Invocation between = invoke({"serve", "--files-take-over", "--shards", "2"});
    EXPECT_TRUE(between.config.files_take_over);
    EXPECT_EQ(between.config.shards, 2U);
    EXPECT_EQ(invoke({"--files-take-over", "check-config"}).command, "check-config");
}

TEST_F(ConfigFile, what_counts_for_one_start_is_said_on_the_command_line_only) {
    const auto told = ElementsAre(HasSubstr("counts for one start: give it as --files-take-over"));
    EXPECT_THAT(invoke({}, {"BANTER_FILES_TAKE_OVER=true"}).problems, told);
    const std::string file = write("files-take-over = true\n");
    EXPECT_THAT(invoke({"--config", file}).problems, told);
}

TEST(Config, all_problems_are_told_at_once) {
    const Invocation invocation = invoke(
        {"--listen", "nowhere", "--shards", "-1", "--sign-up", "perhaps", "--database", "mysql://x"}
    );
    EXPECT_EQ(invocation.problems.size(), 4U);
}

TEST(Config, the_address_has_to_be_numeric_and_the_port_in_range) {
    for (const char* wrong :
         {"8080", "localhost:80", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:1x", "[::1"}) {
        EXPECT_EQ(invoke({"--listen", wrong}).problems.size(), 1U) << wrong;
    }
}

TEST(Config, only_this_machine_reaches_a_loopback_address_that_nothing_is_in_front_of) {
    const auto loopback_only = [](std::vector<std::string> arguments) {
        return invoke(std::move(arguments)).config.loopback_only();
    };
    EXPECT_FALSE(loopback_only({"--listen", "0.0.0.0:1"}));
    EXPECT_TRUE(loopback_only({"--listen", "127.8.8.8:1"}));
    EXPECT_TRUE(loopback_only({"--listen", "[::1]:1"}));
    EXPECT_FALSE(loopback_only({"--listen", "127.0.0.1:1", "--trusted-proxies", "127.0.0.1"}))
        << "others come through the proxy";
    for (const char* elsewhere :
         {"https://chat.example", "http://localhost.example:80", "https://[2001:db8::1]"})
        EXPECT_FALSE(loopback_only({"--public-url", elsewhere})) << elsewhere;
    for (const char* here : {"http://localhost:8080", "http://127.0.0.1:1", "http://[::1]:1"})
        EXPECT_TRUE(loopback_only({"--public-url", here})) << here;
}

TEST(Config, clamd_is_a_socket_or_an_address_and_never_nothing_by_mistake) {
    EXPECT_EQ(invoke({}).config.clamd, "");
    for (const char* good : {"/run/clamav/clamd.ctl", "127.0.0.1:3310", "[::1]:3310"}) {
        EXPECT_EQ(invoke({"--clamd", good}).config.clamd, good);
    }
    for (const char* wrong : {"", "clamd.ctl", "clamav:3310", "127.0.0.1"})
        EXPECT_EQ(invoke({"--clamd", wrong}).problems.size(), 1U) << wrong;
}

TEST(Config, proxies_are_networks_and_addresses) {
    EXPECT_THAT(
        invoke({"--trusted-proxies", "10.0.0.0/8,::1"}).config.trusted_proxies,
        ElementsAre("10.0.0.0/8", "::1")
    );
    for (const char* wrong : {"proxy", "10.0.0.0/33", "10.0.0.0/8,*", "10.0.0.0/8 ::1"})
        EXPECT_EQ(invoke({"--trusted-proxies", wrong}).problems.size(), 1U) << wrong;
}

TEST(Config, backup_and_restore_want_a_file) {
    for (const char* command : {"backup", "restore"}) {
        EXPECT_EQ(invoke({command, "--data", "d"}).problems.size(), 1U);
        const Invocation good = invoke({command, "--data", "d", "f"});
        EXPECT_THAT(good.problems, IsEmpty());
        EXPECT_EQ(good.file, "f");
        EXPECT_EQ(good.config.data, "d");
        EXPECT_EQ(invoke({command, "f", "--data", "d"}).file, "f");
        EXPECT_EQ(invoke({command, "f", "g"}).problems.size(), 1U);
    }
    EXPECT_THAT(
        invoke({"backup", "--dta", "d", "f"}).problems, testing::Contains(HasSubstr("--data?"))
    );
}

TEST(Config, token_wants_a_subject_a_count_and_a_duration) {
    EXPECT_EQ(invoke({"token"}).problems.size(), 1U);
    EXPECT_EQ(invoke({"token", "--subject", "ada", "--ttl", "soon"}).problems.size(), 1U);
    for (const char* count : {"0", "-1", "three", "99999999999"}) {
        EXPECT_EQ(invoke({"token", "--subject", "ada", "--count", count}).problems.size(), 1U)
            << count;
    }
    const Invocation good =
        invoke({"token", "--data", "d", "--subject", "ada", "--count", "3", "--ttl", "2h"});
    EXPECT_THAT(good.problems, IsEmpty());
    EXPECT_EQ(good.ttl, std::chrono::hours(2));
    EXPECT_EQ(good.count, 3U);
    EXPECT_EQ(good.config.data, "d");
}

TEST(Config, durations_have_a_unit_or_are_seconds) {
    EXPECT_EQ(parse_duration("90"), std::chrono::seconds(90));
    EXPECT_EQ(parse_duration("15m"), std::chrono::minutes(15));
    EXPECT_EQ(parse_duration("30d"), std::chrono::days(30));
    for (const char* wrong : {"", "h", "1w", "-1s", "1 h", "99999999999s"})
        EXPECT_FALSE(parse_duration(wrong)) << wrong;
}

TEST(Config, what_is_shown_can_be_set_again) {
    Config config;
    for (const Option& option : options()) {
        if (option.show(config).empty()) continue;
        Config other;
        EXPECT_EQ(option.set(other, option.show(config)), "") << option.name;
        EXPECT_EQ(option.show(other), option.show(config)) << option.name;
    }
}

}  // namespace
}  // namespace banter::app
