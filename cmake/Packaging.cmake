# Debian packages: what Install.cmake installs, and what only a package has (units, completions, man
# pages, documents). `script/package` makes them. Nothing here is part of `cmake --install`.
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)

set(generated ${CMAKE_BINARY_DIR}/package)
set(epoch_check [[${SOURCE_DATE_EPOCH:?is set by script/package}]])

# plasm_generated(FILE DEPENDS target… COMMAND shell text): what a program or a script prints.
function(plasm_generated file)
  cmake_parse_arguments(ARG "" "COMMAND" "DEPENDS" ${ARGN})
  set(script ${generated}/${file}.sh)
  set(path ${generated}/${file})
  file(GENERATE OUTPUT ${script} CONTENT
    "set -eu\n: \"${epoch_check}\"\n${ARG_COMMAND} >'${path}.new'\nmv '${path}.new' '${path}'\n")
  add_custom_command(OUTPUT ${path} COMMAND sh ${script} DEPENDS ${script} ${ARG_DEPENDS} VERBATIM)
  set_property(GLOBAL APPEND PROPERTY plasm_package_files ${generated}/${file})
endfunction()

set(packaging ${CMAKE_SOURCE_DIR}/packaging)
foreach(program IN ITEMS plasm plasmd)
  plasm_generated(${program}.1.gz DEPENDS ${program} ${packaging}/man_page.py
    COMMAND "'${Python3_EXECUTABLE}' '${packaging}/man_page.py' '$<TARGET_FILE:${program}>' | gzip -9n")
endforeach()
foreach(shell IN ITEMS bash zsh fish)
  plasm_generated(completion.${shell} DEPENDS plasm COMMAND "'$<TARGET_FILE:plasm>' completion ${shell}")
endforeach()
plasm_generated(changelog.gz DEPENDS ${packaging}/debian/changelog
  COMMAND "gzip -9nc '${packaging}/debian/changelog'")
plasm_generated(plasm.spdx.json
  DEPENDS ${packaging}/sbom.py ${CMAKE_SOURCE_DIR}/src/sandbox/engine/Cargo.lock ${CMAKE_SOURCE_DIR}/script/bootstrap
  COMMAND "'${Python3_EXECUTABLE}' '${packaging}/sbom.py' ${PROJECT_VERSION}")

get_property(package_files GLOBAL PROPERTY plasm_package_files)
add_custom_target(package_files DEPENDS ${package_files} plasm plasmd plasm-worker plasm-dht plasm_shared)

# plasm_package_file(COMPONENT DESTINATION FILE… [NAME name])
function(plasm_package_file component destination)
  cmake_parse_arguments(ARG "" "NAME" "" ${ARGN})
  set(rename)
  if(ARG_NAME)
    set(rename RENAME ${ARG_NAME})
  endif()
  install(FILES ${ARG_UNPARSED_ARGUMENTS} DESTINATION ${destination} ${rename}
    COMPONENT ${component} EXCLUDE_FROM_ALL)
endfunction()

set(share ${CMAKE_INSTALL_DATAROOTDIR})
plasm_package_file(client_package ${share}/man/man1 ${generated}/plasm.1.gz)
plasm_package_file(client_package ${share}/bash-completion/completions ${generated}/completion.bash NAME plasm)
plasm_package_file(client_package ${share}/zsh/vendor-completions ${generated}/completion.zsh NAME _plasm)
plasm_package_file(client_package ${share}/fish/vendor_completions.d ${generated}/completion.fish NAME plasm.fish)
plasm_package_file(client_package ${share}/doc/plasm ${generated}/plasm.spdx.json)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/docs/ DESTINATION ${share}/doc/plasm
  COMPONENT client_package EXCLUDE_FROM_ALL
  FILES_MATCHING PATTERN "*.md" PATTERN "*.svg" PATTERN nightly.md EXCLUDE PATTERN site EXCLUDE)
plasm_package_file(client_package ${share}/doc/plasm/examples ${CMAKE_SOURCE_DIR}/examples/hello.wasm)

plasm_package_file(node_package ${share}/man/man1 ${generated}/plasmd.1.gz)
plasm_package_file(node_package ${share}/doc/plasmd ${CMAKE_SOURCE_DIR}/docs/node.md)
plasm_package_file(node_package /etc/plasm ${packaging}/node.toml)
plasm_package_file(node_package /lib/systemd/system
  ${packaging}/systemd/plasmd.service ${packaging}/systemd/plasmd.socket)
plasm_package_file(node_package /usr/lib/sysusers.d ${packaging}/systemd/plasmd.sysusers NAME plasmd.conf)
plasm_package_file(node_package /usr/lib/tmpfiles.d ${packaging}/systemd/plasmd.tmpfiles NAME plasmd.conf)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME plasm)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "Plasm maintainers <maintainers@plasm.invalid>")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/../packages)
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${packaging}/staged.cmake)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${CPACK_PACKAGE_CONTACT})
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_BINARY_DIR}/lib)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_COMPONENTS_ALL)

# plasm_package(NAME SECTION s COMPONENTS c… [DEPENDS d] [RECOMMENDS r] [CONTROL file…] DESCRIPTION text)
# Its first line is the synopsis. What every package has in its folder of documents is added here.
macro(plasm_package name)
  cmake_parse_arguments(ARG "" "SECTION;DEPENDS;RECOMMENDS;DESCRIPTION" "COMPONENTS;CONTROL" ${ARGN})
  string(REPLACE - _ component ${name}_documents)
  plasm_package_file(${component} ${share}/doc/${name} ${packaging}/debian/copyright ${generated}/changelog.gz)
  if(EXISTS ${packaging}/debian/${name}.lintian-overrides)
    plasm_package_file(${component} ${share}/lintian/overrides ${packaging}/debian/${name}.lintian-overrides NAME ${name})
  endif()
  string(REPLACE - _ group ${name})
  foreach(component_of_package IN ITEMS ${ARG_COMPONENTS} ${component})
    list(APPEND CPACK_COMPONENTS_ALL ${component_of_package})
    string(TOUPPER ${component_of_package} upper)
    set(CPACK_COMPONENT_${upper}_GROUP ${group})
  endforeach()
  string(TOUPPER ${group} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${name})
  set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${ARG_SECTION})
  set(CPACK_DEBIAN_${upper}_PACKAGE_DEPENDS "${ARG_DEPENDS}")
  set(CPACK_DEBIAN_${upper}_PACKAGE_RECOMMENDS "${ARG_RECOMMENDS}")
  set(CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA "${ARG_CONTROL}")
  set(CPACK_DEBIAN_${upper}_DESCRIPTION "${ARG_DESCRIPTION}")
  set(CPACK_COMPONENT_GROUP_${upper}_DESCRIPTION "${ARG_DESCRIPTION}")
endmacro()

plasm_package(plasm SECTION utils COMPONENTS client client_package
  DEPENDS "plasm-worker (= ${PROJECT_VERSION})"
  RECOMMENDS "plasm-dht (= ${PROJECT_VERSION})"
  DESCRIPTION "runs WebAssembly jobs on nodes and verifies their receipts
Sends WASI programs to Plasm nodes, or runs them on this machine, and verifies
the signed receipts that come back: which module ran, on which input, under
which limits, and what came out. Jobs can be run again to see the same.")
plasm_package(plasmd SECTION net COMPONENTS node node_package
  DEPENDS "plasm-worker (= ${PROJECT_VERSION}), init-system-helpers (>= 1.54), systemd | systemd-standalone-sysusers | systemd-sysusers, systemd | systemd-standalone-tmpfiles | systemd-tmpfiles"
  RECOMMENDS "plasm, plasm-dht (= ${PROJECT_VERSION})"
  CONTROL ${packaging}/debian/conffiles ${packaging}/debian/postinst ${packaging}/debian/prerm ${packaging}/debian/postrm
  DESCRIPTION "node that runs WebAssembly jobs and signs receipts for them
Serves an HTTP API for jobs over TLS and a Unix socket, runs WASI programs that
nobody has to trust in confined processes, signs a receipt for each and puts it
into an append-only log. With a systemd unit and a configuration file.")
plasm_package(plasm-worker SECTION utils COMPONENTS worker
  DESCRIPTION "confined process in which Plasm compiles and runs WebAssembly
The one program of Plasm that contains Wasmtime. It is started by plasmd, plasm
and libplasm, holds no keys, and gives up files, network and most system calls
before it reads its first byte.")
plasm_package(plasm-dht SECTION net COMPONENTS dht
  DESCRIPTION "confined process with which Plasm nodes are found
Speaks to a distributed hash table for plasmd, which says there that a node is
to be had, and for plasm, which looks for one. Parses what strangers send, holds
no keys, and gives up files and most system calls before it does.")
get_target_property(abi plasm_shared SOVERSION)
file(WRITE ${generated}/control/shlibs "libplasm ${abi} libplasm${abi} (>= ${PROJECT_VERSION})\n")
file(WRITE ${generated}/control/triggers "activate-noawait ldconfig\n")
plasm_package(libplasm0 SECTION libs COMPONENTS lib
  CONTROL ${generated}/control/shlibs ${generated}/control/triggers
  RECOMMENDS "plasm-worker (= ${PROJECT_VERSION})"
  DESCRIPTION "C++ library for Plasm nodes and receipts
Submits jobs to Plasm nodes, follows them, and verifies their receipts. Running
jobs again for a replay needs plasm-worker.")
plasm_package(libplasm-dev SECTION libdevel COMPONENTS dev
  DEPENDS "libplasm0 (= ${PROJECT_VERSION})"
  DESCRIPTION "C++ library for Plasm nodes and receipts: headers
Headers, and what CMake and pkg-config need to find the library.")

include(CPack)
