#include "storage/postgres/target.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>

namespace banter::postgres {

namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// libpq waits at least so long for a host.
constexpr const char* connect_timeout_s = "2";

std::optional<std::string> value_of(const Settings& settings, std::string_view keyword) {
    for (const auto& [name, value] : settings) {
        if (name == keyword) return value;
    }
    return std::nullopt;
}

void set(Settings& settings, const std::string& keyword, std::string value) {
    for (auto& [name, old] : settings) {
        if (name == keyword) {
            old = std::move(value);
            return;
        }
    }
    settings.emplace_back(keyword, std::move(value));
}

void set_default(Settings& settings, const std::string& keyword, std::string value) {
    if (!value_of(settings, keyword)) settings.emplace_back(keyword, std::move(value));
}

struct FreeOptions {
    void operator()(PQconninfoOption* options) const { pq().free_conninfo(options); }
};

Settings parse(const std::string& url) {
    char* trouble = nullptr;
    const std::unique_ptr<PQconninfoOption, FreeOptions> parsed(
        pq().parse_conninfo(url.c_str(), &trouble)
    );
    if (!parsed) {
        std::string why = trouble == nullptr ? "there is no memory" : trouble;
        if (trouble != nullptr) pq().free_memory(trouble);
        while (why.ends_with('\n')) why.pop_back();
        throw std::runtime_error("the URL of the database is wrong: " + why);
    }
    Settings settings;
    for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
        if (option->val != nullptr) settings.emplace_back(option->keyword, option->val);
    }
    return settings;
}

std::vector<std::string> parts_of(const std::optional<std::string>& list) {
    std::vector<std::string> parts;
    if (!list) return parts;
    std::size_t begin = 0;
    for (;;) {
        const std::size_t comma = list->find(',', begin);
        parts.push_back(list->substr(begin, comma - begin));
        if (comma == std::string::npos) return parts;
        begin = comma + 1;
    }
}

/// The one of host `index`: one port may stand for all.
void take_part(
    Settings& settings,
    const std::string& keyword,
    const std::vector<std::string>& parts,
    std::size_t index
) {
    if (parts.empty()) return;
    set(settings, keyword, parts.size() == 1 ? parts.front() : parts.at(index));
}

}  // namespace

std::vector<Target> targets_of(const std::string& url) {
    Settings settings = parse(url);
    const auto hosts = parts_of(value_of(settings, "host"));
    const auto addresses = parts_of(value_of(settings, "hostaddr"));
    const auto ports = parts_of(value_of(settings, "port"));
    const std::size_t count = std::max({hosts.size(), addresses.size(), std::size_t{1}});
    for (const auto* parts : {&hosts, &addresses, &ports}) {
        if (parts->size() > 1 && parts->size() != count)
            throw std::runtime_error(
                "the URL of the database is wrong: it has not as many hosts, addresses and ports"
            );
    }
    if (count > 1) set_default(settings, "target_session_attrs", "read-write");
    set_default(settings, "application_name", "banter");
    set_default(settings, "connect_timeout", connect_timeout_s);
    set(settings, "client_encoding", "UTF8");
    std::vector<Target> targets;
    for (std::size_t i = 0; i < count; ++i) {
        Settings own = settings;
        take_part(own, "host", hosts, i);
        take_part(own, "hostaddr", addresses, i);
        take_part(own, "port", ports, i);
        targets.emplace_back(std::move(own));
    }
    return targets;
}

template <typename Call>
PqConnection Target::with_settings(Call call) const {
    std::vector<const char*> keywords;
    std::vector<const char*> values;
    for (const auto& [keyword, value] : settings_) {
        keywords.push_back(keyword.c_str());
        values.push_back(value.c_str());
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    PqConnection connection(call(keywords.data(), values.data(), 0));
    if (!connection) throw std::bad_alloc();
    // By default libpq writes what the server notices to standard error.
    pq().set_notice_processor(
        connection.get(), [](void*, const char*) {}, nullptr
    );
    return connection;
}

PqConnection Target::start() const { return with_settings(pq().connect_start); }

PqConnection Target::connect() const { return with_settings(pq().connect); }

std::string Target::name() const {
    const auto host = value_of(settings_, "host");
    const auto address = value_of(settings_, "hostaddr");
    return host.value_or(address.value_or("the local socket")) + ":" +
           value_of(settings_, "port").value_or("5432");
}

}  // namespace banter::postgres
