#include "app/database_part.hpp"

#include "storage/postgres/change_store.hpp"
#include "storage/postgres/database.hpp"
#include "storage/sqlite/database.hpp"

namespace banter::app {

DatabasePart::DatabasePart(
    const Config& config,
    const sqlite::SqliteOptions& in_file,
    const Parts& parts
) {
    const auto& [loops, clock, random, registry, bus] = parts;
    if (!config.database_on_server()) {
        file_ =
            std::make_unique<sqlite::SqliteDatabase>(in_file, loops, clock, random, registry, bus);
        return;
    }
    postgres::PostgresOptions options;
    options.url = config.database;
    server_ = std::make_unique<postgres::PostgresDatabase>(
        std::move(options), loops, clock, random, registry, bus
    );
    changes_ = std::make_unique<postgres::PostgresChangeStore>(*server_);
}

DatabasePart::~DatabasePart() = default;

storage::ChangeStore* DatabasePart::changes() { return changes_.get(); }

sql::Database& DatabasePart::database() {
    if (file_) return *file_;
    return *server_;
}

const storage::Installation& DatabasePart::installation() const {
    return file_ ? file_->installation() : server_->installation();
}

Task<bool> DatabasePart::keep() {
    if (!server_) co_return true;
    co_return co_await server_->keep_locks();
}

Task<> DatabasePart::finish() {
    if (server_) co_await server_->stop();
}

void DatabasePart::stop() {
    if (file_) file_->stop();
}

}  // namespace banter::app
