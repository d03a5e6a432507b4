#include "app/backup/manifest.hpp"

#include "api/wire/times.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

namespace banter::app {

namespace {

/// "2026-11-22T06:30:00.123Z", in its quotes.
std::string quoted(Timestamp time) {
    std::string text;
    api::wire::append_time(text, time);
    return text;
}

std::optional<Manifest::Part> part_of(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return std::nullopt;
    const auto name = (*table)["name"].value<std::string>();
    const auto bytes = (*table)["bytes"].value<std::int64_t>();
    const auto sha256 = (*table)["sha256"].value<std::string>();
    if (!name || !bytes || *bytes < 0 || !sha256) return std::nullopt;
    return Manifest::Part{*name, static_cast<std::uint64_t>(*bytes), *sha256};
}

std::optional<Manifest> manifest_of(const toml::table& table) {
    Manifest manifest;
    const auto format = table["format"].value<std::int64_t>();
    const auto version = table["version"].value<std::string>();
    if (!format || !version) return std::nullopt;
    manifest.format = *format;
    manifest.version = *version;
    if (manifest.format != Manifest().format) return manifest;
    const auto schema = table["schema"].value<std::int64_t>();
    const auto epoch = table["epoch"].value<std::string>();
    const auto made_at = api::wire::parse_time(table["made-at"].value_or(std::string_view()));
    const toml::array* parts = table["part"].as_array();
    if (!schema || !epoch || !made_at || parts == nullptr) return std::nullopt;
    manifest.schema = *schema;
    manifest.epoch = *epoch;
    manifest.made_at = *made_at;
    for (const toml::node& node : *parts) {
        auto part = part_of(node);
        if (!part) return std::nullopt;
        manifest.parts.push_back(*std::move(part));
    }
    return manifest;
}

}  // namespace

std::string encode(const Manifest& manifest) {
    std::string text = fmt::format(
        "# A backup of Banter: `banter restore --data DIR FILE` puts it into a new directory.\n"
        "format = {}\nversion = \"{}\"\nschema = {}\nepoch = \"{}\"\nmade-at = {}\n",
        manifest.format,
        manifest.version,
        manifest.schema,
        manifest.epoch,
        quoted(manifest.made_at)
    );
    for (const auto& [name, bytes, sha256] : manifest.parts) {
        text += fmt::format(
            "\n[[part]]\nname = \"{}\"\nbytes = {}\nsha256 = \"{}\"\n", name, bytes, sha256
        );
    }
    return text;
}

std::optional<Manifest> parse_manifest(std::string_view text) {
    try {
        return manifest_of(toml::parse(text));
    } catch (const toml::parse_error&) {
        return std::nullopt;
    }
}

}  // namespace banter::app
