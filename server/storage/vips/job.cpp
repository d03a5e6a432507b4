#include "storage/vips/job.hpp"

#include "model/limits.hpp"

#include <charconv>

namespace banter::vips {

namespace {

namespace limits = model::limits;

constexpr std::array<std::string_view, 7> media_types{
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/tiff",
    "image/avif",
    "image/heic"};

constexpr std::size_t head_bytes = 12;

template <typename Number>
bool parse_number(std::string_view text, Number& number) {
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
}

void append_number(std::string& bytes, std::uint32_t number) {
    for (const int shift : {0, 8, 16, 24}) bytes += static_cast<char>(number >> shift & 255);
}

std::uint32_t number_in(std::string_view bytes, std::size_t at) {
    std::uint32_t number = 0;
    for (std::size_t i = 4; i-- > 0;) {
        number = number << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    }
    return number;
}

bool is_within_limits(std::uint32_t width, std::uint32_t height) {
    if (width == 0 || height == 0) return false;
    return std::uint64_t{width} * height <= limits::picture_pixels_max;
}

}  // namespace

std::vector<std::string> arguments_of(const Job& job) {
    return {
        std::to_string(static_cast<int>(job.work)),
        std::to_string(job.width),
        std::to_string(job.limits.cpu_seconds),
        std::to_string(job.limits.memory_bytes)};
}

std::optional<Job> parse_job(std::span<const std::string_view> arguments) {
    Job job;
    std::uint8_t work = 0;
    if (arguments.size() != 4 || !parse_number(arguments[0], work) ||
        work > static_cast<std::uint8_t>(Work::draw_page) ||
        !parse_number(arguments[1], job.width) ||
        !parse_number(arguments[2], job.limits.cpu_seconds) ||
        !parse_number(arguments[3], job.limits.memory_bytes)) {
        return std::nullopt;
    }
    job.work = static_cast<Work>(work);
    return job;
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
    std::uint64_t count = 0;
    return parse_number(text, count) ? std::optional(count) : std::nullopt;
}

std::string_view name_of(MediaType type) { return media_types[static_cast<std::size_t>(type)]; }

std::string encode(const Answer& answer) {
    std::string bytes;
    bytes += static_cast<char>(answer.verdict);
    bytes += static_cast<char>(answer.media_type);
    bytes += static_cast<char>(answer.animated ? 1 : 0);
    bytes += static_cast<char>(answer.thumbhash.size());
    append_number(bytes, answer.width);
    append_number(bytes, answer.height);
    bytes.append(answer.thumbhash.begin(), answer.thumbhash.end());
    return bytes;
}

std::optional<Answer> parse_answer(std::string_view bytes) {
    if (bytes.size() < head_bytes || bytes.size() > answer_bytes_max) return std::nullopt;
    const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); };
    if (byte(0) > static_cast<std::uint8_t>(Verdict::no_space) || byte(1) >= media_types.size() ||
        byte(2) > 1 || byte(3) != bytes.size() - head_bytes) {
        return std::nullopt;
    }
    Answer answer;
    answer.verdict = static_cast<Verdict>(byte(0));
    if (answer.verdict != Verdict::done) return answer;
    answer.media_type = static_cast<MediaType>(byte(1));
    answer.animated = byte(2) == 1;
    answer.width = number_in(bytes, 4);
    answer.height = number_in(bytes, 8);
    if (!is_within_limits(answer.width, answer.height)) return std::nullopt;
    answer.thumbhash.assign(bytes.begin() + head_bytes, bytes.end());
    return answer;
}

}  // namespace banter::vips
