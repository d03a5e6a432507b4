#include "storage/vips/worker.hpp"

#include "base/system_call.hpp"
#include "storage/vips/confinement.hpp"
#include "storage/vips/decoder.hpp"
#include "storage/vips/library.hpp"
#include "storage/vips/page.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <string_view>
#include <vector>

namespace banter::vips {

namespace {

constexpr int done = 0;
constexpr int wrong_usage = 2;
/// On top of what every child has.
constexpr int rendering_nice_level = 5;

bool write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = retried([&] { return ::write(file, bytes.data(), bytes.size()); });
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// In memory of our own, which may be changed. Empty if that fails, or it is.
Bytes read_source() {
    const off_t size = ::lseek(source_descriptor, 0, SEEK_END);
    if (size <= 0) return {};
    void* mapped = ::mmap(
        nullptr,
        static_cast<std::size_t>(size),
        PROT_READ | PROT_WRITE,
        MAP_PRIVATE,
        source_descriptor,
        0
    );
    if (mapped == MAP_FAILED) return {};
    return {static_cast<std::uint8_t*>(mapped), static_cast<std::size_t>(size)};
}

bool is_rendering(Work work) { return work != Work::probe && work != Work::inspect; }

bool can(const Abilities& abilities, Work work) {
    if (work == Work::render_webp) return abilities.webp;
    return work != Work::render_avif || abilities.avif;
}

/// Where fonts are that a PDF names and doesn't bring, and what says so.
Gates fonts() {
    return {
        .readable = {
            "/usr/share/fonts",
            "/usr/local/share/fonts",
            "/usr/share/poppler",
            "/usr/share/fontconfig",
            "/etc/fonts",
            "/var/cache/fontconfig"}};
}

Answer hand_over(const Made& made) {
    const std::string_view bytes(
        reinterpret_cast<const char*>(made.bytes.data()), made.bytes.size()
    );
    if (!write_all(target_descriptor, bytes)) return {.verdict = Verdict::no_space};
    return made.answer;
}

Answer carry_out(const Job& job, const Confined& confined) {
    if (job.work == Work::probe) return {.verdict = Verdict::done, .width = 1, .height = 1};
    if (!can(confined.abilities, job.work)) return {.verdict = Verdict::unsupported};
    const Bytes file = read_source();
    return hand_over(
        job.work == Work::inspect ? inspect(confined.library, file)
                                  : render(confined.library, file, job)
    );
}

Answer look(const Job& job) {
    if (job.work == Work::draw_page) {
        const auto library = confine_for_pages(job.limits);
        if (!library) return {.verdict = Verdict::missing};
        return hand_over(draw_page(*library, read_source()));
    }
    const auto confined = confine(job.limits);
    return confined ? carry_out(job, *confined) : Answer{.verdict = Verdict::missing};
}

}  // namespace

std::optional<Confined> confine(const WorkerLimits& limits) {
    if (!give_up_powers(limits)) return std::nullopt;
    const auto library = Library::open();
    if (!library) return std::nullopt;
    const Abilities abilities = warm_up(*library);
    if (!lock_down(limits)) return std::nullopt;
    return Confined{*library, abilities};
}

std::optional<Library> confine_for_pages(const WorkerLimits& limits) {
    if (!give_up_powers(limits)) return std::nullopt;
    auto library = Library::open(Subject::pages);
    if (!library || !lock_down_but_for(limits, fonts())) return std::nullopt;
    return library;
}

int worker_main(std::span<const std::string> arguments) {
    const std::vector<std::string_view> words(arguments.begin(), arguments.end());
    const auto job = parse_job(words);
    if (!job) return wrong_usage;
    // Behind those that somebody waits for.
    if (is_rendering(job->work)) static_cast<void>(::nice(rendering_nice_level));
    static_cast<void>(write_all(answer_descriptor, encode(look(*job))));
    // What is behind a filter of system calls can't be taken down in good order.
    ::_exit(done);
}

}  // namespace banter::vips
