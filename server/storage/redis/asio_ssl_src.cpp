// The only file that compiles the sources of Asio's TLS: whoever speaks none of it needs no libssl.
#include <boost/asio/ssl/impl/src.hpp>
