// SPDX-License-Identifier: Apache-2.0
// Seals: of all entries, growing, resumable at any moment, never put on what was altered.
#include "ledger/seals.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "ledger/entries.hpp"
#include "ledger/internal/merkle.hpp"
#include "ledger/internal/seal.hpp"
#include "ledger/internal/test_ledger.hpp"

namespace amate::ledger {
namespace {

using internal::TestLedger;

std::optional<Seal> seal_it(TestLedger& ledger) {
    const auto session = ledger.open();
    return seal(*session, ledger.keys(), ledger.clock());
}

std::filesystem::path seal_file(const TestLedger& ledger) {
    return ledger.keys() / "ledger.seal.json";
}

void run_sql(TestLedger& ledger, const std::string& sql) {
    ledger.store().tamper(sql);
}

// Why: the root is what anybody computes from the entries' hashes alone.
TEST(Seals, CoverAllEntriesAndGrow) {
    TestLedger ledger;
    EXPECT_FALSE(seal_it(ledger));
    internal::GrowingTree tree;
    std::int64_t number = 0;
    for (int round = 1; round <= 13; ++round) {
        for (int i = 0; i < round % 4 + 1; ++i) {
            const auto entry = ledger.write(100 * round + i, 1);
            tree.add(internal::leaf_hash(*crypto::digest_from_hex(entry.hash)),
                     [](const internal::TreeNode&) {});
        }
        const auto sealed = seal_it(ledger);
        ASSERT_TRUE(sealed);
        EXPECT_EQ(sealed->number, ++number);
        EXPECT_EQ(sealed->size, tree.size());
        EXPECT_EQ(sealed->root, crypto::to_hex(tree.root()));
        EXPECT_EQ(last_seal(*ledger.open()), sealed);
        const auto key = internal::load_public_key(ledger.keys());
        EXPECT_TRUE(internal::seal_signature_holds(*sealed, *key));
        const auto file = internal::load_seal_file(ledger.keys(), *key);
        ASSERT_TRUE(file);
        EXPECT_EQ(**file, *sealed);
    }
    const auto verification = ledger.verify();
    EXPECT_TRUE(verification.problems.empty());
    EXPECT_EQ(verification.sealed, tree.size());
}

// Why: the server seals at every opportunity; without news that must be nothing.
TEST(Seals, WithoutNewEntriesIsTheSameSeal) {
    TestLedger ledger;
    ledger.write(1, 1);
    const auto first = seal_it(ledger);
    const auto before = store::read_small_file(seal_file(ledger));
    EXPECT_EQ(seal_it(ledger), first);
    EXPECT_EQ(store::read_small_file(seal_file(ledger)), before);
}

// Why: a store written before there were seals gets its first one late, over many rounds.
TEST(Seals, CatchUpWithManyEntries) {
    TestLedger ledger;
    ledger.write(1, 1);
    {
        const auto session = ledger.open();
        for (int i = 0; i < 300; ++i) ledger.begin(*session)->commit({"test", "", "", "", ""});
    }
    EXPECT_EQ(seal_it(ledger)->size, 301);
    EXPECT_TRUE(ledger.verify().problems.empty());
}

// Why: power goes at any moment: between transaction and file, and within the transaction.
TEST(Seals, StoppedAnywhereIsOnlyLag) {
    TestLedger ledger;
    ledger.write(1, 1);
    (void)seal_it(ledger);
    const auto old_file = store::read_small_file(seal_file(ledger));
    ledger.write(2, 1);
    const auto second = seal_it(ledger);
    store::write_durably(seal_file(ledger), old_file, store::FileRights::owner_only);
    EXPECT_TRUE(ledger.verify().problems.empty());  // committed, file not yet written
    EXPECT_EQ(ledger.verify().sealed, 2);
    ledger.write(3, 1);
    EXPECT_EQ(seal_it(ledger)->number, 3);
    EXPECT_TRUE(ledger.verify().problems.empty());

    ledger.write(4, 1);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const auto session = ledger.open();
        const auto unit = ledger.begin(*session);
        _exit(0);  // the lock is held, no destructor runs
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(ledger.verify().problems.empty());
    EXPECT_EQ(ledger.verify().sealed, 3);
    EXPECT_EQ(seal_it(ledger)->size, 4);
}

// Why: if the committed seal never reached its file, the next call with nothing new must write it.
TEST(Seals, AFileThatLagsIsMadeUpFor) {
    TestLedger ledger;
    ledger.write(1, 1);
    (void)seal_it(ledger);
    const auto old_file = store::read_small_file(seal_file(ledger));
    ledger.write(2, 1);
    (void)seal_it(ledger);
    const auto new_file = store::read_small_file(seal_file(ledger));
    store::write_durably(seal_file(ledger), old_file, store::FileRights::owner_only);
    (void)seal_it(ledger);
    EXPECT_EQ(store::read_small_file(seal_file(ledger)), new_file);
}

// Why: a signature under a forged tree would be the forger's best friend.
TEST(Seals, AreNotPutOnWhatWasAltered) {
    for (const auto* sql :
         {"UPDATE ledger SET user_name = 'x' WHERE seq = 6",
          "UPDATE ledger SET hash = (SELECT hash FROM ledger WHERE seq = 1) WHERE seq = 4",
          "DELETE FROM ledger WHERE seq = 6",
          "UPDATE ledger_nodes SET hash = (SELECT hash FROM ledger WHERE seq = 1) "
          "WHERE last_seq = 4 AND level = 2",
          "DELETE FROM ledger_nodes WHERE last_seq = 4 AND level = 2",
          "UPDATE ledger_seals SET root = (SELECT hash FROM ledger WHERE seq = 1)",
          "UPDATE ledger_seals SET size = 3", "DELETE FROM ledger_seals",
          "DELETE FROM ledger_seals; DELETE FROM ledger_nodes"}) {
        TestLedger ledger;
        for (int i = 1; i <= 4; ++i) ledger.write(i, 1);
        (void)seal_it(ledger);
        const auto file = store::read_small_file(seal_file(ledger));
        for (int i = 5; i <= 8; ++i) ledger.write(i, 1);
        run_sql(ledger, sql);
        EXPECT_THROW((void)seal_it(ledger), IoFailure) << sql;
        EXPECT_EQ(store::read_small_file(seal_file(ledger)), file) << sql;
        EXPECT_FALSE(ledger.verify().problems.empty()) << sql;
    }
}

// Why: without the file nobody can tell whether the last seals were cut off.
TEST(Seals, NeedTheirFile) {
    TestLedger ledger;
    ledger.write(1, 1);
    (void)seal_it(ledger);
    ledger.write(2, 1);
    const auto good = store::read_small_file(seal_file(ledger));
    std::filesystem::remove(seal_file(ledger));
    EXPECT_THROW((void)seal_it(ledger), IoFailure);
    ASSERT_EQ(ledger.verify().problems.size(), 1U);
    EXPECT_EQ(ledger.verify().problems[0].code, "ledger.seal_file_missing");
    store::write_durably(seal_file(ledger), "{}", store::FileRights::owner_only);
    EXPECT_THROW((void)seal_it(ledger), IoFailure);
    EXPECT_EQ(ledger.verify().problems[0].code, "ledger.seal_file_damaged");
    store::write_durably(seal_file(ledger), good, store::FileRights::owner_only);
    EXPECT_EQ(seal_it(ledger)->size, 2);
}

}  // namespace
}  // namespace amate::ledger
