// The door to the service layer: what api may use. One for each loop.
#pragma once

#include "service/access_tokens.hpp"
#include "service/accounts.hpp"
#include "service/auth.hpp"
#include "service/bots.hpp"
#include "service/clerk_hooks.hpp"
#include "service/failed_tokens.hpp"
#include "service/file_links.hpp"
#include "service/files.hpp"
#include "service/invites.hpp"
#include "service/local_issuer.hpp"
#include "service/messages.hpp"
#include "service/oidc_sign_ins.hpp"
#include "service/presences.hpp"
#include "service/read_marks.hpp"
#include "service/registration.hpp"
#include "service/requests.hpp"
#include "service/sign_ins.hpp"
#include "service/threads.hpp"
#include "service/typing.hpp"
#include "service/uploads.hpp"
#include "service/users.hpp"

namespace banter::service {

struct Services {
    Auth& auth;
    SignIns& sign_ins;
    AccessTokens& access_tokens;
    Registration& registration;
    Invites& invites;
    Accounts& accounts;
    OidcSignIns& oidc;
    ClerkHooks& clerk_hooks;
    Users& users;
    Bots& bots;
    Threads& threads;
    Messages& messages;
    Files& files;
    Uploads& uploads;
    const FileLinks& file_links;
    ReadMarks& read_marks;
    Typing& typing;
    Presences& presences;
    Requests& requests;
    FailedTokens& failed_tokens;
    const LocalIssuer& local_issuer;
    const storage::Installation& installation;
};

}  // namespace banter::service
