#include "storage/clamd/scanner.hpp"

#include "storage/clamd/protocol.hpp"

#include <boost/asio/this_coro.hpp>

#include <array>
#include <string>
#include <utility>

namespace banter::clamd {

namespace {

class ClamdScan final : public storage::VirusScan {
public:
    ClamdScan(Executor loop, const Address& address, const Times& times)
        : times_(times), connection_(loop, address, times) {}

    Task<> begin() {
        co_await connection_.open();
        co_await connection_.send(scan_command);
    }

    Task<> append(std::string_view chunk) override {
        // One of no bytes would end the file here, and what follows would go unseen.
        if (chunk.empty()) co_return;
        co_await send_head(chunk.size());
        co_await connection_.send(chunk);
    }

    Task<std::optional<std::string>> finish() override {
        co_await send_head(0);
        const std::string answer = co_await connection_.receive(times_.scan);
        Finding finding = parse_finding(answer);
        if (finding.kind == Finding::Kind::trouble) connection_.fail(finding.text);
        if (finding.kind == Finding::Kind::clean) co_return std::nullopt;
        co_return std::move(finding.text);
    }

private:
    Task<> send_head(std::size_t bytes) {
        const std::array<char, 4> head = chunk_head(bytes);
        const std::string_view sent(head.data(), head.size());
        co_await connection_.send(sent);
    }

    const Times& times_;
    Connection connection_;
};

}  // namespace

ClamdScanner::ClamdScanner(Address address, const Times& times)
    : address_(std::move(address)), times_(times) {}

Task<> ClamdScanner::check() {
    const Executor loop = co_await asio::this_coro::executor;
    Connection connection(loop, address_, times_);
    co_await connection.open();
    co_await connection.send(ping_command);
    const std::string answer = co_await connection.receive(times_.ping);
    if (answer != "PONG") connection.fail("that is another program, " + explain(answer));
}

Task<std::unique_ptr<storage::VirusScan>> ClamdScanner::begin() {
    const Executor loop = co_await asio::this_coro::executor;
    auto scan = std::make_unique<ClamdScan>(loop, address_, times_);
    co_await scan->begin();
    co_return scan;
}

}  // namespace banter::clamd
