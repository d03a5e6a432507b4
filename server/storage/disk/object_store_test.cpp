// The disk keeps the contract of object stores; and what only a disk does: full, cut off, led
// astray.
#include "storage/disk/object_store.hpp"

#include "storage/contract/object_store_contract.hpp"
#include "storage/testing/disk_backend.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <set>

namespace banter::storage {

namespace {

namespace fs = std::filesystem;

class DiskStore : public ObjectStoreContract<DiskBackend> {
public:
    /// All files below the directory of the store.
    std::vector<std::string> files() {
        // What was dropped is removed by whoever does this, before.
        (void)run(store().size(ObjectKey()));
        std::vector<std::string> found;
        for (const auto& entry : fs::recursive_directory_iterator(backend.directory())) {
            if (!entry.is_directory()) found.push_back(entry.path().filename());
        }
        return found;
    }
    template <typename Call>
    Errc failure_of(Call call) {
        try {
            call();
            return Errc::internal;
        } catch (const StorageFailure& failure) {
            return failure.code();
        }
    }
};

/// No file of this process may become larger, as if the disk were full.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) : signal_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, signal_);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

private:
    void (*signal_)(int);
    rlimit before_{};
};

constexpr std::uint64_t more_than_any_disk = std::uint64_t{1} << 60;

}  // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(Disk, ObjectStoreContract, DiskBackend);

TEST_F(DiskStore, files_lie_by_the_first_two_digits_of_their_key_for_their_owner_only) {
    const auto key = put({"text"});
    ASSERT_TRUE(fs::is_regular_file(backend.place_of(key)));
    EXPECT_EQ(fs::status(backend.place_of(key)).permissions(), fs::perms(0600));
    EXPECT_EQ(fs::status(backend.directory()).permissions(), fs::perms(0700));
    EXPECT_EQ(fs::status(backend.directory() / "drafts").permissions(), fs::perms(0700));
    EXPECT_EQ(files().size(), 1U);
}

TEST_F(DiskStore, a_draft_leaves_nothing_behind_however_it_ends) {
    const auto key = this->key();
    auto draft = begin(key);
    run(draft->append("half"));
    EXPECT_TRUE(fs::exists(backend.draft_of(key)));
    draft.reset();
    EXPECT_TRUE(files().empty());
    draft = begin(key);
    run(draft->abort());
    EXPECT_TRUE(files().empty());
    draft = begin(key);
    run(draft->finish());
    draft.reset();
    EXPECT_EQ(files().size(), 1U);
    run(store().remove(key));
    EXPECT_TRUE(files().empty());
}

TEST_F(DiskStore, a_draft_is_dropped_without_waiting_for_the_disk_and_gone_when_the_offload_ends) {
    const auto key = this->key();
    const fs::path file = backend.draft_of(key);
    std::promise<void> gate;
    {
        Offload offload(1, 10);
        {
            disk::DiskObjectStore other({.directory = backend.directory()}, offload);
            auto draft = run(other.begin(key, 0));
            run(draft->append("half"));
            offload.leave_to([open = gate.get_future().share()] { open.wait(); });
            draft.reset();
            EXPECT_TRUE(fs::exists(file)) << "the disk is busy";
        }
        gate.set_value();
    }
    EXPECT_FALSE(fs::exists(file)) << "though the store has gone before";
}

TEST_F(DiskStore, another_store_of_the_same_folder_finds_what_was_put) {
    const auto key = put({"kept"});
    disk::DiskObjectStore again({.directory = backend.directory()}, backend.offload());
    EXPECT_EQ(run(again.size(key)), 4U);
}

TEST_F(DiskStore, what_does_not_fit_is_refused_before_a_byte_of_it_comes) {
    EXPECT_EQ(failure_of([&] { (void)begin(key(), more_than_any_disk); }), Errc::storage_full);
    EXPECT_TRUE(files().empty());
}

TEST_F(DiskStore, what_is_to_stay_free_is_not_written_to) {
    const auto kept = put({"kept"});
    disk::DiskObjectStore full(
        {.directory = backend.directory(), .spare_bytes = more_than_any_disk}, backend.offload()
    );
    EXPECT_EQ(failure_of([&] { (void)run(full.begin(key(), 0)); }), Errc::storage_full);
    EXPECT_EQ(run(full.size(kept)), 4U) << "reads go on";
    run(full.remove(kept));
    EXPECT_TRUE(files().empty()) << "so does what makes room";
}

TEST_F(DiskStore, a_disk_that_fills_up_ends_the_draft_and_leaves_nothing) {
    const auto key = this->key();
    auto draft = begin(key);
    run(draft->append("fits"));
    {
        const FileSizeLimit limit(1000);
        const std::string chunk(10'000, 'x');
        EXPECT_EQ(failure_of([&] { run(draft->append(chunk)); }), Errc::storage_full);
    }
    draft.reset();
    EXPECT_FALSE(is_there(key));
    EXPECT_TRUE(files().empty());
    EXPECT_TRUE(is_there(put({std::string(10'000, 'x')}))) << "it goes on when there is space";
}

TEST_F(DiskStore, what_is_stored_is_never_written_over) {
    const auto key = put({"first"});
    auto draft = begin(key);
    run(draft->append("second"));
    EXPECT_EQ(failure_of([&] { run(draft->finish()); }), Errc::storage_unavailable);
    draft.reset();
    EXPECT_EQ(read(key), "first");
    EXPECT_EQ(files().size(), 1U);
}

TEST_F(DiskStore, one_key_has_one_draft) {
    const auto key = this->key();
    const auto draft = begin(key);
    EXPECT_EQ(failure_of([&] { (void)begin(key); }), Errc::storage_unavailable);
    run(draft->finish());
    EXPECT_TRUE(is_there(key)) << "the one that was refused took nothing away";
}

TEST_F(DiskStore, a_sweep_removes_what_killed_processes_left) {
    const auto key = this->key();
    std::ofstream(backend.draft_of(key)) << "left";
    std::ofstream(backend.directory() / "drafts" / "other.txt") << "not ours";
    EXPECT_EQ(run(store().sweep_drafts(earlier())), 0U);
    EXPECT_EQ(run(store().sweep_drafts(later())), 1U);
    EXPECT_EQ(files(), std::vector<std::string>{"other.txt"});
}

TEST_F(DiskStore, a_draft_that_was_swept_away_cannot_be_finished) {
    const auto key = this->key();
    const auto draft = begin(key);
    run(draft->append("slow"));
    EXPECT_EQ(run(store().sweep_drafts(later())), 1U);
    EXPECT_EQ(failure_of([&] { run(draft->finish()); }), Errc::storage_unavailable);
    EXPECT_FALSE(is_there(key));
}

TEST_F(DiskStore, a_reader_goes_on_when_its_object_is_removed) {
    const std::string all = bytes(3 * object_chunk_bytes_max);
    const auto key = put({all});
    const auto reader = run(store().open(key, {}));
    std::string read = run(reader->next());
    run(store().remove(key));
    for (std::string chunk = run(reader->next()); !chunk.empty(); chunk = run(reader->next())) {
        read += chunk;
    }
    EXPECT_TRUE(read == all);
}

TEST_F(DiskStore, a_file_that_became_shorter_ends_in_a_failure_and_not_in_other_bytes) {
    const auto key = put({bytes(2 * object_chunk_bytes_max)});
    const auto reader = run(store().open(key, {}));
    (void)run(reader->next());
    fs::resize_file(backend.place_of(key), object_chunk_bytes_max + 10);
    EXPECT_EQ(failure_of([&] { (void)run(reader->next()); }), Errc::storage_unavailable);
}

TEST_F(DiskStore, no_link_is_followed) {
    const fs::path secret = backend.directory().parent_path() / "secret";
    std::ofstream(secret) << "secret";
    const auto key = this->key();
    fs::create_symlink(secret, backend.place_of(key));
    EXPECT_EQ(failure_of([&] { (void)read(key); }), Errc::storage_unavailable);
    EXPECT_TRUE(listed(later()).empty());
    run(store().remove(key));
    EXPECT_TRUE(fs::exists(secret)) << "only the link is removed";

    fs::create_symlink(secret, backend.draft_of(key));
    EXPECT_EQ(failure_of([&] { (void)begin(key); }), Errc::storage_unavailable);

    const auto shard = backend.place_of(key).parent_path();
    fs::remove(shard);
    fs::create_directory_symlink(backend.directory().parent_path(), shard);
    EXPECT_EQ(failure_of([&] { (void)read(key); }), Errc::storage_unavailable);
}

TEST_F(DiskStore, a_pipe_in_place_of_a_file_holds_nobody_up) {
    const auto key = this->key();
    ASSERT_EQ(::mkfifo(backend.place_of(key).c_str(), 0600), 0);
    EXPECT_EQ(failure_of([&] { (void)read(key); }), Errc::storage_unavailable);
}

TEST_F(DiskStore, pages_of_a_list_are_bounded_and_together_hold_every_object_once) {
    const disk::Folders folders(backend.directory(), 0);
    std::set<ObjectKey> keys;
    for (int i = 0; i < 50; ++i) {
        ObjectKey key = this->key();
        key.bytes[0] = static_cast<std::uint8_t>(i % 3 == 0 ? 0xff : i % 3);
        std::ofstream(backend.place_of(key)) << "x";
        keys.insert(key);
    }
    std::ofstream(backend.directory() / "00" / "README") << "not ours";
    for (const std::size_t count_max : {std::size_t{1}, std::size_t{7}, std::size_t{50}}) {
        std::vector<ObjectKey> found;
        std::optional<std::string> cursor;
        do {
            const auto page = folders.list(later(), cursor, count_max);
            EXPECT_LE(page.items.size(), count_max);
            for (const StoredObject& object : page.items) found.push_back(object.key);
            cursor = page.next;
        } while (cursor);
        EXPECT_EQ(found, std::vector<ObjectKey>(keys.begin(), keys.end()));
    }
}

TEST_F(DiskStore, a_folder_that_cannot_be_used_is_refused_at_the_start) {
    const fs::path file = backend.directory().parent_path() / "file";
    std::ofstream(file) << "x";
    EXPECT_EQ(
        failure_of([&] { disk::DiskObjectStore store({.directory = file}, backend.offload()); }),
        Errc::storage_unavailable
    );
}

}  // namespace banter::storage
