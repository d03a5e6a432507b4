# What every layer is built with, and `banter_layer`, which makes one static library of one folder.

add_library(banter_flags INTERFACE)
target_include_directories(banter_flags INTERFACE ${PROJECT_SOURCE_DIR}/server)
target_include_directories(banter_flags SYSTEM INTERFACE ${BOOST_DIRECTORY} ${CURL_DIRECTORY}
                                                        ${TOMLPLUSPLUS_DIRECTORY})
target_compile_options(
  banter_flags
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            -Wnon-virtual-dtor
            -Wno-missing-field-initializers
            -Werror
            -fno-omit-frame-pointer
            -fpch-preprocess)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Boost's awaitable and result trip these in g++ 12 when inlined; all are false (seen with -O2 only).
  target_compile_options(banter_flags INTERFACE -Wno-maybe-uninitialized -Wno-dangling-pointer -Wno-mismatched-new-delete)
else()
  target_compile_options(banter_flags INTERFACE -Wno-unused-command-line-argument)
endif()
target_compile_definitions(
  banter_flags
  INTERFACE BOOST_ASIO_SEPARATE_COMPILATION
            BOOST_BEAST_SEPARATE_COMPILATION
            BOOST_ASIO_NO_DEPRECATED
            BOOST_ASIO_DISABLE_BOOST_COROUTINE
            SPDLOG_FMT_EXTERNAL
            BANTER_VERSION="${PROJECT_VERSION}")
if(BANTER_SANITIZE)
  string(REPLACE ";" "," _sanitize "${BANTER_SANITIZE}")
  target_compile_options(banter_flags INTERFACE -fsanitize=${_sanitize} -fno-sanitize-recover=all)
  target_link_options(banter_flags INTERFACE -fsanitize=${_sanitize})
  if(BANTER_SANITIZE STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Asio's fences, which the sanitizer doesn't model; nothing of ours relies on one.
    target_compile_options(banter_flags INTERFACE -Wno-tsan)
  endif()
endif()

# banter_layer(NAME LIBRARIES... PCH headers...): the sources are every .cpp of the folder but the tests;
# the tests beside them become the program banter_NAME_tests. Tests that need a service say so in their names, as
# x_s3test.cpp: cmake/tests.cmake makes a program of its own of those.
function(banter_layer name)
  cmake_parse_arguments(LAYER "" "" "LIBRARIES;PCH" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "(_(s3|postgres|redis)?test|/main)\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  if(NOT sources)
    set(sources ${PROJECT_SOURCE_DIR}/server/empty.cpp)
  endif()
  add_library(banter_${name} STATIC ${sources})
  target_link_libraries(banter_${name} PUBLIC banter_flags ${LAYER_LIBRARIES})
  if(LAYER_PCH)
    target_precompile_headers(banter_${name} PRIVATE ${LAYER_PCH})
  endif()
  set_property(GLOBAL PROPERTY banter_tests_${name} "${tests}")
  set_property(GLOBAL APPEND PROPERTY banter_layers ${name})
endfunction()
