// SPDX-License-Identifier: Apache-2.0
// Cells of files mean what the source says, and what is written reads back as the same value.
#include "definitions/homologation.hpp"

#include <gtest/gtest.h>

#include "definitions/numbering.hpp"

namespace amate::definitions {
namespace {

// A register of one column of each wanted type, and a source column over one of them.
struct Bench {
    CodeList fruits{"fruits", {}, {}};
    Register register_;
    Source source;

    Bench() {
        for (const char* code : {"apple", "pear", "plum"}) {
            fruits.index[code] = fruits.codes.size();
            fruits.codes.push_back({code, {}, {}, {}, {}, {}});
        }
        source.empty_values = {"", "S/D"};
    }

    CellCodec codec(Type type, SourceColumn column = {}) {
        Column target;
        target.name = "x";
        target.type = type;
        if (type == Type::code || type == Type::codes) target.codelist = &fruits;
        register_.columns = {target};
        column.header = "X";
        return {register_, source, column};
    }
};

Value read(const CellCodec& codec, std::string_view cell) {
    Value value = std::string("left over from the row before");
    EXPECT_EQ(codec.read(cell, value), CellFault::none) << cell;
    return value;
}

CellFault fault(const CellCodec& codec, std::string_view cell) {
    Value value = std::string("left over");
    const auto found = codec.read(cell, value);
    EXPECT_EQ(value, Value(Missing::absent));
    return found;
}

// Institutions pad and blank their cells in many ways; none of them is a value.
TEST(Homologation, EmptyValuesAndPaddingAreNoValue) {
    Bench bench;
    const auto codec = bench.codec(Type::text);
    for (const char* cell : {"", "   ", "S/D", " S/D ", "\xC2\xA0"}) {
        EXPECT_EQ(read(codec, cell), Value(Missing::absent)) << cell;
    }
    EXPECT_EQ(read(codec, "\xC2\xA0 Nara  Oleaje "), Value(std::string("Nara  Oleaje")));
}

// A map is the whole vocabulary of a coded column: what is not in it is a fault, never a guess.
TEST(Homologation, MapsAreExact) {
    Bench bench;
    const auto codec = bench.codec(
        Type::code, {.map = {{"1", "apple"}, {"2", "pear"}, {"9", "unknown"}, {"8", "refused"}}});
    EXPECT_EQ(read(codec, "1"), Value(std::string("apple")));
    EXPECT_EQ(read(codec, "9"), Value(Missing::unknown));
    EXPECT_EQ(read(codec, "8"), Value(Missing::refused));
    EXPECT_EQ(fault(codec, "apple"), CellFault::not_in_list);
    EXPECT_EQ(fault(codec, "3"), CellFault::not_in_list);
}

TEST(Homologation, WithoutMapTheCodesAreTheirOwnNames) {
    Bench bench;
    const auto codec = bench.codec(Type::code);
    EXPECT_EQ(read(codec, "plum"), Value(std::string("plum")));
    EXPECT_EQ(read(codec, "not_applicable"), Value(Missing::not_applicable));
    EXPECT_EQ(fault(codec, "Plum"), CellFault::not_in_list);
}

TEST(Homologation, CodesAreSortedWithoutRepetition) {
    Bench bench;
    const auto codec = bench.codec(
        Type::codes, {.separator = "|", .map = {{"P", "pear"}, {"A", "apple"}, {"NR", "refused"}}});
    EXPECT_EQ(read(codec, "P| A |P|"), Value(Codes{"apple", "pear"}));
    EXPECT_EQ(read(codec, "||"), Value(Missing::absent));
    EXPECT_EQ(read(codec, "NR"), Value(Missing::refused));
    EXPECT_EQ(fault(codec, "P|NR"), CellFault::not_in_list);
    EXPECT_EQ(fault(codec, "NR|P"), CellFault::not_in_list);
    EXPECT_EQ(fault(codec, "P|Z"), CellFault::not_in_list);
}

// "1.234" is a thousand to some and one and a bit to others: no side is taken.
TEST(Homologation, NumbersThatCanBeReadTwoWaysAreFaults) {
    Bench bench;
    const auto integer = bench.codec(Type::integer);
    EXPECT_EQ(read(integer, "-42"), Value(std::int64_t{-42}));
    EXPECT_EQ(read(integer, "1,234,567"), Value(std::int64_t{1234567}));
    EXPECT_EQ(read(integer, "12 345"), Value(std::int64_t{12345}));
    for (const char* cell : {"1.234", "12,34", "1,234 567", ",123", "1234,567", "+5", "0x10",
                             "99999999999999999999", "1e3", "5 ana"}) {
        EXPECT_EQ(fault(integer, cell), CellFault::not_a_number) << cell;
    }
    const auto decimal = bench.codec(Type::decimal);
    EXPECT_EQ(read(decimal, "1,234.50"), Value(1234.5));
    EXPECT_EQ(read(decimal, "-0.25"), Value(-0.25));
    for (const char* cell : {"1,234", "12,5", "nan", "inf", "1e400", ".", "1.", "--1"}) {
        EXPECT_EQ(fault(decimal, cell), CellFault::not_a_number) << cell;
    }
}

TEST(Homologation, DatesInTheFormatOfTheSource) {
    Bench bench;
    const auto moment = bench.codec(Type::datetime, {.format = "dd/mm/yyyy HH:MM"});
    EXPECT_EQ(read(moment, "3/1/2018 9:05"), Value(*DateTime::parse("2018-01-03T09:05")));
    for (const char* cell : {"31/02/2018 10:00", "03/01/2018", "03/01/2018 24:00", "2018-01-03",
                             "00/01/2018 10:00", "03/01/2018 10:00:00", "2018"}) {
        EXPECT_EQ(fault(moment, cell), CellFault::not_a_date) << cell;
    }
    const auto named = bench.codec(Type::date, {.format = "dd-mmm-yyyy"});
    const Value april = *Date::of(2018, 4, 7);
    EXPECT_EQ(read(named, "07-abr-2018"), april);
    EXPECT_EQ(read(named, "7-APR-2018"), april);
    EXPECT_EQ(read(named, "07-Abr.-2018"), april);
    EXPECT_EQ(fault(named, "07-xyz-2018"), CellFault::not_a_date);
    const auto birth = bench.codec(Type::partial_date, {.format = "dd/mm/yyyy"});
    EXPECT_EQ(read(birth, "00/05/1990"), Value(PartialDate{1990, 5, 0}));
    EXPECT_EQ(read(birth, "00/00/1990"), Value(PartialDate{1990, 0, 0}));
    EXPECT_EQ(read(birth, "1990"), Value(PartialDate{1990, 0, 0}));
    EXPECT_EQ(fault(birth, "05/00/1990"), CellFault::not_a_date);
    const auto iso = bench.codec(Type::datetime);
    EXPECT_EQ(read(iso, "2018-01-03 09:05"), Value(*DateTime::parse("2018-01-03T09:05")));
}

TEST(Homologation, FormatsThatDoNotHoldADateAreNone) {
    for (const char* format : {"", "dd/mm", "dd/mm/yyyy/yy", "dd/mm/yyyy HH", "dd/dd/yyyy"}) {
        EXPECT_FALSE(DateFormat::parse(format)) << format;
    }
}

TEST(Homologation, TwoDigitYearsTurnAtForty) {
    const auto format = DateFormat::parse("dd/mm/yy");
    EXPECT_EQ(format->read("01/01/39")->date.year, 2039);
    EXPECT_EQ(format->read("01/01/40")->date.year, 1940);
    std::string cell;
    EXPECT_FALSE(format->write({{2040, 1, 1}, 0}, cell));
    EXPECT_EQ(cell, "");
}

// Synthesis writes with the same codec that ingest reads with: the two may never drift.
TEST(Homologation, WhatIsWrittenReadsBack) {
    Bench bench;
    const auto check = [](const CellCodec& codec, const Value& value) {
        for (std::uint64_t choice = 0; choice < 4; ++choice) {
            std::string cell;
            ASSERT_TRUE(codec.write(value, choice, cell)) << canonical(value);
            EXPECT_EQ(read(codec, cell), value) << cell;
        }
    };
    check(bench.codec(Type::code, {.map = {{"1", "apple"}, {"01", "apple"}, {"9", "unknown"}}}),
          std::string("apple"));
    check(bench.codec(Type::code), Missing::refused);
    check(bench.codec(Type::codes, {.separator = "|"}), Codes{"apple", "plum"});
    check(bench.codec(Type::boolean, {.map = {{"SÍ", "true"}, {"NO", "false"}}}), true);
    check(bench.codec(Type::datetime, {.format = "mm/dd/yyyy HH:MM"}),
          *DateTime::parse("2018-12-31T23:59"));
    check(bench.codec(Type::date, {.format = "dd-mmm-yy"}), *Date::of(2018, 9, 30));
    check(bench.codec(Type::partial_date, {.format = "dd/mm/yyyy"}), PartialDate{1990, 5, 0});
    check(bench.codec(Type::partial_date), PartialDate{1990, 0, 0});
    check(bench.codec(Type::decimal), 0.1 + 0.2);
    check(bench.codec(Type::money), 1e21);
    check(bench.codec(Type::integer), std::int64_t{-7});
    check(bench.codec(Type::text), std::string("Ana \"la Ola\"; de Oleaje"));
    check(bench.codec(Type::text), Missing::absent);
}

TEST(Homologation, WhatTheSourceCannotSayIsNotWritten) {
    Bench bench;
    std::string cell = "kept";
    EXPECT_FALSE(
        bench.codec(Type::code, {.map = {{"1", "apple"}}}).write(std::string("pear"), 0, cell));
    EXPECT_FALSE(bench.codec(Type::text).write(std::string("S/D"), 0, cell));
    EXPECT_FALSE(bench.codec(Type::text).write(Missing::unknown, 0, cell));
    EXPECT_FALSE(
        bench.codec(Type::integer, {.map = {{"9", "unknown"}}}).write(std::int64_t{9}, 0, cell));
    EXPECT_EQ(cell, "kept");
}

// A spreadsheet's date is a date, however the source's CSV writes dates; but a time of day that
// nobody stated is not midnight, and one that was stated is not dropped unless CSV drops it too.
TEST(Homologation, TypedCellsAreWhatTheirFileSays) {
    Bench bench;
    const auto typed = [](const CellCodec& codec, std::string_view cell, CellKind kind) {
        Value value = std::string("left over");
        const auto found = codec.read(cell, kind, value);
        if (found != CellFault::none) EXPECT_EQ(value, Value(Missing::absent));
        return std::pair(found, canonical(value));
    };
    using Answer = std::pair<CellFault, std::string>;
    const auto is = [](const char* text) { return Answer(CellFault::none, text); };
    const Answer no_date(CellFault::not_a_date, "");
    constexpr auto kDate = CellKind::date;

    const auto day = bench.codec(Type::date, {.format = "dd/mm/yyyy"});
    EXPECT_EQ(typed(day, "2018-03-01", kDate), is("2018-03-01"));
    EXPECT_EQ(typed(day, "2018-03-01T00:00:00", kDate), is("2018-03-01"));
    EXPECT_EQ(typed(day, "2018-03-01T10:30:00", kDate), no_date);
    EXPECT_EQ(typed(day, "290000-03-01", kDate), no_date);
    EXPECT_EQ(typed(day, "2018-03-01", CellKind::text), no_date);
    EXPECT_EQ(typed(day, "2018-03-01", CellKind::iso_text), is("2018-03-01"));
    EXPECT_EQ(typed(day, "01/03/2018", CellKind::iso_text), is("2018-03-01"));
    const auto dropping = bench.codec(Type::date, {.format = "dd/mm/yyyy HH:MM"});
    EXPECT_EQ(typed(dropping, "2018-03-01T10:30:00", kDate), is("2018-03-01"));
    const auto moment = bench.codec(Type::datetime, {.format = "dd/mm/yyyy HH:MM"});
    EXPECT_EQ(typed(moment, "2018-03-01T10:30:00", kDate), is("2018-03-01T10:30:00"));
    EXPECT_EQ(typed(moment, "2018-03-01", kDate), no_date);
    const auto midnight = bench.codec(Type::datetime, {.format = "dd/mm/yyyy"});
    EXPECT_EQ(typed(midnight, "2018-03-01", kDate), is("2018-03-01T00:00:00"));
    const auto birth = bench.codec(Type::partial_date);
    EXPECT_EQ(typed(birth, "1990-05-17", kDate), is("1990-05-17"));
    // The format could mean it: then it does.
    const auto other = bench.codec(Type::date, {.format = "yyyy-dd-mm"});
    EXPECT_EQ(typed(other, "2018-03-01", CellKind::iso_text), is("2018-01-03"));
    EXPECT_EQ(typed(other, "2018-03-13", CellKind::iso_text), no_date);

    const auto yes = bench.codec(Type::boolean, {.map = {{"SÍ", "true"}, {"NO", "false"}}});
    EXPECT_EQ(typed(yes, "true", CellKind::boolean), is("true"));
    EXPECT_EQ(typed(yes, "true", CellKind::text).first, CellFault::not_a_boolean);
    EXPECT_EQ(typed(bench.codec(Type::decimal), "1e+300", CellKind::number), is("1e+300"));
    EXPECT_EQ(typed(bench.codec(Type::integer), "15.5", CellKind::number).first,
              CellFault::not_a_number);
    EXPECT_EQ(typed(bench.codec(Type::code, {.map = {{"1", "apple"}}}), "1", CellKind::number),
              is("apple"));
    EXPECT_EQ(typed(bench.codec(Type::text), "2018-03-01", kDate), is("2018-03-01"));
}

TEST(SourceRowWriter, WritesInTheEncodingOfTheSource) {
    Source source;
    source.encoding = Encoding::windows_1252;
    source.delimiter = ';';
    SourceRowWriter writer(source);
    EXPECT_TRUE(writer.add_cell("Núñez; Ola"));
    EXPECT_FALSE(writer.add_cell("Łuk"));
    writer.end_row();
    EXPECT_EQ(writer.text(),
              "\"N\xFA\xF1"
              "ez; Ola\";?uk\n");
}

TEST(NumberTemplate, FillsYearOfficeAndSequence) {
    const auto folio = NumberTemplate::parse("REP-{office}-{year}-{seq:6}");
    ASSERT_TRUE(folio);
    std::string out;
    folio->append(2018, "PRT", 42, out);
    EXPECT_EQ(out, "REP-PRT-2018-000042");
    for (const char* bad : {"REP", "{seq", "{seq}{seq}", "{name}-{seq}", "{seq:0}", "{seq:x}"}) {
        EXPECT_FALSE(NumberTemplate::parse(bad)) << bad;
    }
}

}  // namespace
}  // namespace amate::definitions
