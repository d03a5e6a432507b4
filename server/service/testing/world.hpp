// All services over the real embedded database in a folder of its own, on time and chance that
// tests decide.
#pragma once

#include "base/offload.hpp"
#include "base/testing/run.hpp"
#include "service/departures.hpp"
#include "service/file_upkeep.hpp"
#include "service/services.hpp"
#include "storage/cdn/local.hpp"
#include "storage/disk/object_store.hpp"
#include "storage/magic/media_types.hpp"
#include "storage/memory/event_bus.hpp"
#include "storage/memory/lru_cache.hpp"
#include "storage/memory/presence_store.hpp"
#include "storage/memory/rate_limiter.hpp"
#include "storage/sql/stores.hpp"
#include "storage/sqlite/database.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace banter::service {

/// A folder that goes with it.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "banter-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

struct WorldRules {
    SendRules sends;
    RegistrationRules registration;
    FileRules files{
        .intake = {.types = {}, .file_bytes_max = 10'000'000},
        .quota = {},
        .unlinked_lifetime = std::chrono::hours(24),
    };
};

/// Where files lie and how they are given out, without a part that looks into pictures.
struct FileWorld {
    FileWorld(const std::filesystem::path& folder, Offload& offload, const Loops& loops)
        : fresh(loops, [](std::size_t) { return std::make_unique<storage::FreshObjects>(); }),
          objects({.directory = folder / "files", .spare_bytes = 0}, offload),
          media_types(offload),
          cdn({}, "https://files.example") {}

    [[nodiscard]] storage::FileStorage storage(std::size_t loop) {
        return {
            .objects = objects,
            .fresh = fresh.local(loop),
            .media_types = media_types,
            .pictures = nullptr,
            .scanner = nullptr,
            .cdn = cdn,
            .links = &cdn,
        };
    }

    Sharded<storage::FreshObjects> fresh;
    disk::DiskObjectStore objects;
    magic::MagicMediaTypes media_types;
    cdn::LocalCdn cdn;
};

/// The services of one loop.
struct Place {
    Place(
        const WorldRules& rules,
        sqlite::SqliteDatabase& database,
        storage::EventBus& bus,
        storage::RateLimiter& rates,
        storage::PresenceStore& presence,
        const Issuers& issuers,
        const LocalIssuer& issuer,
        Sharded<WaitingMarks>& waiting,
        Offload& offload,
        FileWorld& file_world,
        std::size_t loop,
        const Clock& clock,
        Random& random,
        const Executor& executor
    )
        : cache(1 << 20),
          stores(database, cache, database.installation()),
          storage{
              stores.users,
              stores.people,
              stores.departures,
              stores.sign_ins,
              stores.access_tokens,
              stores.invites,
              stores.revocations,
              stores.hooks,
              stores.threads,
              stores.messages,
              stores.files,
              stores.uploads,
              bus,
              rates,
              presence},
          ids(clock, random),
          access_tokens(storage, clock, random, ids),
          auth(issuers, access_tokens, storage, database.installation(), clock, ids),
          sign_ins(issuer, storage, clock, random, ids),
          registration(
              rules.registration,
              sign_ins,
              storage,
              database.installation(),
              offload,
              clock,
              ids
          ),
          invites(storage, clock, random, ids),
          accounts(sign_ins, storage, offload, clock),
          departures(storage, clock),
          users(storage, clock),
          bots(storage, access_tokens, users, clock, ids),
          read_marks(storage, waiting),
          threads(storage, read_marks, clock, ids),
          messages(rules.sends, storage, database.installation(), read_marks, clock, ids),
          file_storage(file_world.storage(loop)),
          file_links(file_storage.cdn, clock),
          files(rules.files, storage, file_storage, clock, random, ids),
          completing(executor),
          completions(rules.files, files, storage, file_storage, clock, completing),
          uploads(files, completions, storage, file_storage, clock, random, ids),
          file_upkeep(rules.files, storage, file_storage, file_world.fresh, clock, random),
          typing(storage),
          presences(storage, clock) {}

    memory::LruCache cache;
    sql::Stores stores;
    storage::Storage storage;
    model::IdMaker ids;
    AccessTokens access_tokens;
    Auth auth;
    SignIns sign_ins;
    Registration registration;
    Invites invites;
    Accounts accounts;
    Departures departures;
    Users users;
    Bots bots;
    ReadMarks read_marks;
    Threads threads;
    Messages messages;
    storage::FileStorage file_storage;
    FileLinks file_links;
    Files files;
    TaskGroup completing;
    Completions completions;
    Uploads uploads;
    FileUpkeep file_upkeep;
    Typing typing;
    Presences presences;
};

class World {
public:
    explicit World(WorldRules rules = {}, std::size_t loop_count = 1)
        : contexts_(loop_count), loops_(executors()), rules_(rules) {
        issuers.add(issuer.issuer());
        bus_.set_receiver([this](const model::SharedEvent& event) {
            const bool membership = std::holds_alternative<model::MemberUpdate>(event->body);
            (membership ? memberships : events).push_back(event);
        });
        bus_.set_revocation_receiver([this](std::size_t loop, const model::Revocation& ended) {
            if (loop == 0) revocations.push_back(ended);
        });
        bus_.set_gap_reader([this](memory::Gap gap) -> Task<memory::Missing> {
            const std::size_t home = waiting.home_of(gap.thread.hash());
            memory::Missing found;
            found.messages = co_await places_[home]->stores.messages.changed_between(
                gap.thread, gap.after, gap.up_to
            );
            co_return found;
        });
        for (std::size_t i = 0; i < loop_count; ++i) {
            places_.push_back(std::make_unique<Place>(
                rules_,
                database_,
                bus_,
                rates_,
                presence_,
                issuers,
                issuer,
                waiting,
                offload_,
                files_,
                i,
                clock,
                random_,
                loops_[i]
            ));
        }
    }

    ~World() {
        for (std::size_t i = 0; i < places_.size(); ++i) run(places_[i]->completing.wait(), i);
        run(presence_.stop());
        run(bus_.stop());
        database_.stop();
        poll();
    }

    World(const World&) = delete;
    World& operator=(const World&) = delete;

    [[nodiscard]] Place& at(std::size_t loop) { return *places_[loop]; }
    [[nodiscard]] Place* operator->() { return places_.front().get(); }
    [[nodiscard]] Executor executor() const { return loops_.front(); }
    [[nodiscard]] const storage::Installation& installation() const {
        return database_.installation();
    }

    /// Runs the task on a loop, and every loop until it has ended.
    template <typename T>
    T run(Task<T> task, std::size_t loop = 0) {
        std::exception_ptr failure;
        std::optional<T> value;
        bool ended = false;
        asio::co_spawn(loops_[loop], std::move(task), [&](std::exception_ptr thrown, T result) {
            ended = true;
            failure = thrown;
            if (!thrown) value.emplace(std::move(result));
        });
        run_until([&] { return ended; });
        if (failure) std::rethrow_exception(failure);
        return std::move(*value);
    }

    void run(Task<> task, std::size_t loop = 0) {
        std::exception_ptr failure;
        bool ended = false;
        asio::co_spawn(loops_[loop], std::move(task), [&](std::exception_ptr thrown) {
            ended = true;
            failure = thrown;
        });
        run_until([&] { return ended; });
        if (failure) std::rethrow_exception(failure);
    }

    /// Runs all of them at once on the first loop, started in their order.
    template <typename T>
    std::vector<T> run_all(std::vector<Task<T>> tasks) {
        return run_across(std::move(tasks), 0, 1);
    }

    /// Runs all of them at once, the first one on the loop `first` of `loops`, each on the next.
    template <typename T>
    std::vector<T> run_across(std::vector<Task<T>> tasks, std::size_t first, std::size_t loops) {
        std::vector<std::optional<T>> results(tasks.size());
        std::size_t running = tasks.size();
        for (std::size_t i = 0; i < tasks.size(); ++i) {
            asio::co_spawn(
                loops_[(first + i) % loops],
                std::move(tasks[i]),
                [&, i](std::exception_ptr thrown, T result) {
                    --running;
                    EXPECT_FALSE(thrown);
                    results[i].emplace(std::move(result));
                }
            );
        }
        run_until([&] { return running == 0; });
        std::vector<T> values;
        for (auto& result : results) values.push_back(std::move(*result));
        return values;
    }

    /// Runs until so many events have been told since the start.
    void await_events(std::size_t count) {
        run_until([&] { return events.size() >= count; });
    }

    /// The same of revocations: they come a moment after what caused them.
    void await_revocations(std::size_t count) {
        run_until([&] { return revocations.size() >= count; });
    }

    /// Changes the database past the stores, for states that nothing makes yet.
    void sql(const std::string& statement) {
        sqlite3* database = nullptr;
        ASSERT_EQ(sqlite3_open((folder.path() / "banter.db").c_str(), &database), SQLITE_OK);
        sqlite3_busy_timeout(database, 10'000);
        char* failure = nullptr;
        EXPECT_EQ(sqlite3_exec(database, statement.c_str(), nullptr, nullptr, &failure), SQLITE_OK)
            << failure;
        sqlite3_free(failure);
        sqlite3_close(database);
    }

    /// Of every loop.
    [[nodiscard]] Sharded<storage::FreshObjects>& fresh_objects() { return files_.fresh; }

    /// From then on every call to a store fails.
    void stop_database() { database_.stop(); }

    /// The caller of a `banter token` for this handle.
    Caller caller(const std::string& handle) { return sign_in(token("handle:" + handle)).caller; }

    [[nodiscard]] std::string token(
        std::string subject,
        std::optional<model::SignInId> sign_in = std::nullopt
    ) const {
        return issuer.sign({
            .subject = std::move(subject),
            .sign_in = sign_in,
            .issued_at = clock.now(),
            .expires_at = clock.now() + std::chrono::hours(24),
        });
    }

    /// The sign-ins over the same storage, with another key.
    [[nodiscard]] SignIns sign_ins_of(const LocalIssuer& other) {
        return {other, at(0).storage, clock, random_, at(0).ids};
    }

    SignedIn sign_in(std::string token) {
        auto signed_in = run(at(0).auth.sign_in(std::move(token)));
        if (!signed_in) throw std::runtime_error(signed_in.error().detail);
        return *std::move(signed_in);
    }

    model::ThreadId channel(
        Caller owner,
        const std::string& name,
        model::Visibility visibility = model::Visibility::public_
    ) {
        CreateThread request{.visibility = visibility, .name = name};
        return run(at(0).threads.create(owner, std::move(request))).value().view.thread.id;
    }

    void join(Caller caller, model::ThreadId thread) {
        run(at(0).threads.join(caller, thread)).value();
    }

    [[nodiscard]] model::SendMessage sending(
        model::ThreadId thread,
        std::string content,
        std::optional<model::MessageId> reply_to = std::nullopt
    ) {
        return {
            .thread = thread,
            .nonce = at(0).ids.make<model::Nonce>(),
            .content = std::move(content),
            .reply_to = reply_to,
        };
    }

    model::Message send(Caller caller, model::ThreadId thread, std::string content) {
        return run(at(0).messages.send(caller, sending(thread, std::move(content)))).value();
    }

    TemporaryFolder folder;
    ManualClock clock{Timestamp(std::chrono::seconds(1'795'330'200))};
    LocalIssuer issuer{LocalIssuer::make_key()};
    Issuers issuers;
    /// What has been told since the start, but what tells of memberships.
    std::vector<model::SharedEvent> events;
    std::vector<model::SharedEvent> memberships;
    std::vector<model::Revocation> revocations;

private:
    Loops executors() {
        Loops loops;
        for (auto& context : contexts_) {
            context = std::make_unique<asio::io_context>(1);
            loops.push_back(context->get_executor());
        }
        return loops;
    }

    template <typename Done>
    void run_until(Done done) {
        const auto guard = asio::make_work_guard(loops_.front());
        while (!done()) {
            poll();
            if (!done() && contexts_.size() == 1) contexts_.front()->run_one();
        }
    }

    void poll() {
        for (const auto& context : contexts_) {
            context->restart();
            context->poll();
        }
    }

    std::vector<std::unique_ptr<asio::io_context>> contexts_;
    Loops loops_;
    WorldRules rules_;
    SeededRandom random_{1};
    metrics::Registry registry_;
    memory::LocalBus bus_{loops_, clock};
    memory::LocalRateLimiter rates_{loops_, clock};
    memory::LocalPresence presence_{loops_, clock, bus_, registry_};
    Offload offload_{1, 100};
    FileWorld files_{folder.path(), offload_, loops_};

public:
    Sharded<WaitingMarks> waiting{loops_, [](std::size_t) {
                                      return std::make_unique<WaitingMarks>();
                                  }};

private:
    sqlite::SqliteDatabase
        database_{{.directory = folder.path()}, loops_, clock, random_, registry_, bus_};
    std::vector<std::unique_ptr<Place>> places_;
};

/// The code of what was refused, or nothing.
template <typename T>
std::optional<Errc> code_of(const Result<T>& result) {
    return result ? std::nullopt : std::optional(result.error().code);
}

}  // namespace banter::service
