// Where Redis is, as an operator writes it:
// redis://USER:PASSWORD@HOST:PORT,HOST:PORT/DATABASE?sentinel=NAME&ca=FILE, or rediss:// for TLS.
// Pure.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace banter::redis {

struct Place {
    std::string host;
    std::uint16_t port = 6379;

    friend bool operator==(const Place&, const Place&) = default;
};

struct RedisOptions {
    /// One, some of a cluster, or some of its sentinels: whichever answers is asked for the others.
    std::vector<Place> places;
    bool tls = false;
    /// Holds whom to trust, in PEM; empty: whom the machine trusts.
    std::string ca_file;
    /// Empty: the user `default`, or nobody if there is no password.
    std::string user;
    std::string password;
    std::uint32_t database = 0;
    /// What the sentinels call the servers that they watch; empty: there are none.
    std::string sentinel;

    /// Without what is secret.
    [[nodiscard]] std::string shown() const;
};

/// Returns  bad_request: the detail is a sentence on what to change, without the password
[[nodiscard]] Result<RedisOptions> parse_options(std::string_view url);

}  // namespace banter::redis
