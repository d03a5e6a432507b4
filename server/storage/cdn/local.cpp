#include "storage/cdn/local.hpp"

#include "base/check.hpp"
#include "base/encoding.hpp"
#include "model/limits.hpp"
#include "storage/cdn/disposition.hpp"
#include "storage/cdn/expiry.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <charconv>
#include <utility>

namespace banter::cdn {

namespace {

using storage::FileLink;
using storage::LinkedFile;
using storage::ObjectKey;
using storage::SignedFile;

constexpr std::string_view name_mark = "?name=";
constexpr std::string_view type_mark = "&type=";
constexpr std::string_view download_mark = "&download=1";
constexpr std::string_view expires_mark = "&expires=";
constexpr std::string_view signature_mark = "&signature=";

/// No link of ours is longer: the name with every byte escaped, and room for the rest. Nothing
/// longer is worth a computation.
constexpr std::size_t target_bytes_max = 3 * model::limits::file_name_bytes_max + 1024;

/// Takes `text` up to `mark`, and the mark, off it; nothing if there is no mark.
std::optional<std::string_view> take(std::string_view& text, std::string_view mark) {
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view taken = text.substr(0, at);
    text.remove_prefix(at + mark.size());
    return taken;
}

std::optional<std::chrono::sys_seconds> parse_seconds(std::string_view text) {
    std::int64_t seconds = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}

/// Of what was signed; still nothing if an older version signed it in another form.
std::optional<SignedFile> parse(std::string_view text) {
    if (!text.starts_with(local_path)) return std::nullopt;
    text.remove_prefix(local_path.size());
    const auto key = take(text, name_mark);
    const auto name = take(text, type_mark);
    auto type = take(text, expires_mark);
    if (!key || !name || !type) return std::nullopt;
    const bool download = type->ends_with(download_mark);
    if (download) type->remove_suffix(download_mark.size());

    const auto parsed_key = ObjectKey::parse(*key);
    const auto parsed_name = percent_decoded(*name);
    const auto parsed_type = percent_decoded(*type);
    const auto expires_at = parse_seconds(text);
    if (!parsed_key || !parsed_name || !parsed_type || !expires_at) return std::nullopt;
    SignedFile file;
    file.key = *parsed_key;
    file.disposition = content_disposition(*parsed_name, !download && may_be_shown(*parsed_type));
    file.media_type = served_type(*parsed_type);
    file.textual = is_textual(*parsed_type);
    file.expires_at = *expires_at;
    return file;
}

}  // namespace

LocalCdn::LocalCdn(const Key& key, std::string origin) : key_(key), origin_(std::move(origin)) {}

FileLink LocalCdn::link(const LinkedFile& file, Timestamp now) const {
    const auto expires_at = link_expiry(now);
    std::string target(local_path);
    target += file.key.text();
    target.append(name_mark).append(percent_encoded(file.name));
    target.append(type_mark).append(percent_encoded(file.media_type));
    if (file.download) target += download_mark;
    target.append(expires_mark).append(std::to_string(expires_at.time_since_epoch().count()));
    const std::string signature = base64url(mac(target));
    target.append(signature_mark).append(signature);
    return {origin_ + target, expires_at};
}

std::optional<SignedFile> LocalCdn::verify(std::string_view target, Timestamp now) const {
    if (target.size() > target_bytes_max) return std::nullopt;
    const std::size_t at = target.rfind(signature_mark);
    if (at == std::string_view::npos) return std::nullopt;
    const auto signature = from_base64url(target.substr(at + signature_mark.size()));
    const std::string_view text = target.substr(0, at);
    const auto expected = mac(text);
    if (!signature || signature->size() != expected.size()) return std::nullopt;
    if (CRYPTO_memcmp(signature->data(), expected.data(), expected.size()) != 0) {
        return std::nullopt;
    }
    auto file = parse(text);
    if (!file || now >= file->expires_at) return std::nullopt;
    return file;
}

std::array<std::uint8_t, 32> LocalCdn::mac(std::string_view text) const {
    std::array<std::uint8_t, 32> out;
    unsigned size = 0;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto key_size = static_cast<int>(key_.size());
    CHECK(
        HMAC(EVP_sha256(), key_.data(), key_size, bytes, text.size(), out.data(), &size) != nullptr
    );
    CHECK(size == out.size());
    return out;
}

}  // namespace banter::cdn
