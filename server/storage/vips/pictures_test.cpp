// Real pictures, looked into by real children; and hostile ones.
#include "storage/vips/pictures.hpp"

#include "base/encoding.hpp"
#include "model/limits.hpp"
#include "storage/testing/run_task.hpp"
#include "storage/testing/temporary_directory.hpp"
#include "storage/vips/spool.hpp"
#include "storage/vips/testing/files.hpp"
#include "storage/vips/testing/picture_maker.hpp"
#include "storage/vips/thumbhash.hpp"
#include "storage/vips/worker.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

// ThreadSanitizer can't look into a process that confines itself, and takes ten seconds to open
// libvips.
#if !defined(__SANITIZE_THREAD__)

namespace banter::vips {

namespace {

using namespace std::string_literals;
using storage::IncomingPicture;
using storage::Picture;
using storage::PictureFormat;

constexpr std::array endings{".jpg", ".png", ".gif", ".webp", ".tif", ".avif", ".heic"};

class Pictures : public testing::Test {
public:
    explicit Pictures(WorkerOptions options = patient())
        : pictures({directory.path() / "spool", std::move(options), {}}, offload) {}

    /// Children that have all the time they want: no test is about how fast the machine is.
    static WorkerOptions patient() {
        WorkerOptions options = default_workers();
        options.limits.cpu_seconds = 600;
        options.wall_time = std::chrono::minutes(10);
        return options;
    }

    template <typename T>
    T run(Task<T> task) {
        return storage::run_task(loop, std::move(task));
    }
    void run(Task<> task) { storage::run_task(loop, std::move(task)); }

    std::unique_ptr<IncomingPicture> receive(const std::string& file) {
        auto picture = run(pictures.receive());
        EXPECT_TRUE(picture);
        constexpr std::size_t piece = 10'000;
        for (std::size_t at = 0; at < file.size(); at += piece) {
            run(picture->append(std::string_view(file).substr(at, piece)));
        }
        return picture;
    }
    Result<Picture> inspect(const std::string& file) { return run(receive(file)->inspect()); }
    bool is_bad(const std::string& file) {
        const auto looked = inspect(file);
        return !looked && looked.error().code == Errc::bad_image;
    }
    std::string read(IncomingPicture& picture) {
        std::string all;
        for (;;) {
            const std::string chunk = run(picture.next());
            EXPECT_LE(chunk.size(), std::size_t{128 * 1024});
            if (chunk.empty()) return all;
            all += chunk;
        }
    }
    /// A smaller copy, as it is stored.
    std::string render(IncomingPicture& picture, PictureFormat format, std::uint32_t width) {
        const auto made = run(picture.render({format, width}));
        EXPECT_TRUE(made);
        std::string bytes = read(picture);
        EXPECT_EQ(bytes.size(), made->bytes);
        return bytes;
    }

    storage::TemporaryDirectory directory;
    asio::io_context loop{1};
    Offload offload{2, 100};
    VipsPictures pictures;
};

/// Of what is at most thumbhash_side_max high and wide.
std::string hash_of(const Plain& plain) {
    std::vector<std::uint8_t> rgba;
    for (std::size_t at = 0; at < plain.values.size();
         at += static_cast<std::size_t>(plain.bands)) {
        for (std::size_t band = 0; band < 3; ++band) {
            rgba.push_back(static_cast<std::uint8_t>(plain.values[at + band]));
        }
        rgba.push_back(plain.bands == 4 ? static_cast<std::uint8_t>(plain.values[at + 3]) : 255);
    }
    return base64(thumbhash(
        {static_cast<std::uint32_t>(plain.width), static_cast<std::uint32_t>(plain.height), rgba}
    ));
}

std::uint8_t value_at(const Plain& plain, int x, int y, int band) {
    const int at = (y * plain.width + x) * plain.bands + band;
    return static_cast<std::uint8_t>(plain.values.at(static_cast<std::size_t>(at)));
}

Plain filled(int width, int height, std::string_view pixel) {
    Plain plain{width, height, static_cast<int>(pixel.size()), {}};
    for (int i = 0; i < width * height; ++i) plain.values += pixel;
    return plain;
}

/// A PNG that claims any size, with a few bytes of picture.
std::string png_of_size(std::uint64_t width, std::uint64_t height) {
    return "\x89PNG\r\n\x1a\n" +
           png_chunk("IHDR", number(width, 4) + number(height, 4) + "\x08\0\0\0\0"s) +
           png_chunk("IDAT", "\x78\x9c\x63\x60\0\0\0\x02\0\x01"s) + png_chunk("IEND", "");
}

/// A GIF that claims `frames` frames of any size, with a pixel for each.
std::string gif_of_frames(std::uint64_t side, int frames) {
    const std::string size = little(side, 2) + little(side, 2);
    std::string gif = "GIF89a" + size + "\x80\0\0\0\0\0\xff\xff\xff"s;
    for (int i = 0; i < frames; ++i) {
        gif += "\x21\xf9\x04\0\x0a\0\0\0\x2c\0\0\0\0"s + size + "\0\x02\x02\x44\x01\0"s;
    }
    return gif + ";";
}

}  // namespace

TEST_F(Pictures, every_format_is_known_by_what_it_holds) {
    const std::array names{
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "image/tiff",
        "image/avif",
        "image/heic"};
    for (std::size_t i = 0; i < endings.size(); ++i) {
        SCOPED_TRACE(endings[i]);
        const std::string file = make_picture(endings[i], pattern(64, 48));
        const auto picture = receive(file);
        const auto looked = run(picture->inspect());
        ASSERT_TRUE(looked);
        EXPECT_EQ(looked->media_type, names[i]);
        EXPECT_EQ(looked->width, 64U);
        EXPECT_EQ(looked->height, 48U);
        EXPECT_FALSE(looked->animated);
        EXPECT_FALSE(looked->thumbhash.empty());
        EXPECT_TRUE(read(*picture) == erased(file)) << "the clean copy";
        EXPECT_EQ(run(picture->next()), "") << "the end stays the end";
    }
}

TEST_F(Pictures, the_placeholder_is_that_of_the_pixels) {
    for (const int bands : {3, 4}) {
        for (const char* ending : {".png", ".tif", ".webp[lossless]"}) {
            const Plain plain = pattern(90, 50, bands);
            EXPECT_EQ(inspect(make_picture(ending, plain))->thumbhash, hash_of(plain)) << ending;
        }
    }
}

TEST_F(Pictures, grey_coloured_by_table_deep_and_for_print_they_are_pictures_too) {
    EXPECT_TRUE(inspect(make_picture(".jpg", pattern(50, 40, 1))));
    EXPECT_TRUE(inspect(make_picture(".png", pattern(50, 40, 2))));
    EXPECT_TRUE(inspect(make_picture(".png[palette]", pattern(50, 40))));
    EXPECT_TRUE(inspect(make_picture(".png[bitdepth=1]", pattern(50, 40, 1))));
    EXPECT_TRUE(inspect(make_picture(".png[interlace]", pattern(50, 40, 4))));
    EXPECT_TRUE(inspect(make_picture(".jpg[interlace]", pattern(50, 40))));
    EXPECT_TRUE(inspect(make_picture(".tif[compression=lzw]", pattern(50, 40))));
    EXPECT_TRUE(inspect(make_picture(".jpg", pattern(50, 40, 4))))
        << "cyan, magenta, yellow, black";
}

TEST_F(Pictures, width_and_height_are_those_of_the_picture_held_upright) {
    for (int orientation = 1; orientation <= 8; ++orientation) {
        const Words turned{{"orientation", "int:" + std::to_string(orientation)}};
        const auto looked = inspect(make_picture(".jpg", pattern(60, 40), turned));
        ASSERT_TRUE(looked) << orientation;
        EXPECT_EQ(looked->width, orientation < 5 ? 60U : 40U) << orientation;
        EXPECT_EQ(looked->height, orientation < 5 ? 40U : 60U) << orientation;
    }
    for (const char* ending : {".jpg", ".webp", ".tif"}) {
        const auto picture =
            receive(make_picture(ending, pattern(60, 40), {{"orientation", "int:8"}}));
        const auto looked = run(picture->inspect());
        ASSERT_TRUE(looked) << ending;
        EXPECT_EQ(looked->width, 40U) << ending;
        EXPECT_EQ(read_picture(read(*picture))->orientation, 8) << "of the clean copy";
    }
}

TEST_F(Pictures, a_rendering_stands_upright) {
    // Red grows to the right; turned clockwise (6) it grows downwards.
    const auto picture = receive(make_picture(".jpg", pattern(80, 80), {{"orientation", "int:6"}}));
    const auto shown = read_picture(render(*picture, PictureFormat::webp, 80));
    ASSERT_TRUE(shown);
    EXPECT_EQ(shown->orientation, 1);
    EXPECT_LT(value_at(shown->plain, 40, 5, 0) + 100, value_at(shown->plain, 40, 75, 0));
    EXPECT_NEAR(value_at(shown->plain, 5, 40, 0), value_at(shown->plain, 75, 40, 0), 40);
}

TEST_F(Pictures, renderings_have_their_width_and_never_more_than_the_picture) {
    const auto picture = receive(make_picture(".jpg[Q=95]", pattern(400, 200), taken_somewhere()));
    ASSERT_TRUE(run(picture->inspect()));
    for (const auto format : {PictureFormat::webp, PictureFormat::avif}) {
        for (const std::uint32_t width : {1U, 50U, 200U, 5'000U}) {
            const auto made = run(picture->render({format, width}));
            ASSERT_TRUE(made);
            EXPECT_EQ(made->width, std::min(width, 200U)) << "it is shown upright, 200 x 400";
            EXPECT_EQ(made->height, std::min(width * 2, 400U));
            const std::string bytes = read(*picture);
            EXPECT_EQ(bytes.size(), made->bytes);
            const auto shown = read_picture(bytes);
            ASSERT_TRUE(shown);
            EXPECT_EQ(shown->plain.width, static_cast<int>(made->width));
            EXPECT_EQ(shown->plain.height, static_cast<int>(made->height));
        }
    }
    EXPECT_TRUE(run(picture->inspect())) << "it can be looked into again";
}

TEST_F(Pictures, a_rendering_says_nothing_of_where_or_by_what_it_was_taken) {
    for (const char* ending : {".jpg", ".webp", ".heic"}) {
        const auto picture = receive(make_picture(ending, pattern(100, 100), taken_somewhere()));
        for (const auto format : {PictureFormat::webp, PictureFormat::avif}) {
            const std::string bytes = render(*picture, format, 60);
            EXPECT_EQ(bytes.find("Kamerawerk"), std::string::npos);
            const auto shown = read_picture(bytes);
            ASSERT_TRUE(shown);
            for (const auto& [name, word] : shown->words) {
                EXPECT_FALSE(name.starts_with("exif") || name.starts_with("xmp")) << name;
            }
        }
    }
}

TEST_F(Pictures, a_rendering_keeps_what_shines_through) {
    const auto picture = receive(make_picture(".png", filled(60, 60, "\x20\xc0\x40\x80")));
    for (const auto format : {PictureFormat::webp, PictureFormat::avif}) {
        const auto shown = read_picture(render(*picture, format, 30));
        ASSERT_TRUE(shown);
        ASSERT_EQ(shown->plain.bands, 4);
        EXPECT_NEAR(value_at(shown->plain, 15, 15, 3), 0x80, 3);
        EXPECT_NEAR(value_at(shown->plain, 15, 15, 1), 0xc0, 8);
    }
}

TEST_F(Pictures, colours_of_another_profile_become_those_of_every_screen) {
    // Display P3 (200, 60, 60) is sRGB (216, 47, 54).
    const auto picture = receive(make_picture(".png[profile=p3]", filled(60, 60, "\xc8\x3c\x3c")));
    const auto shown = read_picture(render(*picture, PictureFormat::webp, 60));
    ASSERT_TRUE(shown);
    EXPECT_NEAR(value_at(shown->plain, 30, 30, 0), 216, 6);
    EXPECT_NEAR(value_at(shown->plain, 30, 30, 1), 47, 8);
    EXPECT_FALSE(shown->words.contains("icc-profile-data"));
}

TEST_F(Pictures, what_moves_is_known) {
    const Words frames{{"page-height", "int:20"}};
    for (const char* ending : {".gif", ".webp"}) {
        const auto looked = inspect(make_picture(ending, pattern(30, 100), frames));
        ASSERT_TRUE(looked) << ending;
        EXPECT_TRUE(looked->animated);
        EXPECT_EQ(looked->width, 30U);
        EXPECT_EQ(looked->height, 20U);
    }
    const std::string png = make_picture(".png", pattern(30, 20));
    const std::string moving = png_chunk("acTL", number(2, 4) + number(0, 4));
    EXPECT_TRUE(inspect(with_png_chunks(png, moving))->animated);
    EXPECT_TRUE(inspect(gif_of_frames(1, 200))->animated);
}

TEST_F(Pictures, the_first_page_of_a_tiff_is_the_picture) {
    const auto looked =
        inspect(make_picture(".tif", pattern(30, 100), {{"page-height", "int:20"}}));
    ASSERT_TRUE(looked);
    EXPECT_FALSE(looked->animated);
    EXPECT_EQ(looked->height, 20U);
}

TEST_F(Pictures, what_is_cut_off_is_none) {
    for (const char* ending : endings) {
        const std::string file = make_picture(ending, pattern(300, 200));
        for (const std::size_t size : {file.size() - 1, file.size() / 2, std::size_t{20}}) {
            // Of a TIFF the directory may come first, and nothing says where the rest ends.
            if (ending == ".tif"s && size == file.size() - 1) continue;
            EXPECT_TRUE(is_bad(file.substr(0, size))) << ending << " cut to " << size;
        }
    }
}

TEST_F(Pictures, what_is_damaged_within_is_none) {
    std::string png = make_picture(".png", pattern(300, 200));
    png[png.size() / 2] = static_cast<char>(png[png.size() / 2] + 1);
    EXPECT_TRUE(is_bad(png)) << "its check sum is wrong";
    std::string webp = make_picture(".webp", pattern(300, 200));
    std::fill(webp.begin() + 40, webp.end(), '\xff');
    EXPECT_TRUE(is_bad(webp));
}

TEST_F(Pictures, what_is_no_picture_is_none) {
    for (const auto& file :
         {""s,
          "x"s,
          std::string(100'000, '\0'),
          std::string(1'000, '\xff'),
          "hello, world"s,
          "<html><script>alert(1)</script></html>"s,
          "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"s,
          "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>"s,
          "%PDF-1.4\n%%EOF\n"s,
          "P6\n1 1\n255\nabc"s,
          "push graphic-context\nviewbox 0 0 1 1\nimage 'https://x'"s,
          "BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"s,
          "PK\x03\x04"s,
          "\x7f"
          "ELF\x02\x01\x01"s,
          "\x76\x2f\x31\x01\x02\0\0\0"s,
          "#?RADIANCE\n"s,
          "GIF89a/*"s,
          "\xff\xd8\xff"s,
          "\x89PNG\r\n\x1a\n"s,
          "RIFF\x04\0\0\0WEBP"s,
          "II*\0\x08\0\0\0\0\0"s,
          box("ftyp", "heic") + full_box("meta", ""),
          box("ftyp", "isom") + box("mdat", "film")}) {
        EXPECT_TRUE(is_bad(file)) << file.substr(0, 40);
    }
}

TEST_F(Pictures, what_hides_behind_a_picture_is_not_kept) {
    for (const char* ending : {".jpg", ".png", ".gif", ".webp", ".avif", ".heic"}) {
        const std::string file = make_picture(ending, pattern(64, 48));
        const auto picture = receive(file + box("mpvd", "PK\x03\x04 an archive, a film"));
        ASSERT_TRUE(run(picture->inspect())) << ending;
        EXPECT_TRUE(read(*picture) == erased(file)) << ending;
    }
}

TEST_F(Pictures, the_clean_copy_of_a_photograph_has_its_pixels_and_no_place) {
    for (const char* ending : {".jpg", ".webp", ".avif", ".heic"}) {
        const std::string file = make_picture(ending, pattern(64, 48), taken_somewhere());
        const auto picture = receive(file);
        ASSERT_TRUE(run(picture->inspect())) << ending;
        const auto clean = read_picture(read(*picture));
        ASSERT_TRUE(clean);
        EXPECT_EQ(clean->plain, read_picture(file)->plain);
        EXPECT_TRUE(clean->words.contains("exif-ifd0-Make"));
        EXPECT_FALSE(clean->words.contains("exif-ifd3-GPSLatitude"));
    }
}

TEST_F(Pictures, what_claims_too_many_pixels_is_refused_before_it_is_decoded) {
    EXPECT_TRUE(is_bad(png_of_size(50'000, 50'000)));
    EXPECT_TRUE(is_bad(png_of_size(2'000'000'000, 2'000'000'000)));
    EXPECT_TRUE(is_bad(png_of_size(0, 0)));
    EXPECT_TRUE(is_bad(gif_of_frames(65'535, 1)));
    EXPECT_TRUE(is_bad(gif_of_frames(5'000, 21))) << "each frame is drawn on the whole screen";
    std::string jpeg = make_picture(".jpg", pattern(64, 48));
    jpeg.replace(jpeg.find("\xff\xc0") + 5, 4, "\xff\xdc\xff\xdc");
    EXPECT_TRUE(is_bad(jpeg));
}

TEST_F(Pictures, what_is_longer_than_a_picture_may_be_is_none_and_takes_no_more_room) {
    const auto picture = receive(make_picture(".jpg", pattern(64, 48)));
    const std::string much(std::size_t{1024} * 1024, 'x');
    for (std::uint64_t sent = 0; sent <= model::limits::picture_bytes_max; sent += much.size()) {
        run(picture->append(much));
    }
    EXPECT_EQ(run(picture->inspect()).error().code, Errc::bad_image);
    EXPECT_EQ(run(picture->render({PictureFormat::webp, 10})).error().code, Errc::bad_image);
}

TEST_F(Pictures, a_full_disk_is_said) {
    Workers workers(patient(), offload);
    SpoolFolder folder(directory.path());
    Spool file(folder);
    file.append(make_picture(".jpg", pattern(64, 48)));
    const Descriptor source = file.open_to_read();
    const Descriptor full(::open("/dev/full", O_RDWR | O_CLOEXEC));
    const Job job{.work = Work::inspect};
    const auto answer = run(workers.run(job, {*source, *full}));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->verdict, Verdict::no_space);
}

TEST_F(Pictures, nothing_has_a_name_on_disk) {
    const auto picture = receive(make_picture(".jpg", pattern(64, 48)));
    ASSERT_TRUE(run(picture->inspect()));
    EXPECT_TRUE(std::filesystem::is_empty(directory.path() / "spool"));
}

namespace {

/// Children with little memory.
class PoorPictures : public Pictures {
public:
    PoorPictures() : Pictures(poor()) {}

    static WorkerOptions poor() {
        WorkerOptions options = patient();
        options.limits.memory_bytes = std::uint64_t{24} * 1024 * 1024;
        return options;
    }
};

}  // namespace

TEST_F(PoorPictures, what_needs_more_memory_than_there_is_is_none) {
    // Interlaced: all of it has to be there at once.
    const std::string large = make_picture(".png[interlace]", pattern(3'000, 3'000));
    EXPECT_TRUE(is_bad(large));
    EXPECT_TRUE(inspect(make_picture(".png", pattern(64, 48)))) << "the next child is well";
}

}  // namespace banter::vips

#endif
