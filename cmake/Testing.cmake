# plasm_test(NAME SOURCES … LAYERS … [LIBRARIES …] [LABELS …])
# One GoogleTest program; each of its tests becomes a ctest test.
function(plasm_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LAYERS;LIBRARIES;LABELS;ENVIRONMENT" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  foreach(layer IN LISTS ARG_LAYERS)
    string(REPLACE "/" "_" flat ${layer})
    target_link_libraries(${name} PRIVATE plasm_${flat})
  endforeach()
  target_link_libraries(${name} PRIVATE plasm_options ${ARG_LIBRARIES} GTest::gtest GTest::gmock GTest::gtest_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/test-bin)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS "${ARG_LABELS}" ENVIRONMENT "${ARG_ENVIRONMENT}" TIMEOUT 600)
endfunction()
