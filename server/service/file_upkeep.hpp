// What files need in the background: smaller pictures are made of pictures, and whatever nobody
// needs any more is removed.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "model/file.hpp"
#include "service/files.hpp"
#include "storage/storage.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace banter::service {

/// On one loop of the process. Each step is short, and may be repeated after a crash.
class FileUpkeep {
public:
    FileUpkeep(
        const FileRules& rules,
        storage::Storage& storage,
        storage::FileStorage& file_storage,
        const Clock& clock,
        Random& random
    )
        : rules_(rules),
          storage_(storage),
          file_storage_(file_storage),
          clock_(clock),
          random_(random) {}

    /// Makes the variants of one picture. False: there was none to do.
    [[nodiscard]] Task<bool> render_next();

    /// Drops files that were never sent with a message, and uploads that were never ended, and
    /// removes the objects of all that was dropped. Returns of how many.
    [[nodiscard]] Task<std::size_t> remove_dropped();

    /// Looks at the next objects of the store, and removes those that nothing knows of: what a
    /// crash left. True: there are more to look at. The store's drafts are swept after the last.
    [[nodiscard]] Task<bool> sweep_next();

private:
    /// Those that could be made; nothing if the picture is gone.
    [[nodiscard]] Task<std::vector<model::FileVariant>> render(const model::File& file);
    [[nodiscard]] Task<std::optional<model::FileVariant>> store_rendering(
        storage::IncomingPicture& picture,
        storage::Rendering rendering
    );
    [[nodiscard]] Task<> remove_objects(std::vector<model::ObjectKey> objects);

    const FileRules& rules_;
    storage::Storage& storage_;
    storage::FileStorage& file_storage_;
    const Clock& clock_;
    Random& random_;
    std::optional<std::string> swept_up_to_;
    /// Variants that are stored and not known yet: no orphans.
    std::vector<model::ObjectKey> making_;
};

}  // namespace banter::service
