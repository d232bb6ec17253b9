# What `cmake --install` puts where. Each component is one package: `node` and `client` have the
# programs, `worker` the one that both need, `dht` the one with which they find each other, `lib` the library that is loaded, `dev` what is needed
# to build against it.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS plasmd RUNTIME COMPONENT node)
install(TARGETS plasm RUNTIME COMPONENT client)
# Where the programs and the library look for it.
install(TARGETS plasm-worker
  RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/plasm COMPONENT worker)
install(TARGETS plasm-dht
  RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/plasm COMPONENT dht)

install(TARGETS plasm_shared EXPORT plasm
  LIBRARY COMPONENT lib NAMELINK_COMPONENT dev)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/include/plasm TYPE INCLUDE COMPONENT dev)

set(plasm_config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/plasm)
install(EXPORT plasm FILE plasmTargets.cmake NAMESPACE plasm::
  DESTINATION ${plasm_config_dir} COMPONENT dev)
configure_package_config_file(${CMAKE_SOURCE_DIR}/cmake/plasmConfig.cmake.in
  ${CMAKE_BINARY_DIR}/package/plasmConfig.cmake INSTALL_DESTINATION ${plasm_config_dir})
# While the major version is 0, a new minor one may change the interface.
write_basic_package_version_file(${CMAKE_BINARY_DIR}/package/plasmConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
    ${CMAKE_BINARY_DIR}/package/plasmConfig.cmake
    ${CMAKE_BINARY_DIR}/package/plasmConfigVersion.cmake
  DESTINATION ${plasm_config_dir} COMPONENT dev)

# Relative, so that the folder can be installed anywhere.
file(RELATIVE_PATH PLASM_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" PLASM_PC_PREFIX ${PLASM_PC_PREFIX})
configure_file(${CMAKE_SOURCE_DIR}/cmake/plasm.pc.in ${CMAKE_BINARY_DIR}/package/plasm.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/package/plasm.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)
