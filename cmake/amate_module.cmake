# One library a module, linked to exactly the modules that modules.toml lets it include.
file(READ ${CMAKE_SOURCE_DIR}/modules.toml AMATE_MODULES_TOML)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/modules.toml)

function(amate_may_include name out)
  string(REGEX MATCH "\\[${name}\\]\nmay = \\[([^]]*)\\]" found "${AMATE_MODULES_TOML}")
  if(NOT found)
    message(FATAL_ERROR "modules.toml does not name the module ${name}")
  endif()
  string(REGEX MATCHALL "[a-z_]+" modules "${CMAKE_MATCH_1}")
  set(${out} ${modules} PARENT_SCOPE)
endfunction()

# amate_module(NAME BOTH_STORES LINK lib... TEST_LINK lib...): sources are the module's *.cpp, tests
# its *_test.cpp, which alone are linked to TEST_LINK. With BOTH_STORES the tests run on SQLite and,
# under the prefix postgres., on PostgreSQL (src/store/test_store.hpp).
function(amate_module name)
  cmake_parse_arguments(arg "BOTH_STORES" "" "LINK;TEST_LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  if(NOT sources)
    return()  # not yet written
  endif()
  add_library(amate_${name} STATIC ${sources})
  target_include_directories(amate_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  amate_may_include(${name} modules)
  foreach(module ${modules})
    target_link_libraries(amate_${name} PUBLIC $<TARGET_NAME_IF_EXISTS:amate_${module}>)
  endforeach()
  target_link_libraries(amate_${name} PUBLIC fmt::fmt Boost::json PRIVATE ${arg_LINK})
  target_compile_options(amate_${name} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    $<$<BOOL:${AMATE_WERROR}>:-Werror>)
  if(tests AND NOT AMATE_FUZZ)
    add_executable(${name}_tests ${tests})
    target_link_libraries(${name}_tests PRIVATE amate_${name} ${arg_LINK}
      ${arg_TEST_LINK} GTest::gtest_main)
    target_compile_definitions(${name}_tests PRIVATE AMATE_ROOT="${CMAKE_SOURCE_DIR}")
    include(GoogleTest)
    gtest_discover_tests(${name}_tests TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 60
      TEST_FILTER -Postgres*)
    if(arg_BOTH_STORES)
      target_link_libraries(${name}_tests PRIVATE PkgConfig::sqlite3 PkgConfig::libpq)
    endif()
    if(arg_BOTH_STORES AND AMATE_TEST_STORE)
      gtest_discover_tests(${name}_tests TEST_PREFIX postgres.${name}. DISCOVERY_TIMEOUT 60
        TEST_FILTER -Sqlite* PROPERTIES FIXTURES_REQUIRED postgres
        ENVIRONMENT AMATE_TEST_STORE=${AMATE_TEST_STORE})
    endif()
  endif()
endfunction()
