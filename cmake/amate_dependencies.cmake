# Finds what Amate links to and says how to install what is missing.
function(amate_require package hint)
  find_package(${package} ${ARGN} QUIET)
  if(NOT ${package}_FOUND)
    message(FATAL_ERROR "${package} is missing. On Debian 12: apt-get install ${hint}")
  endif()
endfunction()

find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url system)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(GTest REQUIRED)
find_package(CLI11 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(libpq REQUIRED IMPORTED_TARGET libpq)

# XLSX is read with minizip (zlib licence) and libxml2 (MIT); tests write it with libxlsxwriter (BSD).
# Debian's minizip.pc names no folder above minizip/, which is how its headers are included.
pkg_check_modules(minizip REQUIRED IMPORTED_TARGET minizip)
pkg_check_modules(libxml2 REQUIRED IMPORTED_TARGET libxml-2.0)
pkg_check_modules(xlsxwriter REQUIRED IMPORTED_TARGET xlsxwriter)

find_path(SOCI_INCLUDE soci/soci.h REQUIRED)
find_library(SOCI_CORE soci_core REQUIRED)
find_library(SOCI_SQLITE3 soci_sqlite3 REQUIRED)
add_library(amate_soci INTERFACE)
target_include_directories(amate_soci SYSTEM INTERFACE ${SOCI_INCLUDE})
target_link_libraries(amate_soci INTERFACE ${SOCI_SQLITE3} ${SOCI_CORE} PkgConfig::sqlite3)

find_library(CTEMPLATE ctemplate REQUIRED)
add_library(amate_ctemplate INTERFACE)
target_link_libraries(amate_ctemplate INTERFACE ${CTEMPLATE} Threads::Threads)

# Markdown of reports is read with cmark-gfm (BSD). Debian's .pc does not name the extensions.
find_path(CMARK_GFM_INCLUDE cmark-gfm-core-extensions.h REQUIRED)
find_library(CMARK_GFM cmark-gfm REQUIRED)
find_library(CMARK_GFM_EXTENSIONS cmark-gfm-extensions REQUIRED)
add_library(amate_cmark INTERFACE)
target_include_directories(amate_cmark SYSTEM INTERFACE ${CMARK_GFM_INCLUDE})
target_link_libraries(amate_cmark INTERFACE ${CMARK_GFM_EXTENSIONS} ${CMARK_GFM})

# DuckDB: the system's if there is one, else what tools/fetch_duckdb laid into .deps.
find_path(DUCKDB_INCLUDE duckdb.h HINTS ${CMAKE_SOURCE_DIR}/.deps/duckdb/include)
find_library(DUCKDB_LIBRARY duckdb HINTS ${CMAKE_SOURCE_DIR}/.deps/duckdb/lib)
if(NOT DUCKDB_INCLUDE OR NOT DUCKDB_LIBRARY)
  message(FATAL_ERROR "DuckDB is missing. Run tools/fetch_duckdb, or ./run, which does.")
endif()
add_library(amate_duckdb INTERFACE)
target_include_directories(amate_duckdb SYSTEM INTERFACE ${DUCKDB_INCLUDE})
target_link_libraries(amate_duckdb INTERFACE ${DUCKDB_LIBRARY})
