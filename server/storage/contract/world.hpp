// People and threads in a few words, for the contract tests of the stores.
//
// A Backend has loops(), stores(loop), installation(), bus(), clock(), random() and reopen(); see
// testing/sqlite_backend.hpp.
#pragma once

#include "base/clock.hpp"
#include "model/id.hpp"
#include "storage/storage.hpp"
#include "storage/testing/run_task.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace banter::storage {

inline std::optional<Error> allow(const model::ThreadView&) { return std::nullopt; }

inline std::optional<Error> allow_message(const model::ThreadView&, const model::Message&) {
    return std::nullopt;
}

inline std::optional<Error> anybody(const model::RegistrationState&) { return std::nullopt; }

inline std::optional<Error> members_only(const model::ThreadView& view) {
    if (view.membership) return std::nullopt;
    return Error{Errc::forbidden, "not a member"};
}

template <typename Backend>
class World : public testing::Test {
public:
    template <typename T>
    T run(Task<T> task) {
        return run_task(backend.loops()[0], std::move(task));
    }
    template <typename T>
    T expect(Result<T> result) {
        EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().detail);
        return std::move(result).value();
    }

    UserStore& users() { return backend.stores().users; }
    SignInStore& sign_ins() { return backend.stores().sign_ins; }
    RevocationStore& revocations() { return backend.stores().revocations; }
    ThreadStore& threads() { return backend.stores().threads; }
    MessageStore& messages() { return backend.stores().messages; }
    model::WorkspaceId workspace() { return backend.installation().workspace.id; }
    Timestamp now() { return backend.clock().now(); }
    template <typename Id>
    Id make() {
        return ids.template make<Id>();
    }

    NewAccount account(std::string handle) {
        NewAccount account;
        account.id = make<model::UserId>();
        account.workspace = workspace();
        account.display_name = "Name of " + handle;
        account.password_hash = "hash of " + handle;
        account.handle = std::move(handle);
        account.created_at = now();
        return account;
    }
    model::UserId user(std::string handle) {
        return expect(run(users().register_account(account(std::move(handle)), anybody))).id;
    }

    NewThread new_thread(std::string name, model::UserId owner) {
        NewThread thread;
        thread.id = make<model::ThreadId>();
        thread.workspace = workspace();
        thread.name = std::move(name);
        thread.created_by = owner;
        thread.created_at = now();
        return thread;
    }
    model::ThreadId channel(std::string name, model::UserId owner) {
        return expect(run(threads().create(new_thread(std::move(name), owner)))).thread.id;
    }
    model::ThreadView join(model::ThreadId thread, model::UserId user) {
        return expect(run(threads().join(thread, user, now(), allow)));
    }

    NewMessage new_message(model::ThreadId thread, model::UserId author, std::string content) {
        NewMessage message;
        message.id = make<model::MessageId>();
        message.thread = thread;
        message.author = author;
        message.nonce = make<model::Nonce>();
        message.request_hash.fill(static_cast<std::uint8_t>(content.size()));
        message.content = std::move(content);
        message.created_at = now();
        return message;
    }
    model::Message send(model::ThreadId thread, model::UserId author, std::string content) {
        return send(new_message(thread, author, std::move(content)));
    }
    model::Message send(NewMessage message) {
        return expect(run(messages().append(std::move(message), members_only)));
    }
    Result<model::MessageChange> try_edit(
        const model::Message& message,
        std::string content,
        std::optional<model::Rev> if_rev = {}
    ) {
        MessageEdit edit;
        edit.message = message.id;
        edit.editor = message.author;
        edit.content = std::move(content);
        edit.if_rev = if_rev;
        edit.edited_at = now();
        return run(messages().edit(std::move(edit), allow_message));
    }
    model::MessageChange edit(const model::Message& message, std::string content) {
        return expect(try_edit(message, std::move(content)));
    }
    model::MessageChange remove(const model::Message& message) {
        return expect(run(messages().remove(message.id, message.author, now(), allow_message)));
    }
    Result<model::MessageChange> try_react(
        const model::Message& message,
        model::UserId by,
        std::string emoji,
        bool add = true
    ) {
        ReactionEdit edit{message.id, by, std::move(emoji), add, now()};
        return run(messages().react(std::move(edit), allow_message));
    }
    model::MessageChange react(
        const model::Message& message,
        model::UserId by,
        std::string emoji,
        bool add = true
    ) {
        return expect(try_react(message, by, std::move(emoji), add));
    }

    model::ThreadView view(model::ThreadId thread, model::UserId viewer) {
        auto found = run(threads().find(thread, viewer));
        EXPECT_TRUE(found.has_value());
        return std::move(found).value();
    }
    History history(
        model::ThreadId thread,
        model::UserId viewer,
        HistoryPlace place,
        std::size_t count = 50
    ) {
        HistoryRequest request{thread, viewer, place, count};
        return expect(run(messages().history(std::move(request), allow)));
    }
    History changes(model::ThreadId thread, model::UserId viewer, model::Rev since) {
        return expect(run(messages().changes(thread, viewer, since, 128 * 1024, allow)));
    }

    /// All revocations of users that are kept.
    std::vector<model::Revocation> revoked() { return run(revocations().list_after(0, 1'000)); }

    /// What changed in the log of any thread since the last call.
    std::vector<model::SharedEvent> events() { return events_of(backend); }
    static std::vector<model::SharedEvent> events_of(Backend& from) {
        auto all = told_by(from);
        std::erase_if(all, [](const auto& event) { return event->rev == 0; });
        return all;
    }
    /// Everything that has been told since the last call. Most events of a batch come after its
    /// answers, so a write that writes nothing is waited for.
    std::vector<model::SharedEvent> told() { return told_by(backend); }
    static std::vector<model::SharedEvent> told_by(Backend& from) {
        run_task(from.loops()[0], from.stores().threads.mark_read({}));
        return from.bus().take();
    }

    Backend backend{1};
    model::IdMaker ids{backend.clock(), backend.random()};
};

inline std::vector<model::Seq> seqs_of(const std::vector<model::Message>& messages) {
    std::vector<model::Seq> seqs;
    for (const auto& message : messages) seqs.push_back(message.seq);
    return seqs;
}

inline std::vector<model::Rev> revs_of(const std::vector<model::Message>& messages) {
    std::vector<model::Rev> revs;
    for (const auto& message : messages) revs.push_back(message.rev);
    return revs;
}

}  // namespace banter::storage
