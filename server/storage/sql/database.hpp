// A database as the stores see it: scripts that run in one transaction, one hop there and one back.
//
// A script is a free coroutine function over a Connection. It may run on a thread of execution of
// the driver's own, so its parameters are values and it touches nothing else.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "model/event.hpp"
#include "storage/message_store.hpp"
#include "storage/sql/connection.hpp"

#include <exception>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace banter::sql {

/// Events of a writing script: told to the event bus after the commit, in their order; dropped with
/// a transaction that is rolled back.
struct Outbox {
    std::vector<model::SharedEvent> events;
};

/// Which scripts a writing script may run beside. Where there is one writer, none runs beside it.
enum class Turn {
    /// None of this kind, on no node: it sees what they have written, and they what it writes.
    alone,
    /// All: whatever it decides by lies under locks that it takes first (Statement::lock), or is
    /// held by a constraint of the schema.
    beside_others
};

/// A script with its arguments on the way to the driver, and with its result on the way back.
class Work {
public:
    Work() = default;
    virtual ~Work() = default;
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

    /// Also once more, when the first transaction had to be taken back.
    [[nodiscard]] virtual Task<> run(Connection& connection, Outbox& outbox) = 0;
    /// Whether the script returned an Error: what it wrote is taken back.
    [[nodiscard]] virtual bool refused() const = 0;

    std::exception_ptr failure;
};

class Database {
public:
    virtual ~Database() = default;

    /// Runs `script` on one snapshot of the database.
    /// Throws StorageFailure: busy (too many wait), storage_unavailable
    template <typename Value, typename... Taken, typename... Given>
    [[nodiscard]] Task<Value> read(Task<Value> (*script)(Connection&, Taken...), Given&&... given);

    /// Runs `script` in a transaction, in its turn; durable when it returns. If it returns an Error
    /// or throws, it has written nothing. Throws StorageFailure: busy (too many wait, or the
    /// database is away; nothing is written), storage_full, storage_unavailable, outcome_unknown
    /// (the commit itself failed)
    template <typename Value, typename... Taken, typename... Given>
    [[nodiscard]] Task<Value> write(
        Task<Value> (*script)(Connection&, Outbox&, Taken...),
        Given&&... given
    );
    template <typename Value, typename... Taken, typename... Given>
    [[nodiscard]] Task<Value> write_beside(
        Task<Value> (*script)(Connection&, Outbox&, Taken...),
        Given&&... given
    );

    /// MessageStore::append: the one write that each driver does in its own way, by the batch.
    [[nodiscard]] virtual Task<Result<model::Message>> append(
        storage::NewMessage message,
        storage::ThreadRule rule
    ) = 0;

private:
    /// Run `work` and give it back, with `failure` set if it failed.
    [[nodiscard]] virtual Task<std::unique_ptr<Work>> submit_read(std::unique_ptr<Work> work) = 0;
    [[nodiscard]] virtual Task<std::unique_ptr<Work>> submit_write(
        std::unique_ptr<Work> work,
        Turn turn
    ) = 0;

    template <typename Value, typename... Taken, typename... Given>
    [[nodiscard]] Task<Value> write_in(
        Turn turn,
        Task<Value> (*script)(Connection&, Outbox&, Taken...),
        Given&&... given
    );

    template <typename Value, typename Script>
    [[nodiscard]] static Task<Value> result_of(Task<std::unique_ptr<Work>> submitted);
};

/// The result of a script, wherever the script's arguments came from.
template <typename Value>
class WorkOf : public Work {
public:
    [[nodiscard]] bool refused() const final {
        if constexpr (std::is_base_of_v<RefusableTag, Refusable<Value>>) {
            return value.has_value() && value->has_error();
        }
        return false;
    }

    std::optional<Value> value;

private:
    struct RefusableTag {};
    template <typename T>
    struct Refusable {};
    template <typename T>
    struct Refusable<Result<T>> : RefusableTag {};
};

template <typename Value, typename Script, typename... Taken>
class ScriptWork final : public WorkOf<Value> {
public:
    template <typename... Given>
    explicit ScriptWork(Script script, Given&&... given)
        : script_(script), arguments_(std::forward<Given>(given)...) {}

    [[nodiscard]] Task<> run(Connection& connection, Outbox& outbox) override {
        // Copies: it may run once more.
        auto call = [&](const Taken&... taken) {
            if constexpr (std::is_invocable_v<Script, Connection&, Outbox&, Taken...>) {
                return script_(connection, outbox, taken...);
            } else {
                return script_(connection, taken...);
            }
        };
        Task<Value> started = std::apply(call, arguments_);
        this->value.emplace(co_await std::move(started));
    }

private:
    Script script_;
    std::tuple<Taken...> arguments_;
};

template <typename Value, typename Script>
Task<Value> Database::result_of(Task<std::unique_ptr<Work>> submitted) {
    const std::unique_ptr<Work> work = co_await std::move(submitted);
    if (work->failure) std::rethrow_exception(work->failure);
    co_return std::move(*static_cast<WorkOf<Value>&>(*work).value);
}

template <typename Value, typename... Taken, typename... Given>
Task<Value> Database::read(Task<Value> (*script)(Connection&, Taken...), Given&&... given) {
    using Script = decltype(script);
    return result_of<Value, Script>(submit_read(
        std::make_unique<ScriptWork<Value, Script, Taken...>>(script, std::forward<Given>(given)...)
    ));
}

template <typename Value, typename... Taken, typename... Given>
Task<Value> Database::write_in(
    Turn turn,
    Task<Value> (*script)(Connection&, Outbox&, Taken...),
    Given&&... given
) {
    using Script = decltype(script);
    return result_of<Value, Script>(submit_write(
        std::make_unique<ScriptWork<Value, Script, Taken...>>(
            script, std::forward<Given>(given)...
        ),
        turn
    ));
}

template <typename Value, typename... Taken, typename... Given>
Task<Value> Database::write(
    Task<Value> (*script)(Connection&, Outbox&, Taken...),
    Given&&... given
) {
    return write_in(Turn::alone, script, std::forward<Given>(given)...);
}

template <typename Value, typename... Taken, typename... Given>
Task<Value> Database::write_beside(
    Task<Value> (*script)(Connection&, Outbox&, Taken...),
    Given&&... given
) {
    return write_in(Turn::beside_others, script, std::forward<Given>(given)...);
}

/// For a write that has nothing to say.
inline Task<> finished(Task<bool> written) { co_await std::move(written); }

}  // namespace banter::sql
