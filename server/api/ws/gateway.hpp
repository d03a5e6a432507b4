// What the connections of one shard share: the services, the hub, and the coroutines that run their
// commands.
#pragma once

#include "api/ws/hub.hpp"
#include "api/ws/known_revocations.hpp"
#include "base/clock.hpp"
#include "base/task_group.hpp"
#include "net/shard.hpp"
#include "service/kept_pages.hpp"
#include "service/services.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace banter::api::ws {

class Connection;

struct Gateway {
    Gateway(
        net::Shard& of_shard,
        service::Services& with_services,
        Hub& with_hub,
        const Clock& with_clock,
        model::IdMaker& with_ids,
        std::size_t kept_bytes
    );
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    /// Keeps a connection whose session is over until its last command has ended.
    void retire(std::unique_ptr<Connection> connection);
    void forget(const Connection& connection);

    net::Shard& shard;
    service::Services& services;
    Hub& hub;
    const Clock& clock;
    model::IdMaker& ids;
    KnownRevocations revocations;
    /// Has to take each event before the hub delivers it.
    service::KeptPages kept_pages;
    TaskGroup tasks;
    /// Set before the sessions are closed: what was accepted gets its answer, and nothing more is
    /// accepted.
    bool draining = false;
    /// Connections that exist, those included whose session is over.
    std::size_t connections = 0;

private:
    std::vector<std::unique_ptr<Connection>> retired_;
};

}  // namespace banter::api::ws
