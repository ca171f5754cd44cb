// SPDX-License-Identifier: Apache-2.0
// Which fields take files, and what of a file they take.
#include "registry/attachments.hpp"

#include <gtest/gtest.h>

#include "core/crypto.hpp"
#include "store/durable_file.hpp"

namespace amate::registry {
namespace {

using definitions::Type;

definitions::Column column_of(const std::string& name, Type type) {
    definitions::Column column;
    column.name = name;
    column.type = type;
    return column;
}

// The code of the one thing wrong with the file; "" if it is taken.
std::string verdict(const definitions::Column& column, const std::string& bytes,
                    const std::string& media_type, const std::string& name = "") {
    const auto path =
        std::filesystem::temp_directory_path() / ("amate-sent-" + crypto::make_uuid_v7(0));
    store::write_durably(path, bytes, store::FileRights::owner_only);
    const auto facts = examine(column, {path, nullptr, media_type, name});
    std::filesystem::remove(path);
    if (!facts) return facts.error().size() == 1 ? facts.error().front().code : "several";
    EXPECT_EQ(facts->digest, crypto::to_hex(crypto::digest(bytes)));
    EXPECT_EQ(facts->bytes, static_cast<std::int64_t>(bytes.size()));
    return "";
}

// Why: a file that is not what it says opens in a program nobody meant for it.
TEST(SentFile, IsWhatItSays) {
    const auto any = column_of("copy", Type::file);
    const std::string png("\x89PNG\r\n\x1A\nrest");
    const std::string tiff("II*\0rest", 8);
    for (const auto& [bytes, type] :
         std::vector<std::pair<std::string, std::string>>{{"%PDF-1.4", "application/pdf"},
                                                          {"\xFF\xD8\xFF\xE1", "image/jpeg"},
                                                          {png, "image/png"},
                                                          {"GIF89a..", "image/gif"},
                                                          {tiff, "image/tiff"},
                                                          {"RIFF1234WEBPVP8 ", "image/webp"},
                                                          {"name;age", "text/csv"}}) {
        EXPECT_EQ(verdict(any, bytes, type), "") << type;
        const auto* other = type == "application/pdf" ? "image/png" : "application/pdf";
        EXPECT_EQ(verdict(any, bytes, other), "registry.file_not_its_type") << type;
    }
    EXPECT_EQ(verdict(any, "%PDF-1.4", "text/plain"), "registry.file_not_its_type");
    EXPECT_EQ(verdict(any, "%PDF", "application/pdf"), "registry.file_not_its_type");
    EXPECT_EQ(verdict(any, png, "png"), "registry.file_type_refused");
    EXPECT_EQ(verdict(any, png, "image/png\r\nx"), "registry.file_type_refused");
}

TEST(SentFile, IsHeldToItsField) {
    auto photo = column_of("photo", Type::file);
    photo.accept = {"image/*"};
    photo.size_bytes_max = 1'000;
    const std::string jpeg = "\xFF\xD8\xFF" + std::string(997, 'x');
    EXPECT_EQ(verdict(photo, jpeg, "image/jpeg"), "");
    EXPECT_EQ(verdict(photo, jpeg + "x", "image/jpeg"), "registry.file_too_large");
    EXPECT_EQ(verdict(photo, "%PDF-1.4", "application/pdf"), "registry.file_type_refused");
    EXPECT_EQ(verdict(photo, "", "image/jpeg"), "registry.file_empty");
    EXPECT_EQ(verdict(photo, jpeg, "image/jpeg", "a/b"), "registry.file_name_refused");
    EXPECT_EQ(verdict(photo, jpeg, "image/jpeg", "a\nb"), "registry.file_name_refused");
    EXPECT_EQ(verdict(photo, jpeg, "image/jpeg", std::string(201, 'a')),
              "registry.file_name_refused");
    EXPECT_EQ(verdict(photo, jpeg, "image/jpeg", std::string(200, 'a')), "");
}

// Why: papers stand in rows; each row says by its digest which file is its own.
TEST(FileField, IsOfTheRecordOrOfRows) {
    definitions::Register register_;
    auto papers = column_of("papers", Type::table);
    papers.fields = {column_of("kind", Type::text), column_of("copy", Type::file)};
    register_.columns = {column_of("note", Type::narrative), column_of("letter", Type::file),
                         papers};
    store::StoredRecord record;
    const std::string one(64, 'a');
    const std::string two(64, 'b');
    record.values = {std::string("x"), one,
                     Rows({{{std::string("pass"), two}, {std::string("visa"), Missing::absent}}})};
    const auto letter = find_file_field(register_, "letter");
    ASSERT_TRUE(letter);
    EXPECT_EQ(stated_digests(record, *letter), std::vector<std::string>{one});
    const auto copy = find_file_field(register_, "papers.copy");
    ASSERT_TRUE(copy);
    EXPECT_EQ(stated_digests(record, *copy), (std::vector<std::string>{two, ""}));
    for (const auto* name : {"note", "papers", "papers.kind", "copy", "none", ""}) {
        EXPECT_FALSE(find_file_field(register_, name)) << name;
    }
}

}  // namespace
}  // namespace amate::registry
