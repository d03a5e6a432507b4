// The door to the service layer: what api may use. One for each loop.
#pragma once

#include "service/accounts.hpp"
#include "service/auth.hpp"
#include "service/local_issuer.hpp"
#include "service/messages.hpp"
#include "service/read_marks.hpp"
#include "service/requests.hpp"
#include "service/threads.hpp"
#include "service/typing.hpp"
#include "service/users.hpp"

namespace banter::service {

struct Services {
    Auth& auth;
    Accounts& accounts;
    Users& users;
    Threads& threads;
    Messages& messages;
    ReadMarks& read_marks;
    Typing& typing;
    Requests& requests;
    const LocalIssuer& local_issuer;
    const storage::Installation& installation;
};

}  // namespace banter::service
