// Every limit of the engine, with its unit and its reason. One value is made by `app` and passed to
// all.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace banter::net {

struct Limits {
    // --- HTTP: sizes
    // -------------------------------------------------------------------------------

    /// Bytes of a request's head (request line and headers). Cookies and tokens fit well; nginx
    /// allows 8 to 32 KiB.
    std::size_t head_bytes_max = 16 * 1024;
    /// Header lines of a request; browsers behind proxies send about thirty.
    std::size_t header_count_max = 100;
    /// Bytes of the request target, so that a long query is told 414 and not 431.
    std::size_t target_bytes_max = 8 * 1024;
    /// Bytes of a request's body where its route asks for no other limit.
    std::size_t body_bytes_max = 64 * 1024;
    /// Bytes of a streamed body that are read and dropped after an answer that came before its end,
    /// so that the connection lasts; with more to come it is closed.
    std::size_t unread_bytes_max = 64 * 1024;
    /// Parts of a multipart body, files and fields together.
    std::size_t multipart_parts_max = 16;
    /// Bytes of one part's head. A file's name of 1,024 bytes fits, also with every byte escaped.
    std::size_t multipart_head_bytes_max = 8 * 1024;
    /// Bytes of one chunk's line with its extensions, which nobody uses.
    std::size_t chunk_line_bytes_max = 256;
    /// Bytes of all trailers after the last chunk; they are checked and dropped.
    std::size_t trailer_bytes_max = 4 * 1024;

    // --- HTTP: times
    // -------------------------------------------------------------------------------

    /// From the first byte of a request, or the accept, to the end of its head.
    std::chrono::milliseconds head_time{10'000};
    /// What a body may take beyond its size divided by `body_rate_min`.
    std::chrono::milliseconds body_grace{10'000};
    /// Bytes per second below which a body, or the reading of an answer, counts as an attack.
    std::size_t body_rate_min = 1'000;
    /// How long a streamed body, or the reader of a streamed answer, may keep us waiting beyond the
    /// bytes moved divided by `body_rate_min`; also the most that a fast peer saves up.
    std::chrono::milliseconds stream_grace{30'000};
    /// Between an answer and the next request.
    std::chrono::milliseconds keep_alive_idle{60'000};
    /// How long a peer whose connection ends with an answer is still listened to, and what it sends
    /// dropped: closing a socket with unread bytes resets it, and who reads only after all of a
    /// refused body is sent would lose the answer. nginx takes as long (lingering_time).
    std::chrono::milliseconds linger_time{30'000};
    /// And how long it may be silent in that time; also what is left of it when the server stops.
    std::chrono::milliseconds linger_silence{5'000};

    // --- HTTP: requests to other servers
    // -------------------------------------------------------------------------------

    /// From the start of a request to a connection: names resolved, TLS agreed.
    std::chrono::milliseconds outgoing_connect_time{5'000};
    /// How long the other server may keep us waiting beyond the bytes moved divided by
    /// `body_rate_min`, unless a request says otherwise.
    std::chrono::milliseconds outgoing_grace{30'000};
    /// Bytes of an answer's head.
    std::size_t outgoing_head_bytes_max = 32 * 1024;
    /// Bytes of an answer's body that lie ready before the other server has to wait.
    std::size_t outgoing_ready_bytes_max = 64 * 1024;
    /// Requests that one client of a shard has under way at once, if there are descriptors for so
    /// many; one more is refused.
    std::size_t outgoing_calls_max = 256;
    /// Connections that are kept for the next request.
    std::size_t outgoing_idle_max = 16;

    // --- WebSocket: what is read
    // -------------------------------------------------------------------

    /// Bytes of a payload, in one frame or in fragments, before and after inflating.
    std::size_t payload_bytes_max = 64 * 1024;
    /// Frames that one payload may come in; 131,000 of one byte each once filled a server's heap.
    std::size_t fragments_max = 1'024;
    /// From the first byte of a payload to its last.
    std::chrono::milliseconds reassembly_time{10'000};
    /// Whether binary payloads are handed on; else the session is closed with 1003.
    bool binary_accepted = false;

    // --- WebSocket: what is sent
    // -------------------------------------------------------------------

    /// Bytes of broadcasts that may wait for one session; past it the session is closed with 4408.
    std::size_t broadcast_bytes_max = 256 * 1024;
    /// Bytes of unsent answers from which on the session is not read from until they are gone.
    std::size_t answer_bytes_pausing = 64 * 1024;
    /// Broadcasts below this size are never compressed: it would cost more than it saves.
    std::size_t compress_bytes_min = 256;
    /// Buffers handed to one send; above this the kernel refuses (IOV_MAX).
    std::size_t buffers_per_send_max = 1'024;

    // --- WebSocket: times
    // --------------------------------------------------------------------------

    /// Between two pings; each lies up to a fifth earlier. Below half of every proxy's idle
    /// time-out (60 s).
    std::chrono::milliseconds ping_every{25'000};
    /// Pings in a row that may stay without any sign of life before the session is closed.
    std::uint8_t pings_missed_max = 2;
    /// From our Close to the peer's, and to the end of TCP.
    std::chrono::milliseconds close_time{5'000};

    // --- Sockets and shards
    // ------------------------------------------------------------------------

    /// Sessions of the process, HTTP and WebSocket together; 0: RLIMIT_NOFILE less
    /// `descriptors_reserved` and those of downloads and of requests to other servers.
    std::size_t sessions_max = 0;
    /// Descriptors kept for the database, logs and the like.
    std::size_t descriptors_reserved = 256;
    /// How long a listener rests when no more descriptors may be taken.
    std::chrono::milliseconds accept_pause{250};
    /// Accepted in one turn by one listener, so that a rush does not hold up those who are in.
    std::size_t accepts_per_turn = 64;
    /// TCP_NOTSENT_LOWAT in bytes: the backlog stands in our queue, not in the kernel's.
    int unsent_bytes_low = 16 * 1024;
    /// Waiting connections of a listener (the kernel caps it by net.core.somaxconn).
    int listen_backlog = 4'096;
    /// Bytes of the buffer into which a shard reads for all its sessions.
    std::size_t read_buffer_bytes = 256 * 1024;
    /// Reads of one session in one turn; then it is the others' turn.
    std::size_t reads_per_turn = 4;
    /// Bytes of one read of a WebSocket session. What of it can't be handed on at once is kept on
    /// the heap.
    std::size_t read_bytes_max = 16 * 1024;
    /// Calls of one turn, after which what is queued gets flushed although more calls wait.
    std::size_t calls_per_turn = 4'096;
    /// How long broadcasts may be kept back so that the next ones share their send.
    std::chrono::microseconds flush_hold_max{2'000};
    /// Resolution of every time above in the shard's timing wheel.
    std::chrono::milliseconds wheel_tick{250};
};

}  // namespace banter::net
