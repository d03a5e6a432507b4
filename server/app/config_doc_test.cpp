// What is written of the settings is true.
#include "app/config_doc.hpp"

#include "app/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace banter::app {
namespace {

const auto root = std::filesystem::path(__FILE__).parent_path() / ".." / "..";

TEST(ConfigDoc, the_page_is_what_the_table_of_options_says) {
    std::ifstream file(root / "docs" / "configuration.md");
    const std::string page(std::istreambuf_iterator<char>(file), {});
    EXPECT_EQ(page, config_doc()) << "write it anew: tools/config_doc";
}

TEST(ConfigDoc, names_every_option_with_its_default) {
    const std::string page = config_doc();
    for (const Option& option : options())
        EXPECT_THAT(page, testing::HasSubstr("\n| `" + std::string(option.name) + "` | "));
    EXPECT_THAT(page, testing::HasSubstr("| `listen` | `ADDRESS:PORT` | `127.0.0.1:8080` |"));
    EXPECT_THAT(page, testing::HasSubstr("`open\\|invite\\|closed`"));
}

TEST(ConfigDoc, the_example_of_a_file_is_read_without_a_problem) {
    const auto example = root / "deploy" / "banter.toml.example";
    const Invocation invocation = parse_invocation({"--config", example.string()}, {});
    EXPECT_THAT(invocation.problems, testing::IsEmpty());
    EXPECT_EQ(invocation.config.public_url, "https://chat.example.com");
}

}  // namespace
}  // namespace banter::app
