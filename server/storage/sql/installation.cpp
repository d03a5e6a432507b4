#include "storage/sql/installation.hpp"

namespace banter::sql {

const char* const find_installation =
    "SELECT i.epoch, w.id, w.name FROM installation i JOIN workspaces w ON w.id = i.workspace_id";

const char* const add_workspace =
    "INSERT INTO workspaces (id, name, created_at) VALUES ($1, $2, $3)";

const char* const add_installation =
    "INSERT INTO installation (only_row, epoch, workspace_id) VALUES (1, $1, $2)";

const char* const set_epoch = "UPDATE installation SET epoch = $1";

FirstRows::FirstRows(const Clock& clock, Random& random) {
    model::IdMaker ids(clock, random);
    const auto id = ids.make<model::WorkspaceId>();
    workspace.push_back(to_value(id));
    workspace.push_back(to_value(std::string("Banter")));
    workspace.push_back(to_value(clock.now()));
    installation.push_back(to_value(make_epoch(random)));
    installation.push_back(to_value(id));
}

std::string make_epoch(Random& random) {
    model::Uuid epoch;
    random.fill(epoch.bytes);
    return model::to_string(epoch);
}

storage::Installation installation_from(Row row) {
    storage::Installation installation;
    installation.epoch = row.text();
    installation.workspace.id = row.id<model::WorkspaceId>();
    installation.workspace.name = row.text();
    return installation;
}

}  // namespace banter::sql
