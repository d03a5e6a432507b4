// Where the server is, and how it is spoken to: one target for each host of the URL.
#pragma once

#include "storage/postgres/pq.hpp"

#include <string>
#include <utility>
#include <vector>

namespace banter::postgres {

/// libpq's keywords and values for one host.
class Target {
public:
    explicit Target(std::vector<std::pair<std::string, std::string>> settings)
        : settings_(std::move(settings)) {}

    /// Starts to connect, and gives what libpq makes of it. Resolves the host's name: it blocks.
    [[nodiscard]] PqConnection start() const;
    /// The same, and waits until it is connected, or is not.
    [[nodiscard]] PqConnection connect() const;

    /// HOST:PORT, as the URL says it. Nothing secret.
    [[nodiscard]] std::string name() const;

private:
    template <typename Call>
    [[nodiscard]] PqConnection with_settings(Call call) const;

    std::vector<std::pair<std::string, std::string>> settings_;
};

/// libpq tries the hosts of a URL one after the other, but waits for each as long as it takes; with
/// a target for each, whoever connects goes on when it has waited long enough. Of several hosts
/// only one that can be written to is taken, unless the URL says otherwise.
/// Throws std::runtime_error with a sentence: the URL is none.
[[nodiscard]] std::vector<Target> targets_of(const std::string& url);

}  // namespace banter::postgres
