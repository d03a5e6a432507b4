#include "storage/postgres/append_memory.hpp"

namespace banter::postgres {

const sql::ThreadRow* AppendMemory::find(model::ThreadId thread, model::UserId author) {
    const Key key{thread, author};
    const auto young = young_.find(key);
    if (young != young_.end()) return &young->second;
    const auto old = old_.find(key);
    if (old == old_.end()) return nullptr;
    sql::ThreadRow row = std::move(old->second);
    old_.erase(old);
    return &keep_young(key, std::move(row));
}

void AppendMemory::keep(model::UserId author, const sql::ThreadRow& row) {
    const Key key{row.view.thread.id, author};
    if (row.view.membership && !row.view.parent) {
        keep_young(key, row);
        return;
    }
    young_.erase(key);
    old_.erase(key);
}

sql::ThreadRow& AppendMemory::keep_young(const Key& key, sql::ThreadRow row) {
    if (young_.size() >= half_max && !young_.contains(key)) {
        old_ = std::move(young_);
        young_.clear();
    }
    return young_.insert_or_assign(key, std::move(row)).first->second;
}

}  // namespace banter::postgres
