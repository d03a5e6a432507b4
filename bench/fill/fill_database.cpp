// Fills a database that Banter has made with very many messages, fast: bench_fill_database
// --database FILE [--messages N] [--threads N] [--members N].
//
// The server is not running, somebody has registered, and nothing else is there. The messages fall
// to the threads in turn, one a second, as if they had come over a long time; all other columns are
// as Banter would have written them. Secondary indexes of the messages are taken off, and made
// again at the end by the statements that the schema has for them, so every constraint is checked.
// Nothing is synced before the end: whoever stops it throws the file away.

#include "sqlite/database.hpp"
#include "sqlite/values.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using banter::bench::Database;
using banter::bench::fail;
using banter::bench::random_bytes;
using banter::bench::random_word;
using banter::bench::Statement;
using banter::bench::Uuid;
using banter::bench::uuid_of;

constexpr std::uint64_t step_ms = 1000;  // from message to message

struct Options {
    std::string database;
    std::uint64_t messages = 10'000'000;
    std::uint64_t threads = 10'000;
    std::uint64_t members = 10;  // of a thread, the owner of the workspace among them
    std::uint64_t users = 1'000;
};

class Filling {
public:
    explicit Filling(const Options& options)
        : options_(options),
          database_(options.database),
          start_ms_(
              static_cast<std::uint64_t>(std::time(nullptr)) * 1000 - options.messages * step_ms
          ),
          workspace_(id_of("SELECT id FROM workspaces")),
          people_{id_of("SELECT id FROM users WHERE role = 0")} {
        // The file turns back to a WAL when Banter opens it.
        database_.execute(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; "
            "PRAGMA cache_size=-524288; PRAGMA threads=2"
        );
    }

    void run() {
        const auto indexes = take_off_indexes();
        database_.execute("BEGIN");
        add_people();
        add_threads();
        add_messages();
        database_.execute("COMMIT");
        for (const std::string& index : indexes) database_.execute(index);
        if (Statement(database_.handle(), "PRAGMA foreign_key_check").step()) {
            fail("a row refers to nothing");
        }
        Statement count(database_.handle(), "SELECT count(*) FROM messages");
        if (!count.step() || count.bytes(0) != std::to_string(options_.messages)) {
            fail("not as many messages as were to be");
        }
        ::sync();
    }

private:
    Uuid id_of(const char* question) {
        Statement statement(database_.handle(), question);
        if (!statement.step()) fail(std::string("nothing found: ") + question);
        const std::string bytes = statement.bytes(0);
        Uuid id;
        if (bytes.size() != id.size()) fail("an id is not of 16 bytes");
        std::copy(bytes.begin(), bytes.end(), id.begin());
        return id;
    }

    /// Returns the statements that make them again.
    std::vector<std::string> take_off_indexes() {
        std::vector<std::pair<std::string, std::string>> found;  // name, statement
        {
            Statement indexes(
                database_.handle(),
                "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND "
                "tbl_name = 'messages' AND sql IS NOT NULL"
            );
            while (indexes.step()) found.emplace_back(indexes.bytes(0), indexes.bytes(1));
        }
        std::vector<std::string> statements;
        for (auto& [name, statement] : found) {
            database_.execute("DROP INDEX " + name);
            statements.push_back(std::move(statement));
        }
        return statements;
    }

    /// As of an issuer elsewhere: they have no password.
    void add_people() {
        Statement user(
            database_.handle(),
            "INSERT INTO users (id, workspace_id, role, local, handle, display_name, bot, "
            "created_at) VALUES (?1, ?2, 2, 0, ?3, ?3, 0, ?4)"
        );
        Statement identity(
            database_.handle(),
            "INSERT INTO identities (workspace_id, issuer, subject, user_id) "
            "VALUES (?1, 'https://issuer.invalid', ?2, ?3)"
        );
        for (std::uint64_t i = 0; i < options_.users; ++i) {
            const std::string name = "filled-" + std::to_string(i);
            people_.push_back(uuid_of(start_ms_));
            user.run(people_.back(), workspace_, std::string_view(name), time_of(0));
            identity.run(workspace_, std::string_view(name), people_.back());
        }
    }

    /// Public channels; everyone has read all.
    void add_threads() {
        Statement thread(
            database_.handle(),
            "INSERT INTO threads (number, id, seq, rev, access_rev, first_seq, member_count, "
            "workspace_id, kind, visibility, name, folded_name, topic, created_by, created_at) "
            "VALUES (?1, ?2, ?3, ?3, 0, 1, ?4, ?5, 0, 0, ?6, ?6, '', ?7, ?8)"
        );
        Statement member(
            database_.handle(),
            "INSERT INTO members (thread, user_id, role, read_seq, level, joined_at, thread_id, "
            "used_day) VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?5 / 86400000)"
        );
        for (std::uint64_t i = 0; i < options_.threads; ++i) {
            const std::string name = "filled " + std::to_string(i);
            const auto number = thread_number(i);
            const auto head = static_cast<std::int64_t>(length_of(i));
            const auto members = static_cast<std::int64_t>(options_.members);
            const auto id = uuid_of(start_ms_);
            thread.run(
                number,
                id,
                head,
                members,
                workspace_,
                std::string_view(name),
                people_[0],
                time_of(0)
            );
            for (std::uint64_t k = 0; k < options_.members; ++k) {
                const std::int64_t role = k == 0 ? 0 : 1;
                member.run(number, people_[member_index(i, k)], role, head, time_of(0), id);
            }
        }
    }

    /// In the order of their key.
    void add_messages() {
        Statement insert(
            database_.handle(),
            "INSERT INTO messages (place, rev, first_rev, id, author_id, nonce, request_hash, "
            "content, mentions_all, created_at) VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8)"
        );
        for (std::uint64_t i = 0; i < options_.threads; ++i) {
            for (std::uint64_t seq = 1; seq <= length_of(i); ++seq) {
                const std::uint64_t turn = (seq - 1) * options_.threads + i;
                insert.run(
                    thread_number(i) << 32 | static_cast<std::int64_t>(seq),
                    static_cast<std::int64_t>(seq),
                    uuid_of(start_ms_ + turn * step_ms),
                    people_[member_index(i, seq % options_.members)],
                    random_bytes<16>(),
                    random_bytes<32>(),
                    content_of(seq),
                    time_of(turn)
                );
            }
        }
    }

    /// Between 20 and 180 bytes.
    static std::string_view content_of(std::uint64_t seq) {
        static const std::string text = [] {
            constexpr std::string_view words = "the quick brown fox jumps over the lazy dog and ";
            std::string repeated;
            while (repeated.size() < 1024) repeated += words;
            return repeated;
        }();
        return std::string_view(text).substr(seq % 512, 20 + random_word() % 161);
    }

    /// The owner, and neighbours in the list of the others.
    [[nodiscard]] std::size_t member_index(std::uint64_t thread, std::uint64_t member) const {
        return member == 0 ? 0 : 1 + (thread * options_.members + member) % options_.users;
    }

    [[nodiscard]] std::int64_t thread_number(std::uint64_t thread) const {
        return static_cast<std::int64_t>(thread + 1);
    }

    [[nodiscard]] std::uint64_t length_of(std::uint64_t thread) const {
        return (options_.messages + options_.threads - 1 - thread) / options_.threads;
    }

    [[nodiscard]] std::int64_t time_of(std::uint64_t turn) const {
        return static_cast<std::int64_t>(start_ms_ + turn * step_ms);
    }

    const Options& options_;
    Database database_;
    std::uint64_t start_ms_;
    Uuid workspace_;
    std::vector<Uuid> people_;  // the owner first
};

Options parse_options(int argc, char** argv) {
    Options options;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        const std::string value = argv[i + 1];
        if (name == "--database")
            options.database = value;
        else if (name == "--messages")
            options.messages = std::stoull(value);
        else if (name == "--threads")
            options.threads = std::stoull(value);
        else if (name == "--members")
            options.members = std::stoull(value);
        else
            fail("unknown " + std::string(name));
    }
    if (options.database.empty()) fail("usage: --database FILE [--messages N] ...");
    if (options.members < 1 || options.members > options.users) fail("--members is 1 to 1000");
    return options;
}

}  // namespace

int main(int argc, char** argv) {
    const Options options = parse_options(argc, argv);
    Filling(options).run();
}
