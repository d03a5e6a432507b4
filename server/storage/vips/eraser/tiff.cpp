// Exif and TIFF: directories (IFD) of twelve-byte entries, whose longer values lie elsewhere
// (TIFF 6.0 section 2, Exif 2.32 section 4.6).
#include "storage/vips/eraser/formats.hpp"

#include <array>
#include <cstring>
#include <set>
#include <vector>

namespace banter::vips {

namespace {

using namespace std::string_view_literals;

constexpr std::uint64_t entry_size = 12;

/// Whatever the file says, looking into it ends.
constexpr std::size_t directories_max = 4'096;
constexpr std::size_t entries_max = 500'000;

enum Tag : std::uint64_t {
    interoperability_index = 0x0001,
    interoperability_version = 0x0002,
    sub_directories = 0x014a,
    exif = 0x8769,
    gps = 0x8825,
    interoperability = 0xa005,
};

struct Tags {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

/// Ascending. How pixels are stored and shown, by which device, when and by whom. Missing between
/// them are words of other kinds (descriptions, pages, notes of users), notes of cameras, weather
/// and depth, GeoTIFF, XMP, IPTC, and what nobody knows.
constexpr std::array kept_tags{
    Tags{0x00fe, 0x010c},
    Tags{0x010f, 0x011c},
    Tags{0x011e, 0x01b5},
    Tags{0x0200, 0x0214},
    // Sony's raw photographs
    Tags{0x7000, 0x7fff},
    Tags{0x80e3, 0x80e6},
    Tags{0x828d, 0x828e},
    Tags{0x8298, 0x8298},
    Tags{0x829a, 0x829d},
    // The profile of colours
    Tags{0x8773, 0x8773},
    Tags{0x8822, 0x8822},
    Tags{0x8824, 0x8824},
    Tags{0x8827, 0x882b},
    Tags{0x8830, 0x8835},
    Tags{0x9000, 0x9012},
    Tags{0x9101, 0x9102},
    Tags{0x9201, 0x9211},
    Tags{0x9214, 0x9217},
    Tags{0x9290, 0x9292},
    // Title and author, as Windows writes them
    Tags{0x9c9b, 0x9c9b},
    Tags{0x9c9d, 0x9c9d},
    Tags{0xa000, 0xa003},
    Tags{0xa20b, 0xa20c},
    Tags{0xa20e, 0xa210},
    Tags{0xa214, 0xa217},
    Tags{0xa300, 0xa302},
    Tags{0xa401, 0xa40a},
    Tags{0xa40c, 0xa40c},
    Tags{0xa420, 0xa420},
    Tags{0xa430, 0xa437},
    Tags{0xa460, 0xa462},
    Tags{0xa500, 0xa500},
    Tags{0xc5f2, 0xc5f3},
    // DNG, without private data (0xc634) and what it was made of (0xc68c)
    Tags{0xc612, 0xc633},
    Tags{0xc635, 0xc68b},
    Tags{0xc68d, 0xc7ff},
    Tags{0xcd2d, 0xcd49}};

/// Of one value, by the number of its type; 0 for a type that nobody knows.
constexpr std::array<std::uint64_t, 14> type_sizes{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

struct Entry {
    std::uint64_t tag = 0;
    std::uint64_t type = 0;
    std::uint64_t count = 0;
    /// Of its values; may lie anywhere.
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

bool says_no_place(const Entry& entry) {
    // They stand in the entry itself; a latitude, which has the same number, does not.
    if (entry.tag == Tag::interoperability_index || entry.tag == Tag::interoperability_version) {
        return entry.size <= 4;
    }
    return std::any_of(kept_tags.begin(), kept_tags.end(), [&](const Tags& tags) {
        return tags.first <= entry.tag && entry.tag <= tags.last;
    });
}

class TiffEraser {
public:
    TiffEraser(Bytes tiff, ByteOrder order) : tiff_(tiff), order_(order) {}

    bool run() {
        const std::uint64_t first = number(4, 4);
        if (!fits(tiff_, first, 2)) return false;
        visit(first);
        while (!waiting_.empty()) {
            const std::uint64_t directory = waiting_.back();
            waiting_.pop_back();
            walk(directory);
        }
        return !too_much_;
    }

private:
    [[nodiscard]] std::uint64_t number(std::uint64_t offset, std::size_t size) const {
        return number_at(tiff_, offset, size, order_);
    }

    void visit(std::uint64_t directory) {
        if (directory == 0 || !fits(tiff_, directory, 2)) return;
        if (!seen_.insert(directory).second) return;
        too_much_ = too_much_ || seen_.size() > directories_max;
        if (!too_much_) waiting_.push_back(directory);
    }

    /// Its entries, as many as there are bytes for: readers differ in what they make of the rest.
    std::uint64_t entries_of(std::uint64_t directory) {
        const std::uint64_t room = (tiff_.size() - directory - 2) / entry_size;
        const std::uint64_t count = std::min(number(directory, 2), room);
        entries_seen_ += count;
        too_much_ = too_much_ || entries_seen_ > entries_max;
        return too_much_ ? 0 : count;
    }

    [[nodiscard]] Entry entry_at(std::uint64_t place) const {
        Entry entry{number(place, 2), number(place + 2, 2), number(place + 4, 4), 0, 0};
        entry.size = entry.type < type_sizes.size() ? type_sizes[entry.type] * entry.count : 0;
        entry.offset = entry.size > 4 ? number(place + 8, 4) : place + 8;
        return entry;
    }

    /// Follows what leads to other directories, and moves the entries together that stay.
    void walk(std::uint64_t directory) {
        const std::uint64_t said = number(directory, 2);
        const std::uint64_t count = entries_of(directory);
        std::uint64_t kept = 0;
        for (std::uint64_t i = 0; i < count && !too_much_; ++i) {
            const std::uint64_t place = directory + 2 + i * entry_size;
            const Entry entry = entry_at(place);
            if (!stays(entry)) continue;
            move(place, directory + 2 + kept * entry_size, entry_size);
            ++kept;
        }
        std::uint64_t end = directory + 2 + count * entry_size;
        std::uint64_t kept_end = directory + 2 + kept * entry_size;
        if (count == said && fits(tiff_, end, 4)) {
            visit(number(end, 4));
            move(end, kept_end, 4);
            end += 4;
            kept_end += 4;
        }
        if (kept == count) return;
        set_number(tiff_, directory, 2, kept, order_);
        zero(kept_end, end - kept_end);
    }

    bool stays(const Entry& entry) {
        switch (entry.tag) {
            case Tag::gps:
                if (fits(tiff_, entry.offset, 4)) erase_directory(number(entry.offset, 4));
                return false;
            case Tag::exif:
            case Tag::interoperability:
                if (fits(tiff_, entry.offset, 4)) visit(number(entry.offset, 4));
                return true;
            case Tag::sub_directories: visit_all(entry); return true;
            default: break;
        }
        if (says_no_place(entry)) return true;
        if (entry.size > 4) zero(entry.offset, entry.size);
        return false;
    }

    void visit_all(const Entry& entry) {
        for (std::uint64_t i = 0; i < entry.count && !too_much_; ++i) {
            if (!fits(tiff_, entry.offset + 4 * i, 4)) return;
            visit(number(entry.offset + 4 * i, 4));
        }
    }

    void erase_directory(std::uint64_t directory) {
        if (!fits(tiff_, directory, 2) || !seen_.insert(directory).second) return;
        const std::uint64_t count = entries_of(directory);
        for (std::uint64_t i = 0; i < count && !too_much_; ++i) {
            const Entry entry = entry_at(directory + 2 + i * entry_size);
            if (entry.size > 4) zero(entry.offset, entry.size);
        }
        zero(directory, 2 + count * entry_size);
    }

    void move(std::uint64_t from, std::uint64_t to, std::uint64_t size) {
        CHECK(fits(tiff_, from, size) && fits(tiff_, to, size));
        std::memmove(tiff_.data() + to, tiff_.data() + from, static_cast<std::size_t>(size));
    }

    void zero(std::uint64_t offset, std::uint64_t size) {
        const Bytes part = part_of(tiff_, offset, size);
        zeroed_ += part.size();
        // Values of one directory don't lie over each other again and again.
        too_much_ = too_much_ || zeroed_ > 4 * tiff_.size();
        if (!too_much_) std::fill(part.begin(), part.end(), std::uint8_t{0});
    }

    Bytes tiff_;
    ByteOrder order_;
    std::vector<std::uint64_t> waiting_;
    std::set<std::uint64_t> seen_;
    std::uint64_t entries_seen_ = 0;
    std::uint64_t zeroed_ = 0;
    bool too_much_ = false;
};

}  // namespace

bool erase_from_tiff(Bytes tiff) {
    if (tiff.size() < 8) return false;
    if (has_at(tiff, 0, "II*\0"sv)) return TiffEraser(tiff, ByteOrder::little).run();
    if (has_at(tiff, 0, "MM\0*"sv)) return TiffEraser(tiff, ByteOrder::big).run();
    return false;
}

}  // namespace banter::vips
