// A place goes, everything else stays; and whatever the bytes are, nothing beyond them is touched.
#include "storage/vips/eraser/location_eraser.hpp"

#include "base/random.hpp"
#include "storage/vips/testing/files.hpp"
#include "storage/vips/testing/picture_maker.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

// ThreadSanitizer can't look into a process that confines itself, and takes ten seconds to open
// libvips.
#if !defined(__SANITIZE_THREAD__)

namespace banter::vips {

namespace {

using namespace std::string_literals;

bool holds(const std::optional<std::string>& file, std::string_view text) {
    return file && file->find(text) != std::string::npos;
}

/// Of every format one, as libvips writes it, taken somewhere.
const std::map<std::string, std::string>& photographs() {
    static const auto made = [] {
        std::map<std::string, std::string> files;
        for (const char* ending : {".jpg", ".png", ".gif", ".webp", ".tif", ".avif", ".heic"}) {
            files[ending] = make_picture(ending, pattern(40, 30), taken_somewhere());
        }
        return files;
    }();
    return made;
}

class LocationEraser : public testing::Test {};

}  // namespace

TEST_F(LocationEraser, photographs_keep_pixels_orientation_and_camera_and_lose_their_place) {
    for (const char* ending : {".jpg", ".webp", ".avif", ".heic"}) {
        SCOPED_TRACE(ending);
        const std::string& file = photographs().at(ending);
        const auto before = read_picture(file);
        ASSERT_TRUE(before);
        ASSERT_TRUE(before->words.contains("exif-ifd3-GPSLatitude")) << "the test needs a place";
        const auto left = erased(file);
        ASSERT_TRUE(left);
        EXPECT_FALSE(holds(left, "Hinterhof"));
        const auto after = read_picture(*left);
        ASSERT_TRUE(after);
        EXPECT_EQ(after->plain, before->plain);
        EXPECT_EQ(after->orientation, before->orientation);
        for (const auto& [name, word] : before->words) {
            if (name.starts_with("exif-ifd3")) {
                EXPECT_FALSE(after->words.contains(name)) << name;
            } else if (name.starts_with("exif-ifd") || name.starts_with("icc")) {
                EXPECT_EQ(after->words.at(name), word) << name;
            }
        }
    }
}

TEST_F(LocationEraser, what_tells_no_place_stays_byte_for_byte) {
    for (const char* ending : {".png", ".gif", ".tif"}) {
        EXPECT_TRUE(erased(photographs().at(ending)) == photographs().at(ending)) << ending;
    }
    for (const auto& [ending, file] : photographs()) {
        const auto once = erased(file);
        ASSERT_TRUE(once);
        EXPECT_TRUE(erased(*once) == once) << "twice changes nothing: " << ending;
    }
}

TEST_F(LocationEraser, what_is_cut_off_anywhere_is_refused) {
    for (const char* ending : {".jpg", ".png", ".gif", ".webp"}) {
        const std::string& file = photographs().at(ending);
        for (std::size_t size = 0; size < file.size(); ++size) {
            ASSERT_FALSE(erased(file.substr(0, size))) << ending << " cut to " << size;
        }
    }
}

TEST_F(LocationEraser, nothing_hides_behind_the_end) {
    for (const char* ending : {".jpg", ".png", ".gif", ".webp", ".avif", ".heic"}) {
        const std::string& file = photographs().at(ending);
        for (const std::string& behind : {"PK\x03\x04 an archive"s, "x"s, box("mpvd", "film")}) {
            EXPECT_TRUE(erased(file + behind) == erased(file)) << ending << behind;
        }
        EXPECT_NE(erased(file + file), file + file) << ending;
    }
}

TEST_F(LocationEraser, whatever_the_bytes_are_it_ends_within_them) {
    constexpr std::uint64_t seed = 20'260'504;
    SeededRandom random(seed);
    for (const auto& [ending, file] : photographs()) {
        for (int round = 0; round < 3'000; ++round) {
            std::string wrong = file.substr(0, 1 + random.below(file.size()));
            for (std::uint64_t change = random.below(6); change > 0; --change) {
                wrong[random.below(wrong.size())] = static_cast<char>(random.below(256));
            }
            const auto left = erased(wrong);
            EXPECT_LE(left ? left->size() : 0, wrong.size());
        }
    }
}

TEST_F(LocationEraser, an_exif_of_either_byte_order_loses_its_directory_of_gps) {
    for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
        const std::string exif = exif_with_place(order);
        const auto left = erased(bare_jpeg(exif_segment(exif)));
        ASSERT_TRUE(left);
        for (const char* gone : {"Hinterhof", "52 degrees"})
            EXPECT_FALSE(holds(left, gone)) << gone;
        const std::string pointer =
            order == ByteOrder::big ? "\x88\x25\x00\x04"s : "\x25\x88\x04\x00"s;
        EXPECT_TRUE(holds(bare_jpeg(exif_segment(exif)), pointer));
        EXPECT_FALSE(holds(left, pointer));
        EXPECT_TRUE(holds(left, "Kamerawerk, Modell Siebzehn"));
        EXPECT_TRUE(holds(left, "name")) << "the entry behind moves up whole";
        EXPECT_EQ(left->size(), bare_jpeg(exif_segment(exif)).size());
    }
}

TEST_F(LocationEraser, a_place_in_a_directory_that_another_leads_to_goes_too) {
    TiffBuilder tiff;
    const std::uint64_t second = tiff.end() + TiffBuilder::size_of(1);
    tiff.directory({{0x8769, 4, 1, little(second, 4)}}, second);
    const std::uint64_t gps = second + TiffBuilder::size_of(1);
    tiff.directory({{0x8825, 4, 1, little(gps, 4)}}, 8);
    tiff.directory({{0x1c, 7, 9, "Hinterhof"}});
    const auto left = erased(tiff.bytes());
    ASSERT_TRUE(left) << "directories that lead in a circle end too";
    EXPECT_FALSE(holds(left, "Hinterhof"));
}

TEST_F(LocationEraser, a_tiff_loses_xmp_iptc_and_photoshops_words) {
    TiffBuilder tiff;
    tiff.directory({
        {0x0100, 3, 1, little(1, 4)},
        {0x02bc, 1, 12, "<xmp>Berlin<"},
        {0x83bb, 7, 11, "iptc Berlin"},
        {0x8649, 7, 8, "8BIM Ber"},
        {0x8769, 4, 1, little(4'000'000'000U, 4)},
        {0x8825, 4, 2, little(4'000'000'000U, 4)},
    });
    const auto left = erased(tiff.bytes());
    ASSERT_TRUE(left) << "what leads nowhere is nothing";
    for (const char* gone : {"Berlin", "8BIM"}) EXPECT_FALSE(holds(left, gone));
    EXPECT_EQ(left->size(), tiff.bytes().size());
    EXPECT_EQ(
        number_at(
            ConstBytes(reinterpret_cast<const std::uint8_t*>(left->data()), 10),
            8,
            2,
            ByteOrder::little
        ),
        2U
    );
}

TEST_F(LocationEraser, of_a_tiff_stays_only_what_says_no_place) {
    TiffBuilder tiff;
    constexpr std::uint64_t values_size = 8 * 12;
    const std::uint64_t second = tiff.end() + TiffBuilder::size_of(10) + values_size;
    tiff.directory({
        {0x0100, 3, 1, little(40, 4)},
        {0x010e, 2, 12, "description "},
        {0x010f, 2, 12, "Kamerawerk, "},
        {0x830e, 12, 1, "pixels 8"},
        {0x8482, 12, 2, "tie points of 16"},
        {0x87b1, 2, 12, "WGS 84 Spree"},
        {0x8769, 4, 1, little(second, 4)},
        {0xa480, 2, 12, "lat=52.5186 "},
        {0xc634, 1, 12, "private data"},
        {0xc68c, 7, 12, "raw original"},
    });
    ASSERT_EQ(tiff.end(), second);
    tiff.directory({
        {0x829a, 5, 1, "exposure"},
        {0x927c, 7, 12, "camera notes"},
        {0x9286, 7, 12, "user comment"},
        {0x9c9e, 1, 12, "keywords, XP"},
    });
    const auto left = erased(tiff.bytes());
    ASSERT_TRUE(left);
    for (const char* kept : {"Kamerawerk", "exposure"}) EXPECT_TRUE(holds(left, kept)) << kept;
    for (const char* gone :
         {"description",
          "pixels",
          "tie points",
          "WGS",
          "lat=",
          "private",
          "original",
          "camera",
          "user",
          "keywords"}) {
        EXPECT_TRUE(holds(tiff.bytes(), gone)) << gone;
        EXPECT_FALSE(holds(left, gone)) << gone;
    }
}

TEST_F(LocationEraser, a_directory_of_gps_under_a_wrong_name_says_no_latitude) {
    TiffBuilder tiff;
    const std::uint64_t second = tiff.end() + TiffBuilder::size_of(1);
    tiff.directory({{0xa005, 4, 1, little(second, 4)}});
    tiff.directory({
        {1, 2, 4, "R98\0"s},
        {2, 5, 3, "52 degrees, 31 minutes.."},
        {4, 5, 3, "13 degrees, 22 minutes.."},
    });
    const auto left = erased(tiff.bytes());
    ASSERT_TRUE(left);
    EXPECT_TRUE(holds(left, "R98"));
    EXPECT_FALSE(holds(left, "degrees"));
}

TEST_F(LocationEraser, directories_without_end_are_refused) {
    // Each of very many leads into the same bytes, one further, which read as very many entries.
    constexpr std::uint64_t count = 20'000;
    TiffBuilder tiff;
    std::string places;
    const std::uint64_t bytes = tiff.end() + TiffBuilder::size_of(1) + 4 * count;
    for (std::uint64_t i = 0; i < count; ++i) places += little(bytes + i, 4);
    tiff.directory({{0x014a, 4, count, places}});
    EXPECT_TRUE(erased(tiff.bytes()));
    // Each of 257 entries that stay.
    EXPECT_FALSE(erased(tiff.bytes() + std::string(200'000, '\1')));
    EXPECT_FALSE(erased("II*\0"s + little(4'000, 4)));
    EXPECT_FALSE(erased("II*\0"s));
}

TEST_F(LocationEraser, an_exif_that_cannot_be_read_goes_as_a_whole) {
    for (const auto& exif : {"garbage that names Berlin"s, "II*\0\xff\xff\xff\xff Berlin"s, ""s}) {
        const auto left = erased(bare_jpeg(exif_segment(exif)));
        ASSERT_TRUE(left);
        EXPECT_EQ(*left, bare_jpeg(""));
    }
}

TEST_F(LocationEraser, a_jpeg_keeps_of_its_applications_only_what_shows_it) {
    const std::string kept = jpeg_segment(0xe0, "JFIF\0\x01\x01\0\0\x01\0\x01\0\0"s) +
                             jpeg_segment(0xe2, "ICC_PROFILE\0\x01\x01 colours"s) +
                             jpeg_segment(0xee, "Adobe\0d\0\0\0\0\x01"s) +
                             jpeg_segment(0xdb, "tables");
    const std::string gone =
        jpeg_segment(0xe1, "http://ns.adobe.com/xap/1.0/\0<Berlin/>"s) +
        jpeg_segment(0xe1, "http://ns.adobe.com/xmp/extension/\0<Berlin/>"s) +
        jpeg_segment(0xe2, "MPF\0Berlin"s) + jpeg_segment(0xe6, "GoPro\0Berlin"s) +
        jpeg_segment(0xeb, "JP\0\x01 signed: Berlin"s) +
        jpeg_segment(0xed, "Photoshop 3.0\0Berlin"s) + jpeg_segment(0xfe, "a comment on Berlin");
    EXPECT_EQ(erased(bare_jpeg(gone + kept + gone)), bare_jpeg(kept));
}

TEST_F(LocationEraser, a_place_between_two_scans_goes) {
    const std::string scan = jpeg_segment(0xda, "\x01\x01\x00\x00\x3f\x00"s) + "\x12\xff\x00\x34"s;
    const std::string two = "\xff\xd8" + scan + exif_segment(exif_with_place()) +
                            jpeg_segment(0xe1, "http://ns.adobe.com/xap/1.0/\0Berlin"s) + scan +
                            "\xff\xd9";
    const auto left = erased(two);
    ASSERT_TRUE(left);
    EXPECT_FALSE(holds(left, "Hinterhof"));
    EXPECT_FALSE(holds(left, "Berlin"));
    EXPECT_TRUE(holds(left, "Kamerawerk"));
}

TEST_F(LocationEraser, what_stands_between_segments_goes_and_what_breaks_them_is_refused) {
    EXPECT_EQ(
        erased(bare_jpeg(jpeg_segment(0xdb, "x") + "Berlin\xff\xff\xff")),
        bare_jpeg(jpeg_segment(0xdb, "x"))
    );
    EXPECT_FALSE(erased(bare_jpeg("\xff\xe1\x00\x01"s)));
    EXPECT_FALSE(erased("\xff\xd8\xff\xe1\xff\xff"s));
    EXPECT_FALSE(erased(bare_jpeg("\xff\xd8"s))) << "a picture in a picture";
}

TEST_F(LocationEraser, a_png_loses_profiles_of_other_formats_and_the_place_in_its_exif) {
    const std::string& png = photographs().at(".png");
    const std::string kept =
        png_chunk("tEXt", "Author\0me"s) + png_chunk("iTXt", "Title\0\0\0\0\0a cat"s) +
        png_chunk("zTXt", "Creation Time\0\0x"s) + png_chunk("gAMA", "\0\0\xb1\x8f"s);
    const std::string gone =
        png_chunk("iTXt", "XML:com.adobe.xmp\0\0\0\0\0<Berlin/>"s) +
        png_chunk("zTXt", "Raw profile type exif\0\0Berlin"s) +
        png_chunk("tEXt", "exif:GPSLatitude\0Berlin"s) + png_chunk("tEXt", "Location\0Berlin"s) +
        png_chunk("tEXt", "Comment\0Lat 52.5186"s) + png_chunk("tEXt", "Latitude\0Berlin"s) +
        png_chunk("zTXt", "Description\0\0Berlin"s) + png_chunk("tEXt", "Title of Berlin\0"s) +
        png_chunk("eXIf", "Berlin, unreadable") + png_chunk("caBX", "Berlin");
    EXPECT_EQ(erased(with_png_chunks(png, gone + kept + gone)), with_png_chunks(png, kept));

    const auto left = erased(with_png_chunks(png, png_chunk("eXIf", exif_with_place())));
    ASSERT_TRUE(left);
    EXPECT_FALSE(holds(left, "Hinterhof"));
    EXPECT_TRUE(holds(left, "Kamerawerk"));
    const std::size_t at = left->find("eXIf") + 4;
    const std::string exif = left->substr(at, exif_with_place().size());
    EXPECT_TRUE(holds(left, png_chunk("eXIf", exif))) << "the check sum is that of what is left";
    EXPECT_EQ(read_picture(*left)->plain, read_picture(png)->plain);
}

TEST_F(LocationEraser, a_png_that_moves_is_known) {
    std::string png = with_png_chunks(photographs().at(".png"), png_chunk("acTL", number(2, 8)));
    const Bytes bytes(reinterpret_cast<std::uint8_t*>(png.data()), png.size());
    EXPECT_TRUE(erase_location(bytes, FileFormat::png)->animated);
    png = photographs().at(".png");
    const Bytes still(reinterpret_cast<std::uint8_t*>(png.data()), png.size());
    EXPECT_FALSE(erase_location(still, FileFormat::png)->animated);
}

TEST_F(LocationEraser, a_png_that_moves_has_no_more_frames_than_may_be_shown) {
    // Of 40 x 30, as the picture.
    const auto frames = [](std::uint64_t count, std::uint64_t width, std::uint64_t height) {
        std::string chunks = png_chunk("acTL", number(count, 4) + number(0, 4));
        const std::string frame = png_chunk(
            "fcTL", number(0, 4) + number(width, 4) + number(height, 4) + "places, time."
        );
        for (std::uint64_t i = 0; i < count; ++i) chunks += frame;
        return chunks;
    };
    const std::string& png = photographs().at(".png");
    constexpr std::uint64_t most = frames_pixels_max / (40 * 30);
    EXPECT_TRUE(erased(with_png_chunks(png, frames(2, 40, 30))));
    EXPECT_TRUE(erased(with_png_chunks(png, frames(most, 40, 30))));
    EXPECT_FALSE(erased(with_png_chunks(png, frames(most + 1, 40, 30))));
    EXPECT_FALSE(erased(with_png_chunks(png, frames(1, 41, 30)))) << "no frame of this picture";
    EXPECT_FALSE(erased(with_png_chunks(png, frames(1, 0xffffffff, 0xffffffff))));
    EXPECT_FALSE(erased(with_png_chunks(png, png_chunk("fcTL", ""))));
}

TEST_F(LocationEraser, a_webp_says_what_it_still_holds) {
    const std::string picture = riff_chunk("VP8L", "a picture");
    const auto file = [&](char flags, const std::string& more) {
        return webp(riff_chunk("VP8X", flags + std::string(9, '\0')) + picture + more);
    };
    const std::string xmp = riff_chunk("XMP ", "<Berlin/>") + riff_chunk("MINE", "Berlin");
    EXPECT_EQ(erased(file('\x3c', xmp)), file('\x30', ""));
    const auto left = erased(file('\x3c', riff_chunk("EXIF", exif_with_place()) + xmp));
    ASSERT_TRUE(left);
    EXPECT_FALSE(holds(left, "Hinterhof"));
    EXPECT_EQ(
        *left,
        file(
            '\x38',
            riff_chunk("EXIF", left->substr(left->find("EXIF") + 8, exif_with_place().size()))
        )
    );
    EXPECT_EQ(erased(file('\x0c', riff_chunk("EXIF", "Berlin"))), file('\x00', ""));
    EXPECT_FALSE(erased(webp("VP8L\xff\xff\xff\xff"s)));
}

TEST_F(LocationEraser, a_gif_keeps_its_rhythm_and_loses_what_applications_say) {
    const std::string& gif = photographs().at(".gif");
    const std::size_t front = 13 + (std::size_t{3} << ((gif[10] & 7) + 1));
    const std::string kept =
        "\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"s + "\x21\xf9\x04\0\x0a\0\0\0"s;
    // Wherever in XMP a reader of sub-blocks comes to, the bytes behind it lead it to its end.
    std::string ladder = "\x01";
    for (int step = 255; step >= 0; --step) ladder += static_cast<char>(step);
    const std::string gone = "\x21\xff\x0bXMP DataXMP<Berlin/>"s + ladder + "\0"s +
                             "\x21\xff\x0bMYMAPS12345\x06" + "Berlin\0"s + "\x21\xfe\x06" +
                             "Berlin\0"s + "\x21\x01\x0cplace, sizes\x06" + "Berlin\0"s;
    const auto with = [&](const std::string& more) { return std::string(gif).insert(front, more); };
    ASSERT_TRUE(gif[10] & '\x80') << "the test needs a table of colours";
    const auto left = erased(with(kept + gone));
    EXPECT_TRUE(left == with(kept));
}

TEST_F(LocationEraser, a_heic_is_blanked_in_place) {
    const std::string& heic = photographs().at(".heic");
    const std::string front = heic.substr(
        0, number_at(ConstBytes(reinterpret_cast<const std::uint8_t*>(heic.data()), 4), 0, 4)
    );
    EXPECT_EQ(erased(heic + box("uuid", "Berlin")), erased(heic));
    EXPECT_FALSE(erased(front)) << "there is no picture";
    EXPECT_FALSE(erased(heic + full_box("meta", ""))) << "two that may mean different pictures";
    EXPECT_FALSE(erased(heic.substr(0, heic.size() - 1)));
}

TEST_F(LocationEraser, a_heic_that_moves_has_no_more_frames_than_may_be_shown) {
    const auto track = [](std::uint64_t count, std::uint64_t side, const std::string& handler) {
        const std::string entry =
            box("av01", std::string(24, '\0') + number(side, 2) + number(side, 2) + "and more");
        const std::string kinds = full_box("stsd", number(1, 4) + entry);
        const std::string sizes = full_box("stsz", number(0, 4) + number(count, 4));
        const std::string media =
            full_box("hdlr", number(0, 4) + handler) + box("minf", box("stbl", kinds + sizes));
        return box("trak", box("mdia", media));
    };
    const std::string& heic = photographs().at(".heic");
    constexpr std::uint64_t most = frames_pixels_max / 1'000'000;
    EXPECT_TRUE(erased(heic + box("moov", track(most, 1'000, "pict"))));
    EXPECT_FALSE(erased(heic + box("moov", track(most + 1, 1'000, "pict"))));
    EXPECT_FALSE(erased(heic + box("moov", track(most, 1'000, "pict") + track(1, 1'000, "auxv"))))
        << "all together";
    EXPECT_TRUE(erased(heic + box("moov", track(most + 1, 1'000, "soun"))));
    EXPECT_FALSE(erased(heic + box("moov", track(0xffffffff, 0xffff, "vide"))));
    EXPECT_FALSE(erased(heic + box("moov", box("trak", "")))) << "it doesn't say";
}

TEST_F(LocationEraser, items_of_a_heic_that_lie_out_of_reach_are_refused) {
    const auto file = [](const std::string& infe_type, const std::string& iloc) {
        const std::string info =
            "\0\0"s + "\0\x01"s + box("infe", "\x02\0\0\0\0\x07\0\0"s + infe_type + "\0"s);
        return box("ftyp", "heic\0\0\0\0"s) +
               full_box("meta", full_box("iinf", info.substr(2)) + box("iloc", iloc)) +
               box("mdat", "Berlin, 52 degrees");
    };
    const auto place = [](int method, std::uint64_t offset, std::uint64_t size) {
        return "\x01\0\0\0\x44\0\0\x01\0\x07\0"s + static_cast<char>(method) + "\0\0\0\x01"s +
               number(offset, 4) + number(size, 4);
    };
    const auto at = file("mime", place(0, 0, 0)).find("Berlin");
    EXPECT_FALSE(holds(erased(file("mime", place(0, at, 6))), "Berlin"));
    EXPECT_TRUE(holds(erased(file("mime", place(0, at, 6))), ", 52 degrees"));
    EXPECT_FALSE(holds(erased(file("Exif", place(0, at, 6))), "Berlin")) << "unreadable";
    EXPECT_TRUE(holds(erased(file("hvc1", place(0, at, 6))), "Berlin")) << "a picture";
    EXPECT_FALSE(erased(file("mime", place(2, at, 6)))) << "within another item";
    EXPECT_FALSE(erased(file("mime", place(0, at, 6).substr(0, 12))));
    EXPECT_TRUE(erased(file("mime", place(0, 4'000'000'000U, 4'000'000'000U))));
    // Very many extents that take no room.
    EXPECT_FALSE(erased(file("mime", "\0\0\0\0\0\0\0\x01\0\x07\0\0\xff\xff"s)));
}

TEST_F(LocationEraser, other_formats_are_none) {
    for (const auto& file :
         {""s,
          "BM\x36\0\0\0"s,
          "<svg xmlns='http://www.w3.org/2000/svg'/>"s,
          "%PDF-1.7"s,
          "v/1\x01"s,
          "\0\0\1\0"s,
          "MM\0+\0\x08\0\0"s,
          "x\xff\xd8\xff"s,
          box("ftyp", "isom")}) {
        EXPECT_FALSE(format_of({reinterpret_cast<const std::uint8_t*>(file.data()), file.size()}));
    }
}

}  // namespace banter::vips

#endif
