// SPDX-License-Identifier: Apache-2.0
// Values and their SQL, and the hash that seals a row.
#include "store/record_store.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/crypto.hpp"

namespace amate::store {
namespace {

using definitions::Type;

definitions::Register small_register() {
    definitions::Register register_;
    register_.name = "visit";
    for (const auto& [name, type] : {std::pair{"zone", Type::code}, {"age", Type::integer}}) {
        definitions::Column column;
        column.name = column.sql_name = name;
        column.type = type;
        register_.columns.push_back(column);
    }
    return register_;
}

StoredRecord small_record() {
    StoredRecord record{"id-1", "V-1", "open", "", "2018-01-01T00:00:00.000Z", "7"};
    record.flags = {"late", "minor"};
    record.ledger_seq = 2;
    record.batch_row = 3;
    record.values = {std::string("north"), std::int64_t{12}};
    return record;
}

std::string row_hash_of(const definitions::Register& register_, const StoredRecord& record) {
    SqlRow row;
    to_row(register_, record, nullptr, row);
    return RowSealer(columns_of(register_)).hash(row);
}

// Why: every type must come back as it went in.
TEST(Values, EveryTypeComesBack) {
    const std::vector<std::pair<Type, Value>> values = {
        {Type::text, std::string("Ana")},
        {Type::text, std::string()},
        {Type::narrative, std::string("a\nb;c=d")},
        {Type::code, std::string("north")},
        {Type::codes, Codes{"a", "b"}},
        {Type::codes, Codes{}},
        {Type::integer, std::int64_t{-9'223'372'036'854'775'807}},
        {Type::decimal, 0.1},
        {Type::money, -12.5},
        {Type::boolean, true},
        {Type::boolean, false},
        {Type::date, *Date::parse("2018-02-28")},
        {Type::datetime, *DateTime::parse("2018-02-28T23:59:59")},
        {Type::partial_date, *PartialDate::parse("1990-05")},
        {Type::date, Missing::absent}};
    for (const auto& [type, value] : values) {
        EXPECT_EQ(from_sql(to_sql(value), type), value) << static_cast<int>(type);
    }
}

// Why: what cannot have been written must not pass as a value; and its text must not leak.
TEST(Values, WhatIsNoValueOfTheTypeIsRefused) {
    const std::vector<std::pair<Type, SqlValue>> wrong = {
        {Type::date, std::string("2018-02-30")}, {Type::datetime, std::string("noon")},
        {Type::partial_date, std::string("90")}, {Type::boolean, std::int64_t{2}},
        {Type::integer, std::string("12")},      {Type::decimal, std::string("1")},
        {Type::text, std::int64_t{5}},           {Type::codes, 1.5}};
    for (const auto& [type, cell] : wrong) {
        EXPECT_THROW((void)from_sql(cell, type), IoFailure) << static_cast<int>(type);
    }
    try {
        (void)from_sql(std::string("Ana Ruiz"), Type::date);
    } catch (const IoFailure& failure) {
        EXPECT_EQ(std::string(failure.what()).find("Ana"), std::string::npos);
    }
}

// Why: the canonical form is a published format: docs/formats/ledger.md shows this very row.
TEST(RowHash, IsThatOfThePublishedForm) {
    const std::string form =
        "amate-row-1\n"
        "age:2:12\n"
        "batch_row:1:3\n"
        "flags:10:late;minor\n"
        "folio:3:V-1\n"
        "ledger_seq:1:2\n"
        "record_id:4:id-1\n"
        "recorded_at:24:2018-01-01T00:00:00.000Z\n"
        "revision:1:1\n"
        "state:4:open\n"
        "version:1:7\n"
        "zone:5:north\n";
    EXPECT_EQ(row_hash_of(small_register(), small_record()), crypto::to_hex(crypto::digest(form)));
}

// Why: a pack may reorder fields and add some; old records must still hold.
TEST(RowHash, DoesNotDependOnOrderNorOnColumnsAddedLater) {
    auto register_ = small_register();
    auto record = small_record();
    const auto hash = row_hash_of(register_, record);
    std::swap(register_.columns[0], register_.columns[1]);
    std::swap(record.values[0], record.values[1]);
    register_.columns.push_back(register_.columns[0]);
    register_.columns.back().name = register_.columns.back().sql_name = "added";
    record.values.push_back(Missing::absent);
    EXPECT_EQ(row_hash_of(register_, record), hash);
}

// Why: each part of a record is sealed, and no two records share a form.
TEST(RowHash, DependsOnEveryPart) {
    const auto register_ = small_register();
    std::vector<StoredRecord> others(12, small_record());
    others[0].record_id = "id-2";
    others[1].folio = "V-2";
    others[2].state = "closed";
    others[3].flags = {"late"};
    others[4].ledger_seq = 3;
    others[5].batch_row = 4;
    others[6].version = "8";
    others[7].recorded_at = "2018-01-01T00:00:00.001Z";
    others[8].values[0] = std::string("north\nzone:1:x");
    others[9].values[0] = Missing::unknown;
    others[10].values[0] = Missing::absent;
    others[11].values[0] = std::string("unknown");
    std::vector<std::string> hashes = {row_hash_of(register_, small_record())};
    for (const auto& other : others) {
        const auto hash = row_hash_of(register_, other);
        EXPECT_EQ(std::count(hashes.begin(), hashes.end(), hash), 0);
        hashes.push_back(hash);
    }
}

}  // namespace
}  // namespace amate::store
