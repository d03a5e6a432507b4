// What attempts are counted by where they are limited by address. Pure.
#pragma once

#include <string>
#include <string_view>

namespace banter::service {

/// "WHAT:address:WHOSE": of IPv4 the address, also in the form of IPv6; of IPv6 the first 64 bits:
/// whoever has one of those addresses has them all (RFC 6177). What is no address stays as it is.
[[nodiscard]] std::string address_key(std::string_view what, std::string_view address);

}  // namespace banter::service
