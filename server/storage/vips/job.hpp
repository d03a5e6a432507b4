// What the server asks a child to do with a picture, and what that answers. The child may have been
// taken over by the picture: whatever it answers is checked like a stranger's.
#pragma once

#include "storage/vips/thumbhash.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace banter::vips {

// Where the child finds what it gets; it has no other descriptors but those of /dev/null below.
inline constexpr int source_descriptor = 3;
inline constexpr int target_descriptor = 4;
inline constexpr int answer_descriptor = 5;

/// The environment of a child, all of it. See the manual of libvips, "Environment variables", and
/// `open_module_for` in library.cpp on VIPSHOME.
inline constexpr std::array<const char*, 7> worker_environment{
    "LC_ALL=C",
    "VIPSHOME=/nonexistent",
    "VIPS_CONCURRENCY=1",
    "VIPS_NOVECTOR=1",
    "VIPS_BLOCK_UNTRUSTED=1",
    "VIPS_DISC_THRESHOLD=100g",
    "MALLOC_ARENA_MAX=1"};

/// What to do. `probe`: only to see whether it can be done. `draw_page`: a PNG of a PDF's first
/// page.
enum class Work : std::uint8_t { probe, inspect, render_webp, render_avif, draw_page };

/// Bounds of one child.
struct WorkerLimits {
    std::uint64_t cpu_seconds = 5;
    /// On top of what its libraries take.
    std::uint64_t memory_bytes = std::uint64_t{512} * 1024 * 1024;
};

struct Job {
    Work work = Work::probe;
    /// Of a rendering, in pixels.
    std::uint32_t width = 0;
    WorkerLimits limits;
};

/// As arguments of a program, and back; nothing if they were not made here.
[[nodiscard]] std::vector<std::string> arguments_of(const Job& job);
[[nodiscard]] std::optional<Job> parse_job(std::span<const std::string_view> arguments);

/// A whole number, and nothing else.
[[nodiscard]] std::optional<std::uint64_t> parse_count(std::string_view text);

enum class Verdict : std::uint8_t {
    done,
    bad_image,
    /// The library can't make the format that was asked for, or read PDF.
    unsupported,
    /// There is no library, or the child can't confine itself.
    missing,
    /// What was made could not be written.
    no_space,
};

/// `media_types` by index.
enum class MediaType : std::uint8_t { jpeg, png, gif, webp, tiff, avif, heic };

[[nodiscard]] std::string_view name_of(MediaType type);

struct Answer {
    Verdict verdict = Verdict::bad_image;
    MediaType media_type = MediaType::jpeg;
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    bool animated = false;
    std::vector<std::uint8_t> thumbhash;
};

/// Longest answer, in bytes.
inline constexpr std::size_t answer_bytes_max = 12 + thumbhash_bytes_max;

[[nodiscard]] std::string encode(const Answer& answer);
/// Nothing unless every value is one that a picture within the limits can have.
[[nodiscard]] std::optional<Answer> parse_answer(std::string_view bytes);

}  // namespace banter::vips
