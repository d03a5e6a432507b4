#pragma once
// What the load generator is asked to do.

#include "load/socket.hpp"

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

namespace banter::bench {

struct Options {
    std::string mode;                  // "traffic" or "idle"
    Address server;                    // --connect HOST:PORT
    std::vector<std::string> tokens;   // --tokens FILE, one a line; empty: none is sent
    std::vector<std::string> threads;  // --threads FILE, one id a line
    std::size_t sessions = 1000;       // session i joins thread i % threads
    std::size_t senders = 10;          // spread evenly over the sessions
    std::size_t in_flight = 1;         // sends of one sender that wait for an answer
    std::size_t content_bytes = 200;
    std::size_t memberships =
        1;  // idle: threads that each session joins; all but the first are left again
    std::size_t opening_max = 128;  // sessions that are being opened at once
    double warm_up_seconds = 1;
    double seconds = 5;
    pid_t server_pid = 0;   // --server-pid: whose CPU time is read; 0 for nobody's
    bool socketio = false;  // --dialect socketio: engine.io 4 and socket.io 5, else Banter's JSON
};

/// Reads the command line. Throws std::runtime_error with a sentence for the user.
Options parse_options(int argc, char** argv);

}  // namespace banter::bench
