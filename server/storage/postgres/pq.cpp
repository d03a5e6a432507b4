#include "storage/postgres/pq.hpp"

#include <dlfcn.h>

#include <stdexcept>
#include <string>

namespace banter::postgres {

namespace {

constexpr const char* library_name = "libpq.so.5";

[[noreturn]] void fail() {
    const char* why = ::dlerror();
    throw std::runtime_error(
        std::string("can't load ") + library_name +
        ", of Debian's package libpq5: " + (why == nullptr ? "it is too old" : why)
    );
}

template <typename Function>
void find(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(::dlsym(library, name));
    if (function == nullptr) fail();
}

void find_connecting(void* library, PqLibrary& found) {
    find(library, "PQconnectStartParams", found.connect_start);
    find(library, "PQconnectPoll", found.connect_poll);
    find(library, "PQconnectdbParams", found.connect);
    find(library, "PQconninfoParse", found.parse_conninfo);
    find(library, "PQconninfoFree", found.free_conninfo);
    find(library, "PQfreemem", found.free_memory);
    find(library, "PQfinish", found.finish);
    find(library, "PQstatus", found.status);
    find(library, "PQsocket", found.socket);
    find(library, "PQdb", found.database);
    find(library, "PQuser", found.user);
    find(library, "PQserverVersion", found.server_version);
    find(library, "PQerrorMessage", found.error_message);
    find(library, "PQsetnonblocking", found.set_nonblocking);
    find(library, "PQsetNoticeProcessor", found.set_notice_processor);
}

void find_asking(void* library, PqLibrary& found) {
    find(library, "PQenterPipelineMode", found.enter_pipeline_mode);
    find(library, "PQpipelineSync", found.pipeline_sync);
    find(library, "PQsendPrepare", found.send_prepare);
    find(library, "PQsendQueryPrepared", found.send_query_prepared);
    find(library, "PQflush", found.flush);
    find(library, "PQconsumeInput", found.consume_input);
    find(library, "PQisBusy", found.is_busy);
    find(library, "PQgetResult", found.take_result);
    find(library, "PQexecParams", found.execute);
    find(library, "PQexec", found.execute_script);
    find(library, "PQresultStatus", found.result_status);
    find(library, "PQresultErrorField", found.error_field);
    find(library, "PQclear", found.clear);
    find(library, "PQntuples", found.rows);
    find(library, "PQnfields", found.columns);
    find(library, "PQftype", found.column_type);
    find(library, "PQgetisnull", found.is_null);
    find(library, "PQgetlength", found.length);
    find(library, "PQgetvalue", found.value);
}

PqLibrary load() {
    void* library = ::dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) fail();
    PqLibrary found{};
    find_connecting(library, found);
    find_asking(library, found);
    return found;
}

}  // namespace

const PqLibrary& pq() {
    static const PqLibrary library = load();
    return library;
}

}  // namespace banter::postgres
