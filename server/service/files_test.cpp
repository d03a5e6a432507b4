// Files come in, become part of messages, are given out by links, and go.
#include "service/files.hpp"

#include "service/testing/scripted_source.hpp"
#include "service/testing/world.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace banter::service {
namespace {

using namespace std::chrono_literals;

const std::string html = "<!DOCTYPE html><html><script>alert(1)</script></html>";

class FilesTest : public ::testing::Test {
protected:
    explicit FilesTest(WorldRules rules = {}) : world(std::move(rules)) {}

    Result<model::File> upload(
        const Caller& caller,
        std::string bytes,
        std::string name = "a.txt"
    ) {
        ScriptedSource source(std::move(bytes));
        IncomingFile incoming{.name = std::move(name), .claimed_type = {}, .bytes_expected = 0};
        return world.run(world->files.upload(caller, std::move(incoming), source));
    }
    Errc refused(const Result<model::File>& file) {
        EXPECT_FALSE(file.has_value());
        return file ? Errc::internal : file.error().code;
    }
    /// Of everything that lies in the store.
    std::size_t objects() {
        // What was dropped is removed by whoever does this, before.
        (void)world.run(world->file_storage.objects.size({}));
        std::size_t count = 0;
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(world.folder.path() / "files")) {
            if (entry.is_regular_file()) ++count;
        }
        return count;
    }
    std::string target_of(const model::File& file) {
        const std::string url = world->file_links.to(file).url;
        return url.substr(std::string("https://files.example").size());
    }
    std::string bytes_of(const model::File& file) {
        auto opened = world.run(world->files.open(target_of(file)));
        if (!opened) return "refused";
        auto reader = world.run(world->files.read(opened->file.key, {}));
        std::string bytes;
        for (;;) {
            const std::string piece = world.run(reader->next());
            if (piece.empty()) return bytes;
            bytes += piece;
        }
    }
    model::Message send(const Caller& caller, model::ThreadId thread, const model::File& file) {
        auto request = world.sending(thread, "");
        request.attachments = {file.id};
        return world.run(world->messages.send(caller, std::move(request))).value();
    }
    void upkeep() { (void)world.run(world->file_upkeep.remove_dropped()); }

    World world;
    Caller ada = world.caller("ada");
    Caller bob = world.caller("bob");
};

TEST_F(FilesTest, what_came_in_is_given_out) {
    const std::string bytes(300'000, 'x');
    const auto file = upload(ada, bytes, "../notes.txt");
    ASSERT_TRUE(file.has_value());
    EXPECT_EQ(file->name, "notes.txt");
    EXPECT_EQ(file->media_type, "text/plain");
    EXPECT_EQ(file->bytes, bytes.size());
    EXPECT_EQ(bytes_of(*file), bytes);
    EXPECT_EQ(upload(ada, "").value().bytes, 0U) << "nothing is a file, too";
}

TEST_F(FilesTest, the_bytes_tell_the_type_and_the_name_does_not) {
    const auto file = upload(ada, html, "notes.txt");
    ASSERT_TRUE(file.has_value());
    EXPECT_EQ(file->media_type, "text/html");
    const auto opened = world.run(world->files.open(target_of(*file)));
    EXPECT_EQ(opened->file.disposition, "attachment; filename=\"notes.txt\"");
}

TEST_F(FilesTest, what_is_called_a_picture_has_to_be_one) {
    EXPECT_EQ(refused(upload(ada, html, "cat.png")), Errc::bad_image);
    ScriptedSource source(html);
    IncomingFile incoming{.name = "cat", .claimed_type = "image/png", .bytes_expected = 0};
    EXPECT_EQ(
        refused(world.run(world->files.upload(ada, std::move(incoming), source))), Errc::bad_image
    );
    EXPECT_EQ(objects(), 0U);
}

TEST_F(FilesTest, a_picture_that_nobody_could_look_into_is_for_saving_only) {
    const std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\6\0\0\0", 29);
    const auto file = upload(ada, png, "cat.png");
    ASSERT_TRUE(file.has_value());
    EXPECT_EQ(file->media_type, "application/octet-stream");
    EXPECT_FALSE(file->picture);
    const auto opened = world.run(world->files.open(target_of(*file)));
    EXPECT_EQ(opened->file.disposition, "attachment; filename=\"cat.png\"");
}

TEST_F(FilesTest, a_client_that_vanishes_leaves_nothing) {
    ScriptedSource source(std::string(500'000, 'x'), Error{Errc::bad_request, "gone"});
    IncomingFile incoming{.name = "a.txt", .claimed_type = {}, .bytes_expected = 0};
    EXPECT_EQ(
        refused(world.run(world->files.upload(ada, std::move(incoming), source))), Errc::bad_request
    );
    EXPECT_EQ(objects(), 0U);
    EXPECT_EQ(world.run(world->storage.files.used(ada.user)).user_bytes, 0U);
}

TEST_F(FilesTest, a_file_is_its_uploaders_until_it_is_sent_and_then_the_readers) {
    const auto thread = world.channel(ada, "private", model::Visibility::private_);
    const auto file = upload(ada, "hello").value();
    EXPECT_TRUE(world.run(world->files.find(ada, file.id)).has_value());
    EXPECT_EQ(refused(world.run(world->files.find(bob, file.id))), Errc::not_found);
    send(ada, thread, file);
    EXPECT_EQ(refused(world.run(world->files.find(bob, file.id))), Errc::not_found);
    const auto member = model::ThreadRole::member;
    ASSERT_TRUE(world.run(world->threads.set_member(ada, thread, bob.user, member)).has_value());
    EXPECT_TRUE(world.run(world->files.find(bob, file.id)).has_value());
    ASSERT_FALSE(world.run(world->threads.remove_member(ada, thread, bob.user)).has_value());
    EXPECT_EQ(refused(world.run(world->files.find(bob, file.id))), Errc::not_found)
        << "who was removed gets no fresh link";
}

TEST_F(FilesTest, an_old_link_is_dead_after_ten_minutes) {
    const auto file = upload(ada, "hello").value();
    const std::string target = target_of(file);
    world.clock.advance(5min);
    EXPECT_TRUE(world.run(world->files.open(target)).has_value());
    world.clock.advance(5min);
    EXPECT_EQ(world.run(world->files.open(target)).error().code, Errc::forbidden);
    EXPECT_EQ(bytes_of(file), "hello") << "by a fresh one";
}

TEST_F(FilesTest, the_bytes_of_a_deleted_message_go) {
    const auto thread = world.channel(ada, "general");
    const auto file = upload(ada, "hello").value();
    const auto sent = send(ada, thread, file);
    ASSERT_TRUE(world.run(world->messages.remove(ada, sent.id)).has_value());
    EXPECT_EQ(refused(world.run(world->files.find(ada, file.id))), Errc::not_found);
    upkeep();
    EXPECT_EQ(objects(), 0U);
    EXPECT_EQ(world.run(world->files.open(target_of(file))).error().code, Errc::not_found);
}

TEST_F(FilesTest, what_is_never_sent_goes_after_a_day_and_what_is_sent_stays) {
    const auto thread = world.channel(ada, "general");
    upload(ada, "lost").value();
    const auto sent = upload(ada, "sent").value();
    send(ada, thread, sent);
    world.clock.advance(23h);
    upkeep();
    EXPECT_EQ(objects(), 2U);
    world.clock.advance(2h);
    upkeep();
    EXPECT_EQ(objects(), 1U);
    EXPECT_EQ(bytes_of(sent), "sent");
}

TEST_F(FilesTest, an_object_that_nothing_knows_of_is_swept_away) {
    const auto file = upload(ada, "known").value();
    const auto orphan = model::ObjectKey{.bytes = {1, 2, 3}};
    auto draft = world.run(world->file_storage.objects.begin(orphan, 0));
    world.run(draft->finish());
    EXPECT_FALSE(world.run(world->file_upkeep.sweep_next()));
    EXPECT_EQ(objects(), 2U) << "perhaps its record is on its way";
    // The disk has a clock of its own.
    const auto path = world.folder.path() / "files" / orphan.text().substr(0, 2) / orphan.text();
    std::filesystem::last_write_time(
        path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(24 * 365 * 10)
    );
    EXPECT_FALSE(world.run(world->file_upkeep.sweep_next()));
    EXPECT_EQ(objects(), 1U);
    EXPECT_EQ(bytes_of(file), "known");
}

class FileLimits : public FilesTest {
protected:
    FileLimits() : FilesTest(rules()) {}

    static WorldRules rules() {
        WorldRules rules;
        rules.files.intake.file_bytes_max = 100'000;
        rules.files.intake.types = {.allowed = {"text/*", "image/*"}, .denied = {"text/html"}};
        rules.files.quota = {.user_bytes_max = 150'000, .total_bytes_max = 200'000};
        return rules;
    }
};

TEST_F(FileLimits, a_file_that_is_too_large_is_refused_while_it_comes) {
    EXPECT_TRUE(upload(ada, std::string(100'000, 'x')).has_value());
    ScriptedSource source(std::string(1'000'000, 'x'));
    IncomingFile incoming{.name = "a.txt", .claimed_type = {}, .bytes_expected = 0};
    EXPECT_EQ(
        refused(world.run(world->files.upload(bob, std::move(incoming), source))), Errc::too_large
    );
    EXPECT_LT(source.taken(), 120'000U);
    EXPECT_EQ(objects(), 1U);
}

TEST_F(FileLimits, types_are_taken_as_the_operator_says) {
    EXPECT_TRUE(upload(ada, "hello").has_value());
    EXPECT_EQ(refused(upload(ada, html)), Errc::unsupported_media);
    EXPECT_EQ(refused(upload(ada, "%PDF-1.4\n")), Errc::unsupported_media);
    EXPECT_EQ(objects(), 1U);
}

TEST_F(FileLimits, who_has_no_room_left_is_told_before_and_after) {
    EXPECT_TRUE(upload(ada, std::string(90'000, 'x')).has_value());
    EXPECT_EQ(refused(upload(ada, std::string(90'000, 'x'))), Errc::storage_full);
    EXPECT_EQ(objects(), 1U);
    ScriptedSource source(std::string(90'000, 'x'));
    IncomingFile incoming{.name = "a.txt", .claimed_type = {}, .bytes_expected = 90'000};
    EXPECT_EQ(
        refused(world.run(world->files.upload(ada, std::move(incoming), source))),
        Errc::storage_full
    );
    EXPECT_EQ(source.taken(), 0U);
    EXPECT_TRUE(upload(bob, std::string(90'000, 'x')).has_value());
    EXPECT_EQ(refused(upload(bob, std::string(30'000, 'x'))), Errc::storage_full);
}

}  // namespace
}  // namespace banter::service
