// No statement of the product reads a table from one end to the other.
#include "storage/contract/world.hpp"
#include "storage/sqlite/migrate.hpp"
#include "storage/testing/sqlite_backend.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace banter::storage {

namespace {

/// Every statement that any connection of the process runs, while this exists.
class SeenStatements {
public:
    SeenStatements() {
        current = this;
        sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch));
    }
    ~SeenStatements() {
        sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(watch));
        current = nullptr;
    }

    std::set<std::string> texts() {
        const std::scoped_lock lock(guard_);
        return texts_;
    }

private:
    static int watch(sqlite3* database, const char**, const sqlite3_api_routines*) {
        return sqlite3_trace_v2(database, SQLITE_TRACE_STMT, note, current);
    }
    static int note(unsigned, void* self, void* statement, void*) {
        auto& seen = *static_cast<SeenStatements*>(self);
        const char* text = sqlite3_sql(static_cast<sqlite3_stmt*>(statement));
        const std::scoped_lock lock(seen.guard_);
        if (text != nullptr) seen.texts_.insert(text);
        return 0;
    }

    static inline SeenStatements* current = nullptr;
    std::mutex guard_;
    std::set<std::string> texts_;
};

std::vector<std::string> plan_of(sqlite3* database, const std::string& text) {
    std::vector<std::string> steps;
    sqlite3_stmt* statement = nullptr;
    const std::string question = "EXPLAIN QUERY PLAN " + text;
    if (sqlite3_prepare_v2(database, question.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
        return steps;
    }
    while (sqlite3_step(statement) == SQLITE_ROW) {
        steps.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 3)));
    }
    sqlite3_finalize(statement);
    return steps;
}

/// What may be walked through: results in the making, and the table of one row.
bool is_small(const std::string& step) {
    static const std::set<std::string> small{
        "SCAN CONSTANT ROW",
        "SCAN halving",
        "SCAN unread_mentions",
        "SCAN own_mentions",
        "SCAN common_mentions",
        "SCAN departures",  // the first row is all that is read
        "SCAN above",
        "SCAN i",
        // indexes of nothing but what is still to be done
        "SCAN uploads USING INDEX uploads_dropped",
        "SCAN uploads USING INDEX uploads_with_spent_parts",
        "SCAN files USING INDEX files_unrendered",
    };
    return small.contains(step) || step.starts_with("SCAN (subquery");
}

/// A migration may walk through what it changes.
bool is_of_a_migration(const std::string& text) {
    const auto migrations = sqlite::migrations();
    return std::any_of(migrations.begin(), migrations.end(), [&](const auto& migration) {
        return std::string_view(migration.text).find(text) != std::string_view::npos;
    });
}

struct Watched : SeenStatements, SqliteBackend {
    explicit Watched(std::size_t loops = 1) : SqliteBackend(loops) {}
};

class QueryPlan : public World<Watched> {
public:
    void use_files(model::UserId ada, model::ThreadId thread) {
        FileStore& files = backend.stores().files;
        UploadStore& uploads = backend.stores().uploads;
        NewUpload upload;
        upload.upload.id = make<model::UploadId>();
        upload.upload.bytes = 3;
        upload.user = ada;
        upload.workspace = workspace();
        (void)run(uploads.begin(upload, {.user_bytes_max = 1000, .total_bytes_max = 1000}));
        (void)run(uploads.find(upload.upload.id, ada));
        (void)run(uploads.extend(upload.upload.id, 0, {{}, 3}, now()));
        (void)run(uploads.parts(upload.upload.id, 0));
        (void)run(uploads.claim(upload.upload.id, now(), now()));
        (void)run(uploads.renew(upload.upload.id, now(), now()));
        NewFile file;
        file.file.id = make<model::FileId>();
        file.uploader = ada;
        file.workspace = workspace();
        file.upload = upload.upload.id;
        file.unrendered = true;
        (void)run(files.add(file, {.user_bytes_max = 1000, .total_bytes_max = 1000}));
        (void)run(files.list_unrendered(1));
        NewMessage with_file = new_message(thread, ada, "");
        with_file.attachments = {file.file.id};
        const auto sent = send(with_file);
        (void)run(files.add_variants(file.file.id, {{model::FileVariant{.object = {{1}}}}, {}}));
        (void)run(files.find(file.file.id, ada));
        (void)run(files.unknown_among({model::ObjectKey()}));
        (void)remove(sent);
        (void)run(files.drop_unlinked(now(), now(), 10));
        run_task(backend.loops()[0], files.forget(file.file.id));
        (void)run(uploads.drop(upload.upload.id, ada));
        run_task(backend.loops()[0], uploads.refuse(upload.upload.id));
        (void)run(uploads.drop_expired(now(), 10));
        upload.upload.id = make<model::UploadId>();
        (void)run(uploads.begin(upload, {}));
        (void)run(uploads.drop_expired(now(), 10));
        run_task(backend.loops()[0], uploads.forget(upload.upload.id));
    }

    /// Calls everything that the stores can do.
    void use_everything() {
        const auto ada = user("ada");
        const auto bob = user("bob");
        (void)run(users().register_account(account("ada"), anybody));
        (void)run(users().find_credentials("ada"));
        (void)run(users().find_caller(workspace(), ada, make<model::SignInId>(), now()));
        (void)run(users().find_all(workspace(), std::vector{ada, bob}));
        (void)run(users().find_workspace(workspace()));
        (void)run(users().has_owner(workspace()));
        NewIdentity identity;
        identity.identity = {"https://one", "s"};
        identity.workspace = workspace();
        identity.id = make<model::UserId>();
        identity.handle = "eve";
        (void)run(users().provision(identity));
        (void)run(users().find_by_identity(workspace(), identity.identity));

        NewSignIn sign_in;
        sign_in.id = make<model::SignInId>();
        sign_in.user = ada;
        sign_in.expires_at = now() + std::chrono::hours(1);
        (void)run(sign_ins().create(sign_in));
        (void)run(sign_ins().list(ada, now(), {}));
        (void)run(users().change_password({ada, "hash of ada", "new", sign_in.id, now()}));
        Rotation rotation;
        rotation.now = now();
        rotation.expires_at = sign_in.expires_at;
        rotation.replacement.fill(1);
        (void)run(sign_ins().find_by_secret(rotation.presented));
        (void)run(sign_ins().rotate(rotation));
        (void)run(sign_ins().rotate(rotation));
        (void)run(sign_ins().end_by_secret(rotation.presented, now()));
        (void)run(sign_ins().end(ada, sign_in.id, now()));
        (void)revoked();

        AccessTokenStore& tokens = backend.stores().access_tokens;
        NewAccessToken token;
        token.user = ada;
        token.token.id = make<model::SignInId>();
        (void)run(tokens.create(token));
        (void)run(tokens.list(ada, {}));
        (void)run(tokens.find_caller(workspace(), token.secret, now()));
        std::vector<AccessTokenUse> uses{{token.token.id, now()}};
        run_task(backend.loops()[0], tokens.note_uses(std::move(uses)));
        (void)run(tokens.end(ada, token.token.id, now()));

        const auto thread = channel("general", ada);
        InviteStore& invites = backend.stores().invites;
        NewInvite invite;
        invite.workspace = workspace();
        invite.invite.id = make<model::InviteId>();
        invite.invite.threads = {thread};
        invite.invite.created_by = ada;
        (void)run(invites.create(invite, allow));
        (void)run(invites.list({workspace(), ada, now()}, allow, {}));
        NewAccount invited = account("invited");
        invited.invite = invite.code;
        invited.set_up = SetUpChoices{"Home", model::SignUp::open};
        (void)run(users().register_account(invited, anybody));
        (void)run(invites.end(workspace(), invite.invite.id));
        PeopleStore& people = backend.stores().people;
        UserSearch search{.workspace = workspace(), .viewer = bob, .query = "ada"};
        search.only_acquainted = true;
        (void)run(people.search(search, {}));
        search.query = "";
        (void)run(people.search(search, {}));
        (void)run(people.find_acquainted(workspace(), bob, {ada, bob}));
        model::ProfileChange profile{.handle = "robert", .status = model::UserStatus{"x", "y", {}}};
        (void)run(people.change_profile({workspace(), bob, profile}));
        const auto nobody = [](const model::UserState&) { return std::optional<Error>(); };
        model::UserChange change{.role = model::WorkspaceRole::guest, .deactivated = true};
        (void)run(people.change_user({workspace(), bob, change, now()}, nobody));
        change = {.role = model::WorkspaceRole::owner, .deactivated = false};
        (void)run(people.change_user({workspace(), bob, change, now()}, nobody));
        join(thread, bob);
        (void)view(thread, bob);
        (void)run(threads().list(bob, {}));
        (void)run(threads().discover(workspace(), bob, "gen", {}));
        const std::vector marks{ReadMark{thread, bob, 1}, ReadMark{thread, bob, 0, true}};
        run_task(backend.loops()[0], threads().mark_read(marks));
        (void)run(threads().count_mentions(thread, bob, 0));

        NewMessage wanted = new_message(thread, ada, "text");
        wanted.mentions.users = {bob};
        wanted.mentions.all = true;
        const auto message = send(wanted);
        (void)send(wanted);
        wanted = new_message(thread, ada, "text");
        wanted.reply_to = message.id;
        const auto second = send(wanted);
        react(message, bob, ":x:");
        react(message, ada, ":x:");
        react(message, bob, ":x:", false);
        (void)run(messages().find(message.id, ada));
        (void)run(messages().reactions(message.id, ada, ":x:", {}));
        for (const HistoryPlace place :
             {HistoryPlace{Newest{}}, HistoryPlace{After{0}}, HistoryPlace{AtTime{now()}}}) {
            (void)history(thread, ada, place);
        }
        (void)changes(thread, ada, 1);
        (void)run(messages().changed_between(thread, 0, 2));
        use_files(ada, thread);
        MessageEdit with_mentions;
        with_mentions.message = second.id;
        with_mentions.editor = ada;
        with_mentions.content = "other";
        with_mentions.mentions.users = {bob};
        with_mentions.mentions.all = true;
        (void)run(messages().edit(with_mentions, allow_message));
        edit(message, "other");
        use_conversations(thread, ada, bob, second);
        remove(message);
        const auto allowed = [](const model::UserState&) { return std::optional<Error>(); };
        AccountDeletion deletion{workspace(), ada, true, "new", now()};
        (void)run(backend.stores().people.delete_account(deletion, allowed));
        DepartureStore& departures = backend.stores().departures;
        (void)run(departures.has_any());
        while (run(departures.go_on({10, 50, now()}))) {}
    }

    void use_conversations(
        model::ThreadId thread,
        model::UserId ada,
        model::UserId bob,
        const model::Message& message
    ) {
        NewThread wanted = new_thread("", ada);
        wanted.kind = model::ThreadKind::direct;
        wanted.members = {bob};
        const auto direct = expect(run(threads().find_or_make_direct(wanted))).view.thread.id;
        (void)run(threads().hide(direct, ada, allow));
        (void)run(threads().find_or_make_direct(wanted));
        NewReplyThread reply;
        reply.id = make<model::ThreadId>();
        reply.parent = {thread, message.id};
        reply.created_by = ada;
        (void)run(threads().find_or_make_reply(reply, allow));
        (void)run(threads().find_or_make_reply(reply, allow));
        for (int i = 0; i < 2; ++i)
            (void)run(messages().append(new_message(reply.id, bob, "text"), allow));
        const Timestamp later = now() + std::chrono::hours(1);
        (void)run(messages().refresh_reply_summaries(later, 10));
        model::ChangeThread change;
        change.thread = thread;
        change.name = "other";
        (void)run(threads().change(change, ada, now(), allow));
        (void)run(threads().set_preferences({thread, bob, model::Level::none, later}, allow));
        (void)run(threads().members(thread, ada, {}, allow));
        (void)run(threads().watched(bob));
        const auto rule = [](const auto&, auto) { return std::optional<Error>(); };
        MemberChange member{thread, ada, bob, model::ThreadRole::owner, now()};
        (void)run(threads().set_member(member, rule));
        (void)run(threads().remove_member(member, rule));
        (void)run(threads().set_member(member, rule));
    }
};

}  // namespace

TEST_F(QueryPlan, no_statement_walks_through_a_table) {
    use_everything();
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((backend.directory() / "banter.db").c_str(), &database), SQLITE_OK);
    std::size_t explained = 0;
    for (const auto& text : backend.texts()) {
        if (is_of_a_migration(text)) continue;
        for (const auto& step : plan_of(database, text)) {
            ++explained;
            EXPECT_TRUE(!step.starts_with("SCAN") || is_small(step)) << step << " in: " << text;
            EXPECT_FALSE(step.starts_with("USE TEMP B-TREE FOR ORDER BY")) << text;
        }
    }
    sqlite3_close(database);
    EXPECT_GT(explained, 50U);
}

}  // namespace banter::storage
