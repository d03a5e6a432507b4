// A link is signed once for as long as it is the same.
#include "storage/cdn/remembered.hpp"

#include "storage/cdn/local.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace banter::cdn {
namespace {

using namespace std::chrono_literals;

class CountingCdn final : public storage::Cdn {
public:
    [[nodiscard]] storage::FileLink link(const storage::LinkedFile& file, Timestamp now)
        const override {
        ++made;
        return local_.link(file, now);
    }

    mutable int made = 0;

private:
    LocalCdn local_{{}, "https://files.example"};
};

storage::LinkedFile file(std::uint8_t key, std::string name = "a.png") {
    return {.key = {{key}}, .name = std::move(name), .media_type = "image/png"};
}

TEST(RememberedLinks, are_made_once_in_their_time) {
    const CountingCdn cdn;
    const RememberedLinks links(cdn, 10);
    Timestamp now{std::chrono::seconds(1'800'000'000)};
    const auto first = links.link(file(1), now);
    EXPECT_EQ(links.link(file(1), now + 4min).url, first.url);
    EXPECT_EQ(links.link(file(1), now + 4min).expires_at, first.expires_at);
    EXPECT_EQ(cdn.made, 1);
    (void)links.link(file(2), now);
    EXPECT_EQ(cdn.made, 2);
    EXPECT_NE(links.link(file(1), now + 5min).url, first.url);
    EXPECT_EQ(cdn.made, 3);
}

TEST(RememberedLinks, say_what_the_file_is_now) {
    const CountingCdn cdn;
    const RememberedLinks links(cdn, 10);
    const Timestamp now{std::chrono::seconds(1'800'000'000)};
    const auto first = links.link(file(1), now);
    EXPECT_NE(links.link(file(1, "b.png"), now).url, first.url);
    auto saved = file(1, "b.png");
    saved.download = true;
    EXPECT_EQ(links.link(saved, now).url, cdn.link(saved, now).url);
}

TEST(RememberedLinks, are_forgotten_before_they_are_too_many) {
    const CountingCdn cdn;
    const RememberedLinks links(cdn, 10);
    const Timestamp now{std::chrono::seconds(1'800'000'000)};
    for (int round = 0; round < 2; ++round) {
        for (std::uint8_t key = 0; key < 20; ++key) {
            EXPECT_EQ(links.link(file(key), now).url, cdn.link(file(key), now).url);
        }
    }
}

TEST(RememberedLinks, are_never_all_forgotten_to_make_room) {
    const CountingCdn cdn;
    const RememberedLinks links(cdn, 10);
    const Timestamp now{std::chrono::seconds(1'800'000'000)};
    for (std::uint8_t key = 0; key < 100; ++key) {
        (void)links.link(file(key), now);
        const int made = cdn.made;
        for (int before = 0; before < 5 && before <= key; ++before) {
            (void)links.link(file(static_cast<std::uint8_t>(key - before)), now);
        }
        EXPECT_EQ(cdn.made, made) << "the last five are known";
    }
}

}  // namespace
}  // namespace banter::cdn
