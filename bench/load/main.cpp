// The load generator: `bench_load traffic|idle --connect HOST:PORT --threads FILE …`.

#include "load/idle.hpp"
#include "load/options.hpp"
#include "load/traffic.hpp"

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
    using namespace banter::bench;
    try {
        const Options options = parse_options(argc, argv);
        const bool passed = options.mode == "idle" ? Idle(options).run() : Traffic(options).run();
        return passed ? 0 : 1;
    } catch (const std::exception& trouble) {
        std::fprintf(stderr, "bench_load: %s\n", trouble.what());
        return 2;
    }
}
