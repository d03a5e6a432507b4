// Videos for tests, made by ffmpeg.
#pragma once

#include "storage/testing/temporary_directory.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace banter::vips {

/// ending   of the file's name, which tells the format: ".mp4"
/// options  of ffmpeg, between what comes in and what goes out
/// source   a filter of ffmpeg that makes pictures
inline std::string make_video(
    const std::string& ending,
    const std::string& options,
    const std::string& source = "color=red:size=320x240:rate=10:duration=2"
) {
    const storage::TemporaryDirectory directory;
    const std::string path = (directory.path() / ("video" + ending)).string();
    const std::string command = "ffmpeg -nostdin -loglevel error -f lavfi -i '" + source + "' " +
                                options + " " + path + " </dev/null";
    // NOLINTNEXTLINE(concurrency-mt-unsafe): tests have one thread that starts programs.
    if (std::system(command.c_str()) != 0) throw std::runtime_error("ffmpeg can't " + command);
    std::ifstream file(path, std::ios::binary);
    std::stringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

}  // namespace banter::vips
