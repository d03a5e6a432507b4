// Calls everything that the stores can do, for the tests of what that costs.
#pragma once

#include "storage/contract/world.hpp"
#include "storage/identity_check_store.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace banter::storage {

template <typename Backend>
class EveryCall : public World<Backend> {
public:
    using World<Backend>::account;
    using World<Backend>::backend;
    using World<Backend>::changes;
    using World<Backend>::channel;
    using World<Backend>::edit;
    using World<Backend>::expect;
    using World<Backend>::history;
    using World<Backend>::join;
    using World<Backend>::messages;
    using World<Backend>::new_message;
    using World<Backend>::new_thread;
    using World<Backend>::now;
    using World<Backend>::react;
    using World<Backend>::remove;
    using World<Backend>::revoked;
    using World<Backend>::run;
    using World<Backend>::send;
    using World<Backend>::sign_ins;
    using World<Backend>::threads;
    using World<Backend>::user;
    using World<Backend>::users;
    using World<Backend>::view;
    using World<Backend>::workspace;

    template <typename Id>
    Id make() {
        return World<Backend>::template make<Id>();
    }

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

    void use_hooks(const Identity& identity) {
        HookStore& hooks = backend.stores().hooks;
        int count = 0;
        const auto take = [&](decltype(Hook::says) says) {
            Hook hook{std::to_string(++count), workspace(), identity, std::move(says), now()};
            (void)run(hooks.take(std::move(hook)));
        };
        take(SessionEnd{make<model::SignInId>()});
        IdentityNews news;
        news.id = make<model::UserId>();
        news.handle = "hooked";
        news.renames = true;
        for (const bool barred : {false, true, false}) {
            news.updated_at += std::chrono::seconds(1);
            news.barred = barred;
            take(news);
        }
        take(IdentityEnd{});
        use_organization();
        NewIdentity refused;
        refused.identity = {"https://one", "gone", make<model::SignInId>()};
        refused.workspace = workspace();
        refused.id = make<model::UserId>();
        refused.handle = "gone";
        (void)run(users().provision(refused));
    }

    void use_organization() {
        HookStore& hooks = backend.stores().hooks;
        const auto acme = make<model::WorkspaceId>();
        NewIdentity member;
        member.identity = {"https://one", "member"};
        member.workspace = acme;
        member.id = make<model::UserId>();
        member.handle = "member";
        member.member = OrganizationMember{"org_1", "acme"};
        member.issued_at = now();
        const auto tell = [&](decltype(Hook::says) says) {
            Hook hook{{}, acme, member.identity, std::move(says), now()};
            (void)run(hooks.take(std::move(hook)));
        };
        tell(OrganizationNews{"org_1", "Acme", now()});
        (void)run(users().provision(member));
        (void)run(users().find_by_identity(acme, member.identity));
        tell(MemberEnd{now() + std::chrono::seconds(1)});
        tell(MemberNews{model::WorkspaceRole::admin, now() + std::chrono::seconds(2)});
        IdentityCheckStore& checks = backend.stores().identity_checks;
        (void)run(checks.next_organization(member.identity.issuer, {}));
        (void)run(checks.members(acme, "", 100));
        tell(OrganizationEnd{"org_1"});
    }

    void use_checks(const Identity& identity) {
        IdentityCheckStore& checks = backend.stores().identity_checks;
        (void)run(checks.find(identity.issuer, identity.subject));
        (void)run(checks.claim(identity.issuer, identity.subject, now(), now()));
        std::vector<std::string> subjects{identity.subject};
        run_task(backend.loops()[0], checks.note(identity.issuer, std::move(subjects), now()));
        (void)run(checks.list(identity.issuer, "", 10));
        const auto sweep = run(checks.claim_sweep(identity.issuer, 1, now(), now()));
        (void)run(checks.keep_sweep(*sweep, now()));
        run_task(backend.loops()[0], checks.end_sweep(*sweep, now()));
        (void)run(checks.claim_sweep(identity.issuer, 1, now(), now()));
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
        use_hooks(identity.identity);
        use_checks(identity.identity);

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
        (void)run(tokens.find_caller(token.secret, now()));
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
        NewBot bot;
        bot.id = make<model::UserId>();
        bot.workspace = workspace();
        bot.handle = "robot";
        bot.display_name = "Robot";
        bot.by = {ada, model::WorkspaceRole::owner};
        (void)run(people.make_bot(bot));
        (void)run(people.bots(workspace(), {}));
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
        for (const std::size_t all_max : {0, 100})
            (void)run(threads().watched(bob, {all_max, now(), 100}));
        const auto rule = [](const auto&, auto) { return std::optional<Error>(); };
        MemberChange member{thread, ada, bob, model::ThreadRole::owner, now()};
        (void)run(threads().set_member(member, rule));
        (void)run(threads().remove_member(member, rule));
        (void)run(threads().set_member(member, rule));
    }
};

}  // namespace banter::storage
