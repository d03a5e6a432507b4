// Pictures for tests, made and read again by libvips: in a process of its own for each, which is
// the test program started as `maker_command`. A leak checker can't look into libvips' threads.
#pragma once

#include "storage/vips/child.hpp"
#include "storage/vips/spool.hpp"
#include "storage/vips/testing/packing.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace banter::vips {

/// What is in a picture, without any file: row by row, `bands` bytes each.
struct Plain {
    int width = 0;
    int height = 0;
    int bands = 3;
    std::string values;

    friend bool operator==(const Plain&, const Plain&) = default;
};

/// Some colours that differ everywhere, and are the same every time.
inline Plain pattern(int width, int height, int bands = 3) {
    Plain plain{width, height, bands, {}};
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const int values[] = {x * 255 / width, y * 255 / height, (x ^ y) & 255, 255 - x % 200};
            for (int band = 0; band < bands; ++band) {
                plain.values += static_cast<char>(values[bands == 2 && band == 1 ? 3 : band]);
            }
        }
    }
    return plain;
}

/// What a file says beside its pixels, by libvips' names; numbers as "int:6".
using Words = std::map<std::string, std::string>;

/// A photograph's: a place, a camera, a time, lying on its side.
inline Words taken_somewhere() {
    return {
        {"exif-ifd0-Make", "Kamerawerk (Kamerawerk, ASCII, 11 components, 11 bytes)"},
        {"exif-ifd2-DateTimeOriginal",
         "2026:05:04 03:02:01 (2026:05:04 03:02:01, ASCII, 20 components, 20 bytes)"},
        {"exif-ifd3-GPSLatitudeRef", "N (N, ASCII, 2 components, 2 bytes)"},
        {"exif-ifd3-GPSLatitude",
         "52/1 31/1 123457/10000 (52, 31, 12.3457, Rational, 3 components)"},
        {"exif-ifd3-GPSAreaInformation", "Hinterhof (Hinterhof, ASCII, 10 components, 10 bytes)"},
        {"orientation", "int:6"},
    };
}

/// What libvips reads in a file.
struct ReadAgain {
    /// Of all frames, as they are stored.
    Plain plain;
    int orientation = 0;
    Words words;
};

/// Sends `question` to a maker, and returns what it answers; nothing if it can't.
inline std::optional<std::vector<std::string>> ask_maker(const std::vector<std::string>& question) {
    SpoolFolder folder(std::filesystem::temp_directory_path());
    Spool source(folder);
    const Spool target(folder);
    source.append(packed(question));
    Child maker =
        Child::start({"/proc/self/exe", maker_command}, {source.descriptor(), target.descriptor()});
    if (!maker.wait(std::chrono::minutes(2))) throw std::runtime_error("no picture was made");
    static_cast<void>(maker.finish());
    const auto size = static_cast<std::size_t>(target.size());
    if (size == 0) return std::nullopt;
    return unpacked(target.read(0, size));
}

/// A file by the ending of its name and options of libvips: ".jpg[Q=90]".
inline std::string make_picture(
    const std::string& ending,
    const Plain& plain,
    const Words& words = {}
) {
    std::vector<std::string> question{
        "make",
        ending,
        std::to_string(plain.width),
        std::to_string(plain.height),
        std::to_string(plain.bands),
        plain.values};
    for (const auto& [name, word] : words) {
        question.push_back(name);
        question.push_back(word);
    }
    // Most tests begin with the same few.
    static std::map<std::vector<std::string>, std::string> made;
    const auto known = made.find(question);
    if (known != made.end()) return known->second;
    const auto answer = ask_maker(question);
    if (!answer) throw std::runtime_error("libvips can't make " + ending);
    return made[question] = answer->front();
}

/// Nothing if it can't be decoded as a whole.
inline std::optional<ReadAgain> read_picture(const std::string& file) {
    const auto answer = ask_maker({"read", file});
    if (!answer) return std::nullopt;
    const auto& texts = *answer;
    ReadAgain read;
    read.plain = {std::stoi(texts[0]), std::stoi(texts[1]), std::stoi(texts[2]), texts[3]};
    read.orientation = std::stoi(texts[4]);
    for (std::size_t i = 5; i + 1 < texts.size(); i += 2) read.words[texts[i]] = texts[i + 1];
    return read;
}

}  // namespace banter::vips
