#include "storage/s3/part.hpp"

#include "base/check.hpp"
#include "base/encoding.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace banter::s3 {

std::size_t part_bytes_for(std::uint64_t bytes_expected) {
    constexpr std::uint64_t step = 1024 * 1024;
    const std::uint64_t least = bytes_expected / parts_max + 1;
    return std::max<std::size_t>(part_bytes, (least + step - 1) / step * step);
}

Part::Part(std::size_t bytes_max) : bytes_max_(bytes_max), hash_(EVP_MD_CTX_new()) { clear(); }

std::size_t Part::fill(std::string_view chunk) {
    const std::string_view taken = chunk.substr(0, bytes_max_ - bytes_.size());
    // All at once, as what is grown out of leaves holes; what isn't touched takes no memory.
    if (bytes_.size() + taken.size() > bytes_.capacity()) bytes_.reserve(bytes_max_);
    bytes_ += taken;
    CHECK(EVP_DigestUpdate(hash_.get(), taken.data(), taken.size()) == 1);
    return taken.size();
}

std::string Part::hash() {
    std::array<std::uint8_t, 32> digest{};
    CHECK(EVP_DigestFinal_ex(hash_.get(), digest.data(), nullptr) == 1);
    return hex(digest);
}

void Part::clear() {
    bytes_.clear();
    CHECK(EVP_DigestInit_ex(hash_.get(), EVP_sha256(), nullptr) == 1);
}

void Part::release() {
    clear();
    bytes_.shrink_to_fit();
}

}  // namespace banter::s3
