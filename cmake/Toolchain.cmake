# Warnings, hardening and instrumentation for our own code, as one interface target.
add_library(plasm_options INTERFACE)
target_compile_options(plasm_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wconversion -Wno-sign-conversion
  -fstack-protector-strong)
target_compile_definitions(plasm_options INTERFACE _GLIBCXX_ASSERTIONS)
option(PLASM_WERROR "Treat warnings as errors" ON)
if(PLASM_WERROR)
  target_compile_options(plasm_options INTERFACE -Werror)
endif()
if(CMAKE_BUILD_TYPE MATCHES "Release|RelWithDebInfo" AND NOT PLASM_SANITIZE)
  target_compile_options(plasm_options INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
# No path of this machine is in what is released, not even in the debug information that build ids are
# made of: two folders give the same bytes. The last map that fits counts.
if(CMAKE_BUILD_TYPE MATCHES "Release|RelWithDebInfo" AND NOT PLASM_SANITIZE)
  target_compile_options(plasm_options INTERFACE
    -ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -ffile-prefix-map=${CMAKE_BINARY_DIR}=./build)
endif()
target_link_options(plasm_options INTERFACE
  $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie> -Wl,-z,relro,-z,now -Wl,--gc-sections)
target_compile_options(plasm_options INTERFACE -ffunction-sections -fdata-sections)

if(PLASM_SANITIZE)
  target_compile_definitions(plasm_options INTERFACE PLASM_SANITIZED)
  target_compile_options(plasm_options INTERFACE
    -fsanitize=${PLASM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(plasm_options INTERFACE -fsanitize=${PLASM_SANITIZE})
endif()
if(PLASM_COVERAGE)
  target_compile_options(plasm_options INTERFACE --coverage)
  target_link_options(plasm_options INTERFACE --coverage)
endif()
if(PLASM_FUZZ)
  target_compile_options(plasm_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
