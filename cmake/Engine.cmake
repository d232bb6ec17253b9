# Target plasm::engine: Wasmtime's C API.
#
# Wasmtime_ROOT (variable or environment) points at an installed C API and skips
# cargo. Otherwise the crate in src/sandbox/engine is built once and kept outside the
# build folder, under a key made of everything that its bytes depend on.
set(PLASM_WASMTIME_VERSION 48.0.8)
set(engine_source ${CMAKE_SOURCE_DIR}/src/sandbox/engine)

add_library(plasm_engine INTERFACE)
add_library(plasm::engine ALIAS plasm_engine)

if(NOT Wasmtime_ROOT AND DEFINED ENV{Wasmtime_ROOT})
  set(Wasmtime_ROOT $ENV{Wasmtime_ROOT})
endif()

if(Wasmtime_ROOT)
  find_path(WASMTIME_INCLUDE_DIR wasmtime.h HINTS ${Wasmtime_ROOT}/include NO_DEFAULT_PATH REQUIRED)
  find_library(WASMTIME_LIBRARY NAMES libwasmtime.a wasmtime
    HINTS ${Wasmtime_ROOT}/lib ${Wasmtime_ROOT}/lib64 NO_DEFAULT_PATH REQUIRED)
  message(STATUS "Engine: installed C API in ${Wasmtime_ROOT}")
  target_compile_definitions(plasm_engine INTERFACE PLASM_ENGINE_LOADS_FD=0)
else()
  execute_process(
    COMMAND ${CMAKE_SOURCE_DIR}/script/engine ${PLASM_WASMTIME_VERSION}
    RESULT_VARIABLE engine_failed
    OUTPUT_VARIABLE engine_dir OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(engine_failed)
    message(FATAL_ERROR "the engine could not be built: see the lines above")
  endif()
  message(STATUS "Engine: Wasmtime ${PLASM_WASMTIME_VERSION} in ${engine_dir}")
  set(WASMTIME_INCLUDE_DIR ${engine_dir}/include)
  set(WASMTIME_LIBRARY ${engine_dir}/lib/libplasm_engine.a)
  target_compile_definitions(plasm_engine INTERFACE PLASM_ENGINE_LOADS_FD=1)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
    ${engine_source}/Cargo.toml ${engine_source}/Cargo.lock ${engine_source}/src/lib.rs)
endif()

target_include_directories(plasm_engine SYSTEM INTERFACE ${WASMTIME_INCLUDE_DIR})
target_link_libraries(plasm_engine INTERFACE
  ${WASMTIME_LIBRARY} Threads::Threads ${CMAKE_DL_LIBS} m)

# The name under which artefacts are cached. `r1` counts our own settings
# (src/sandbox/engine.cc): raise it when they change.
file(STRINGS ${WASMTIME_INCLUDE_DIR}/wasmtime.h engine_version_line REGEX "define WASMTIME_VERSION \"")
string(REGEX REPLACE ".*\"(.*)\".*" "\\1" PLASM_ENGINE_VERSION "${engine_version_line}")
set(PLASM_ENGINE_ID "wasmtime-${PLASM_ENGINE_VERSION}-${CMAKE_SYSTEM_PROCESSOR}-r1")
