#include "storage/s3/signature.hpp"

#include "base/check.hpp"
#include "base/encoding.hpp"
#include "base/text.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <span>
#include <utility>

namespace banter::s3 {

namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view chunk_algorithm = "AWS4-HMAC-SHA256-PAYLOAD";
constexpr std::size_t day_letters = 8;

Digest mac(std::span<const std::uint8_t> key, std::string_view text) {
    Digest out;
    unsigned size = 0;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto key_size = static_cast<int>(key.size());
    CHECK(
        HMAC(EVP_sha256(), key.data(), key_size, bytes, text.size(), out.data(), &size) != nullptr
    );
    CHECK(size == out.size());
    return out;
}

/// YYYYMMDDThhmmssZ
std::string time_text(Timestamp now) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
    const auto day = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{seconds - day};
    return fmt::format(
        "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
        static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()),
        time.hours().count(),
        time.minutes().count(),
        time.seconds().count()
    );
}

/// Without spaces at the ends, and one for each run of them within.
std::string with_single_spaces(std::string_view text) {
    std::string out;
    bool space = false;
    for (const char letter : text) {
        if (letter == ' ' || letter == '\t') {
            space = true;
            continue;
        }
        if (space && !out.empty()) out += ' ';
        space = false;
        out += letter;
    }
    return out;
}

bool by_name(const Field& one, const Field& other) { return one.name < other.name; }

/// Names in lower case, each once, in order.
Fields canonical_headers(const Fields& headers) {
    Fields sorted;
    for (const Field& header : headers) {
        sorted.push_back({lower_case(header.name), with_single_spaces(header.value)});
    }
    std::stable_sort(sorted.begin(), sorted.end(), by_name);
    Fields joined;
    for (Field& header : sorted) {
        if (!joined.empty() && joined.back().name == header.name) {
            joined.back().value += "," + header.value;
        } else {
            joined.push_back(std::move(header));
        }
    }
    return joined;
}

std::string canonical_query(const Fields& query) {
    std::vector<std::pair<std::string, std::string>> sorted;
    for (const Field& field : query) {
        sorted.emplace_back(percent_encoded(field.name), percent_encoded(field.value));
    }
    std::sort(sorted.begin(), sorted.end());
    std::string out;
    for (const auto& [name, value] : sorted) {
        if (!out.empty()) out += '&';
        out.append(name).append("=").append(value);
    }
    return out;
}

std::string canonical_path(const Request& request) { return percent_encoded(request.path, "/"); }

std::string joined_names(const Fields& headers) {
    std::string out;
    for (const Field& header : headers) {
        if (!out.empty()) out += ';';
        out += header.name;
    }
    return out;
}

Fields with_host(const Request& request) {
    Fields headers = request.headers;
    headers.push_back({"host", request.host});
    return headers;
}

}  // namespace

Addressing preferred_addressing(std::string_view bucket) {
    const auto fits = [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
               letter == '-';
    };
    const bool label = !bucket.empty() && bucket.size() <= 63 && bucket.front() != '-' &&
                       bucket.back() != '-' && std::all_of(bucket.begin(), bucket.end(), fits);
    return label ? Addressing::virtual_host : Addressing::path;
}

std::string Bucket::host() const {
    return addressing == Addressing::virtual_host ? name + "." + endpoint : endpoint;
}

std::string Bucket::path(std::string_view key) const {
    std::string out = "/";
    if (addressing == Addressing::path) out += name + "/";
    return out.append(key);
}

std::string payload_hash(std::string_view body) {
    Digest digest;
    SHA256(reinterpret_cast<const std::uint8_t*>(body.data()), body.size(), digest.data());
    return hex(digest);
}

std::string target_of(const Request& request) {
    const std::string query = canonical_query(request.query);
    return query.empty() ? canonical_path(request) : canonical_path(request) + "?" + query;
}

Canonical canonical(const Request& request, const Fields& headers, std::string_view payload) {
    const Fields sorted = canonical_headers(headers);
    Canonical out;
    out.signed_headers = joined_names(sorted);
    out.text = request.method + "\n" + canonical_path(request) + "\n" +
               canonical_query(request.query) + "\n";
    for (const Field& header : sorted) out.text += header.name + ":" + header.value + "\n";
    out.text += "\n" + out.signed_headers + "\n";
    out.text += payload;
    return out;
}

Digest signing_key(std::string_view secret, std::string_view day, std::string_view region) {
    const std::string start = "AWS4" + std::string(secret);
    const Digest of_day =
        mac({reinterpret_cast<const std::uint8_t*>(start.data()), start.size()}, day);
    return mac(mac(mac(of_day, region), "s3"), "aws4_request");
}

ChunkSigner::ChunkSigner(const Digest& key, std::string time, std::string scope, std::string seed)
    : key_(key), time_(std::move(time)), scope_(std::move(scope)), previous_(std::move(seed)) {}

std::string ChunkSigner::line_before(std::string_view chunk) {
    const std::string text = fmt::format(
        "{}\n{}\n{}\n{}\n{}\n{}",
        chunk_algorithm,
        time_,
        scope_,
        previous_,
        payload_hash(""),
        payload_hash(chunk)
    );
    previous_ = hex(mac(key_, text));
    return fmt::format("{:x};chunk-signature={}\r\n", chunk.size(), previous_);
}

std::uint64_t streamed_size(std::uint64_t size, std::uint64_t chunk_size) {
    CHECK(chunk_size > 0);
    const auto sent = [](std::uint64_t bytes) {
        constexpr std::size_t fixed = std::string_view(";chunk-signature=\r\n\r\n").size() + 64;
        return fmt::formatted_size("{:x}", bytes) + fixed + bytes;
    };
    const std::uint64_t rest = size % chunk_size;
    return size / chunk_size * sent(chunk_size) + (rest > 0 ? sent(rest) : 0) + sent(0);
}

Signer::Signer(Credentials credentials, std::string region)
    : credentials_(std::move(credentials)), region_(std::move(region)) {}

Signer::Signed Signer::sign(const Request& request, std::string_view payload, Timestamp now) const {
    const std::string time = time_text(now);
    Signed out;
    out.headers = with_host(request);
    out.headers.push_back({"x-amz-content-sha256", std::string(payload)});
    out.headers.push_back({"x-amz-date", time});
    if (!credentials_.session_token.empty()) {
        out.headers.push_back({"x-amz-security-token", credentials_.session_token});
    }
    const Canonical signed_part = canonical(request, out.headers, payload);
    out.signature = signature(signed_part, time);
    out.headers.push_back(
        {"authorization",
         fmt::format(
             "{} Credential={}/{},SignedHeaders={},Signature={}",
             algorithm,
             credentials_.key_id,
             scope(time.substr(0, day_letters)),
             signed_part.signed_headers,
             out.signature
         )}
    );
    return out;
}

std::string Signer::presign(const Request& request, Timestamp now, std::chrono::seconds life)
    const {
    CHECK(life >= std::chrono::seconds(1));
    CHECK(life <= presigned_life_max);
    const std::string time = time_text(now);
    const Fields headers = with_host(request);
    Request out = request;
    const std::string credential =
        credentials_.key_id + "/" + scope(std::string_view(time).substr(0, day_letters));
    out.query.push_back({"X-Amz-Algorithm", std::string(algorithm)});
    out.query.push_back({"X-Amz-Credential", credential});
    out.query.push_back({"X-Amz-Date", time});
    out.query.push_back({"X-Amz-Expires", std::to_string(life.count())});
    out.query.push_back({"X-Amz-SignedHeaders", joined_names(canonical_headers(headers))});
    if (!credentials_.session_token.empty()) {
        out.query.push_back({"X-Amz-Security-Token", credentials_.session_token});
    }
    const std::string signed_part = signature(canonical(out, headers, unsigned_payload), time);
    return target_of(out) + "&X-Amz-Signature=" + signed_part;
}

ChunkSigner Signer::chunks(const Signed& head, Timestamp now) const {
    const std::string time = time_text(now);
    const std::string day = time.substr(0, day_letters);
    return {signing_key(credentials_.secret, day, region_), time, scope(day), head.signature};
}

std::string Signer::scope(std::string_view day) const {
    return fmt::format("{}/{}/s3/aws4_request", day, region_);
}

std::string Signer::signature(const Canonical& request, std::string_view time) const {
    const std::string_view day = time.substr(0, day_letters);
    const std::string text =
        fmt::format("{}\n{}\n{}\n{}", algorithm, time, scope(day), payload_hash(request.text));
    return hex(mac(signing_key(credentials_.secret, day, region_), text));
}

}  // namespace banter::s3
