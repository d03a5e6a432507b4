// Posters of real PDFs and videos, drawn by real children; and none of hostile ones.
#include "storage/vips/posters.hpp"

#include "model/limits.hpp"
#include "storage/testing/run_task.hpp"
#include "storage/testing/temporary_directory.hpp"
#include "storage/vips/testing/files.hpp"
#include "storage/vips/testing/one_object.hpp"
#include "storage/vips/testing/pdf.hpp"
#include "storage/vips/testing/picture_maker.hpp"
#include "storage/vips/testing/video_maker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

// ThreadSanitizer can't look into a process that confines itself, and takes ten seconds to open
// libvips.
#if !defined(__SANITIZE_THREAD__)

namespace banter::vips {

namespace {

using namespace std::string_literals;
using storage::IncomingPicture;

constexpr const char* pdf = "application/pdf";

/// Children that have all the time they want: no test is about how fast the machine is.
PosterOptions patient() {
    PosterOptions options = default_posters();
    options.workers.limits.cpu_seconds = 600;
    options.workers.wall_time = std::chrono::minutes(10);
    options.film_limits.cpu_seconds = 600;
    return options;
}

struct Colour {
    int red;
    int green;
    int blue;
};

class Posters : public testing::Test {
public:
    /// With options that are changed so.
    using Change = void (*)(PosterOptions& options);

    explicit Posters(Change change = [](PosterOptions&) {})
        : pictures({spool(), patient().workers, {}}, offload),
          posters(changed(change), pictures, offload) {}

    [[nodiscard]] std::filesystem::path spool() const { return directory.path() / "spool"; }
    [[nodiscard]] PosterOptions changed(Change change) const {
        PosterOptions options = patient();
        change(options);
        return options;
    }

    template <typename T>
    T run(Task<T> task) {
        return storage::run_task(loop, std::move(task));
    }

    std::unique_ptr<IncomingPicture> draw(
        const std::string& media_type,
        const std::string& bytes,
        bool is_local = true
    ) {
        model::File file;
        file.media_type = media_type;
        file.bytes = bytes.size();
        OneObject object(bytes, is_local);
        return run(posters.draw(file, object));
    }
    /// Whether there is a poster that can be looked into.
    bool has_poster(const std::string& media_type, const std::string& bytes) {
        const auto poster = draw(media_type, bytes);
        return poster != nullptr && run(poster->inspect()).has_value();
    }

    /// What it shows, pixel by pixel.
    Plain shown(IncomingPicture& poster) {
        const auto looked = run(poster.inspect());
        EXPECT_TRUE(looked);
        EXPECT_EQ(looked->media_type, "image/png");
        EXPECT_FALSE(looked->thumbhash.empty());
        std::string file;
        for (;;) {
            const std::string chunk = run(poster.next());
            if (chunk.empty()) break;
            file += chunk;
        }
        auto read = read_picture(file);
        EXPECT_TRUE(read);
        return std::move(read->plain);
    }

    storage::TemporaryDirectory directory;
    asio::io_context loop{1};
    Offload offload{2, 100};
    VipsPictures pictures;
    VipsPosters posters;
};

/// Of a point by its share of the width and height.
Colour colour_at(const Plain& plain, double x, double y) {
    const auto column = static_cast<int>(plain.width * x);
    const auto row = static_cast<int>(plain.height * y);
    const auto at = static_cast<std::size_t>((row * plain.width + column) * plain.bands);
    const auto value = [&](std::size_t band) {
        return static_cast<int>(static_cast<std::uint8_t>(plain.values.at(at + band)));
    };
    return {value(0), value(1), value(2)};
}

bool is_red(Colour colour) { return colour.red > 200 && colour.green < 60 && colour.blue < 60; }
bool is_white(Colour colour) { return colour.red > 250 && colour.green > 250 && colour.blue > 250; }

const std::string red_below = "1 0 0 rg 0 0 600 400 re f";

/// Objects that are drawn by ten others each, and those again: nobody sees the end of it.
std::string endless_pdf() {
    auto objects = page_objects("/X5 Do", "0 0 600 800", "/XObject << /X5 5 0 R >>");
    const std::string form = "/Type /XObject /Subtype /Form /BBox [0 0 600 800]";
    constexpr int last = 14;
    for (int number = 5; number < last; ++number) {
        const std::string next = "X" + std::to_string(number + 1);
        std::string content;
        for (int i = 0; i < 10; ++i) content += "/" + next + " Do ";
        const std::string resources =
            " /Resources << /XObject << /" + next + " " + std::to_string(number + 1) + " 0 R >> >>";
        objects.push_back(pdf_stream(content, form + resources));
    }
    objects.push_back(pdf_stream("0 0 1 1 re f", form));
    return pdf_of(objects);
}

/// Behind a password that nobody is told.
std::string encrypted_pdf() {
    auto objects = page_objects(red_below);
    const std::string secret = "<" + std::string(64, 'a') + ">";
    objects.push_back(
        "<< /Filter /Standard /V 1 /R 2 /P -4 /O " + secret + " /U " + secret + " >>"
    );
    return pdf_of(objects, "/Encrypt 5 0 R /ID [<00> <00>]");
}

/// A box of QuickTime that says the samples are in another file, as an alias of Macintosh.
std::string leads_to(const std::string& path) {
    std::string alias = std::string(4, '\0') + number(200, 2) + number(2, 2) + number(0, 2);
    alias += "\x01/" + std::string(26, '\0') + std::string(12, '\0');
    const std::string name = path.substr(path.rfind('/') + 1);
    alias += static_cast<char>(name.size()) + name + std::string(63 - name.size(), '\0');
    alias += std::string(16, '\0') + number(1, 2) + number(1, 2) + std::string(16, '\0');
    alias += number(2, 2) + number(path.size(), 2) + path + std::string(path.size() % 2, '\0');
    alias += number(18, 2) + number(path.size(), 2) + path + std::string(path.size() % 2, '\0');
    alias += number(0xffff, 2) + number(0, 2);
    return full_box("dref", number(1, 4) + box("alis", std::string(4, '\0') + alias));
}

/// `video`, whose only reference to data is to itself, with another one. What it is in has to be
/// made longer by as much, and what lies behind is moved: this is for videos whose moov is last.
std::string with_reference(std::string video, const std::string& reference) {
    const std::size_t old = video.find("dref") - 4;
    constexpr std::size_t old_size = 28;
    const std::size_t more = reference.size() - old_size;
    for (const char* parent : {"moov", "trak", "mdia", "minf", "dinf"}) {
        const std::size_t at = video.rfind(parent, old) - 4;
        std::uint64_t size = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            size = size << 8 | static_cast<std::uint8_t>(video[at + i]);
        }
        video.replace(at, 4, number(size + more, 4));
    }
    return video.replace(old, old_size, reference);
}

}  // namespace

TEST_F(Posters, the_first_page_of_a_pdf_is_its_poster) {
    const auto poster = draw(pdf, pdf_page(red_below));
    ASSERT_TRUE(poster);
    const Plain plain = shown(*poster);
    EXPECT_EQ(plain.width, 1200);
    EXPECT_EQ(plain.height, 1600);
    EXPECT_TRUE(is_white(colour_at(plain, 0.5, 0.25)));
    EXPECT_TRUE(is_red(colour_at(plain, 0.5, 0.75)));
    const auto small = run(poster->render({storage::PictureFormat::webp, 320}));
    ASSERT_TRUE(small);
    EXPECT_EQ(small->width, 320U);
    EXPECT_EQ(small->height, 427U);
}

TEST_F(Posters, a_pdf_that_lies_elsewhere_is_copied) {
    const auto poster = draw(pdf, pdf_page(red_below), false);
    ASSERT_TRUE(poster);
    EXPECT_TRUE(is_red(colour_at(shown(*poster), 0.5, 0.75)));
}

TEST_F(Posters, writing_is_drawn_in_fonts_that_the_pdf_does_not_bring) {
    auto objects = page_objects(
        "BT /F1 200 Tf 50 300 Td (HHHHH) Tj ET", "0 0 600 800", "/Font << /F1 5 0 R >>"
    );
    objects.push_back("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
    const auto poster = draw(pdf, pdf_of(objects));
    ASSERT_TRUE(poster);
    const Plain plain = shown(*poster);
    const auto dark = [&](double x) { return colour_at(plain, x, 0.55).red < 100; };
    int seen = 0;
    for (int i = 0; i < 500; ++i) seen += dark(i / 500.0) ? 1 : 0;
    EXPECT_GT(seen, 10);
}

TEST_F(Posters, pages_of_any_size_fit) {
    const std::array sizes{
        std::tuple("0 0 10 20", 40, 80),
        std::tuple("0 0 14400 7200", 1600, 800),
        std::tuple("300 500 -300 -500", 960, 1600),
    };
    for (const auto& [page, width, height] : sizes) {
        SCOPED_TRACE(page);
        const auto poster = draw(pdf, pdf_page(red_below, page));
        ASSERT_TRUE(poster);
        const auto looked = run(poster->inspect());
        ASSERT_TRUE(looked);
        EXPECT_EQ(looked->width, static_cast<std::uint32_t>(width));
        EXPECT_EQ(looked->height, static_cast<std::uint32_t>(height));
    }
}

TEST_F(Posters, a_pdf_that_can_not_be_drawn_has_none) {
    const std::string page = pdf_page(red_below);
    const std::array<std::pair<const char*, std::string>, 10> files{{
        {"empty", ""},
        {"a head", "%PDF-1.4\n"},
        {"noise", "%PDF-1.4\n" + std::string(5'000, '\xa5')},
        {"no page",
         pdf_of({"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>"})},
        {"pages in themselves",
         pdf_of({"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"}
         )},
        {"encrypted", encrypted_pdf()},
        {"a page larger than any", pdf_page(red_below, "0 0 1000000000 1000000000")},
        {"a page like a hair", pdf_page(red_below, "0 0 14400 1")},
        {"a picture", make_picture(".png", pattern(20, 20))},
        {"a video", make_video(".mp4", "-c:v mpeg4")},
    }};
    for (const auto& [name, file] : files) EXPECT_FALSE(has_poster(pdf, file)) << name;
    EXPECT_TRUE(has_poster(pdf, page)) << "and the next one has";
}

TEST_F(Posters, a_pdf_that_is_too_long_is_not_tried) {
    model::File file;
    file.media_type = pdf;
    file.bytes = model::limits::picture_bytes_max + 1;
    OneObject object(pdf_page(red_below), true);
    EXPECT_FALSE(run(posters.draw(file, object)));
}

TEST_F(Posters, damage_anywhere_in_a_pdf_harms_nothing) {
    const std::string page = pdf_page(red_below);
    for (std::size_t at = 0; at < page.size(); at += 97) {
        std::string damaged = page;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x11);
        static_cast<void>(has_poster(pdf, damaged));
        static_cast<void>(has_poster(pdf, page.substr(0, at)));
    }
    EXPECT_TRUE(has_poster(pdf, page));
}

class HurriedPosters : public Posters {
public:
    HurriedPosters()
        : Posters([](PosterOptions& options) { options.workers.limits.cpu_seconds = 2; }) {}
};

TEST_F(HurriedPosters, a_pdf_that_takes_for_ever_has_none) {
    EXPECT_FALSE(has_poster(pdf, endless_pdf()));
}

TEST_F(Posters, a_moment_of_a_video_is_its_poster) {
    const std::array<std::array<const char*, 3>, 4> kinds{{
        {"video/mp4", ".mp4", "-c:v libx264 -pix_fmt yuv420p"},
        {"video/quicktime", ".mov", "-c:v mjpeg"},
        {"video/webm", ".webm", "-c:v libvpx -deadline realtime"},
        {"video/x-matroska", ".mkv", "-c:v mpeg4"},
    }};
    for (const auto& [media_type, ending, options] : kinds) {
        SCOPED_TRACE(ending);
        const auto poster = draw(media_type, make_video(ending, options));
        ASSERT_TRUE(poster);
        const Plain plain = shown(*poster);
        EXPECT_EQ(plain.width, 320);
        EXPECT_EQ(plain.height, 240);
        EXPECT_TRUE(is_red(colour_at(plain, 0.5, 0.5)));
    }
}

TEST_F(Posters, the_moment_is_a_second_into_the_video_or_its_beginning) {
    const std::string turns_red =
        "color=blue:size=320x240:rate=10:duration=2[a];color=red:size=320x240:rate=10[b];"
        "[a][b]overlay=enable=gte(t\\,0.8):shortest=1";
    const auto later = draw("video/mp4", make_video(".mp4", "-c:v mpeg4", turns_red));
    ASSERT_TRUE(later);
    EXPECT_TRUE(is_red(colour_at(shown(*later), 0.5, 0.5)));
    const std::string brief = "color=red:size=320x240:rate=10:duration=0.3";
    const auto first = draw("video/mp4", make_video(".mp4", "-c:v mpeg4", brief));
    ASSERT_TRUE(first);
    EXPECT_TRUE(is_red(colour_at(shown(*first), 0.5, 0.5)));
}

TEST_F(Posters, a_video_is_shown_as_it_is_played) {
    const std::string large = "color=red:size=3200x1200:rate=2:duration=2";
    const auto looked = [&](const std::string& video) {
        const auto poster = draw("video/x-matroska", video);
        if (poster == nullptr) throw std::runtime_error("no poster");
        const auto facts = run(poster->inspect());
        return std::pair(facts.value().width, facts.value().height);
    };
    EXPECT_EQ(looked(make_video(".mkv", "-c:v mpeg4", large)), std::pair(1600U, 600U));
    EXPECT_EQ(looked(make_video(".mkv", "-c:v mpeg4 -vf setsar=2")), std::pair(640U, 240U))
        << "pixels that are wider than high";
}

TEST_F(Posters, a_video_that_lies_elsewhere_is_copied) {
    const auto poster = draw("video/mp4", make_video(".mp4", "-c:v mpeg4"), false);
    ASSERT_TRUE(poster);
    EXPECT_TRUE(is_red(colour_at(shown(*poster), 0.5, 0.5)));
}

TEST_F(Posters, a_video_that_can_not_be_shown_has_none) {
    const std::string video = make_video(".mp4", "-c:v mpeg4");
    const std::array<std::pair<const char*, std::string>, 6> files{{
        {"empty", ""},
        {"a head", video.substr(0, 32)},
        {"half of it", video.substr(0, video.size() / 2)},
        {"noise", video.substr(0, 32) + std::string(5'000, '\xa5')},
        {"no frame", video.substr(video.find("moov") - 4)},
        {"sound", make_video(".m4a", "-f mp4", "sine=duration=1")},
    }};
    for (const auto& [name, file] : files) EXPECT_FALSE(has_poster("video/mp4", file)) << name;
    EXPECT_FALSE(has_poster("video/webm", video)) << "another format than it says";
    EXPECT_TRUE(has_poster("video/mp4", video)) << "and the next one has";
}

TEST_F(Posters, a_video_that_leads_to_another_file_has_none) {
    const std::string video = make_video(".mov", "-c:v mjpeg");
    const std::string other = (directory.path() / "other.mov").string();
    std::ofstream(other, std::ios::binary) << video;
    for (const std::string& path : {other, "/etc/passwd"s, "http://127.0.0.1:9/a.mov"s}) {
        EXPECT_FALSE(has_poster("video/quicktime", with_reference(video, leads_to(path)))) << path;
    }
}

TEST_F(Posters, a_video_that_claims_any_size_has_none) {
    std::string video = make_video(".mov", "-c:v mjpeg");
    const std::string old = "\xff\xc0"s + number(17, 2) + "\x08"s + number(240, 2) + number(320, 2);
    const std::string larger =
        "\xff\xc0"s + number(17, 2) + "\x08"s + number(30'000, 2) + number(30'000, 2);
    std::size_t frames = 0;
    for (std::size_t at = video.find(old); at != std::string::npos; at = video.find(old)) {
        video.replace(at, old.size(), larger);
        ++frames;
    }
    ASSERT_GT(frames, 0U);
    EXPECT_FALSE(has_poster("video/quicktime", video));
}

TEST_F(Posters, playlists_and_lists_are_no_videos) {
    for (const char* media_type :
         {"application/vnd.apple.mpegurl",
          "application/x-mpegurl",
          "audio/x-mpegurl",
          "text/plain",
          "application/octet-stream",
          "video/x-msvideo",
          "image/png",
          ""}) {
        EXPECT_FALSE(posters.can_draw(media_type)) << media_type;
        EXPECT_FALSE(draw(media_type, "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"));
    }
    for (const char* list :
         {"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
          "ffconcat version 1.0\nfile /etc/passwd\n"}) {
        EXPECT_FALSE(has_poster("video/mp4", list)) << "even if it is taken for one";
    }
}

class WithoutFfmpeg : public Posters {
public:
    WithoutFfmpeg() : Posters([](PosterOptions& options) { options.ffmpeg.reset(); }) {}
};

TEST_F(WithoutFfmpeg, videos_have_no_posters_and_pdfs_do) {
    EXPECT_FALSE(posters.can_draw("video/mp4"));
    EXPECT_FALSE(draw("video/mp4", make_video(".mp4", "-c:v mpeg4")));
    EXPECT_TRUE(has_poster(pdf, pdf_page(red_below)));
}

}  // namespace banter::vips

#endif
