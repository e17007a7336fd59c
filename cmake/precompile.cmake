# mcprove_precompile(TARGET HEADER...): precompiles these headers for the target, where MCPROVE_PCH is on.
# A compiled header is never the same twice to the bit, so ccache would take each clone's for another. With CCACHE_PCH_EXTSUM
# it reads the sum beside it instead: what the header was made of. The headers themselves ccache compares one by one.
function(mcprove_precompile target)
  if(NOT MCPROVE_PCH)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE ${ARGN})
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  string(SHA256 sum "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${type}} ${ARGN}")
  file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${target}.dir/cmake_pch.hxx.gch.sum" "${sum}\n")
endfunction()
