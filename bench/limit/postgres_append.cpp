// The limit of S6: the statements with which Banter appends a batch of messages
// (server/storage/postgres/append_at_once.cpp), sent by a loop that does nothing else. As many
// connections as Banter has writers, each with its share of the threads and one batch under way;
// one pipeline, one transaction and one round trip a batch. It answers nobody.

#include "sqlite/values.hpp"

#include <arpa/inet.h>
#include <endian.h>
#include <poll.h>
#include <postgresql/libpq-fe.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

using banter::bench::random_bytes;
using banter::bench::Uuid;
using banter::bench::uuid_of;

[[noreturn]] void fail(const std::string& what) {
    std::fprintf(stderr, "%s: %s\n", program_invocation_short_name, what.c_str());
    std::exit(1);
}

constexpr const char* settings =
    "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; "
    "SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off";

/// Members.used_day of everybody, as on most days.
constexpr std::int64_t today = 20'000;

constexpr const char* lock_threads =
    "SELECT number FROM threads WHERE number = ANY ($1) ORDER BY number FOR NO KEY UPDATE";

constexpr const char* append_messages =
    "WITH heads AS MATERIALIZED ("
    "SELECT * FROM unnest($1, $2, $3) AS h (number, access_rev, count)), "
    "authors AS MATERIALIZED ("
    "SELECT * FROM unnest($4, $5, $6, $7, $8) AS a (thread, user_id, role, nth, used_day)), "
    "items AS MATERIALIZED ("
    "SELECT * FROM unnest($9, $10, $11, $12, $13, $14, $15, $16) "
    "AS i (thread, nth, id, author_id, nonce, request_hash, content, created_at)), "
    "facts AS MATERIALIZED (SELECT NOT EXISTS (SELECT 1 FROM heads h WHERE h.access_rev "
    "IS DISTINCT FROM (SELECT t.access_rev FROM threads t WHERE t.number = h.number)) "
    "AND NOT EXISTS (SELECT 1 FROM authors a WHERE a.role IS DISTINCT FROM "
    "(SELECT m.role FROM members m WHERE m.thread = a.thread AND m.user_id = a.user_id)) "
    "AND NOT EXISTS (SELECT 1 FROM items i WHERE (SELECT n.place FROM messages n "
    "WHERE n.author_id = i.author_id AND n.nonce = i.nonce) IS NOT NULL) AS hold), "
    "advanced AS (UPDATE threads t SET seq = t.seq + h.count, rev = t.rev + h.count FROM heads h "
    "WHERE t.number = h.number AND (SELECT hold FROM facts) "
    "RETURNING t.number, t.seq - h.count AS seq, t.rev - h.count AS rev), "
    "marked AS (UPDATE members m SET read_seq = t.seq + a.nth, used_day = a.used_day "
    "FROM authors a JOIN threads t ON t.number = a.thread "
    "WHERE m.thread = a.thread AND m.user_id = a.user_id AND (SELECT hold FROM facts)), "
    "written AS (INSERT INTO messages (place, rev, first_rev, id, author_id, nonce, request_hash, "
    "content, mentions_all, created_at) SELECT (i.thread << 32) + t.seq + i.nth, t.rev + i.nth, "
    "t.rev + i.nth, i.id, i.author_id, i.nonce, i.request_hash, i.content, 0, i.created_at "
    "FROM items i JOIN threads t ON t.number = i.thread WHERE (SELECT hold FROM facts)) "
    "SELECT number, seq, rev FROM advanced";

// pg_type.dat of PostgreSQL's source
constexpr Oid bytea_type = 17;
constexpr Oid bigint_type = 20;
constexpr Oid text_type = 25;
constexpr Oid bytea_list = 1001;
constexpr Oid text_list = 1009;
constexpr Oid bigint_list = 1016;

struct Options {
    std::string database;  // URL of one that is empty
    std::string schema;    // SQL
    std::size_t batch = 256;
    std::size_t connections = 4;
    std::size_t content_bytes = 200;
    std::size_t threads = 100;  // with one author each
    double warm_up_seconds = 2;
    double seconds = 5;
};

double now() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

/// A parameter: a list in PostgreSQL's binary format.
class List {
public:
    List(Oid type, Oid element) : type_(type) {
        put32(1);
        put32(0);
        put32(element);
        put32(0);  // the size, in the end
        put32(1);
    }

    void add(std::int64_t number) {
        const std::uint64_t ordered = htobe64(static_cast<std::uint64_t>(number));
        add(std::string_view(reinterpret_cast<const char*>(&ordered), sizeof ordered));
    }
    template <std::size_t size>
    void add(const std::array<unsigned char, size>& bytes) {
        add(std::string_view(reinterpret_cast<const char*>(bytes.data()), size));
    }
    void add(std::string_view bytes) {
        put32(static_cast<std::uint32_t>(bytes.size()));
        bytes_.append(bytes);
        const std::uint32_t ordered = htonl(++size_);
        std::memcpy(bytes_.data() + 12, &ordered, sizeof ordered);
    }

    [[nodiscard]] Oid type() const { return type_; }
    [[nodiscard]] const std::string& bytes() const { return bytes_; }

private:
    void put32(std::uint32_t number) {
        const std::uint32_t ordered = htonl(number);
        bytes_.append(reinterpret_cast<const char*>(&ordered), sizeof ordered);
    }

    Oid type_;
    std::string bytes_;
    std::uint32_t size_ = 0;
};

List numbers() { return {bigint_list, bigint_type}; }
List blobs() { return {bytea_list, bytea_type}; }

PGconn* connect(const Options& options) {
    PGconn* connection = ::PQconnectdb(options.database.c_str());
    if (::PQstatus(connection) != CONNECTION_OK) fail(::PQerrorMessage(connection));
    return connection;
}

void execute(PGconn* connection, const std::string& sql) {
    PGresult* result = ::PQexec(connection, sql.c_str());
    const ExecStatusType status = ::PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fail(::PQerrorMessage(connection));
    ::PQclear(result);
}

/// One connection with the threads that it writes to.
class Writer {
public:
    Writer(const Options& options, std::size_t first_thread)
        : options_(options), connection_(connect(options)), content_(options.content_bytes, 'x') {
        execute(connection_, settings);
        for (std::size_t i = first_thread; i < options.threads; i += options.connections) {
            add_thread(static_cast<std::int64_t>(i + 1));
        }
        if (::PQsetnonblocking(connection_, 1) != 0 || ::PQenterPipelineMode(connection_) != 1) {
            fail(::PQerrorMessage(connection_));
        }
    }
    ~Writer() { ::PQfinish(connection_); }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// Sends a batch.
    void begin() {
        List heads = numbers(), access_revs = numbers(), counts = numbers();
        List authors_threads = numbers(), authors = blobs(), roles = numbers(), marks = numbers();
        List used_days = numbers();
        List threads = numbers(), nths = numbers(), times = numbers();
        List ids = blobs(), senders = blobs(), nonces = blobs(), hashes = blobs();
        List contents(text_list, text_type);
        // Each thread's messages one after the other: they lie together in the table.
        const std::size_t touched = std::min(threads_.size(), options_.batch);
        for (std::size_t t = 0; t < touched; ++t) {
            const Thread& thread = threads_[(first_++) % threads_.size()];
            const std::size_t count = options_.batch / touched + (t < options_.batch % touched);
            heads.add(thread.number);
            access_revs.add(std::int64_t{0});
            counts.add(static_cast<std::int64_t>(count));
            authors_threads.add(thread.number);
            authors.add(thread.author);
            roles.add(std::int64_t{0});
            marks.add(static_cast<std::int64_t>(count));
            used_days.add(today);
            for (std::size_t n = 1; n <= count; ++n) {
                threads.add(thread.number);
                nths.add(static_cast<std::int64_t>(n));
                ids.add(uuid_of(++next_));
                senders.add(thread.author);
                nonces.add(random_bytes<16>());
                hashes.add(random_bytes<32>());
                contents.add(std::string_view(content_));
                times.add(static_cast<std::int64_t>(next_));
            }
        }
        send("lock", lock_threads, {&heads});
        send(
            "append",
            append_messages,
            {&heads,
             &access_revs,
             &counts,
             &authors_threads,
             &authors,
             &roles,
             &marks,
             &used_days,
             &threads,
             &nths,
             &ids,
             &senders,
             &nonces,
             &hashes,
             &contents,
             &times}
        );
        prepared_ = true;
        if (::PQpipelineSync(connection_) != 1) fail(::PQerrorMessage(connection_));
        unsent_ = ::PQflush(connection_) != 0;
    }

    [[nodiscard]] pollfd wanted() const {
        const int events = POLLIN | (unsent_ ? POLLOUT : 0);
        return {::PQsocket(connection_), static_cast<short>(events), 0};
    }

    /// Goes on after poll(). Whether the batch is committed.
    bool go_on() {
        if (::PQconsumeInput(connection_) != 1) fail(::PQerrorMessage(connection_));
        if (unsent_) unsent_ = ::PQflush(connection_) != 0;
        while (::PQisBusy(connection_) == 0) {
            PGresult* result = ::PQgetResult(connection_);
            const ExecStatusType status = result ? ::PQresultStatus(result) : PGRES_COMMAND_OK;
            if (status == PGRES_FATAL_ERROR || status == PGRES_PIPELINE_ABORTED) {
                fail(::PQresultErrorMessage(result));
            }
            if (status == PGRES_TUPLES_OK && ::PQntuples(result) == 0) fail("nothing was written");
            ::PQclear(result);
            if (status == PGRES_PIPELINE_SYNC) return true;
        }
        return false;
    }

private:
    struct Thread {
        std::int64_t number;
        Uuid author;
    };

    void add_thread(std::int64_t number) {
        const Uuid id = uuid_of(static_cast<std::uint64_t>(number));
        threads_.push_back({number, id});
        std::string hex = "'\\x";
        for (const unsigned char byte : id) {
            constexpr std::string_view digits = "0123456789abcdef";
            hex += digits[byte >> 4];
            hex += digits[byte & 15];
        }
        hex += "'::bytea";
        const std::string text = std::to_string(number);
        execute(
            connection_,
            "INSERT INTO workspaces VALUES ('\\x01', '', 0, 0) ON CONFLICT DO NOTHING; "
            "INSERT INTO threads (number, id, seq, rev, access_rev, first_seq, member_count, "
            "workspace_id, kind, visibility, name, folded_name, topic, created_by, created_at) "
            "VALUES (" +
                text + ", " + hex + ", 0, 0, 0, 1, 1, '\\x01', 0, 0, 'bench " + text +
                "', 'bench " + text + "', '', " + hex +
                ", 0); "
                "INSERT INTO members (thread, user_id, role, read_seq, level, joined_at, used_day) "
                "VALUES (" +
                text + ", " + hex + ", 0, 0, 0, 0, " + std::to_string(today) + ")"
        );
    }

    void send(const char* name, const char* sql, const std::vector<const List*>& lists) {
        std::vector<Oid> types;
        std::vector<const char*> values;
        std::vector<int> lengths;
        for (const List* list : lists) {
            types.push_back(list->type());
            values.push_back(list->bytes().data());
            lengths.push_back(static_cast<int>(list->bytes().size()));
        }
        const int count = static_cast<int>(lists.size());
        const std::vector<int> formats(lists.size(), 1);
        const bool sent =
            (prepared_ || ::PQsendPrepare(connection_, name, sql, count, types.data()) == 1) &&
            ::PQsendQueryPrepared(
                connection_, name, count, values.data(), lengths.data(), formats.data(), 1
            ) == 1;
        if (!sent) fail(::PQerrorMessage(connection_));
    }

    const Options& options_;
    PGconn* connection_;
    std::string content_;
    std::vector<Thread> threads_;
    std::size_t first_ = 0;
    std::uint64_t next_ = 0;
    bool prepared_ = false;
    bool unsent_ = false;
};

class Loop {
public:
    explicit Loop(const Options& options) : options_(options) {
        PGconn* connection = connect(options);
        execute(connection, options.schema);
        ::PQfinish(connection);
        for (std::size_t i = 0; i < options.connections; ++i) {
            writers_.push_back(std::make_unique<Writer>(options, i));
        }
    }

    void run() {
        for (auto& writer : writers_) writer->begin();
        append_until(now() + options_.warm_up_seconds);
        batches_ = 0;
        const double from = now();
        append_until(from + options_.seconds);
        const double seconds = now() - from;
        const auto rows = static_cast<double>(batches_ * options_.batch);
        std::printf(
            "{\"batch\":%zu,\"connections\":%zu,\"seconds\":%.4f,\"rows\":%.0f,"
            "\"rowsPerSecond\":%.1f,\"batches\":%zu}\n",
            options_.batch,
            options_.connections,
            seconds,
            rows,
            rows / seconds,
            batches_
        );
    }

private:
    void append_until(double end) {
        std::vector<pollfd> polled;
        while (now() < end) {
            polled.clear();
            for (const auto& writer : writers_) polled.push_back(writer->wanted());
            if (::poll(polled.data(), polled.size(), 1'000) < 0 && errno != EINTR) fail("poll");
            for (std::size_t i = 0; i < writers_.size(); ++i) {
                if (polled[i].revents == 0 || !writers_[i]->go_on()) continue;
                ++batches_;
                writers_[i]->begin();
            }
        }
    }

    const Options& options_;
    std::vector<std::unique_ptr<Writer>> writers_;
    std::size_t batches_ = 0;
};

std::string text_of(const std::string& path) {
    std::ifstream file(path);
    if (!file) fail("cannot read " + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

Options parse_options(int argc, char** argv) {
    Options options;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        const std::string value = argv[i + 1];
        if (name == "--database")
            options.database = value;
        else if (name == "--schema")
            options.schema += text_of(value);
        else if (name == "--batch")
            options.batch = std::stoul(value);
        else if (name == "--connections")
            options.connections = std::stoul(value);
        else if (name == "--content-bytes")
            options.content_bytes = std::stoul(value);
        else if (name == "--threads")
            options.threads = std::stoul(value);
        else if (name == "--warm-up")
            options.warm_up_seconds = std::stod(value);
        else if (name == "--seconds")
            options.seconds = std::stod(value);
        else
            fail("unknown " + std::string(name));
    }
    if (options.database.empty() || options.schema.empty()) {
        fail("usage: --database URL --schema FILE [--batch N] [--connections N] [--seconds N] ...");
    }
    return options;
}

}  // namespace

int main(int argc, char** argv) {
    const Options options = parse_options(argc, argv);
    Loop(options).run();
}
