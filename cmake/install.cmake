# Programs and manual for those who run mcprove; library and headers for those who build on it.
include(CMakePackageConfigHelpers)

if(TARGET mcprove-lab)
  install(TARGETS mcprove-lab RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

set_target_properties(mcprove_engine PROPERTIES EXPORT_NAME mcprove)
set_target_properties(mcprove_options PROPERTIES EXPORT_NAME options)
install(TARGETS mcprove_engine mcprove_options EXPORT mcproveTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/lib/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/mcprove FILES_MATCHING PATTERN "*.h")
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/mcprove)
install(EXPORT mcproveTargets NAMESPACE mcprove:: DESTINATION ${package})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/mcproveConfig.cmake.in ${PROJECT_BINARY_DIR}/mcproveConfig.cmake
  INSTALL_DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/mcproveConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/mcproveConfig.cmake ${PROJECT_BINARY_DIR}/mcproveConfigVersion.cmake DESTINATION ${package})
