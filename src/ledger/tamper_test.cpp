// SPDX-License-Identifier: Apache-2.0
// Any one cell of a sealed store, any one byte of its files: changed, it is found.
#include <fstream>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "ledger/internal/test_ledger.hpp"
#include "ledger/verify.hpp"
#include "ledger/witness.hpp"

namespace amate::ledger {
namespace {

namespace fs = std::filesystem;
using internal::TestLedger;

// Not sealed, each with its reason: docs/formats/ledger.md.
const std::set<std::string> kNotSealed = {"ledger_answers", "ledger_sequences"};

class Sqlite {
public:
    explicit Sqlite(const std::string& file) { EXPECT_EQ(sqlite3_open(file.c_str(), &handle_), 0); }
    ~Sqlite() { sqlite3_close(handle_); }
    Sqlite(const Sqlite&) = delete;
    Sqlite& operator=(const Sqlite&) = delete;

    // False if a constraint of the store refuses it.
    bool run(const std::string& sql) {
        return sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
    }
    // Rows as text with the kind of each cell; nothing if the file cannot be read.
    std::optional<std::vector<std::vector<std::string>>> rows(const std::string& sql) {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
            return std::nullopt;
        }
        std::vector<std::vector<std::string>> rows;
        int code = sqlite3_step(statement);
        for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
            auto& row = rows.emplace_back();
            for (int i = 0; i < sqlite3_column_count(statement); ++i) {
                const int kind = sqlite3_column_type(statement, i);
                const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, i));
                const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, i));
                row.push_back(std::to_string(kind) + ":" +
                              (bytes == nullptr ? "" : std::string(bytes, size)));
            }
        }
        sqlite3_finalize(statement);
        if (code != SQLITE_DONE) return std::nullopt;
        return rows;
    }

private:
    sqlite3* handle_ = nullptr;
};

// A store with everything in it: several registers, blocks, seals, files, nodes, a witnessed
// ledger.
class SqliteTamperTest : public testing::Test {
protected:
    void SetUp() override {
        TestLedger other;
        for (int i = 1; i <= 3; ++i) other.write(i, 1);
        seal_it(other);
        const auto range = ledger_.folder() / "range";
        ASSERT_TRUE(export_range(*other.open(), other.keys(), 0, {}, range));
        ledger_.write(1, 130);
        ledger_.write(1, 5, 1);
        seal_it(ledger_);
        ledger_.write(251, 3);
        ledger_.attach(1, std::string(300, 'a'));
        ledger_.attach(2, std::string(300, 'b'));
        ledger_.attach(2, std::string(300, 'c'));
        {
            const auto session = ledger_.open();
            ASSERT_TRUE(
                witness_range(*session, ledger_.keys(), ledger_.clock(), {"w", "", ""}, range));
        }
        {
            const auto session = ledger_.open();
            const auto unit = ledger_.begin(*session);
            EXPECT_EQ(unit->take_numbers("folio.visit", 3), 1);
            unit->commit({"test", "", "", "", ""});
        }
        seal_it(ledger_);
        ASSERT_TRUE(ledger_.verify().problems.empty());
        whole_ = ledger_.folder() / "whole.sqlite";
        fs::rename(ledger_.store().file(), whole_);
        restore();
    }

    static void seal_it(TestLedger& ledger) {
        const auto session = ledger.open();
        ASSERT_TRUE(seal(*session, ledger.keys(), ledger.clock()));
    }

    void restore() {
        for (const auto* tail : {"-wal", "-shm", "-journal"}) {
            fs::remove(ledger_.store().file().string() + tail);
        }
        fs::copy_file(whole_, ledger_.store().file(), fs::copy_options::overwrite_existing);
    }

    // Codes of what is found; "unreadable" if the store cannot be read through.
    std::set<std::string> found() {
        std::set<std::string> codes;
        try {
            for (const auto& problem : ledger_.verify().problems) codes.insert(problem.code);
        } catch (const IoFailure&) {
            codes.insert("unreadable");
        }
        return codes;
    }

    // Every cell of every table; nothing if it cannot be read through.
    using Dump = std::optional<std::map<std::string, std::vector<std::vector<std::string>>>>;
    Dump dump() {
        Sqlite store(ledger_.store().file());
        const auto names = store.rows("SELECT name FROM sqlite_master WHERE type = 'table'");
        if (!names) return std::nullopt;
        std::map<std::string, std::vector<std::vector<std::string>>> all;
        for (const auto& name : *names) {
            auto rows = store.rows("SELECT * FROM \"" + name[0].substr(2) + "\" NOT INDEXED");
            if (!rows) return std::nullopt;
            all[name[0]] = std::move(*rows);
        }
        return all;
    }

    // Where two dumps part, for the message of a test that fails.
    static std::string difference(const Dump& one, const Dump& two) {
        if (!two) return "cannot be read through";
        for (const auto& [table, rows] : *one) {
            const auto found = two->find(table);
            if (found == two->end() || found->second.size() != rows.size()) return table;
            for (std::size_t i = 0; i < rows.size(); ++i) {
                for (std::size_t j = 0; j < rows[i].size(); ++j) {
                    if (rows[i][j] == found->second[i][j]) continue;
                    return table + " row " + std::to_string(i + 1) + " column " +
                           std::to_string(j + 1) + ": " + rows[i][j] + " now " +
                           found->second[i][j];
                }
            }
        }
        return "a table more";
    }

    TestLedger ledger_;
    fs::path whole_;
};

// Why: whoever tampers chooses where. Every column of every table, in rows drawn at random.
TEST_F(SqliteTamperTest, AnyCellChangedIsFound) {
    std::mt19937 random(20180907);
    const auto tables =
        *Sqlite(ledger_.store().file()).rows("SELECT name FROM sqlite_master WHERE type = 'table'");
    int changed = 0;
    for (const auto& table_row : tables) {
        const auto table = table_row[0].substr(2);
        const auto columns = *Sqlite(ledger_.store().file())
                                  .rows("SELECT name FROM pragma_table_info('" + table + "')");
        const auto ids =
            *Sqlite(ledger_.store().file()).rows("SELECT CAST(rowid AS TEXT) FROM " + table);
        ASSERT_TRUE(!ids.empty() || kNotSealed.contains(table)) << table;
        if (ids.empty()) continue;
        for (const auto& column_row : columns) {
            const auto column = "\"" + column_row[0].substr(2) + "\"";
            for (const auto* change :
                 {"CASE typeof(@) WHEN 'null' THEN 'x' WHEN 'text' THEN @ || ' ' ELSE @ + 1 END",
                  "CASE typeof(@) WHEN 'null' THEN 7 WHEN 'text' THEN CASE WHEN @ = '' THEN 'a' "
                  "ELSE substr(@, 2) END ELSE -@ - 1 END",
                  "CASE typeof(@) WHEN 'text' THEN CASE WHEN upper(@) <> @ THEN upper(@) ELSE "
                  "lower(@) || 'a' END WHEN 'null' THEN '' ELSE @ || 'x' END"}) {
                const auto id = ids[random() % ids.size()][0].substr(2);
                std::string expression = change;
                for (auto at = expression.find('@'); at != expression.npos;
                     at = expression.find('@', at + column.size())) {
                    expression.replace(at, 1, column);
                }
                const bool done = Sqlite(ledger_.store().file())
                                      .run("UPDATE \"" + table + "\" SET " + column + " = " +
                                           expression + " WHERE rowid = " + id);
                if (done) {
                    ++changed;
                    EXPECT_EQ(found().empty(), kNotSealed.contains(table))
                        << table << "." << column << " rowid " << id << ": " << expression;
                    restore();
                }
            }
        }
    }
    EXPECT_GT(changed, 200);
    RecordProperty("changed", changed);
}

// Why: the same for whole rows: taken out, put in twice, two exchanged.
TEST_F(SqliteTamperTest, AnyRowRemovedDoubledOrSwappedIsFound) {
    std::mt19937 random(2018);
    const auto tables =
        *Sqlite(ledger_.store().file()).rows("SELECT name FROM sqlite_master WHERE type = 'table'");
    for (const auto& table_row : tables) {
        const auto table = table_row[0].substr(2);
        if (kNotSealed.contains(table)) continue;
        const auto columns = *Sqlite(ledger_.store().file())
                                  .rows("SELECT name FROM pragma_table_info('" + table + "')");
        const auto ids =
            *Sqlite(ledger_.store().file()).rows("SELECT CAST(rowid AS TEXT) FROM " + table);
        const auto pick = [&] { return ids[random() % ids.size()][0].substr(2); };
        const auto check = [&](const std::string& sql) {
            if (!Sqlite(ledger_.store().file()).run(sql)) return;
            EXPECT_FALSE(found().empty()) << sql;
            restore();
        };
        for (int i = 0; i < 5; ++i) {
            check("DELETE FROM \"" + table + "\" WHERE rowid = " + pick());
            for (const auto& column : columns) {  // two rows exchange one cell
                const auto name = "\"" + column[0].substr(2) + "\"";
                const auto one = pick();
                const auto two = pick();
                const auto of = [&](const std::string& row) {
                    return "(SELECT " + name + " FROM \"" + table + "\" WHERE rowid = " + row + ")";
                };
                const auto same =
                    Sqlite(ledger_.store().file()).rows("SELECT " + of(one) + " IS " + of(two));
                if ((*same)[0][0] == "1:1") continue;
                check("UPDATE \"" + table + "\" SET " + name + " = CASE rowid WHEN " + one +
                      " THEN " + of(two) + " ELSE " + of(one) + " END WHERE rowid IN (" + one +
                      ", " + two + ")");
            }
        }
        check("DELETE FROM \"" + table + "\"");
        check("DROP TABLE \"" + table + "\"");
        // Every row twice, in a table remade without its constraints.
        check("CREATE TABLE t AS SELECT * FROM \"" + table + "\"; DROP TABLE \"" + table +
              "\"; ALTER TABLE t RENAME TO \"" + table + "\"; INSERT INTO \"" + table +
              "\" SELECT * FROM \"" + table + "\"");
    }
}

// Why: the database itself can be made to lie, without a row being touched.
TEST_F(SqliteTamperTest, WhatIsPutBetweenStoreAndReaderIsFound) {
    const std::pair<const char*, const char*> changes[] = {
        {"CREATE TRIGGER helpful AFTER INSERT ON r_visit BEGIN DELETE FROM r_visit WHERE folio = "
         "new.folio; END",
         "ledger.addition_found"},
        {"CREATE VIEW visits AS SELECT * FROM r_visit", "ledger.addition_found"},
        {"ALTER TABLE r_visit RENAME TO hidden; CREATE VIEW r_visit AS SELECT * FROM hidden",
         "ledger.addition_found"},
        {"ALTER TABLE ledger RENAME TO hidden; CREATE VIEW ledger AS SELECT * FROM hidden",
         "ledger.addition_found"},
        {"CREATE TABLE t AS SELECT * FROM r_visit; DROP TABLE r_visit; ALTER TABLE t RENAME TO "
         "r_visit",
         "ledger.constraint_missing"},
        {"CREATE TABLE t AS SELECT * FROM ledger; DROP TABLE ledger; ALTER TABLE t RENAME TO "
         "ledger",
         "ledger.constraint_missing"},
        {"ALTER TABLE r_visit RENAME COLUMN note TO remark", ""},
        {"ALTER TABLE r_visit DROP COLUMN amount", "ledger.record_changed"},
        {"ALTER TABLE r_visit ADD COLUMN extra TEXT DEFAULT 'x'", "ledger.record_changed"}};
    for (const auto& [sql, code] : changes) {
        ASSERT_TRUE(Sqlite(ledger_.store().file()).run(sql)) << sql;
        const auto codes = found();
        const std::string wanted = code;
        EXPECT_TRUE(wanted.empty() || codes.contains(wanted)) << sql;
        restore();
    }
}

// Why: disks flip bits and hands slip. A byte of the file either changes no cell, or is found.
TEST_F(SqliteTamperTest, AnyByteOfTheStoreThatChangesACellIsFound) {
    std::mt19937 random(7);
    const auto before = dump();
    ASSERT_TRUE(before);
    const auto size = fs::file_size(whole_);
    int harmful = 0;
    for (int round = 0; round < 450; ++round) {
        const auto at = random() % size;
        {
            std::fstream file(ledger_.store().file(),
                              std::ios::binary | std::ios::in | std::ios::out);
            file.seekg(static_cast<std::streamoff>(at));
            const auto byte = static_cast<char>(file.get() ^ (1 << random() % 8));
            file.seekp(static_cast<std::streamoff>(at));
            file.put(byte);
        }
        auto after = dump();
        auto sealed = before;
        for (const auto& table : kNotSealed) {
            if (after) after->erase("3:" + table);
            sealed->erase("3:" + table);
        }
        if (after != sealed) {
            ++harmful;
            EXPECT_FALSE(found().empty())
                << "byte " << at << " in round " << round << ": " << difference(sealed, after);
        }
        restore();
    }
    EXPECT_GT(harmful, 50);
}

// Why: what stands outside the database is what the inside is held against.
TEST_F(SqliteTamperTest, AnyByteOfHeadSealAndPublicKeyIsFound) {
    std::mt19937 random(11);
    for (const auto* name : {"ledger.head.json", "ledger.seal.json", "ledger.pub"}) {
        const auto file = ledger_.keys() / name;
        const auto whole = store::read_small_file(file);
        for (std::size_t at = 0; at + 1 < whole.size(); ++at) {  // but the line feed at its end
            auto bytes = whole;
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
            std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
            EXPECT_FALSE(found().empty()) << name << " byte " << at;
        }
        fs::remove(file);
        EXPECT_FALSE(found().empty()) << name;
        std::ofstream(file, std::ios::binary | std::ios::trunc) << whole;
    }
    EXPECT_TRUE(found().empty());
}

// Why: without them what is encrypted is lost; so a fault of theirs is found before it is needed.
TEST_F(SqliteTamperTest, AnyByteOfTheMasterKeysIsFound) {
    std::mt19937 random(13);
    const auto file = ledger_.keys() / "master.json";
    const auto whole = store::read_small_file(file);
    const auto told = whole.find("\"made_at\":\"") + 11;  // to people alone
    for (std::size_t at = 0; at + 1 < whole.size(); ++at) {
        if (at >= told && at < whole.find('"', told)) continue;
        auto bytes = whole;
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
        std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
        EXPECT_EQ(found(), std::set<std::string>{"ledger.data_keys_unreadable"}) << "byte " << at;
    }
    fs::remove(file);
    EXPECT_EQ(found(), std::set<std::string>{"ledger.data_keys_unreadable"});
    fs::remove(ledger_.keys() / "ledger.key");  // as who verifies elsewhere has them
    EXPECT_TRUE(found().empty());
}

}  // namespace
}  // namespace amate::ledger
