# A PostgreSQL server to throw away for the tests of a build, where there is one to be had. It lies in
# /tmp: a socket's path is short, and root's server runs as nobody, who may not enter every folder.
string(MD5 AMATE_BUILD_ID ${CMAKE_BINARY_DIR})
string(SUBSTRING ${AMATE_BUILD_ID} 0 12 AMATE_BUILD_ID)
set(AMATE_TEST_SERVER /tmp/amate-postgres-${AMATE_BUILD_ID})
set(AMATE_TEST_STORE "")
file(GLOB AMATE_POSTGRES_SERVERS $ENV{AMATE_POSTGRES_BIN}/initdb /usr/lib/postgresql/*/bin/initdb)
if(AMATE_POSTGRES_SERVERS AND NOT AMATE_FUZZ)
  add_test(NAME postgres.start
    COMMAND ${CMAKE_SOURCE_DIR}/tools/throwaway_postgres start ${AMATE_TEST_SERVER})
  add_test(NAME postgres.stop
    COMMAND ${CMAKE_SOURCE_DIR}/tools/throwaway_postgres stop ${AMATE_TEST_SERVER})
  set(AMATE_TEST_STORE postgresql://amate@/postgres?host=${AMATE_TEST_SERVER})
  set_tests_properties(postgres.start PROPERTIES FIXTURES_SETUP postgres)
  set_tests_properties(postgres.stop PROPERTIES FIXTURES_CLEANUP postgres)
else()
  message(STATUS "No PostgreSQL server: the store is tested on SQLite alone "
    "(on Debian 12: apt-get install postgresql-15)")
endif()
