// A link whose calls block: for the start of the server, before its loops have work, and for the
// command line.
#pragma once

#include "storage/postgres/pq.hpp"
#include "storage/postgres/target.hpp"
#include "storage/sql/value.hpp"

#include <string>
#include <vector>

namespace banter::postgres {

/// Every call throws std::runtime_error with a sentence for the operator: Refused where the server
/// says why.
class Session {
public:
    /// The first of the targets that answers. Waits some seconds for each.
    explicit Session(const std::vector<Target>& targets);

    [[nodiscard]] sql::Rows query(const char* text, const sql::Parameters& parameters = {});
    /// Several statements that give nothing.
    void run(const char* script);

    [[nodiscard]] int server_version() const { return pq().server_version(connection_.get()); }
    [[nodiscard]] std::string database() const { return pq().database(connection_.get()); }
    [[nodiscard]] std::string user() const { return pq().user(connection_.get()); }

    /// Hands over what it was connected by, idle.
    [[nodiscard]] PqConnection take() { return std::move(connection_); }

private:
    [[nodiscard]] PqResult checked(PGresult* result);

    PqConnection connection_;
};

}  // namespace banter::postgres
