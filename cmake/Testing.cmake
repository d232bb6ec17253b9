set(PLASM_SHARED_DIR ${CMAKE_SOURCE_DIR}/../shared CACHE PATH
  "Published test data that is not part of this tree; tests that need it skip without it")

# plasm_test(NAME SOURCES … LAYERS … [LIBRARIES …] [LABELS …] [SHARED_DATA])
# One GoogleTest program; each of its tests becomes a ctest test. SHARED_DATA defines
# PLASM_SHARED_DIR for it (base/testing/shared_data.h).
function(plasm_test name)
  cmake_parse_arguments(ARG "SHARED_DATA" "" "SOURCES;LAYERS;LIBRARIES;LABELS;ENVIRONMENT" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  foreach(layer IN LISTS ARG_LAYERS)
    string(REPLACE "/" "_" flat ${layer})
    target_link_libraries(${name} PRIVATE plasm_${flat})
  endforeach()
  target_link_libraries(${name} PRIVATE plasm_options ${ARG_LIBRARIES} GTest::gtest GTest::gmock GTest::gtest_main)
  if(ARG_SHARED_DATA)
    target_compile_definitions(${name} PRIVATE "PLASM_SHARED_DIR=\"${PLASM_SHARED_DIR}\"")
  endif()
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/test-bin)
  set(properties TIMEOUT 600)
  foreach(property LABELS ENVIRONMENT)
    if(ARG_${property})  # an empty value would vanish and shift those behind it
      list(APPEND properties ${property} "${ARG_${property}}")
    endif()
  endforeach()
  # Parameters have names of their own; what they print is no part of a name.
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 NO_PRETTY_VALUES PROPERTIES ${properties})
endfunction()
