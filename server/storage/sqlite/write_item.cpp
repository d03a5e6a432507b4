#include "storage/sqlite/write_item.hpp"

#include "storage/sqlite/transaction.hpp"

namespace banter::sqlite {

void AppendItem::run(Transaction& transaction) {
    try {
        answer_.emplace(transaction.append(std::move(message_), rule_));
    } catch (const StorageFailure&) {
        throw;
    } catch (...) {
        failure = std::current_exception();
    }
}

void ScriptItem::run(Transaction& transaction) {
    try {
        transaction.run(*work_);
    } catch (const StorageFailure&) {
        throw;
    } catch (...) {
        failure = std::current_exception();
    }
}

}  // namespace banter::sqlite
