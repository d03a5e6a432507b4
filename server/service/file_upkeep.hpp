// What files need in the background: smaller pictures are made of pictures, posters of other files,
// and whatever nobody
// needs any more is removed.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/sharded.hpp"
#include "model/file.hpp"
#include "service/files.hpp"
#include "service/setbacks.hpp"
#include "storage/storage.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace banter::service {

/// On one loop of the process. Each step is short, and may be repeated after a crash.
///
/// What the store, or who makes pictures, fails with is caught here for one file alone, so that the
/// others go on; it is logged, and tried again later. Who fails too often in a row counts as away,
/// and the call throws.
class FileUpkeep {
public:
    /// fresh  of every loop
    FileUpkeep(
        const FileRules& rules,
        storage::Storage& storage,
        storage::FileStorage& file_storage,
        Sharded<storage::FreshObjects>& fresh,
        const Clock& clock,
        Random& random
    )
        : rules_(rules),
          storage_(storage),
          file_storage_(file_storage),
          fresh_(fresh),
          clock_(clock),
          random_(random) {}

    /// Makes the variants of one picture, or of the poster of another file, or finds that it can't
    /// now. False: there was none to do.
    [[nodiscard]] Task<bool> render_next();

    /// Drops files that were never sent with a message, and uploads that were never ended, and
    /// removes the objects of all that was dropped. Returns of how many.
    [[nodiscard]] Task<std::size_t> remove_dropped();

    /// Looks at the next objects of the store, and removes those that nothing knows of: what a
    /// crash left. True: there are more to look at. What fails goes on there.
    [[nodiscard]] Task<bool> sweep_next();

    /// Removes the store's drafts that nobody goes on with.
    [[nodiscard]] Task<> sweep_drafts();

private:
    using Owner = std::variant<model::FileId, model::UploadId>;

    /// Variants whose objects are stored.
    struct Rendered {
        storage::MadePictures made;
        std::vector<storage::FreshObjects::Claim> claims;
    };

    /// What could be made; nothing if the file is gone.
    [[nodiscard]] Task<Rendered> make_pictures(model::File file);
    /// The same, and nothing if it failed.
    [[nodiscard]] Task<std::optional<Rendered>> try_render(model::File file);
    /// The file, to be looked into.
    [[nodiscard]] Task<std::unique_ptr<storage::IncomingPicture>> open_picture(model::File file);
    [[nodiscard]] Task<Rendered> make_poster(model::File file);
    [[nodiscard]] Task<> render(
        storage::IncomingPicture& picture,
        std::uint32_t width_shown,
        Rendered& rendered
    );
    [[nodiscard]] Task<> store_rendering(
        storage::IncomingPicture& picture,
        storage::Rendering rendering,
        Rendered& rendered
    );
    [[nodiscard]] Task<std::vector<storage::DroppedObjects>> drop();
    [[nodiscard]] Task<> forget(Owner owner);
    [[nodiscard]] Task<> remove_objects(std::vector<model::ObjectKey> objects);
    /// The same, and what it failed with.
    [[nodiscard]] Task<std::optional<StorageFailure>> try_remove(
        std::vector<model::ObjectKey> objects
    );
    /// Those that nothing knows of, and nobody is about to make known.
    [[nodiscard]] Task<std::vector<model::ObjectKey>> strays_among(
        std::vector<storage::StoredObject> stored
    );

    const FileRules& rules_;
    storage::Storage& storage_;
    storage::FileStorage& file_storage_;
    Sharded<storage::FreshObjects>& fresh_;
    const Clock& clock_;
    Random& random_;
    std::optional<std::string> swept_up_to_;
    Setbacks<Owner> removals_{clock_};
    Setbacks<model::FileId> renderings_{clock_};
    Setbacks<model::ObjectKey> strays_{clock_};
    std::size_t renderings_failed_ = 0;  // in a row
};

}  // namespace banter::service
