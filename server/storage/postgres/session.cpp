#include "storage/postgres/session.hpp"

#include "storage/postgres/codec.hpp"
#include "storage/postgres/trouble.hpp"

#include <algorithm>
#include <stdexcept>

namespace banter::postgres {

namespace {

constexpr int binary = 1;

std::string sentence(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

}  // namespace

Session::Session(const std::vector<Target>& targets) {
    std::string why;
    for (const Target& target : targets) {
        connection_ = target.connect();
        if (pq().status(connection_.get()) == CONNECTION_OK) return;
        if (!why.empty()) why += "; ";
        why += sentence(pq().error_message(connection_.get()));
    }
    throw std::runtime_error(
        "the database can't be opened: " + why +
        " (check the host, port, database, user and password of --database)"
    );
}

PqResult Session::checked(PGresult* result) {
    PqResult owned(result);
    const ExecStatusType status = pq().result_status(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return owned;
    const char* state = pq().error_field(result, PG_DIAG_SQLSTATE);
    throw Refused(
        state == nullptr ? "" : state,
        "the database " + database() +
            " refuses: " + sentence(pq().error_message(connection_.get()))
    );
}

sql::Rows Session::query(const char* text, const sql::Parameters& parameters) {
    std::vector<Parameter> encoded;
    for (const sql::Value& value : parameters) encoded.push_back(encode(value));
    std::vector<Oid> types;
    std::vector<const char*> values;
    std::vector<int> lengths;
    for (const Parameter& parameter : encoded) {
        types.push_back(parameter.type);
        values.push_back(parameter.bytes ? parameter.bytes->data() : nullptr);
        lengths.push_back(parameter.bytes ? static_cast<int>(parameter.bytes->size()) : 0);
    }
    const std::vector<int> formats(encoded.size(), binary);
    const PqResult result = checked(pq().execute(
        connection_.get(),
        text,
        static_cast<int>(encoded.size()),
        types.data(),
        values.data(),
        lengths.data(),
        formats.data(),
        binary
    ));
    return decode_rows(result.get());
}

void Session::run(const char* script) {
    (void)checked(pq().execute_script(connection_.get(), script));
}

}  // namespace banter::postgres
