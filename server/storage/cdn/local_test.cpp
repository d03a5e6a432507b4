// Links of the built-in CDN: known again as they were made, for their time, and not otherwise.
#include "storage/cdn/local.hpp"

#include "base/encoding.hpp"
#include "model/limits.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace banter::cdn {

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using storage::LinkedFile;
using storage::ObjectKey;

LocalCdn::Key key_of(std::uint8_t fill) {
    LocalCdn::Key key;
    key.fill(fill);
    return key;
}

const LocalCdn cdn(key_of(7), "");
/// On the grid of five minutes.
constexpr Timestamp start{seconds(1'800'000'000)};

LinkedFile file(std::string name = "cat.png", std::string type = "image/png") {
    LinkedFile made;
    made.key = *ObjectKey::parse("00112233445566778899aabbccddeeff");
    made.name = std::move(name);
    made.media_type = std::move(type);
    return made;
}

}  // namespace

TEST(LocalCdn, a_link_names_key_name_type_and_end_and_its_signature) {
    const auto link = cdn.link(file("a cat.png"), start);
    // Computed with another implementation of HMAC-SHA-256 (RFC 2104).
    EXPECT_EQ(
        link.url,
        "/files/00112233445566778899aabbccddeeff?name=a%20cat.png&type=image%2Fpng"
        "&expires=1800000600&signature=aMjVIknBIGzKC6cZZQqi4RzueQsPL2wnRK_5g-EDEHg"
    );
    EXPECT_EQ(link.expires_at, start + minutes(10));
}

TEST(LocalCdn, a_link_is_known_again) {
    const auto link = cdn.link(file(), start);
    const auto found = cdn.verify(link.url, start);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->key, file().key);
    EXPECT_EQ(found->media_type, "image/png");
    EXPECT_EQ(found->disposition, "inline; filename=\"cat.png\"");
    EXPECT_EQ(found->expires_at, link.expires_at);
}

TEST(LocalCdn, what_may_not_be_shown_or_is_asked_for_as_a_download_is_saved) {
    const auto page = cdn.verify(cdn.link(file("x.html", "text/html"), start).url, start);
    EXPECT_EQ(page->disposition, "attachment; filename=\"x.html\"");
    auto picture = file();
    picture.download = true;
    const auto link = cdn.link(picture, start);
    EXPECT_NE(link.url, cdn.link(file(), start).url);
    const auto saved = cdn.verify(link.url, start);
    EXPECT_EQ(saved->disposition, "attachment; filename=\"cat.png\"");
    EXPECT_EQ(saved->media_type, "image/png");
}

TEST(LocalCdn, names_of_any_kind_come_back_and_forge_no_parameter) {
    for (const std::string name :
         {"",
          "..",
          "a/b",
          "a&type=text/html&expires=9",
          "?name=x",
          "%2e%2e",
          "\u00e9\u202e\r\n",
          "a&download=1",
          "&signature=x",
          "#"}) {
        const auto found = cdn.verify(cdn.link(file(name), start).url, start);
        ASSERT_TRUE(found) << name;
        EXPECT_EQ(found->media_type, "image/png") << name;
        EXPECT_TRUE(found->disposition.starts_with("inline")) << name;
    }
    const std::string longest(model::limits::file_name_bytes_max, '\xff');
    EXPECT_TRUE(cdn.verify(cdn.link(file(longest), start).url, start));
}

TEST(LocalCdn, links_within_five_minutes_are_equal_and_none_lives_longer_than_ten) {
    const std::string first = cdn.link(file(), start).url;
    for (int second = 0; second < 300; ++second) {
        const Timestamp now = start + seconds(second) + milliseconds(999);
        const auto link = cdn.link(file(), now);
        EXPECT_EQ(link.url, first);
        EXPECT_LE(link.expires_at - now, model::limits::file_link_lifetime_max);
        EXPECT_GT(link.expires_at - now, model::limits::file_link_grid);
    }
    EXPECT_NE(cdn.link(file(), start + minutes(5)).url, first);
}

TEST(LocalCdn, a_link_ends_to_the_millisecond) {
    const auto link = cdn.link(file(), start);
    EXPECT_TRUE(cdn.verify(link.url, link.expires_at - milliseconds(1)));
    EXPECT_FALSE(cdn.verify(link.url, link.expires_at));
    EXPECT_FALSE(cdn.verify(link.url, link.expires_at + std::chrono::hours(1)));
}

TEST(LocalCdn, a_link_that_was_changed_in_any_byte_is_none) {
    const std::string good = cdn.link(file(), start).url;
    for (std::size_t i = 0; i < good.size(); ++i) {
        for (const int flip : {1, 2, 32, 128}) {
            std::string changed = good;
            changed[i] = static_cast<char>(changed[i] ^ flip);
            EXPECT_FALSE(cdn.verify(changed, start)) << changed;
        }
        EXPECT_FALSE(cdn.verify(good.substr(0, i), start)) << i;
        EXPECT_FALSE(cdn.verify(good.substr(0, i) + good.substr(i + 1), start)) << i;
    }
    for (const char* more : {"&", "=", "A", "&x=1", "&signature=", "#", "%00"}) {
        EXPECT_FALSE(cdn.verify(good + more, start)) << more;
    }
}

TEST(LocalCdn, a_link_without_a_signature_or_by_another_key_is_none) {
    const std::string good = cdn.link(file(), start).url;
    const std::string text = good.substr(0, good.rfind('&'));
    EXPECT_FALSE(cdn.verify(text, start));
    EXPECT_FALSE(cdn.verify(text + "&signature=", start));
    EXPECT_FALSE(cdn.verify(text + "&signature=" + std::string(43, 'A'), start));
    EXPECT_FALSE(cdn.verify("", start));
    EXPECT_FALSE(cdn.verify("/files/", start));
    std::string much(100'000, '&');
    much.append("signature=");
    EXPECT_FALSE(cdn.verify(much, start));
    EXPECT_FALSE(cdn.verify(LocalCdn(key_of(8), "").link(file(), start).url, start));
}

TEST(LocalCdn, the_origin_stands_before_the_link_and_is_not_part_of_the_target) {
    const LocalCdn elsewhere(key_of(7), "https://files.example.com");
    const std::string target = cdn.link(file(), start).url;
    EXPECT_EQ(elsewhere.link(file(), start).url, "https://files.example.com" + target);
    EXPECT_TRUE(elsewhere.verify(target, start));
}

}  // namespace banter::cdn
