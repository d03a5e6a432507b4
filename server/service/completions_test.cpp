// Of an upload that is whole one file is made, whoever asks, goes away or crashes meanwhile.
#include "service/completions.hpp"

#include "service/testing/scripted_source.hpp"
#include "service/testing/world.hpp"
#include "service/uploads.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <list>
#include <string>
#include <vector>

namespace banter::service {
namespace {

using namespace std::chrono_literals;

/// The real store, which may be away, and keeps readers waiting while a test says so.
class MoodyObjects final : public storage::ObjectStore {
public:
    explicit MoodyObjects(storage::ObjectStore& real) : real_(real) {}

    Task<std::unique_ptr<storage::ObjectDraft>> begin(
        model::ObjectKey key,
        std::uint64_t bytes_expected
    ) override {
        ++begun;
        expected = bytes_expected;
        return real_.begin(key, bytes_expected);
    }
    Task<std::unique_ptr<storage::ObjectReader>> open(
        model::ObjectKey key,
        storage::ByteRange range
    ) override {
        if (away) throw StorageFailure(Errc::storage_unavailable, "the store is away");
        while (held_) {
            const auto executor = co_await asio::this_coro::executor;
            Timer& wait = waiting_.emplace_back(executor, Timer::time_point::max());
            boost::system::error_code woken;
            co_await wait.async_wait(asio::redirect_error(use_task, woken));
        }
        co_return co_await real_.open(key, range);
    }
    Task<std::optional<std::uint64_t>> size(model::ObjectKey key) override {
        return real_.size(key);
    }
    Task<> remove(model::ObjectKey key) override { return real_.remove(key); }
    Task<model::Page<storage::StoredObject>> list(
        Timestamp before,
        std::optional<std::string> cursor
    ) override {
        return real_.list(before, std::move(cursor));
    }
    Task<std::size_t> sweep_drafts(Timestamp before) override { return real_.sweep_drafts(before); }

    void hold() { held_ = true; }
    void release() {
        held_ = false;
        for (Timer& wait : waiting_) wait.cancel();
    }

    bool away = false;
    std::size_t begun = 0;
    /// Bytes of the object that was begun last.
    std::uint64_t expected = 0;

private:
    storage::ObjectStore& real_;
    bool held_ = false;
    std::list<Timer> waiting_;
};

Task<> cancel(TaskGroup& tasks) {
    tasks.cancel();
    co_return;
}

/// One loop of one server: several share the database and the store.
struct Server {
    Server(World& world, Place& place, MoodyObjects& objects)
        : file_storage(with(place.file_storage, objects)),
          files(rules, place.storage, file_storage, world.clock, random, place.ids),
          completions(rules, files, place.storage, file_storage, world.clock, place.completing),
          uploads(files, completions, place.storage, file_storage, world.clock, random, place.ids) {
    }

    static storage::FileStorage with(storage::FileStorage storage, MoodyObjects& objects) {
        return {
            .objects = objects,
            .fresh = storage.fresh,
            .media_types = storage.media_types,
            .pictures = storage.pictures,
            .posters = storage.posters,
            .scanner = storage.scanner,
            .cdn = storage.cdn,
            .links = storage.links,
        };
    }

    FileRules rules = WorldRules().files;
    SystemRandom random;
    storage::FileStorage file_storage;
    Files files;
    Completions completions;
    Uploads uploads;
};

Task<Result<UploadProgress>> find_after_drain(Server& server, Caller caller, model::UploadId id) {
    co_await server.completions.drain();
    co_return co_await server.uploads.find(caller, id);
}

class CompletionsTest : public ::testing::Test {
protected:
    /// An upload of which no byte is missing, and no file was made.
    model::Upload whole() {
        const auto begun = begin();
        server.rules.upload_wait = 0ms;
        objects.hold();
        EXPECT_TRUE(extend(begun)->pending);
        return begun;
    }
    model::Upload begin() {
        UploadRequest request{
            .name = "a.txt", .claimed_type = {}, .metadata = {}, .bytes = bytes.size()};
        return world.run(server.uploads.begin(ada, std::move(request), nullptr)).value().upload;
    }
    Result<UploadProgress> extend(const model::Upload& upload) {
        ScriptedSource source(bytes);
        return world.run(server.uploads.extend(ada, upload.id, 0, source));
    }
    Result<UploadProgress> find(const model::Upload& upload) { return find(upload, server); }
    Result<UploadProgress> find(const model::Upload& upload, Server& at) {
        return world.run(at.uploads.find(ada, upload.id));
    }
    void run_out() { world.run(world->completing.wait()); }
    void let_end() {
        objects.release();
        run_out();
    }
    void stop() {
        world.run(server.completions.drain());
        world.run(cancel(world->completing));
        run_out();
    }
    std::size_t stored() {
        std::size_t count = 0;
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(world.folder.path() / "files")) {
            if (entry.is_regular_file()) ++count;
        }
        return count;
    }
    void expect_file(const Result<UploadProgress>& progress) {
        ASSERT_TRUE(progress && progress->upload.file);
        EXPECT_FALSE(progress->pending);
        EXPECT_EQ(
            world.run(world->files.find(ada, *progress->upload.file)).value().bytes, bytes.size()
        );
    }

    World world{WorldRules(), 2};
    Caller ada = world.caller("ada");
    std::string bytes = std::string(300'000, 'x');
    MoodyObjects objects{world->file_storage.objects};
    Server server{world, world.at(0), objects};
    Server other{world, world.at(0), objects};
};

TEST_F(CompletionsTest, of_many_who_ask_at_once_all_get_the_one_file_that_is_made) {
    const auto upload = whole();
    Server elsewhere(world, world.at(1), objects);
    server.rules.upload_wait = 25s;
    std::vector<Task<Result<UploadProgress>>> asked;
    for (int i = 0; i < 3; ++i) {
        asked.push_back(server.uploads.find(ada, upload.id));
        asked.push_back(elsewhere.uploads.find(ada, upload.id));
    }
    objects.release();
    const auto answers = world.run_across(std::move(asked), 0, 2);
    for (const auto& answer : answers) {
        expect_file(answer);
        EXPECT_EQ(answer->upload.file, answers[0]->upload.file);
    }
    EXPECT_EQ(objects.begun, 2U) << "a part and a file";
}

TEST_F(CompletionsTest, a_part_takes_room_for_what_its_request_brings_and_no_more) {
    const auto upload = begin();
    ScriptedSource source(bytes.substr(0, 20'000));
    const auto progress = world.run(server.uploads.extend(ada, upload.id, 0, source));
    EXPECT_EQ(progress.value().upload.offset, 20'000U);
    EXPECT_EQ(objects.expected, 20'000U);
}

TEST_F(CompletionsTest, two_servers_do_not_make_it_twice) {
    const auto upload = whole();
    other.rules.upload_wait = 0ms;
    EXPECT_TRUE(find(upload, other)->pending);
    other.rules.upload_wait = 25s;
    let_end();
    expect_file(find(upload, other));
    EXPECT_EQ(objects.begun, 2U);
}

TEST_F(CompletionsTest, who_goes_away_leaves_a_file) {
    const auto upload = whole();
    EXPECT_TRUE(find(upload)->pending) << "it is not made yet";
    let_end();
    expect_file(find(upload));
}

TEST_F(CompletionsTest, after_a_crash_the_next_who_asks_makes_it) {
    objects.away = true;
    const auto upload = begin();
    EXPECT_TRUE(extend(upload)->pending);
    run_out();
    objects.away = false;
    // The claim of a server that was killed: nobody renews it, nobody gives it up.
    const Timestamp now = world.clock.now();
    const Timestamp until = now + model::limits::upload_claim_lifetime;
    EXPECT_TRUE(world.run(world->storage.uploads.claim(upload.id, now, until)));
    server.rules.upload_wait = 0ms;
    EXPECT_TRUE(find(upload)->pending);
    EXPECT_EQ(world->completing.running(), 0U) << "it is claimed";
    world.clock.advance(model::limits::upload_claim_lifetime);
    server.rules.upload_wait = 25s;
    expect_file(find(upload));
}

TEST_F(CompletionsTest, while_it_takes_long_it_stays_claimed) {
    const auto upload = whole();
    other.rules.upload_wait = 0ms;
    for (int i = 0; i < 10; ++i) {
        world.clock.advance(model::limits::upload_claim_lifetime * 2 / 3);
        world.run(server.completions.renew_claims());
        EXPECT_TRUE(find(upload, other)->pending);
    }
    EXPECT_EQ(world->completing.running(), 1U);
    let_end();
    expect_file(find(upload));
    EXPECT_EQ(objects.begun, 2U);
}

TEST_F(CompletionsTest, who_was_taken_for_crashed_makes_no_second_file) {
    const auto upload = whole();
    other.rules.upload_wait = 0ms;
    world.clock.advance(model::limits::upload_claim_lifetime);
    EXPECT_TRUE(find(upload, other)->pending);
    EXPECT_EQ(world->completing.running(), 2U);
    let_end();
    expect_file(find(upload));
    (void)world.run(world->file_upkeep.remove_dropped());
    EXPECT_EQ(stored(), 1U);
    EXPECT_EQ(world.run(world->storage.files.used(ada.user)).user_bytes, bytes.size());
}

TEST_F(CompletionsTest, while_the_store_is_away_it_waits_and_then_becomes_a_file) {
    objects.away = true;
    const auto upload = begin();
    const auto last = extend(upload);
    ASSERT_TRUE(last.has_value());
    EXPECT_TRUE(last->pending);
    EXPECT_FALSE(last->upload.file);
    EXPECT_TRUE(find(upload)->pending);
    objects.away = false;
    expect_file(find(upload));
}

TEST_F(CompletionsTest, one_that_is_given_up_meanwhile_leaves_nothing) {
    const auto upload = whole();
    EXPECT_FALSE(world.run(server.uploads.end(ada, upload.id)).has_value());
    world.clock.advance(model::limits::upload_claim_lifetime * 2 / 3);
    world.run(server.completions.renew_claims());
    let_end();
    EXPECT_EQ(code_of(find(upload)), Errc::not_found);
    (void)world.run(world->file_upkeep.remove_dropped());
    EXPECT_EQ(stored(), 0U);
    EXPECT_EQ(world.run(world->storage.files.used(ada.user)).user_bytes, 0U);
}

TEST_F(CompletionsTest, at_the_servers_end_nobody_waits_and_the_next_server_begins_at_once) {
    const auto upload = whole();
    server.rules.upload_wait = 25s;
    stop();
    EXPECT_TRUE(find(upload)->pending);
    EXPECT_EQ(world->completing.running(), 0U) << "nothing is begun any more";
    objects.release();
    expect_file(find(upload, other));
}

TEST_F(CompletionsTest, at_the_servers_end_who_waits_is_told_to_ask_again) {
    const auto upload = whole();
    server.rules.upload_wait = 25s;
    std::vector<Task<Result<UploadProgress>>> asked;
    asked.push_back(server.uploads.find(ada, upload.id));
    asked.push_back(find_after_drain(server, ada, upload.id));
    const auto answers = world.run_all(std::move(asked));
    for (const auto& answer : answers) EXPECT_TRUE(answer && answer->pending);
    let_end();
}

}  // namespace
}  // namespace banter::service
