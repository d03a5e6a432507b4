#include "storage/postgres/pq.hpp"

#include "base/shared_library.hpp"

namespace banter::postgres {

namespace {

void find_connecting(const SharedLibrary& library, PqLibrary& found) {
    library.find("PQconnectStartParams", found.connect_start);
    library.find("PQconnectPoll", found.connect_poll);
    library.find("PQconnectdbParams", found.connect);
    library.find("PQconninfoParse", found.parse_conninfo);
    library.find("PQconninfoFree", found.free_conninfo);
    library.find("PQfreemem", found.free_memory);
    library.find("PQfinish", found.finish);
    library.find("PQstatus", found.status);
    library.find("PQsocket", found.socket);
    library.find("PQdb", found.database);
    library.find("PQuser", found.user);
    library.find("PQserverVersion", found.server_version);
    library.find("PQerrorMessage", found.error_message);
    library.find("PQsetnonblocking", found.set_nonblocking);
    library.find("PQsetNoticeProcessor", found.set_notice_processor);
}

void find_asking(const SharedLibrary& library, PqLibrary& found) {
    library.find("PQenterPipelineMode", found.enter_pipeline_mode);
    library.find("PQpipelineSync", found.pipeline_sync);
    library.find("PQsendPrepare", found.send_prepare);
    library.find("PQsendQueryPrepared", found.send_query_prepared);
    library.find("PQflush", found.flush);
    library.find("PQconsumeInput", found.consume_input);
    library.find("PQisBusy", found.is_busy);
    library.find("PQgetResult", found.take_result);
    library.find("PQexecParams", found.execute);
    library.find("PQexec", found.execute_script);
    library.find("PQresultStatus", found.result_status);
    library.find("PQresultErrorField", found.error_field);
    library.find("PQclear", found.clear);
    library.find("PQntuples", found.rows);
    library.find("PQnfields", found.columns);
    library.find("PQftype", found.column_type);
    library.find("PQgetisnull", found.is_null);
    library.find("PQgetlength", found.length);
    library.find("PQgetvalue", found.value);
}

PqLibrary load() {
    const SharedLibrary library("libpq.so.5", "libpq5");
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
