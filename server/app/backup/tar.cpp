#include "app/backup/tar.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <numeric>

namespace banter::app::tar {

namespace {

struct Field {
    std::size_t at;
    std::size_t size;
};

constexpr Field name_field{0, 100};
constexpr Field mode_field{100, 8};
constexpr Field owner_field{108, 8};
constexpr Field group_field{116, 8};
constexpr Field size_field{124, 12};
constexpr Field time_field{136, 12};
constexpr Field sum_field{148, 8};
constexpr std::size_t type_at = 156;
constexpr std::size_t magic_at = 257;
/// The magic, a zero byte, and the version.
constexpr std::string_view magic("ustar\00000", 8);
constexpr char regular_file = '0';
constexpr std::uint64_t owner_only = 0600;

/// Digits that fit: the last byte of a field is a zero byte.
constexpr std::uint64_t octal_max = 077777777777;

void put_octal(std::string& block, Field field, std::uint64_t number) {
    for (std::size_t i = field.size - 1; i-- > 0; number >>= 3U) {
        block[field.at + i] = static_cast<char>('0' + (number & 7U));
    }
}

/// A number above 8 GiB stands in binary, as GNU tar has it: the first byte is 0x80.
void put_size(std::string& block, std::uint64_t number) {
    if (number <= octal_max) return put_octal(block, size_field, number);
    for (std::size_t i = size_field.size; i-- > 1; number >>= 8U) {
        block[size_field.at + i] = static_cast<char>(number & 0xFFU);
    }
    block[size_field.at] = static_cast<char>(0x80);
}

std::optional<std::uint64_t> number_in(std::string_view block, Field field) {
    std::string_view text = block.substr(field.at, field.size);
    std::uint64_t number = 0;
    if (text.front() == static_cast<char>(0x80)) {
        for (const char byte : text.substr(1)) {
            if (number >> 55U != 0) return std::nullopt;
            number = number << 8U | static_cast<unsigned char>(byte);
        }
        return number;
    }
    text = text.substr(0, text.find_last_not_of(std::string_view("\0 ", 2)) + 1);
    if (text.empty()) return std::nullopt;
    for (const char digit : text) {
        if (digit < '0' || digit > '7') return std::nullopt;
        number = number << 3U | static_cast<std::uint64_t>(digit - '0');
    }
    return number;
}

/// Of all bytes, with blanks in place of the sum itself.
std::uint64_t sum_of(std::string_view block) {
    const auto add = [](std::uint64_t sum, char byte) {
        return sum + static_cast<unsigned char>(byte);
    };
    const std::string_view before = block.substr(0, sum_field.at);
    const std::string_view after = block.substr(sum_field.at + sum_field.size);
    const std::uint64_t blanks = sum_field.size * std::uint64_t{' '};
    const std::uint64_t start = std::accumulate(before.begin(), before.end(), blanks, add);
    return std::accumulate(after.begin(), after.end(), start, add);
}

}  // namespace

std::string header(const Entry& entry) {
    CHECK(!entry.name.empty() && entry.name.size() <= name_field.size);
    std::string block(block_bytes, '\0');
    std::copy(entry.name.begin(), entry.name.end(), block.begin());
    put_octal(block, mode_field, owner_only);
    put_octal(block, owner_field, 0);
    put_octal(block, group_field, 0);
    put_size(block, entry.bytes);
    put_octal(
        block, time_field, static_cast<std::uint64_t>(std::max<std::int64_t>(entry.changed_at, 0))
    );
    block[type_at] = regular_file;
    std::copy(magic.begin(), magic.end(), block.begin() + magic_at);
    put_octal(block, sum_field, sum_of(block));
    return block;
}

std::string padding(std::uint64_t bytes) {
    return std::string((block_bytes - bytes % block_bytes) % block_bytes, '\0');
}

std::string end() { return std::string(2 * block_bytes, '\0'); }

std::optional<Entry> parse_header(std::string_view block) {
    CHECK(block.size() == block_bytes);
    if (block.substr(magic_at, 5) != magic.substr(0, 5)) return std::nullopt;
    if (number_in(block, sum_field) != sum_of(block)) return std::nullopt;
    const auto bytes = number_in(block, size_field);
    const auto changed_at = number_in(block, time_field);
    if (block[type_at] != regular_file || !bytes || !changed_at) return std::nullopt;
    const std::string_view name = block.substr(0, name_field.size);
    return Entry{
        std::string(name.substr(0, name.find('\0'))),
        *bytes,
        static_cast<std::int64_t>(*changed_at)};
}

bool is_end(std::string_view block) {
    return std::all_of(block.begin(), block.end(), [](char byte) { return byte == '\0'; });
}

}  // namespace banter::app::tar
