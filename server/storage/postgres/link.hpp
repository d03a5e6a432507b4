// One link to the server, on one event loop: libpq without its blocking calls, always in pipeline
// mode, so that statements that don't wait for each other share a round trip.
//
// A link that nobody uses waits for nothing: that the server has gone is seen when it is used next.
// Statements that take too long are ended by the server itself (statement_timeout); this side
// closes a link that does not answer.
#pragma once

#include "base/task.hpp"
#include "storage/postgres/codec.hpp"
#include "storage/postgres/options.hpp"
#include "storage/postgres/outage.hpp"
#include "storage/postgres/pq.hpp"
#include "storage/postgres/target.hpp"
#include "storage/postgres/trouble.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace banter {

class Offload;

}  // namespace banter

namespace banter::postgres {

/// A statement and what it takes.
struct Query {
    /// A constant of the program: what is prepared is known by its address.
    const char* text = nullptr;
    std::vector<Parameter> parameters;
};

class Link {
public:
    struct Parts {
        const PostgresOptions& options;
        /// Not empty: one after the other is tried.
        const std::vector<Target>& targets;
        /// Where names of hosts are resolved and files of passwords read, which block.
        Offload& connecting;
        Outage& outage;
        /// Of the history that this process serves.
        const std::string& epoch;
        /// Every statement of this link finds what it needs by keys that it is given.
        bool by_keys_alone = false;
    };

    Link(Executor executor, const Parts& parts);
    /// Nothing may be under way.
    ~Link();
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    /// Connects, unless that is done, and takes this link's share among those that serve from the
    /// database: as long as there is a link, that can't be given another epoch. For a while after
    /// an attempt that failed each further one fails at once. Throws LinkLost, of which
    /// OtherHistory says that it was given one while there was no link.
    [[nodiscard]] Task<> open();

    /// Takes over a link that was made elsewhere, idle, with what it holds.
    void adopt(PqConnection connection);

    /// Whether it was opened and the server has not said good-bye since.
    [[nodiscard]] bool is_open();

    /// Sends all, then reads all answers: one round trip. Statements after one that is refused are
    /// not run. One call at a time. Throws Refused (the first), LinkLost.
    [[nodiscard]] Task<std::vector<sql::Rows>> exchange(std::vector<Query> queries);

    void close();

private:
    using Descriptor = asio::posix::basic_stream_descriptor<Executor>;

    /// What the server is to answer, in its order.
    struct Expected {
        enum class Kind { prepared, rows } kind = Kind::rows;
        const char* text = nullptr;
    };

    [[nodiscard]] Task<> connect();
    /// Says how this session is to be, and how its statements are planned.
    [[nodiscard]] Task<> greet();
    [[nodiscard]] Task<> take_share();
    [[nodiscard]] Task<> wait(Descriptor::wait_type what);
    void begin_patience(std::chrono::milliseconds patience);
    void end_patience();
    void send(const Query& query, std::vector<Expected>& expected);
    void send_prepare(const Query& query, const std::string& name);
    [[nodiscard]] Task<> flush();
    [[nodiscard]] Task<> wait_to_send();
    [[nodiscard]] Task<std::vector<sql::Rows>> read_answers(std::vector<Expected> expected);
    [[nodiscard]] Task<PqResult> next_result();
    [[noreturn]] void lose(const std::string& why);
    [[noreturn]] void lose_after_silence();
    [[nodiscard]] std::string what_libpq_says() const;

    Parts parts_;
    std::size_t target_ = 0;
    PqConnection connection_;
    Descriptor descriptor_;
    Timer patience_;
    bool out_of_patience_ = false;
    /// Gone with this: a call of the loop that was on its way already sees it.
    std::shared_ptr<const int> alive_ = std::make_shared<const int>(0);
    /// By the address of the text: the number in the name of what was prepared.
    boost::unordered_flat_map<const char*, std::size_t> prepared_;
    std::size_t names_ = 0;
    std::chrono::steady_clock::time_point next_attempt_;
    std::chrono::milliseconds retry_after_{0};
};

}  // namespace banter::postgres
