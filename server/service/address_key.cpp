#include "service/address_key.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace banter::service {

namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t network_bytes = 8;

std::string network_of(std::string_view address) {
    boost::system::error_code failure;
    const ip::address parsed = ip::make_address(std::string(address), failure);
    if (failure || parsed.is_v4()) return std::string(address);
    const ip::address_v6 full = parsed.to_v6();
    if (full.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, full).to_string();
    ip::address_v6::bytes_type bytes = full.to_bytes();
    std::fill(bytes.begin() + network_bytes, bytes.end(), 0);
    return ip::address_v6(bytes).to_string() + "/64";
}

}  // namespace

std::string address_key(std::string_view what, std::string_view address) {
    std::string key(what);
    key += ":address:";
    key += network_of(address);
    return key;
}

}  // namespace banter::service
