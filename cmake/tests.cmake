# One test program for each layer, from the tests that lie beside its sources.

get_property(layers GLOBAL PROPERTY banter_layers)
foreach(layer ${layers})
  get_property(tests GLOBAL PROPERTY banter_tests_${layer})
  if(tests)
    add_executable(banter_${layer}_tests ${tests})
    target_link_libraries(banter_${layer}_tests PRIVATE banter_${layer} GTest::gmock GTest::gtest_main)
    target_include_directories(banter_${layer}_tests PRIVATE ${PROJECT_SOURCE_DIR})
    get_target_property(pch banter_${layer} PRECOMPILE_HEADERS)
    if(pch)
      target_precompile_headers(banter_${layer}_tests REUSE_FROM banter_${layer})
    endif()
    add_test(NAME ${layer} COMMAND banter_${layer}_tests)
    set_tests_properties(${layer} PROPERTIES TIMEOUT 900)
  endif()
endforeach()

# Tests that need a service, which whoever runs them has started: their files end in _SERVICEtest.cpp.
function(banter_service_tests service layer)
  file(GLOB_RECURSE tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/server/${layer}/*_${service}test.cpp)
  add_executable(banter_${service}_tests ${tests})
  target_link_libraries(banter_${service}_tests PRIVATE banter_${layer} GTest::gmock GTest::gtest_main)
  target_precompile_headers(banter_${service}_tests REUSE_FROM banter_${layer})
endfunction()

banter_service_tests(s3 storage)
banter_service_tests(postgres storage)
banter_service_tests(redis storage)

# What runs in parallel, for the thread sanitizer.
add_custom_target(tsan_tests)
foreach(layer base net storage service api app)
  if(TARGET banter_${layer}_tests)
    add_dependencies(tsan_tests banter_${layer}_tests)
  endif()
endforeach()
