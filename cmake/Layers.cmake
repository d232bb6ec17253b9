# The one allowed dependency graph (ARCHITECTURE.md). A library is declared with
# plasm_layer() and may use only what stands in its row; anything else fails at
# configure. Each layer has an include root of its own under the build folder, a
# link to its source folder, so a header of a layer that is not used is not found
# by the compiler either.
set(PLASM_MAY_USE_base              "")
set(PLASM_MAY_USE_blobs             base)
set(PLASM_MAY_USE_confinement       base)
set(PLASM_MAY_USE_crypto            base)
set(PLASM_MAY_USE_net               base crypto)
set(PLASM_MAY_USE_receipt           base crypto)
set(PLASM_MAY_USE_home              base crypto receipt)
set(PLASM_MAY_USE_store             base receipt)
set(PLASM_MAY_USE_trust             base crypto receipt)
set(PLASM_MAY_USE_discovery/protocol base crypto)
set(PLASM_MAY_USE_discovery         base crypto receipt trust net discovery/protocol)
set(PLASM_MAY_USE_tlog              base crypto)
set(PLASM_MAY_USE_verify            base crypto receipt trust tlog)
set(PLASM_MAY_USE_wasi              base)
set(PLASM_MAY_USE_sandbox           base wasi)
set(PLASM_MAY_USE_worker/protocol   base)
set(PLASM_MAY_USE_worker/supervisor base worker/protocol)
set(PLASM_MAY_USE_worker/loop       base confinement wasi sandbox worker/protocol)
set(PLASM_MAY_USE_execution         base receipt blobs worker/protocol worker/supervisor)
set(PLASM_MAY_USE_node              base crypto receipt trust tlog blobs worker/protocol worker/supervisor execution)
set(PLASM_MAY_USE_client            base crypto receipt home trust tlog verify blobs worker/protocol worker/supervisor execution net)
set(PLASM_MAY_USE_libplasm          base crypto receipt home trust tlog verify blobs worker/protocol worker/supervisor execution net client)
set(PLASM_MAY_USE_jobs              base crypto receipt trust tlog blobs worker/protocol worker/supervisor execution node store)
set(PLASM_MAY_USE_api               base crypto receipt trust tlog blobs node store jobs net)

# plasm_layer(NAME SOURCES … [USES layer…] [LIBRARIES external…])
# Declares library plasm_<name> from the current source folder, headers included
# as "<name>/header.h". LIBRARIES are private: what a layer is built on does not
# leak into its users.
function(plasm_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  if(NOT DEFINED PLASM_MAY_USE_${name})
    message(FATAL_ERROR "layer '${name}' has no row in cmake/Layers.cmake")
  endif()
  foreach(used IN LISTS ARG_USES)
    if(NOT used IN_LIST PLASM_MAY_USE_${name})
      message(FATAL_ERROR
        "layer '${name}' may not use '${used}': its row in cmake/Layers.cmake allows [${PLASM_MAY_USE_${name}}]")
    endif()
  endforeach()

  string(REPLACE "/" "_" flat ${name})
  set(root ${CMAKE_BINARY_DIR}/include-roots/${flat})
  cmake_path(GET name PARENT_PATH parent)
  file(MAKE_DIRECTORY ${root}/${parent})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${root}/${name} SYMBOLIC)

  add_library(plasm_${flat} STATIC ${ARG_SOURCES})
  target_include_directories(plasm_${flat} PUBLIC ${root})
  foreach(used IN LISTS ARG_USES)
    string(REPLACE "/" "_" flat_used ${used})
    target_link_libraries(plasm_${flat} PUBLIC plasm_${flat_used})
  endforeach()
  target_link_libraries(plasm_${flat} PRIVATE plasm_options ${ARG_LIBRARIES})
endfunction()
