// What every FileStore and UploadStore does, and how files become part of messages, whatever it is
// made of.
#pragma once

#include "model/limits.hpp"
#include "storage/contract/log_world.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace banter::storage {

template <typename Backend>
class FileStoreContract : public LogWorld<Backend> {
public:
    FileStore& files() { return this->backend.stores().files; }
    UploadStore& uploads() { return this->backend.stores().uploads; }

    model::ObjectKey key() { return model::ObjectKey::make(this->backend.random()); }

    NewFile new_file(model::UserId uploader, std::uint64_t bytes = 100) {
        NewFile file;
        file.file.id = this->template make<model::FileId>();
        file.file.object = key();
        file.file.name = "plan.png";
        file.file.media_type = "image/png";
        file.file.bytes = bytes;
        file.file.picture = model::PictureFacts{.width = 1200, .height = 800, .thumbhash = "hash"};
        file.uploader = uploader;
        file.workspace = this->workspace();
        file.created_at = this->now();
        file.unrendered = true;
        return file;
    }
    model::File add(model::UserId uploader) {
        return this->expect(this->run(files().add(new_file(uploader), {})));
    }
    Result<model::Message> try_send_with(
        model::UserId author,
        std::vector<model::FileId> attachments
    ) {
        auto message = this->new_message(this->thread, author, "look");
        message.attachments = std::move(attachments);
        return this->try_send(std::move(message));
    }
    model::Message send_with(model::UserId author, const model::File& file) {
        return this->expect(try_send_with(author, {file.id}));
    }
    std::optional<FoundFile> find_file(const model::File& file) {
        return this->run(files().find(file.id, this->ada));
    }
    std::vector<DroppedObjects> drop_unlinked(std::chrono::milliseconds after) {
        return this->run(files().drop_unlinked(this->now() - after, this->now(), 10));
    }
    model::FileVariant variant() {
        return {
            .object = key(), .media_type = "image/webp", .width = 320, .height = 213, .bytes = 9};
    }

    NewUpload new_upload(model::UserId user, std::uint64_t bytes = 10) {
        NewUpload upload;
        upload.upload.id = this->template make<model::UploadId>();
        upload.upload.name = "plan.txt";
        upload.upload.claimed_type = "text/plain";
        upload.upload.metadata = "filename cGxhbi50eHQ=";
        upload.upload.bytes = bytes;
        upload.upload.expires_at = this->now() + std::chrono::hours(24);
        upload.user = user;
        upload.workspace = this->workspace();
        upload.created_at = this->now();
        return upload;
    }
    model::Upload begin(model::UserId user) {
        return this->expect(this->run(uploads().begin(new_upload(user), {})));
    }
    Result<model::Upload> begin_within(const model::FileQuota& quota, std::uint64_t bytes) {
        return this->run(uploads().begin(new_upload(this->ada, bytes), quota));
    }
    model::Upload begin_whole() {
        const model::Upload upload = begin(this->ada);
        return this->expect(extend(upload.id, 0, upload.bytes));
    }
    bool claim(const model::Upload& upload, std::chrono::seconds lifetime) {
        const Timestamp now = this->now();
        return this->run(uploads().claim(upload.id, now, now + lifetime));
    }
    bool renew(const model::Upload& upload, Timestamp until, Timestamp new_until) {
        return this->run(uploads().renew(upload.id, until, new_until));
    }
    model::File finish(const model::Upload& upload, std::uint64_t bytes = 100) {
        NewFile file = new_file(this->ada, bytes);
        file.upload = upload.id;
        return this->expect(this->run(files().add(file, {})));
    }
    std::vector<DroppedObjects> spent_parts() {
        return this->run(uploads().drop_expired(this->now(), 10));
    }
    std::uint64_t used() { return this->run(files().used(this->ada)).user_bytes; }
    Result<model::Upload> extend(
        model::UploadId upload,
        std::uint64_t offset,
        std::uint64_t bytes
    ) {
        const UploadPart part{key(), bytes};
        return this->run(
            uploads().extend(upload, offset, part, this->now() + std::chrono::hours(24))
        );
    }
};

TYPED_TEST_SUITE_P(FileStoreContract);

TYPED_TEST_P(FileStoreContract, a_file_is_found_as_it_was_added) {
    const model::File file = this->add(this->ada);
    const auto found = this->find_file(file);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->file, file);
    EXPECT_EQ(found->uploader, this->ada);
    EXPECT_FALSE(found->view.has_value());
    EXPECT_FALSE(this->run(this->files().find(this->template make<model::FileId>(), this->ada)));
}

TYPED_TEST_P(FileStoreContract, a_file_goes_into_one_message_of_its_uploader) {
    const model::File file = this->add(this->ada);
    this->expect_refused(this->try_send_with(this->bob, {file.id}), Errc::not_found);
    const model::Message sent = this->send_with(this->ada, file);
    EXPECT_THAT(sent.attachments, testing::ElementsAre(file));
    EXPECT_EQ(this->find(sent, this->bob).attachments, sent.attachments);
    this->expect_refused(this->try_send_with(this->ada, {file.id}), Errc::not_found);
    const auto found = this->find_file(file);
    ASSERT_TRUE(found && found->view);
    EXPECT_EQ(found->view->thread.id, this->thread);
}

TYPED_TEST_P(FileStoreContract, a_message_that_is_refused_takes_no_file) {
    const model::File file = this->add(this->ada);
    const model::File bobs = this->add(this->bob);
    this->expect_refused(this->try_send_with(this->ada, {file.id, bobs.id}), Errc::not_found);
    EXPECT_FALSE(this->find_file(file)->view.has_value());
    this->expect_unchanged(0);
    EXPECT_TRUE(this->try_send_with(this->ada, {file.id}).has_value());
}

TYPED_TEST_P(FileStoreContract, a_repeated_send_answers_though_its_file_is_taken) {
    const model::File file = this->add(this->ada);
    auto message = this->new_message(this->thread, this->ada, "look");
    message.attachments = {file.id};
    const auto sent = this->expect(this->try_send(message));
    const auto repeated = this->expect(this->try_send(message));
    EXPECT_EQ(repeated.id, sent.id);
    EXPECT_EQ(repeated.attachments, sent.attachments);
}

TYPED_TEST_P(FileStoreContract, a_page_and_a_resume_show_the_files) {
    const model::File file = this->add(this->ada);
    const auto sent = this->send_with(this->ada, file);
    HistoryRequest request;
    request.thread = this->thread;
    request.viewer = this->bob;
    for (int i = 0; i < 2; ++i) {  // from the database, then from the cache
        auto page = this->expect(this->run(this->messages().history(request, allow)));
        ASSERT_EQ(page.messages.size(), 1U);
        EXPECT_EQ(page.messages[0].attachments, sent.attachments);
    }
    auto changes =
        this->expect(this->run(this->messages().changes(this->thread, this->bob, 0, 9999, allow)));
    ASSERT_EQ(changes.messages.size(), 1U);
    EXPECT_EQ(changes.messages[0].attachments, sent.attachments);
}

TYPED_TEST_P(FileStoreContract, variants_of_a_file_that_was_sent_change_its_message) {
    const model::File file = this->add(this->ada);
    EXPECT_THAT(this->run(this->files().list_unrendered(10)), testing::ElementsAre(file));
    const auto sent = this->send_with(this->ada, file);
    this->events();
    const auto variant = this->variant();
    EXPECT_TRUE(this->run(this->files().add_variants(file.id, {{variant}, {}})));
    EXPECT_THAT(this->run(this->files().list_unrendered(10)), testing::IsEmpty());
    const auto changed = this->find(sent, this->bob);
    EXPECT_EQ(changed.rev, 2U);
    EXPECT_THAT(changed.attachments.at(0).variants, testing::ElementsAre(variant));
    const auto events = this->events();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0]->rev, 2U);
    const auto* update = std::get_if<model::MessageUpdate>(&events[0]->body);
    ASSERT_NE(update, nullptr);
    EXPECT_EQ(update->message.attachments, changed.attachments);
}

TYPED_TEST_P(FileStoreContract, variants_of_a_file_that_was_not_sent_wait_for_the_message) {
    const model::File file = this->add(this->ada);
    const auto variant = this->variant();
    EXPECT_TRUE(this->run(this->files().add_variants(file.id, {{variant}, {}})));
    this->expect_unchanged(0);
    const auto sent = this->send_with(this->ada, file);
    EXPECT_THAT(sent.attachments.at(0).variants, testing::ElementsAre(variant));
}

TYPED_TEST_P(FileStoreContract, a_poster_is_what_a_file_shows_and_its_message_too) {
    auto film = this->new_file(this->ada);
    film.file.media_type = "video/mp4";
    film.file.picture.reset();
    const model::File file = this->expect(this->run(this->files().add(film, {})));
    const auto sent = this->send_with(this->ada, file);
    EXPECT_FALSE(sent.attachments.at(0).picture);
    const model::PictureFacts poster{.width = 1600, .height = 900, .thumbhash = "frame"};
    EXPECT_TRUE(this->run(this->files().add_variants(file.id, {{this->variant()}, poster})));
    EXPECT_EQ(this->find(sent, this->bob).attachments.at(0).picture, poster);
    EXPECT_EQ(this->find_file(file)->file.picture, poster);
}

TYPED_TEST_P(FileStoreContract, that_there_are_no_variants_changes_nothing) {
    const model::File file = this->add(this->ada);
    this->send_with(this->ada, file);
    this->events();
    EXPECT_TRUE(this->run(this->files().add_variants(file.id, {})));
    EXPECT_THAT(this->run(this->files().list_unrendered(10)), testing::IsEmpty());
    this->expect_unchanged(1);
}

TYPED_TEST_P(FileStoreContract, the_files_of_a_deleted_message_are_dropped) {
    const model::File file = this->add(this->ada);
    const auto sent = this->send_with(this->ada, file);
    const auto variant = this->variant();
    EXPECT_TRUE(this->run(this->files().add_variants(file.id, {{variant}, {}})));
    EXPECT_TRUE(this->remove(sent).message.attachments.empty());
    EXPECT_TRUE(this->find(sent, this->bob).attachments.empty());
    EXPECT_FALSE(this->find_file(file));
    EXPECT_FALSE(this->run(this->files().add_variants(file.id, {{this->variant()}, {}})));
    const auto dropped = this->drop_unlinked(std::chrono::hours(24));
    ASSERT_EQ(dropped.size(), 1U);
    EXPECT_EQ(std::get<model::FileId>(dropped[0].owner), file.id);
    EXPECT_THAT(dropped[0].objects, testing::UnorderedElementsAre(file.object, variant.object));
}

TYPED_TEST_P(FileStoreContract, a_file_in_no_message_is_dropped_after_its_time_and_no_other) {
    const model::File old = this->add(this->ada);
    const model::File sent = this->add(this->ada);
    this->send_with(this->ada, sent);
    this->backend.clock().advance(std::chrono::hours(24) + std::chrono::milliseconds(1));
    const model::File young = this->add(this->ada);
    const auto dropped = this->drop_unlinked(std::chrono::hours(24));
    ASSERT_EQ(dropped.size(), 1U);
    EXPECT_EQ(std::get<model::FileId>(dropped[0].owner), old.id);
    this->expect_refused(this->try_send_with(this->ada, {old.id}), Errc::not_found);
    EXPECT_TRUE(this->find_file(sent) && this->find_file(young));
    EXPECT_EQ(this->drop_unlinked(std::chrono::hours(24)).size(), 1U) << "until it is forgotten";
    this->run(this->files().forget(old.id));
    EXPECT_THAT(this->drop_unlinked(std::chrono::hours(24)), testing::IsEmpty());
    EXPECT_THAT(
        this->run(this->files().unknown_among({old.object, sent.object, young.object})),
        testing::ElementsAre(old.object)
    );
}

TYPED_TEST_P(FileStoreContract, nobody_goes_beyond_the_quota) {
    const model::FileQuota quota{.user_bytes_max = 250, .total_bytes_max = 350};
    const auto add = [&](model::UserId user) {
        return this->run(this->files().add(this->new_file(user, 100), quota));
    };
    const auto first = add(this->ada);
    ASSERT_TRUE(first.has_value());
    EXPECT_TRUE(add(this->ada).has_value());
    this->expect_refused(add(this->ada), Errc::storage_full);
    EXPECT_TRUE(add(this->bob).has_value());
    this->expect_refused(add(this->bob), Errc::storage_full);
    EXPECT_EQ(this->run(this->files().used(this->ada)).user_bytes, 200U);
    EXPECT_EQ(this->run(this->files().used(this->ada)).total_bytes, 300U);
    this->backend.clock().advance(std::chrono::hours(1));
    this->drop_unlinked(std::chrono::minutes(1));
    this->expect_refused(add(this->ada), Errc::storage_full);
    this->run(this->files().forget(first->id));
    EXPECT_TRUE(add(this->ada).has_value()) << "once the bytes are gone";
    this->run(this->files().forget(first->id));
    EXPECT_EQ(this->run(this->files().used(this->ada)).user_bytes, 200U) << "once only";
}

TYPED_TEST_P(FileStoreContract, an_upload_grows_by_parts_in_their_order) {
    const model::Upload upload = this->begin(this->ada);
    EXPECT_EQ(this->expect(this->extend(upload.id, 0, 4)).offset, 4U);
    this->expect_refused(this->extend(upload.id, 0, 4), Errc::conflict);
    this->expect_refused(this->extend(upload.id, 5, 1), Errc::conflict);
    this->expect_refused(this->extend(upload.id, 4, 7), Errc::conflict);
    EXPECT_EQ(this->expect(this->extend(upload.id, 4, 6)).offset, 10U);
    const auto parts = this->run(this->uploads().parts(upload.id, 0));
    ASSERT_EQ(parts.size(), 2U);
    EXPECT_EQ(parts[0].bytes, 4U);
    EXPECT_EQ(parts[1].bytes, 6U);
    const auto key = this->key();
    EXPECT_THAT(
        this->run(this->files().unknown_among({parts[0].object, key, parts[1].object})),
        testing::ElementsAre(key)
    );
}

TYPED_TEST_P(FileStoreContract, an_upload_is_its_users_alone) {
    const model::Upload upload = this->begin(this->ada);
    const auto found = this->run(this->uploads().find(upload.id, this->ada));
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->metadata, upload.metadata);
    EXPECT_EQ(found->name, upload.name);
    EXPECT_EQ(found->claimed_type, upload.claimed_type);
    EXPECT_FALSE(this->run(this->uploads().find(upload.id, this->bob)));
    EXPECT_FALSE(this->run(this->uploads().drop(upload.id, this->bob)));
    EXPECT_TRUE(this->run(this->uploads().drop(upload.id, this->ada)));
    EXPECT_FALSE(this->run(this->uploads().drop(upload.id, this->ada)));
    EXPECT_FALSE(this->run(this->uploads().find(upload.id, this->ada)));
    this->expect_refused(this->extend(upload.id, 0, 4), Errc::not_found);
}

TYPED_TEST_P(FileStoreContract, an_upload_becomes_one_file) {
    const model::Upload upload = this->begin(this->ada);
    NewFile file = this->new_file(this->ada);
    file.upload = upload.id;
    EXPECT_TRUE(this->run(this->files().add(file, {})).has_value());
    EXPECT_EQ(this->run(this->uploads().find(upload.id, this->ada))->file, file.file.id);
    NewFile second = this->new_file(this->ada);
    second.upload = upload.id;
    this->expect_refused(this->run(this->files().add(second, {})), Errc::not_found);
    EXPECT_FALSE(this->find_file(second.file));
    this->expect_refused(this->extend(upload.id, 0, 4), Errc::conflict);
}

TYPED_TEST_P(FileStoreContract, an_upload_that_nobody_goes_on_with_is_dropped) {
    const model::Upload upload = this->begin(this->ada);
    this->backend.clock().advance(std::chrono::hours(20));
    EXPECT_TRUE(this->extend(upload.id, 0, 4).has_value());
    this->backend.clock().advance(std::chrono::hours(20));
    EXPECT_THAT(this->spent_parts(), testing::IsEmpty()) << "a part puts it off";
    this->backend.clock().advance(std::chrono::hours(4));
    const auto dropped = this->spent_parts();
    ASSERT_EQ(dropped.size(), 1U);
    EXPECT_EQ(std::get<model::UploadId>(dropped[0].owner), upload.id);
    EXPECT_EQ(dropped[0].objects.size(), 1U);
    EXPECT_FALSE(this->run(this->uploads().find(upload.id, this->ada)));
    this->run(this->uploads().forget(upload.id));
    EXPECT_THAT(this->spent_parts(), testing::IsEmpty());
}

TYPED_TEST_P(FileStoreContract, an_upload_of_which_a_file_is_made_does_not_expire) {
    const model::Upload upload = this->begin_whole();
    this->backend.clock().advance(std::chrono::hours(24));
    EXPECT_TRUE(this->claim(upload, std::chrono::seconds(20)));
    EXPECT_THAT(this->spent_parts(), testing::IsEmpty());
    this->backend.clock().advance(std::chrono::seconds(20));
    EXPECT_EQ(this->spent_parts().size(), 1U);
}

TYPED_TEST_P(FileStoreContract, a_user_has_so_many_unfinished_uploads_and_no_more) {
    std::vector<model::Upload> uploads;
    for (std::size_t i = 0; i < model::limits::uploads_max; ++i) {
        uploads.push_back(this->begin(this->ada));
    }
    this->expect_refused(this->begin_within({}, 1), Errc::rate_limited);
    this->begin(this->bob);
    this->finish(uploads[0]);
    EXPECT_TRUE(this->begin_within({}, 1).has_value()) << "in the place of one that is a file";
    this->expect_refused(this->begin_within({}, 1), Errc::rate_limited);
    EXPECT_TRUE(this->run(this->uploads().drop(uploads[1].id, this->ada)));
    EXPECT_TRUE(this->begin_within({}, 1).has_value()) << "in the place of one that is dropped";
}

TYPED_TEST_P(FileStoreContract, an_upload_that_is_whole_is_claimed_by_one_until_the_claim_lapses) {
    const std::chrono::seconds lifetime(20);
    const model::Upload begun = this->begin(this->ada);
    EXPECT_FALSE(this->claim(begun, lifetime)) << "it is not whole";
    const model::Upload upload = this->begin_whole();
    EXPECT_TRUE(this->claim(upload, lifetime));
    EXPECT_FALSE(this->claim(upload, lifetime));
    const Timestamp until = this->now() + lifetime;
    EXPECT_EQ(this->run(this->uploads().find(upload.id, this->ada))->claimed_until, until);
    EXPECT_FALSE(this->renew(upload, until + lifetime, until + 2 * lifetime)) << "another's claim";
    EXPECT_TRUE(this->renew(upload, until, until + lifetime));
    this->backend.clock().advance(lifetime);
    EXPECT_FALSE(this->claim(upload, lifetime)) << "it was renewed";
    this->backend.clock().advance(lifetime);
    EXPECT_TRUE(this->claim(upload, lifetime));
    EXPECT_FALSE(this->renew(upload, until + lifetime, until + 9 * lifetime)) << "it is lost";
    EXPECT_TRUE(this->renew(upload, this->now() + lifetime, this->now())) << "it is given up";
    EXPECT_TRUE(this->claim(upload, lifetime));
    this->finish(upload);
    this->backend.clock().advance(lifetime);
    EXPECT_FALSE(this->claim(upload, lifetime)) << "it is a file";
    EXPECT_FALSE(this->renew(upload, this->now(), this->now() + lifetime));
}

TYPED_TEST_P(FileStoreContract, what_an_upload_may_bring_counts_from_its_beginning) {
    const model::FileQuota quota{.user_bytes_max = 250, .total_bytes_max = 1000};
    const auto ended = this->begin_within(quota, 100);
    const auto refused = this->begin_within(quota, 100);
    ASSERT_TRUE(ended && refused);
    this->expect_refused(this->begin_within(quota, 100), Errc::storage_full);
    EXPECT_EQ(this->used(), 200U);
    this->expect_refused(
        this->run(this->files().add(this->new_file(this->ada, 100), quota)), Errc::storage_full
    );
    EXPECT_TRUE(this->run(this->uploads().drop(ended->id, this->ada)));
    this->run(this->uploads().refuse(refused->id));
    EXPECT_EQ(this->used(), 200U) << "until the bytes are gone";
    this->run(this->uploads().forget(ended->id));
    this->run(this->uploads().forget(refused->id));
    EXPECT_EQ(this->used(), 0U);
    this->run(this->uploads().forget(ended->id));
    EXPECT_EQ(this->used(), 0U) << "once only";

    const auto expired = this->begin_within(quota, 200);
    this->backend.clock().advance(std::chrono::hours(24));
    EXPECT_EQ(this->spent_parts().size(), 1U);
    this->run(this->uploads().forget(expired->id));
    EXPECT_EQ(this->used(), 0U);
    EXPECT_EQ(this->run(this->files().used(this->ada)).total_bytes, 0U);
}

TYPED_TEST_P(FileStoreContract, a_file_counts_in_the_place_of_its_upload) {
    const model::FileQuota quota{.user_bytes_max = 250, .total_bytes_max = 1000};
    const auto upload = this->begin_within(quota, 200);
    ASSERT_TRUE(upload.has_value());
    NewFile made = this->new_file(this->ada, 255);
    made.upload = upload->id;
    EXPECT_TRUE(this->run(this->files().add(made, quota)).has_value())
        << "though there is no room for so much more";
    EXPECT_EQ(this->used(), 255U);
    EXPECT_TRUE(this->run(this->uploads().drop(upload->id, this->ada)));
    this->run(this->uploads().forget(upload->id));
    EXPECT_EQ(this->used(), 255U);
    this->run(this->files().forget(made.file.id));
    EXPECT_EQ(this->used(), 0U);
}

TYPED_TEST_P(FileStoreContract, parts_that_became_a_file_are_spent_and_the_upload_stays) {
    const model::Upload upload = this->begin_whole();
    const auto part = this->run(this->uploads().parts(upload.id, 0)).at(0).object;
    EXPECT_THAT(this->spent_parts(), testing::IsEmpty());
    const model::File file = this->finish(upload);
    this->run(this->uploads().refuse(upload.id));
    const auto spent = this->spent_parts();
    ASSERT_EQ(spent.size(), 1U);
    EXPECT_EQ(std::get<model::UploadId>(spent[0].owner), upload.id);
    EXPECT_THAT(spent[0].objects, testing::ElementsAre(part));
    EXPECT_EQ(this->spent_parts().size(), 1U) << "until they are forgotten";
    this->run(this->uploads().forget(upload.id));
    EXPECT_THAT(this->spent_parts(), testing::IsEmpty());
    EXPECT_EQ(this->run(this->uploads().find(upload.id, this->ada))->file, file.id);
    EXPECT_THAT(this->run(this->files().unknown_among({part})), testing::ElementsAre(part));
}

TYPED_TEST_P(FileStoreContract, many_parts_are_given_and_forgotten_page_by_page) {
    const std::size_t count = upload_parts_page + 3;
    const auto upload = this->begin_within({}, count);
    ASSERT_TRUE(upload.has_value());
    for (std::size_t at = 0; at < count; ++at) this->expect(this->extend(upload->id, at, 1));
    EXPECT_EQ(this->run(this->uploads().find(upload->id, this->ada))->parts, count);
    const auto first = this->run(this->uploads().parts(upload->id, 0));
    const auto rest = this->run(this->uploads().parts(upload->id, upload_parts_page));
    EXPECT_EQ(first.size(), upload_parts_page);
    EXPECT_EQ(rest.size(), 3U);
    EXPECT_TRUE(this->run(this->uploads().drop(upload->id, this->ada)));
    std::vector<std::size_t> pages;
    for (auto spent = this->spent_parts(); !spent.empty(); spent = this->spent_parts()) {
        pages.push_back(spent.at(0).objects.size());
        this->run(this->uploads().forget(upload->id));
    }
    EXPECT_THAT(pages, testing::ElementsAre(upload_parts_page, 3U));
    EXPECT_EQ(this->used(), 0U);
}

REGISTER_TYPED_TEST_SUITE_P(
    FileStoreContract,
    a_file_is_found_as_it_was_added,
    a_file_goes_into_one_message_of_its_uploader,
    a_message_that_is_refused_takes_no_file,
    a_repeated_send_answers_though_its_file_is_taken,
    a_page_and_a_resume_show_the_files,
    variants_of_a_file_that_was_sent_change_its_message,
    variants_of_a_file_that_was_not_sent_wait_for_the_message,
    a_poster_is_what_a_file_shows_and_its_message_too,
    that_there_are_no_variants_changes_nothing,
    the_files_of_a_deleted_message_are_dropped,
    a_file_in_no_message_is_dropped_after_its_time_and_no_other,
    nobody_goes_beyond_the_quota,
    an_upload_grows_by_parts_in_their_order,
    an_upload_is_its_users_alone,
    an_upload_becomes_one_file,
    an_upload_that_nobody_goes_on_with_is_dropped,
    an_upload_of_which_a_file_is_made_does_not_expire,
    a_user_has_so_many_unfinished_uploads_and_no_more,
    an_upload_that_is_whole_is_claimed_by_one_until_the_claim_lapses,
    what_an_upload_may_bring_counts_from_its_beginning,
    a_file_counts_in_the_place_of_its_upload,
    parts_that_became_a_file_are_spent_and_the_upload_stays,
    many_parts_are_given_and_forgotten_page_by_page
);

}  // namespace banter::storage
