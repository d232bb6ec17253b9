# Every library from outside, all of them Debian 12 packages (script/bootstrap).
# Wasmtime is in Engine.cmake.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto SSL)
set(Boost_USE_STATIC_LIBS ON)  # only the switch of stacks, which is a page of assembly
find_package(Boost 1.74 REQUIRED COMPONENTS context)
find_package(CLI11 REQUIRED)
find_package(GTest REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(benchmark REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
# For plasm-dht alone. A shared library, as Debian has no archive of it; built with the default
# Boost, whose types are in its interface.
pkg_check_modules(TORRENT REQUIRED IMPORTED_TARGET libtorrent-rasterbar>=2.0.8)
add_library(plasm_torrent INTERFACE)
target_include_directories(plasm_torrent SYSTEM INTERFACE ${TORRENT_INCLUDE_DIRS})
target_compile_options(plasm_torrent INTERFACE ${TORRENT_CFLAGS_OTHER})
target_link_libraries(plasm_torrent INTERFACE ${TORRENT_LINK_LIBRARIES})
# From their headers only: Debian has no archives of them, and loading the shared libraries takes
# plasmd as long as all that it does itself (bench/README.md).
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)

# Large libraries of which we call a few functions are linked from their archives where
# there are any: relocating libcrypto.so costs a process 0.8 ms at its start, its SHA-256
# alone nothing (bench/README.md). An update of these packages needs a new build.
find_library(PLASM_CRYPTO_ARCHIVE libcrypto.a)
if(PLASM_CRYPTO_ARCHIVE)
  set_target_properties(OpenSSL::Crypto PROPERTIES IMPORTED_LOCATION ${PLASM_CRYPTO_ARCHIVE})
endif()
find_library(PLASM_SODIUM_ARCHIVE libsodium.a)
if(PLASM_SODIUM_ARCHIVE)
  set_target_properties(PkgConfig::SODIUM PROPERTIES
    INTERFACE_LINK_LIBRARIES ${PLASM_SODIUM_ARCHIVE})
endif()
find_library(PLASM_SQLITE_ARCHIVE libsqlite3.a)
if(PLASM_SQLITE_ARCHIVE)
  set_target_properties(SQLite::SQLite3 PROPERTIES
    IMPORTED_LOCATION ${PLASM_SQLITE_ARCHIVE}
    INTERFACE_LINK_LIBRARIES "m;${CMAKE_DL_LIBS}")
endif()
find_library(PLASM_SSL_ARCHIVE libssl.a)
if(PLASM_SSL_ARCHIVE)
  set_target_properties(OpenSSL::SSL PROPERTIES IMPORTED_LOCATION ${PLASM_SSL_ARCHIVE})
endif()
