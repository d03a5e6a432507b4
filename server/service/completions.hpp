// Makes files of uploads that are whole. That is work of the loop, not of the request that brought
// the last byte: it goes on when the client goes away, and whoever asks meanwhile waits for it.
//
// Of one upload one file is made at a time, on whatever loop or node: who makes it has a claim in
// the database, which lapses soon after a crash.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "base/task_group.hpp"
#include "service/caller.hpp"
#include "service/files.hpp"
#include "storage/storage.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <chrono>
#include <list>
#include <memory>

namespace banter::service {

/// How far an upload is.
struct UploadProgress {
    model::Upload upload;
    /// It is whole, and no file yet: it is being made, or the store is away. To be asked again.
    bool pending = false;
};

/// On one loop.
class Completions {
public:
    /// tasks  of this loop: what makes files. Whoever ends them calls drain() first.
    Completions(
        const FileRules& rules,
        Files& files,
        storage::Storage& storage,
        storage::FileStorage& file_storage,
        const Clock& clock,
        TaskGroup& tasks
    );
    ~Completions();
    Completions(const Completions&) = delete;
    Completions& operator=(const Completions&) = delete;

    /// Begins to make a file of the upload, unless somebody does, and waits for it, but not for
    /// long (FileRules::upload_wait).
    ///
    /// upload  awaits_file()
    /// Returns what FileIntake::take refuses the file with: the upload is gone then; not_found
    [[nodiscard]] Task<Result<UploadProgress>> finish(Caller caller, model::Upload upload);

    /// Keeps what this loop has claimed. To be called more often than twice in
    /// limits::upload_claim_lifetime.
    [[nodiscard]] Task<> renew_claims();

    /// Begins nothing from now on. Who waits does so for a moment more, and then gets `pending`.
    [[nodiscard]] Task<> drain();

private:
    class Bell;
    struct Making;

    /// Null if the file is made elsewhere, or can't be made now.
    [[nodiscard]] Task<std::shared_ptr<Making>> begin(Caller caller, model::Upload upload);
    [[nodiscard]] std::shared_ptr<Making> find(model::UploadId upload) const;
    [[nodiscard]] Task<> make(std::shared_ptr<Making> making);
    [[nodiscard]] Task<> make_file(Making& making);

    const FileRules& rules_;
    Files& files_;
    storage::Storage& storage_;
    storage::FileStorage& file_storage_;
    const Clock& clock_;
    TaskGroup& tasks_;
    boost::unordered_flat_map<model::UploadId, std::shared_ptr<Making>> makings_;
    /// Rung when nothing is begun any more, and whenever nothing is made any more.
    std::unique_ptr<Bell> closing_;
    std::unique_ptr<Bell> emptied_;
    bool draining_ = false;
    /// Nobody waits any more.
    bool hurrying_ = false;
};

}  // namespace banter::service
