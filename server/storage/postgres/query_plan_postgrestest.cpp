// Every statement of the product is served by an index: measured where there are a million
// messages, as the server plans and runs it for the product's own links.
#include "storage/contract/every_call.hpp"
#include "storage/testing/postgres_backend.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace banter::storage {

namespace {

/// 2,000 channels, of which the first holds an eighth of all messages and the n-th a n-th of that;
/// the first user is in all of them, and the first channel has every tenth user.
constexpr const char* fill = R"(
SET synchronous_commit = off;
CREATE FUNCTION id_of(kind text, number bigint) RETURNS bytea IMMUTABLE LANGUAGE sql
    RETURN decode(md5(kind || number), 'hex');
CREATE TEMP TABLE kept_indexes AS SELECT indexname, indexdef FROM pg_indexes
    WHERE tablename = 'messages' AND indexname <> 'messages_pkey';
DO $$ DECLARE each record; BEGIN
    FOR each IN SELECT * FROM kept_indexes LOOP EXECUTE 'DROP INDEX ' || each.indexname; END LOOP;
END $$;
INSERT INTO users (id, workspace_id, role, local, handle, display_name, bot, created_at)
    SELECT id_of('user', g), (SELECT id FROM workspaces), 2, 1, 'user' || g, 'Name ' || g,
    CASE g % 10 WHEN 0 THEN 1 ELSE 0 END, g
    FROM generate_series(1, 20000) g;
INSERT INTO user_terms SELECT (SELECT id FROM workspaces), term, id_of('user', g)
    FROM generate_series(1, 20000) g, LATERAL (VALUES ('user' || g), ('name ' || g), ('' || g)) AS t (term);
INSERT INTO credentials SELECT id_of('user', g), 'hash' FROM generate_series(1, 20000) g;
INSERT INTO identities SELECT (SELECT id FROM workspaces), 'https://issuer', 's' || g, id_of('user', g)
    FROM generate_series(1, 20000) g;
INSERT INTO sign_ins (id, user_id, secret, created_at, expires_at)
    SELECT id_of('sign-in', g), id_of('user', 1 + g % 20000), id_of('secret', g), g, 2000000000000 + g
    FROM generate_series(1, 40000) g;
INSERT INTO spent_secrets SELECT id_of('spent', g), id_of('sign-in', 1 + g % 40000), g
    FROM generate_series(1, 40000) g;
INSERT INTO access_tokens (id, user_id, name, secret, created_at)
    SELECT id_of('token', g), id_of('user', 1 + g % 20000), 'n', id_of('token secret', g), g
    FROM generate_series(1, 20000) g;
INSERT INTO revocations (user_id, others, reason, created_at)
    SELECT id_of('user', 1 + g % 20000), 0, 0, g FROM generate_series(1, 20000) g;
CREATE TEMP TABLE sizes AS SELECT g::bigint AS n, 125000 / g AS size FROM generate_series(1, 2000) g;
INSERT INTO threads (number, id, seq, rev, access_rev, first_seq, member_count, workspace_id, kind, visibility,
    name, folded_name, topic, created_by, created_at)
    OVERRIDING SYSTEM VALUE
    SELECT n, id_of('thread', n), size, size + size / 100, 0, 1, 20, (SELECT id FROM workspaces), 0, 0,
    'channel ' || n, 'channel ' || n, '', id_of('user', 1), n FROM sizes;
SELECT setval(pg_get_serial_sequence('threads', 'number'), 2000);
INSERT INTO threads (id, seq, rev, access_rev, first_seq, member_count, workspace_id, kind, visibility, name,
    folded_name, topic, created_by, created_at)
    SELECT id_of('group', g), 0, 0, 0, 1, 2, (SELECT id FROM workspaces), 2, 1, '', '', '', id_of('user', 1), g
    FROM generate_series(1, 30000) g;
INSERT INTO members (thread, user_id, role, read_seq, level, joined_at, thread_id, used_day)
    SELECT n, id_of('user', u), CASE u WHEN 1 THEN 0 ELSE 1 END, size / 2, 0, n, id_of('thread', n), n FROM sizes,
    LATERAL (SELECT DISTINCT u FROM (SELECT 1 AS u UNION ALL SELECT 2 + (n * 17 + g * 101) % 19000
        FROM generate_series(1, CASE n WHEN 1 THEN 2000 ELSE 19 END) g) AS drawn) AS people;
INSERT INTO messages (place, rev, first_rev, id, author_id, nonce, request_hash, content, mentions_all, created_at,
    edited_at)
    SELECT (n << 32) + s, CASE s % 100 WHEN 0 THEN size + s / 100 ELSE s END, s, id_of('message', (n << 32) + s),
    id_of('user', 1 + s % 20), id_of('nonce', (n << 32) + s), id_of('hash', s) || id_of('hash', n),
    'The text of a message, which is about as long as many of them are: number ' || s, 0,
    1700000000000 + s * 1000, CASE s % 100 WHEN 0 THEN 1 END
    FROM sizes, LATERAL generate_series(1, size) s ORDER BY 3, 1;
DO $$ DECLARE each record; BEGIN
    FOR each IN SELECT * FROM kept_indexes LOOP EXECUTE each.indexdef; END LOOP;
END $$;
INSERT INTO changed_runs SELECT (n << 32) + s, (n << 32) + s FROM sizes, LATERAL generate_series(100, size, 100) s;
INSERT INTO mentions SELECT id_of('user', 1), (n << 32) + s FROM sizes, LATERAL generate_series(50, size, 200) s;
INSERT INTO mentions SELECT decode(repeat('00', 16), 'hex'), (n << 32) + s
    FROM sizes, LATERAL generate_series(75, size, 1000) s;
INSERT INTO reactions SELECT (n << 32) + s, ':x:', size + s / 100, id_of('user', 1 + s % 19)
    FROM sizes, LATERAL generate_series(100, size, 100) s;
INSERT INTO reactions SELECT (1::bigint << 32) + 100, ':many:', g, id_of('user', g) FROM generate_series(1, 2000) g;
INSERT INTO files (id, workspace_id, uploader_id, object, name, media_type, bytes, sha256, unrendered, place,
    created_at)
    SELECT id_of('file', g), (SELECT id FROM workspaces), id_of('user', 1 + g % 20000), id_of('object', g), 'n', 't',
    1, id_of('sha', g) || id_of('sha', g), 0, (1::bigint << 32) + g, g FROM generate_series(1, 20000) g;
INSERT INTO file_objects SELECT id_of('object', g), id_of('file', g) FROM generate_series(1, 20000) g;
INSERT INTO file_usage SELECT id_of('user', g), 1 FROM generate_series(1, 20000) g;
INSERT INTO identity_checks SELECT 'https://issuer', 's' || g, g FROM generate_series(1, 20000) g;
INSERT INTO uploads (id, workspace_id, user_id, name, claimed_type, metadata, bytes, at, created_at, expires_at, file)
    SELECT id_of('upload', g), (SELECT id FROM workspaces), id_of('user', 1 + g % 20000), 'n', 't', '', 1, 1, g,
    2000000000000 + g, id_of('file', g) FROM generate_series(1, 20000) g;
INSERT INTO upload_parts SELECT id_of('upload', g), 0, id_of('part', g), 1 FROM generate_series(1, 20000) g;
INSERT INTO invites (id, workspace_id, code, role, uses, created_by, created_at)
    SELECT id_of('invite', g), (SELECT id FROM workspaces), id_of('code', g), 2, 0, id_of('user', 1 + g % 20000), g
    FROM generate_series(1, 900) g;
INSERT INTO invite_threads SELECT id_of('invite', 1 + g % 900), g FROM generate_series(1, 9000) g;
INSERT INTO stale_reply_summaries SELECT (n << 32) + 1, '\x00', 9000000000000 FROM sizes;
INSERT INTO taken_hooks SELECT 'msg_' || g, 2000000000000 + g FROM generate_series(1, 20000) g;
INSERT INTO ended_sessions SELECT id_of('session', g), 2000000000000 + g FROM generate_series(1, 20000) g;
INSERT INTO identity_states (issuer, subject, updated_at, barred, gone)
    SELECT 'https://issuer', 's' || g, g, 0, 0 FROM generate_series(1, 20000) g;
INSERT INTO organization_members (workspace_id, subject, role, role_at)
    SELECT id_of('organization', 1 + g % (CASE WHEN g > 10000 THEN 1 ELSE 2000 END)), 's' || g, 2, g
    FROM generate_series(1, 20000) g;
INSERT INTO workspaces (id, name, created_at, issuer, organization)
    SELECT id_of('organization', g), 'n', g, 'https://issuer', 'org_' || g FROM generate_series(1, 2000) g;
)";

/// The server writes into its log how it has run each statement.
constexpr const char* explain_all = R"(
SET session_preload_libraries = 'auto_explain';
SET auto_explain.log_min_duration = 0;
SET auto_explain.log_analyze = on;
SET auto_explain.log_buffers = on;
SET auto_explain.log_timing = off;
SET auto_explain.log_settings = on;
)";

class PlannedBackend : public PostgresBackend {
public:
    explicit PlannedBackend(std::size_t loops) : PostgresBackend(loops, as_the_server_is_set()) {}

    [[nodiscard]] postgres::Session session() {
        return postgres::Session(postgres::targets_of(test_database().url()));
    }

private:
    static postgres::PostgresOptions as_the_server_is_set() {
        postgres::PostgresOptions options = patient();
        options.leaves_planner_alone = true;
        return options;
    }
};

/// What running a statement came to.
struct Cost {
    std::int64_t buffers = 0;
    /// Of those the ones that were not in memory.
    std::int64_t read = 0;
    /// Given back, or written.
    std::int64_t rows = 0;
    std::string plan;
};

/// The number behind `name` in a line of a plan; 0: it isn't there.
std::int64_t number_behind(std::string_view line, std::string_view name) {
    const std::size_t at = line.find(name);
    return at == line.npos ? 0 : std::stoll(std::string(line.substr(at + name.size())));
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

/// What a node does is in its line, which says how many rows it gave; the other lines are about it.
/// The first that speaks of buffers counts those of all nodes.
Cost cost_of(const std::vector<std::string_view>& plan) {
    Cost cost;
    bool first = true;
    bool counted = false;
    bool writes = false;
    for (const std::string_view line : plan) {
        cost.plan += std::string(line) + "\n";
        if (line.find("Buffers: shared") != line.npos && !std::exchange(counted, true)) {
            cost.read = number_behind(line, "read=");
            cost.buffers = number_behind(line, "hit=") + cost.read;
        }
        if (line.find("(actual rows=") == line.npos) continue;
        const std::int64_t rows = number_behind(line, "(actual rows=");
        if (std::exchange(first, false) || writes) cost.rows += rows;
        writes = false;
        for (const char* write : {"Insert on ", "Update on ", "Delete on "}) {
            writes = writes || line.find(write) != line.npos;
        }
    }
    return cost;
}

/// Lists whose rows are put together by keys from other tables. For each key PostgreSQL goes down
/// an index from its root (before 17 for each of an array's too, however near they are): a page of
/// each level and one of the table. So a row from one other table costs 3 or more, whatever the
/// index, though most of them are the same pages again. What would do is a copy of the other
/// table's row, which each message would have to write for each member of its thread.
struct List {
    std::string_view begin;
    /// Beside those of the rows: of the scan that they begin with, and what a link has to know
    /// first.
    std::int64_t buffers;
    std::int64_t for_each_row;
};

constexpr List lists[] = {
    // A user's threads: the membership's row 1, its thread's 2 + 1, and for each of two kinds of
    // mentions 2 in the index, which has all of them, and 1 more where the planner takes a bitmap.
    {"SELECT m.joined_at, ", 20, 10},
    // Public channels: 2 + 1 for the row, 2 + 1 for the membership, and the mentions.
    {"SELECT t.folded_name, ", 20, 12},
    // Users by a term: 2 + 1 for the row.
    {"SELECT t.term, ", 20, 3},
};

const List* list_of(std::string_view text) {
    for (const List& list : lists) {
        if (text.starts_with(list.begin)) return &list;
    }
    return nullptr;
}

/// What a link has to know of the tables, when it runs a statement first, counts as well.
constexpr std::int64_t of_catalogs = 15;

/// And what these run besides, a trigger and the default of a column.
constexpr std::int64_t of_functions = 70;

bool runs_functions(std::string_view text) {
    return text.starts_with("UPDATE threads ") || text.starts_with("INSERT INTO members ");
}

/// A statement that a link has run.
struct Execution {
    std::string text;
    /// For the first time.
    bool first = false;
    Cost cost;
};

/// Of the buffers that it reads, whatever it is and whatever is in memory.
std::int64_t most_read(const Execution& run) { return 50 + run.cost.rows; }

/// Of the buffers that it looks at, as often as it does, those in memory too.
std::int64_t most_looked_at(const Execution& run) {
    const std::int64_t first_time = of_catalogs + (runs_functions(run.text) ? of_functions : 0);
    const std::int64_t usual = most_read(run) + (run.first ? first_time : 0);
    const List* list = list_of(run.text);
    if (list == nullptr) return usual;
    return std::max(usual, list->buffers + list->for_each_row * run.cost.rows);
}

class QueryCost : public EveryCall<PlannedBackend> {
public:
    /// Nothing is in memory of what the statements are about.
    void SetUp() override {
        {
            auto session = backend.session();
            session.run(fill);
            session.run("VACUUM (ANALYZE)");
        }
        become_a_copy();
    }

    void explain() {
        const std::string name = backend.test_database().name();
        for (std::string_view left = explain_all; left.find(';') != left.npos;) {
            const std::size_t end = left.find(';');
            const std::string setting(left.substr(left.find('S'), end - left.find('S')));
            TestDatabase::run("ALTER DATABASE " + name + " " + setting);
            left.remove_prefix(end + 1);
        }
    }

    /// Of a database whose files were copied nothing is in PostgreSQL's memory.
    void become_a_copy() {
        backend.close();
        const std::string name = backend.test_database().name();
        const std::string copy = name + "_copy";
        TestDatabase::run("CREATE DATABASE " + copy + " TEMPLATE " + name + " STRATEGY FILE_COPY");
        TestDatabase::run("DROP DATABASE " + name + " WITH (FORCE)");
        TestDatabase::run("ALTER DATABASE " + copy + " RENAME TO " + name);
        explain();
        backend.open();
    }

    template <typename Id>
    Id id_of(const std::string& kind, std::int64_t number) {
        sql::Parameters of(1, sql::to_value(kind));
        of.push_back(sql::to_value(number));
        return backend.session().query("SELECT id_of($1, $2)", of)[0].template id<Id>();
    }
    model::Message message_of(std::int64_t thread, std::int64_t seq) {
        model::Message message;
        message.id = id_of<model::MessageId>("message", (thread << 32) + seq);
        message.author = id_of<model::UserId>("user", 1 + seq % 20);
        return message;
    }

    /// Where there is most of everything, and less.
    void use_what_is_large() {
        const auto reader = id_of<model::UserId>("user", 1);
        for (const std::int64_t number : {1, 30, 2'000}) {
            const auto thread = id_of<model::ThreadId>("thread", number);
            const model::Seq size = 125'000 / static_cast<model::Seq>(number);
            for (const HistoryPlace& place : std::vector<HistoryPlace>{
                     Newest{},
                     Before{size / 2},
                     After{size / 2},
                     Around{size / 3},
                     AtTime{
                         Timestamp{std::chrono::milliseconds(1'700'000'000'000 + size * 300)}}}) {
                (void)history(thread, reader, place);
            }
            for (const model::Rev since : {model::Rev{0}, size / 2, size - 5, size + size / 200}) {
                (void)changes(thread, reader, since);
                (void)run(messages().changed_between(thread, since, since + 30));
            }
            (void)view(thread, reader);
            (void)run(threads().members(thread, reader, {}, allow));
            (void)run(threads().count_mentions(thread, reader, 0));
            run_task(backend.loops()[0], threads().mark_read({ReadMark{thread, reader, size / 3}}));
            for (int i = 0; i < 3; ++i) (void)send(thread, reader, "text");
            const model::Message old = message_of(number, static_cast<std::int64_t>(size) / 2);
            (void)run(messages().find(old.id, reader));
            react(old, reader, ":y:");
            (void)edit(old, "another text");
            remove(old);
        }
        const model::Message liked = message_of(1, 100);
        (void)run(messages().reactions(liked.id, reader, ":many:", {}));
        react(liked, id_of<model::UserId>("user", 3'000), ":many:");
        (void)run(threads().list(reader, {}));
        for (const int days : {0, 1'900, 3'000}) {
            const Timestamp since{std::chrono::days(days)};
            (void)run(threads().watched(reader, {2, since, 2'000}));
        }
        (void)run(threads().watched(reader, {2'000, now(), 2'000}));
        for (const std::string query : {"", "channel 1", "nothing"}) {
            (void)run(threads().discover(workspace(), reader, query, {}));
        }
        PeopleStore& people = backend.stores().people;
        // Guests, who see no others than those, are in a few threads that somebody put them in:
        // each costs a look-up. This one is in four.
        const auto guest = id_of<model::UserId>("user", 1'248);
        for (const bool acquainted : {false, true}) {
            for (const std::string query : {"", "name", "user1234", "nobody"}) {
                UserSearch search{.workspace = workspace(), .query = query};
                search.viewer = acquainted ? guest : reader;
                search.only_acquainted = acquainted;
                (void)run(people.search(search, {}));
            }
        }
        (void)run(people.find_acquainted(workspace(), guest, {id_of<model::UserId>("user", 5)}));
        (void)run(people.bots(workspace(), {}));
        (void)run(revocations().list_after(0, 1'000));
        IdentityCheckStore& checks = backend.stores().identity_checks;
        (void)run(checks.next_organization("https://issuer", {}));
        (void)run(checks.members(id_of<model::WorkspaceId>("organization", 1), "s15", 100));
        const auto gone = id_of<model::UserId>("user", 7);
        const auto allowed = [](const model::UserState&) { return std::optional<Error>(); };
        (void)run(people.delete_account({workspace(), gone, true, "new", now()}, allowed));
        for (int i = 0; i < 5; ++i) (void)run(backend.stores().departures.go_on({10, 50, now()}));
    }

    void use_list_of_threads() { (void)run(threads().list(id_of<model::UserId>("user", 1), {})); }
    void use_list_of_channels() {
        const auto reader = id_of<model::UserId>("user", 1);
        (void)run(threads().discover(workspace(), reader, "", {}));
    }
    void use_list_of_users() {
        UserSearch search{.workspace = workspace(), .query = "user1"};
        search.viewer = id_of<model::UserId>("user", 1);
        (void)run(backend.stores().people.search(search, {}));
    }

    /// What the server's process for a link tells, in `from`.
    void note(std::string_view told, const std::string& from) {
        constexpr std::string_view text_begins = "Query Text: ";
        std::vector<std::string_view> lines = lines_of(told);
        const std::string text(lines.front().substr(text_begins.size()));
        lines.erase(lines.begin());
        const Cost cost = cost_of(lines);
        EXPECT_EQ(cost.plan.find("Settings: "), cost.plan.npos) << cost.plan;
        constexpr std::string_view walk = "Seq Scan on ";
        for (std::size_t at = 0; (at = cost.plan.find(walk, at)) != cost.plan.npos;) {
            at += walk.size();
            const std::string table = cost.plan.substr(at, cost.plan.find(' ', at) - at);
            EXPECT_TRUE(small_.contains(table)) << "walks through " << table << ": " << text;
        }
        const bool first = known_.emplace(from, text).second;
        runs_.push_back({text, first, cost});
    }
    /// From what the server's log holds of what `work` does. The lines of one are behind a tab.
    template <typename Work>
    void read_plans_of(Work work) {
        const auto begin = static_cast<std::streamoff>(std::filesystem::file_size(log_file()));
        work();
        backend.close();
        runs_.clear();
        std::ifstream log(log_file());
        log.seekg(begin);
        std::string plan;
        std::string from;
        bool in_plan = false;
        for (std::string line; std::getline(log, line);) {
            const bool goes_on = in_plan && line.starts_with('\t');
            if (goes_on) {
                plan += line.substr(1) + "\n";
                continue;
            }
            if (in_plan) note(plan, from);
            plan.clear();
            in_plan = line.ends_with("  plan:");
            // log_line_prefix is the default, '%m [%p] '.
            from = line.substr(0, line.find(']'));
            from = from.substr(from.find('[') + 1);
        }
        if (in_plan) note(plan, from);
    }
    static std::string log_file() {
        const char* file = std::getenv("BANTER_TEST_POSTGRES_LOG");
        if (file == nullptr) throw std::runtime_error("BANTER_TEST_POSTGRES_LOG is not set");
        return file;
    }

    std::vector<Execution> runs_;
    /// Which links have run which statements.
    std::set<std::pair<std::string, std::string>> known_;
    /// Of a page or two, whatever there is in the others.
    const std::set<std::string> small_{
        "installation",
        "banter_migrations",
        "departures",
        "invites",          // limits::invites_max
        "identity_sweeps",  // one for each issuer
    };
};

TEST_F(QueryCost, no_statement_reads_much_more_than_it_gives) {
    read_plans_of([&] {
        use_everything();
        use_what_is_large();
    });
    std::set<std::string> statements;
    for (const Execution& run : runs_) {
        statements.insert(run.text);
        EXPECT_LE(run.cost.read, most_read(run)) << run.text << "\n" << run.cost.plan;
        EXPECT_LE(run.cost.buffers, most_looked_at(run)) << run.text << "\n" << run.cost.plan;
    }
    EXPECT_GT(statements.size(), 150U);

    // What the lists look at again and again is to be read once: of a fresh copy for each of them.
    std::set<const List*> read;
    for (const auto use :
         {&QueryCost::use_list_of_threads,
          &QueryCost::use_list_of_channels,
          &QueryCost::use_list_of_users}) {
        become_a_copy();
        read_plans_of([&] { (this->*use)(); });
        for (const Execution& run : runs_) {
            const List* list = list_of(run.text);
            if (list == nullptr) continue;
            if (run.cost.rows > 50) read.insert(list);
            EXPECT_LE(run.cost.read, most_read(run)) << run.text << "\n" << run.cost.plan;
        }
    }
    EXPECT_EQ(read.size(), std::size(lists));
}

}  // namespace

}  // namespace banter::storage
