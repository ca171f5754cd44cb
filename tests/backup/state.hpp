// SPDX-License-Identifier: Apache-2.0
// For tests of restoring: all that a store holds, noted so that it can be compared later.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "definitions/model.hpp"
#include "ledger/restore.hpp"
#include "registry/attachments.hpp"
#include "store/attachments.hpp"
#include "store/record_store.hpp"
#include "store/workspace.hpp"

namespace amate::tests {

namespace fs = std::filesystem;

// What lay in a workspace after one of its entries.
struct State {
    std::int64_t seq = 0;
    std::string at;  // of the entry
    // Every row of every table as it is stored, a line each, below a line of the columns.
    std::map<std::string, std::vector<std::string>> tables;
    // Every revision as it is read with the keys at hand, by "register folio revision".
    std::map<std::string, store::StoredRecord> records;
    std::map<std::string, std::string> files;  // of records, decrypted, by "record field digest"
    std::set<std::string> folders;             // below snapshots and quarantine
};

inline std::string text_of_cell(const store::SqlValue& cell) {
    struct Text {
        std::string operator()(std::monostate) const { return "NULL"; }
        std::string operator()(std::int64_t number) const { return std::to_string(number); }
        std::string operator()(double number) const { return fmt::format("real {}", number); }
        std::string operator()(const std::string& text) const { return "'" + text + "'"; }
    };
    return std::visit(Text{}, cell);
}

inline std::map<std::string, std::vector<std::string>> tables_of(store::Session& session) {
    std::map<std::string, std::vector<std::string>> tables;
    for (const auto& shape : ledger::carried_tables(session)) {
        std::string columns;
        std::string keys;
        std::string head;
        for (const auto& column : shape.columns) {
            columns += (columns.empty() ? "" : ", ") + store::quote_name(column.name);
            head += fmt::format("{} {}{};", column.name, static_cast<int>(column.type),
                                column.required ? " required" : "");
        }
        auto unique_keys = session.unique_keys_of(shape.name);
        std::sort(unique_keys.begin(), unique_keys.end());
        for (const auto& key : unique_keys) {
            head += " unique";
            for (const auto& column : key) head += " " + column;
        }
        for (const auto& column : shape.primary_key) {
            keys += (keys.empty() ? "" : ", ") + store::quote_name(column);
        }
        auto& lines = tables[shape.name];
        lines.push_back(head);
        session.query(
            "SELECT " + columns + " FROM " + store::quote_name(shape.name) + " ORDER BY " + keys,
            {}, [&](const store::SqlRow& row) {
                std::string line;
                for (const auto& cell : row) line += text_of_cell(cell) + ", ";
                lines.push_back(std::move(line));
                return true;
            });
    }
    return tables;
}

inline void note_records(const definitions::Pack& pack, store::Session& session, State& state) {
    for (const auto& register_ : pack.registers) {
        std::vector<std::string> folios;
        if (!session.has_table(store::table_of(*register_))) continue;
        session.query(
            "SELECT DISTINCT folio FROM " + store::quote_name(store::table_of(*register_)), {},
            [&](const store::SqlRow& row) {
                folios.push_back(store::text_of(row[0]));
                return true;
            });
        const auto letter = registry::find_file_field(*register_, "letter");
        for (const auto& folio : folios) {
            for (auto& each : store::revisions_of(session, *register_, folio)) {
                if (letter) {
                    for (const auto& digest : registry::stated_digests(each, *letter)) {
                        const store::AttachmentPlace place{*register_, each.record_id, "letter"};
                        const auto found = store::find_attachment(session, place, digest);
                        if (!found) continue;
                        state.files[folio + " letter " + digest] =
                            store::read_attachment(session, place, *found);
                    }
                }
                state.records.emplace(
                    fmt::format("{} {} {}", register_->name, folio, each.revision),
                    std::move(each));
            }
        }
    }
}

inline std::set<std::string> files_below(const fs::path& root) {
    std::set<std::string> files;
    if (!fs::exists(root)) return files;
    for (const auto& each : fs::recursive_directory_iterator(root)) {
        if (each.is_directory()) continue;
        files.insert(each.path().lexically_relative(root).generic_string());
    }
    return files;
}

inline State state_of(const definitions::Pack& pack, const store::Workspace& workspace,
                      store::Session& session) {
    State state;
    const auto view = session.read_view();
    const auto last = ledger::last_entry(session);
    state.seq = last ? last->seq : 0;
    state.at = last ? last->at : "";
    state.tables = tables_of(session);
    note_records(pack, session, state);
    for (const auto& folder : {workspace.snapshots(), workspace.quarantine()}) {
        for (const auto& file : files_below(folder)) {
            const auto name = folder.filename().string() + "/" + file;
            if (name.find("/.") == name.npos) state.folders.insert(name);
        }
    }
    return state;
}

// The first difference of two lists of lines, for people.
inline std::string difference(const std::vector<std::string>& is,
                              const std::vector<std::string>& was) {
    for (std::size_t i = 0; i < std::max(is.size(), was.size()); ++i) {
        const auto a = i < is.size() ? is[i] : "(nothing)";
        const auto b = i < was.size() ? was[i] : "(nothing)";
        if (a != b) return fmt::format("line {} is\n  {}\nand was\n  {}", i, a, b);
    }
    return "";
}

inline void expect_same_record(const store::StoredRecord& is, const store::StoredRecord& was,
                               const std::string& name) {
    EXPECT_TRUE(is.values == was.values) << name;
    EXPECT_TRUE(is.act.changes == was.act.changes) << name;
    EXPECT_TRUE(is.tasks == was.tasks) << name;
    EXPECT_EQ(is.flags, was.flags) << name;
    EXPECT_EQ(is.row_hash, was.row_hash) << name;
    EXPECT_EQ(is.act.reason, was.act.reason) << name;
    EXPECT_EQ(is.pending, was.pending) << name;
    EXPECT_EQ(is.state, was.state) << name;
}

// A restored store against what was noted at its cut: all is as it was, but that an entry tells of
// the restoring, that numbers of folios are not given anew, and that all data keys are kept.
inline void expect_as_noted(const State& is, const State& was) {
    ASSERT_EQ(is.seq, was.seq + 1);
    auto tables = is.tables;
    auto& ledger = tables.at("ledger");
    ASSERT_NE(ledger.back().find("workspace.restored"), std::string::npos);
    ledger.pop_back();
    std::set<std::string> names;
    for (const auto& [name, lines] : tables) names.insert(name);
    for (const auto& [name, lines] : was.tables) names.insert(name);
    for (const auto& name : names) {
        if (name == "ledger_sequences" || name == "data_keys") continue;
        const auto now = tables.find(name);
        const auto then = was.tables.find(name);
        // A table that was made later may be there, empty.
        const std::vector<std::string> none;
        const auto& is_lines = now == tables.end() ? none : now->second;
        const auto& was_lines = then == was.tables.end() ? none : then->second;
        if (is_lines.size() <= 1 && was_lines.empty()) continue;
        EXPECT_EQ(difference(is_lines, was_lines), "") << name << " at entry " << was.seq;
    }
    ASSERT_EQ(is.records.size(), was.records.size());
    for (const auto& [name, record] : was.records) {
        const auto found = is.records.find(name);
        ASSERT_NE(found, is.records.end()) << name;
        expect_same_record(found->second, record, name);
    }
    EXPECT_EQ(is.files, was.files);
    EXPECT_EQ(is.folders, was.folders);
}

}  // namespace amate::tests
