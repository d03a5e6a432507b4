// People who register and sign in, in a few words.
#pragma once

#include "service/testing/world.hpp"

#include <string>
#include <utility>

namespace banter::service {

inline constexpr auto password = "correct horse";

inline const Device device{.user_agent = "Test/1.0", .address = "192.0.2.1"};

inline Device at(std::string address) {
    return {.user_agent = "Test/1.0", .address = std::move(address)};
}

inline RegisterAccount person(std::string handle, std::optional<std::string> invite = {}) {
    return {
        .handle = std::move(handle),
        .display_name = "Person",
        .password = password,
        .invite = std::move(invite)};
}

inline Result<Granted> enroll(World& world, RegisterAccount account, Device from = device) {
    return world.run(world->registration.register_account(std::move(account), std::move(from)));
}

inline Result<Granted> log_in(
    World& world,
    std::string handle,
    std::string secret = password,
    Device from = device
) {
    Login login{
        .handle = std::move(handle), .password = std::move(secret), .device = std::move(from)};
    return world.run(world->accounts.log_in(std::move(login)));
}

inline Result<Granted> refresh(World& world, std::string secret) {
    return world.run(world->sign_ins.refresh(std::move(secret)));
}

}  // namespace banter::service
