#include "api/ws/gateway.hpp"

#include "api/ws/connection.hpp"

#include <algorithm>
#include <utility>

namespace banter::api::ws {

Gateway::Gateway(
    net::Shard& of_shard,
    service::Services& with_services,
    Hub& with_hub,
    const Clock& with_clock,
    model::IdMaker& with_ids,
    std::size_t kept_bytes
)
    : shard(of_shard),
      services(with_services),
      hub(with_hub),
      clock(with_clock),
      ids(with_ids),
      kept_pages(kept_bytes),
      tasks(of_shard.executor()) {}

Gateway::~Gateway() = default;

void Gateway::retire(std::unique_ptr<Connection> connection) {
    retired_.push_back(std::move(connection));
}

void Gateway::forget(const Connection& connection) {
    std::erase_if(retired_, [&](const auto& retired) { return retired.get() == &connection; });
}

}  // namespace banter::api::ws
