#include "storage/vips/film.hpp"

#include "model/limits.hpp"
#include "storage/vips/confinement.hpp"

#include <unistd.h>

#include <array>
#include <string>
#include <utility>

namespace banter::vips {

namespace {

constexpr int failed = 1;
constexpr int wrong_usage = 2;

/// By media type. Formats that lead to other files (playlists, lists to join) are none of them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> formats{{
    {"video/mp4", "mov"},
    {"video/quicktime", "mov"},
    {"video/webm", "matroska"},
    {"video/x-matroska", "matroska"},
}};

/// What browsers play and cameras write, out of hundreds that ffmpeg has.
constexpr const char* decoders =
    "h264,hevc,vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,libaom-av1,mpeg4,h263,mjpeg,prores";

/// What ffmpeg needs to begin. Where it is, its libraries are in the system's folders.
Gates gates_of(const FilmJob& job) {
    return {
        .readable = {"/proc/self/fd/" + std::to_string(source_descriptor), "/etc/ld.so.cache"},
        .runnable = {job.program, "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"}};
}

/// In the language of ffmpeg's filters: as wide and high as it is shown, where pixels aren't
/// square too, but not larger than a poster.
std::string scale_filter() {
    const std::string side = std::to_string(model::limits::poster_side_max);
    const std::string shown = "st(0,iw*clip(sar,0.25,4));";
    const std::string share = "min(1," + side + "/max(ld(0),ih))";
    return "scale=w='" + shown + "max(1,ld(0)*" + share + ")':h='" + shown + "max(1,ih*" + share +
           ")'";
}

std::vector<std::string> command_of(const FilmJob& job) {
    return {
        job.program,
        "-nostdin",
        "-hide_banner",
        "-loglevel",
        "quiet",
        // Of what comes in.
        "-threads",
        "1",
        "-protocol_whitelist",
        "file",
        "-format_whitelist",
        job.format,
        "-codec_whitelist",
        decoders,
        "-max_pixels",
        std::to_string(model::limits::picture_pixels_max),
        "-an",
        "-sn",
        "-dn",
        "-f",
        job.format,
        "-ss",
        std::to_string(job.second),
        "-i",
        "file:/proc/self/fd/" + std::to_string(source_descriptor),
        // Of what is made.
        "-map",
        "0:V:0",
        "-frames:v",
        "1",
        "-filter_threads",
        "1",
        "-vf",
        scale_filter(),
        "-map_metadata",
        "-1",
        "-threads",
        "1",
        "-c:v",
        "png",
        "-pix_fmt",
        "rgb24",
        "-f",
        "image2pipe",
        "pipe:" + std::to_string(target_descriptor)};
}

/// Nobody is told that it failed but by what isn't there.
void become(std::vector<std::string> command) {
    std::vector<char*> words;
    for (std::string& word : command) words.push_back(word.data());
    words.push_back(nullptr);
    std::string language = "LC_ALL=C";
    std::array<char*, 2> environment{language.data(), nullptr};
    ::execve(words.front(), words.data(), environment.data());
}

}  // namespace

std::string_view film_format_of(std::string_view media_type) {
    for (const auto& [name, format] : formats) {
        if (media_type == name) return format;
    }
    return {};
}

std::vector<std::string> arguments_of(const FilmJob& job) {
    return {
        job.program,
        job.format,
        std::to_string(job.second),
        std::to_string(job.limits.cpu_seconds),
        std::to_string(job.limits.memory_bytes)};
}

std::optional<FilmJob> parse_film_job(std::span<const std::string> arguments) {
    if (arguments.size() != 5 || !arguments[0].starts_with('/')) return std::nullopt;
    const auto second = parse_count(arguments[2]);
    const auto cpu_seconds = parse_count(arguments[3]);
    const auto memory_bytes = parse_count(arguments[4]);
    if (!second || !cpu_seconds || !memory_bytes) return std::nullopt;
    return FilmJob{arguments[0], arguments[1], *second, WorkerLimits{*cpu_seconds, *memory_bytes}};
}

bool confine_for_film(const FilmJob& job) {
    return give_up_powers(job.limits) && lock_down_to_run(job.limits, gates_of(job));
}

int film_main(std::span<const std::string> arguments) {
    const auto job = parse_film_job(arguments);
    if (!job) return wrong_usage;
    std::vector<std::string> command = command_of(*job);
    if (confine_for_film(*job)) become(std::move(command));
    return failed;
}

}  // namespace banter::vips
