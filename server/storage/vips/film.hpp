// Takes a picture out of a video with the program ffmpeg, which runs in place of a child of ours.
//
// What ffmpeg can do for a video that has taken it over: read the video and the system's libraries,
// write up to limits::picture_bytes_max of what is then looked into as any stranger's picture, and
// compute until its limits. What a video may name (another file, an address, a playlist) it can't
// reach: it is told the format, may open files alone, and finds none; sockets kill it.
#pragma once

#include "storage/vips/job.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace banter::vips {

/// First argument of our own program for it to become ffmpeg. Nobody but the server uses it.
inline constexpr const char* film_command = "film-worker";

/// ffmpeg opens a hundred libraries, and a video in 4K holds sixteen frames of 24 MiB at a time.
inline constexpr WorkerLimits film_limits{
    .cpu_seconds = 10,
    .memory_bytes = std::uint64_t{1536} * 1024 * 1024};

struct FilmJob {
    /// ffmpeg, an absolute path.
    std::string program;
    /// Of ffmpeg's demuxers, as film_format_of() says.
    std::string format;
    /// Into the video.
    std::uint64_t second = 0;
    WorkerLimits limits = film_limits;
};

/// How ffmpeg calls the format of such a video. Empty: no picture is taken out of such files.
[[nodiscard]] std::string_view film_format_of(std::string_view media_type);

/// As arguments of a program, and back; nothing if they were not made here.
[[nodiscard]] std::vector<std::string> arguments_of(const FilmJob& job);
[[nodiscard]] std::optional<FilmJob> parse_film_job(std::span<const std::string> arguments);

/// Gives up all that ffmpeg doesn't need for this. False: the system refuses.
[[nodiscard]] bool confine_for_film(const FilmJob& job);

/// Confines this process and becomes ffmpeg, which writes a PNG of at most limits::poster_side_max
/// pixels on each side to the child's target, or nothing. Takes the arguments behind
/// `film_command`; returns only if that fails, the status.
[[nodiscard]] int film_main(std::span<const std::string> arguments);

}  // namespace banter::vips
