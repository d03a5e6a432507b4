#include "storage/postgres/link.hpp"

#include "base/check.hpp"
#include "base/offload.hpp"
#include "storage/postgres/advisory_locks.hpp"

#include <boost/asio/redirect_error.hpp>

#include <algorithm>
#include <utility>

namespace banter::postgres {

namespace {

using SteadyClock = std::chrono::steady_clock;

/// libpq's formats of parameters and columns.
constexpr int binary = 1;

constexpr const char* set_up_session =
    "SELECT set_config('statement_timeout', $1, false), set_config('lock_timeout', $1, false), "
    "set_config('idle_in_transaction_session_timeout', $2, false), "
    "set_config('idle_session_timeout', '0', false), "
    "set_config('tcp_keepalives_idle', '10', false), "
    "set_config('tcp_keepalives_interval', '5', false), "
    "set_config('tcp_keepalives_count', '3', false), "
    "set_config('default_transaction_isolation', 'read committed', false)";

// One plan for each statement, whatever it is given, which costs more than the statement itself.
// It is made when it is needed first, maybe while the tables are empty, and stays for a minute
// after they have grown: it may only step from key to key.
constexpr const char* plan_by_keys =
    "SELECT set_config('plan_cache_mode', 'force_generic_plan', false), "
    "set_config('enable_seqscan', 'off', false), set_config('enable_hashjoin', 'off', false), "
    "set_config('enable_mergejoin', 'off', false), set_config('jit', 'off', false)";

constexpr const char* try_to_serve =
    "SELECT CASE WHEN pg_try_advisory_lock_shared" BANTER_SERVING " THEN 1 ELSE 0 END";
constexpr const char* find_epoch = "SELECT epoch FROM installation";

std::string name_of(std::size_t number) { return "s" + std::to_string(number); }

std::string one_line(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

/// What the server says of a statement that it refuses; never the statement's values.
Refused refusal_of(PGresult* result) {
    const char* state = pq().error_field(result, PG_DIAG_SQLSTATE);
    const char* message = pq().error_field(result, PG_DIAG_MESSAGE_PRIMARY);
    return {
        state == nullptr ? "" : state,
        std::string("PostgreSQL: ") + (message == nullptr ? "no reason given" : message)};
}

}  // namespace

Link::Link(Executor executor, const Parts& parts)
    : parts_(parts), descriptor_(executor), patience_(executor) {
    CHECK(!parts_.targets.empty());
}

Link::~Link() { close(); }

void Link::close() {
    // libpq closes what is its own.
    if (descriptor_.is_open()) descriptor_.release();
    connection_.reset();
    prepared_.clear();
}

bool Link::is_open() {
    // Twice: a server that says why it goes has gone when that is read.
    return connection_ && pq().consume_input(connection_.get()) == 1 &&
           pq().consume_input(connection_.get()) == 1 &&
           pq().status(connection_.get()) == CONNECTION_OK;
}

std::string Link::what_libpq_says() const {
    return connection_ ? one_line(pq().error_message(connection_.get())) : "not connected";
}

void Link::lose(const std::string& why) {
    close();
    throw LinkLost("PostgreSQL: " + why);
}

void Link::lose_after_silence() {
    close();
    throw LinkLost("PostgreSQL: it did not answer in time", true);
}

Task<> Link::open() {
    if (is_open()) co_return;
    close();
    if (SteadyClock::now() < next_attempt_) throw LinkLost("PostgreSQL can't be reached");
    try {
        begin_patience(parts_.options.connect_within);
        co_await connect();
        end_patience();
        co_await greet();
        co_await take_share();
        parts_.outage.ends();
        retry_after_ = {};
    } catch (const std::exception& failure) {
        end_patience();
        parts_.outage.begins(failure.what());
        close();
        target_ = (target_ + 1) % parts_.targets.size();
        const auto& options = parts_.options;
        retry_after_ = std::clamp(retry_after_ * 2, options.retry_after, options.retry_after_max);
        next_attempt_ = SteadyClock::now() + retry_after_;
        throw;
    }
}

Task<> Link::connect() {
    auto start = [&target = parts_.targets[target_]] { return target.start(); };
    connection_ = co_await parts_.connecting.run(std::move(start));
    if (out_of_patience_) lose_after_silence();
    const PqLibrary& library = pq();
    if (library.status(connection_.get()) == CONNECTION_BAD) lose(what_libpq_says());
    PostgresPollingStatusType next = PGRES_POLLING_WRITING;
    while (next != PGRES_POLLING_OK) {
        if (next == PGRES_POLLING_FAILED) lose(what_libpq_says());
        // It may be another socket each time.
        descriptor_.assign(library.socket(connection_.get()));
        const auto what =
            next == PGRES_POLLING_READING ? Descriptor::wait_read : Descriptor::wait_write;
        co_await wait(what);
        descriptor_.release();
        next = library.connect_poll(connection_.get());
    }
    adopt(std::move(connection_));
}

void Link::adopt(PqConnection connection) {
    connection_ = std::move(connection);
    descriptor_.assign(pq().socket(connection_.get()));
    if (pq().set_nonblocking(connection_.get(), 1) != 0 ||
        pq().enter_pipeline_mode(connection_.get()) != 1) {
        lose(what_libpq_says());
    }
}

Task<> Link::greet() {
    const auto& options = parts_.options;
    const auto text = [](std::chrono::milliseconds time) {
        return encode(sql::to_value(std::to_string(time.count())));
    };
    Query query{set_up_session, {}};
    query.parameters.push_back(text(options.statement_time));
    query.parameters.push_back(text(4 * options.answer_within));
    std::vector<Query> queries;
    queries.push_back(std::move(query));
    const bool plans = parts_.by_keys_alone && !options.leaves_planner_alone;
    if (plans) queries.push_back({plan_by_keys, {}});
    (void)co_await exchange(std::move(queries));
}

/// In this order, each with what was committed before it began: what is read holds until the link
/// is lost.
Task<> Link::take_share() {
    std::vector<Query> queries;
    queries.push_back({try_to_serve, {}});
    queries.push_back({find_epoch, {}});
    auto answers = co_await exchange(std::move(queries));
    if (!answers[0][0].flag()) throw LinkLost("the database is being given a new epoch");
    if (answers[1].empty() || answers[1][0].text() != parts_.epoch) {
        throw OtherHistory("the database has got another epoch than is served here");
    }
}

void Link::begin_patience(std::chrono::milliseconds patience) {
    out_of_patience_ = false;
    patience_.expires_after(patience);
    auto call = [this, alive = std::weak_ptr(alive_)](boost::system::error_code cancelled) {
        if (cancelled || alive.expired() || patience_.expiry() > SteadyClock::now()) return;
        out_of_patience_ = true;
        if (descriptor_.is_open()) descriptor_.cancel();
    };
    patience_.async_wait(std::move(call));
}

void Link::end_patience() {
    patience_.expires_at(SteadyClock::time_point::max());
    out_of_patience_ = false;
}

Task<> Link::wait(Descriptor::wait_type what) {
    boost::system::error_code failure;
    co_await descriptor_.async_wait(what, asio::redirect_error(use_task, failure));
    if (out_of_patience_) lose_after_silence();
    if (failure) lose(failure.message());
}

Task<std::vector<sql::Rows>> Link::exchange(std::vector<Query> queries) {
    CHECK(!queries.empty());
    CHECK(connection_ != nullptr);
    if (parts_.options.on_round_trip) parts_.options.on_round_trip(queries);
    try {
        std::vector<Expected> expected;
        for (const Query& query : queries) send(query, expected);
        if (pq().pipeline_sync(connection_.get()) != 1) lose(what_libpq_says());
        begin_patience(parts_.options.answer_within);
        co_await flush();
        auto answers = co_await read_answers(std::move(expected));
        end_patience();
        co_return answers;
    } catch (const Refused&) {
        end_patience();
        throw;
    } catch (...) {
        // Its answers would be taken for those of the next exchange.
        end_patience();
        close();
        throw;
    }
}

void Link::send(const Query& query, std::vector<Expected>& expected) {
    const auto [place, fresh] = prepared_.try_emplace(query.text, names_);
    const std::string name = name_of(place->second);
    if (fresh) {
        ++names_;
        send_prepare(query, name);
        expected.push_back({Expected::Kind::prepared, query.text});
    }
    std::vector<const char*> values;
    std::vector<int> lengths;
    for (const Parameter& parameter : query.parameters) {
        values.push_back(parameter.bytes ? parameter.bytes->data() : nullptr);
        lengths.push_back(parameter.bytes ? static_cast<int>(parameter.bytes->size()) : 0);
    }
    const std::vector<int> formats(query.parameters.size(), binary);
    const int sent = pq().send_query_prepared(
        connection_.get(),
        name.c_str(),
        static_cast<int>(values.size()),
        values.data(),
        lengths.data(),
        formats.data(),
        binary
    );
    if (sent != 1) lose(what_libpq_says());
    expected.push_back({Expected::Kind::rows, query.text});
}

void Link::send_prepare(const Query& query, const std::string& name) {
    std::vector<Oid> types;
    for (const Parameter& parameter : query.parameters) types.push_back(parameter.type);
    const int sent = pq().send_prepare(
        connection_.get(), name.c_str(), query.text, static_cast<int>(types.size()), types.data()
    );
    if (sent != 1) lose(what_libpq_says());
}

Task<> Link::flush() {
    for (;;) {
        const int left = pq().flush(connection_.get());
        if (left < 0) lose(what_libpq_says());
        if (left == 0) co_return;
        co_await wait_to_send();
    }
}

/// Or to read: a server that waits until we read doesn't read either. PQflush does both.
Task<> Link::wait_to_send() {
    const auto waiting = std::make_shared<bool>(true);
    auto readable = [this, waiting](boost::system::error_code failure) {
        if (!failure && *waiting) descriptor_.cancel();
    };
    descriptor_.async_wait(Descriptor::wait_read, std::move(readable));
    boost::system::error_code ignored;
    co_await descriptor_.async_wait(
        Descriptor::wait_write, asio::redirect_error(use_task, ignored)
    );
    *waiting = false;
    descriptor_.cancel();
    if (out_of_patience_) lose_after_silence();
}

Task<PqResult> Link::next_result() {
    while (pq().is_busy(connection_.get()) != 0) {
        co_await wait(Descriptor::wait_read);
        if (pq().consume_input(connection_.get()) != 1) lose(what_libpq_says());
    }
    co_return PqResult(pq().take_result(connection_.get()));
}

Task<std::vector<sql::Rows>> Link::read_answers(std::vector<Expected> expected) {
    std::vector<sql::Rows> answers;
    std::optional<Refused> refused;
    for (const Expected& next : expected) {
        const PqResult result = co_await next_result();
        if (!result) lose("it answers less than it was asked");
        const ExecStatusType status = pq().result_status(result.get());
        if (status == PGRES_FATAL_ERROR && !refused) refused = refusal_of(result.get());
        if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
            if (next.kind == Expected::Kind::rows) answers.push_back(decode_rows(result.get()));
        } else if (next.kind == Expected::Kind::prepared) {
            prepared_.erase(next.text);
        }
        if (pq().status(connection_.get()) != CONNECTION_OK) lose(what_libpq_says());
        const PqResult end = co_await next_result();
        CHECK(!end);
    }
    const PqResult synced = co_await next_result();
    if (!synced || pq().result_status(synced.get()) != PGRES_PIPELINE_SYNC) {
        lose(refused ? std::string(refused->what()) : what_libpq_says());
    }
    if (refused && refused->ends_link()) lose(refused->what());
    if (refused) throw Refused(*refused);
    co_return answers;
}

}  // namespace banter::postgres
