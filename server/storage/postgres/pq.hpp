// libpq, loaded when it is first needed: linked in, it and the twenty libraries behind it
// (Kerberos, LDAP) would cost every start some 8 ms and 4 MiB, also of a server that has its own
// database.
#pragma once

#include <postgresql/libpq-fe.h>

#include <memory>

namespace banter::postgres {

/// The functions of libpq that are used, as its header declares them.
struct PqLibrary {
    decltype(&PQconnectStartParams) connect_start;
    decltype(&PQconnectPoll) connect_poll;
    decltype(&PQconnectdbParams) connect;
    decltype(&PQconninfoParse) parse_conninfo;
    decltype(&PQconninfoFree) free_conninfo;
    decltype(&PQfreemem) free_memory;
    decltype(&PQfinish) finish;
    decltype(&PQstatus) status;
    decltype(&PQsocket) socket;
    decltype(&PQdb) database;
    decltype(&PQuser) user;
    decltype(&PQserverVersion) server_version;
    decltype(&PQerrorMessage) error_message;
    decltype(&PQsetnonblocking) set_nonblocking;
    decltype(&PQsetNoticeProcessor) set_notice_processor;
    decltype(&PQenterPipelineMode) enter_pipeline_mode;
    decltype(&PQpipelineSync) pipeline_sync;
    decltype(&PQsendPrepare) send_prepare;
    decltype(&PQsendQueryPrepared) send_query_prepared;
    decltype(&PQflush) flush;
    decltype(&PQconsumeInput) consume_input;
    decltype(&PQisBusy) is_busy;
    decltype(&PQgetResult) take_result;
    decltype(&PQexecParams) execute;
    decltype(&PQexec) execute_script;
    decltype(&PQresultStatus) result_status;
    decltype(&PQresultErrorField) error_field;
    decltype(&PQclear) clear;
    decltype(&PQntuples) rows;
    decltype(&PQnfields) columns;
    decltype(&PQftype) column_type;
    decltype(&PQgetisnull) is_null;
    decltype(&PQgetlength) length;
    decltype(&PQgetvalue) value;
};

/// Loads it at the first call, which blocks for some milliseconds; it stays for the life of the
/// process. Throws std::runtime_error with what to install.
[[nodiscard]] const PqLibrary& pq();

struct FinishConnection {
    void operator()(PGconn* connection) const { pq().finish(connection); }
};

struct ClearResult {
    void operator()(PGresult* result) const { pq().clear(result); }
};

using PqConnection = std::unique_ptr<PGconn, FinishConnection>;
using PqResult = std::unique_ptr<PGresult, ClearResult>;

}  // namespace banter::postgres
