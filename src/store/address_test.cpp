// SPDX-License-Identifier: Apache-2.0
// Addresses of stores: what is taken, and that no password is kept or shown.
#include "store/address.hpp"

#include <gtest/gtest.h>

#include "core/result.hpp"
#include "store/session.hpp"

namespace amate::store {
namespace {

TEST(Address, TakesFilesAndServers) {
    for (const auto* sound :
         {"sqlite:store.sqlite", "sqlite:/a b/c", "postgresql:///amate", "postgres://db/amate",
          "postgresql://amate@db.example:5433/amate?sslmode=verify-full",
          "postgresql://amate@/amate?host=/run/postgresql&options=-csearch_path%3Dcountry",
          "postgresql:///?service=amate"}) {
        EXPECT_EQ(fault_of_address(sound), "") << sound;
    }
    for (const auto* bad : {"", "sqlite:", "store.sqlite", "mysql://x", "postgresql:x",
                            "postgresql://db/amate?nonsense=1"}) {
        EXPECT_NE(fault_of_address(bad), "") << bad;
    }
}

// Why: an address stands in workspace.json and in messages; whoever reads those must not get in.
TEST(Address, APasswordIsRefusedAndNeverRepeated) {
    for (const std::string address :
         {"postgresql://amate:s3cret@db/amate", "postgresql://amate@db/amate?password=s3cret",
          "postgresql://amate:x@s3cret@db/amate", "postgresql://amate:x/s3cret@db/amate",
          "postgresql://amate:s3cret@db/amate?nonsense=1", "postgresql://:s3cret@/amate",
          "postgresql://db/amate?sslpassword=s3cret", "mysql://amate:s3cret@db/amate", "s3cret:x",
          "amate:s3cret@db"}) {
        const auto fault = fault_of_address(address);
        EXPECT_NE(fault, "") << address;
        EXPECT_EQ(fault.find("s3cret"), std::string::npos) << fault;
        try {
            (void)Session::open(address, Session::Mode::read_only);
            ADD_FAILURE() << address;
        } catch (const IoFailure& failure) {
            EXPECT_EQ(std::string(failure.what()).find("s3cret"), std::string::npos);
        }
    }
}

// Why: who names a server that is not there must learn which, and soon.
TEST(Address, AServerThatIsNotThereIsNamed) {
    try {
        (void)Session::open("postgresql://amate@/amate?host=/no/such/folder",
                            Session::Mode::read_only);
        FAIL();
    } catch (const IoFailure& failure) {
        EXPECT_NE(std::string(failure.what()).find("/no/such/folder"), std::string::npos);
        EXPECT_EQ(std::string(failure.what()).find('\n'), std::string::npos);
    }
}

}  // namespace
}  // namespace amate::store
