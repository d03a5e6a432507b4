// The only file that compiles the sources of Boost's Asio, Beast and JSON.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
#include <boost/json/src.hpp>
