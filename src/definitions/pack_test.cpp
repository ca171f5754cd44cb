// SPDX-License-Identifier: Apache-2.0
// Tests that a sound pack loads whole and as written, and that nothing on disk crashes the loader.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>

#include <gtest/gtest.h>

#include "core/crypto.hpp"
#include "definitions/pack.hpp"

namespace amate::definitions {
namespace {

namespace fs = std::filesystem;

const fs::path kDemo = fs::path(AMATE_ROOT) / "packs/demo";

class Copy {
public:
    Copy() : folder_(fs::temp_directory_path() / ("amate_copy_" + crypto::make_uuid_v7(1))) {
        fs::copy(kDemo, folder_, fs::copy_options::recursive);
    }
    ~Copy() { fs::remove_all(folder_); }
    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;
    [[nodiscard]] const fs::path& folder() const { return folder_; }
    void append(const std::string& file, const std::string& text) const {
        std::ofstream(folder_ / file, std::ios::binary | std::ios::app) << text;
    }

private:
    fs::path folder_;
};

std::unique_ptr<const Pack> load(const fs::path& folder) {
    auto pack = load_pack(folder);
    if (pack) return std::move(pack).value();
    for (const auto& problem : pack.error()) ADD_FAILURE() << to_line(problem);
    return nullptr;
}

// Everybody's tests stand on this pack.
TEST(Pack, TheDemoPackLoadsAsWritten) {
    const auto pack = load(kDemo);
    ASSERT_NE(pack, nullptr);
    EXPECT_EQ(pack->name, "demo");
    EXPECT_EQ(pack->languages, (std::vector<std::string>{"es", "en"}));
    EXPECT_EQ(pack->documents.size(), 3U);
    EXPECT_EQ(pack->institutions.size(), 12U);
    EXPECT_EQ(pack->programmes.size(), 12U);
    EXPECT_EQ(pack->figures.size(), 25U);
    EXPECT_EQ(pack->registers.size(), 4U);
    EXPECT_EQ(pack->indicators.size(), 7U);
    EXPECT_EQ(pack->synthesis.size(), 3U);
    EXPECT_EQ(pack->person_key, (std::vector<std::vector<std::string>>{{"document_number"},
                                                                       {"names", "birth", "sex"}}));
    EXPECT_EQ(pack->frameworks.at("gcm").find("4.2")->title.in("en"), "Birth records");
    const auto* figure = pack->find_figure("F012");
    ASSERT_NE(figure, nullptr);
    EXPECT_EQ(figure->relations.front().others, (std::vector<std::string>{"F002", "F001"}));
    EXPECT_EQ(figure->find_key("bound"), "approx");
    EXPECT_EQ(pack->indicator_of_figure("F008")->id, "children_landed");
    const auto run = run_definition_tests(*pack);
    ASSERT_TRUE(run.has_value()) << to_line(run.error().front());
    EXPECT_EQ(*run, 18);
}

// Columns, sensitivities and the names of tables are what store, server and statistics build on.
TEST(Pack, ARegisterIsFlattenedIntoColumns) {
    const auto pack = load(kDemo);
    ASSERT_NE(pack, nullptr);
    const auto* landing = pack->find_register("landing");
    ASSERT_NE(landing, nullptr);
    const auto* names = landing->find_column("person.names");
    ASSERT_NE(names, nullptr);
    EXPECT_EQ(names->sql_name, "person__names");
    EXPECT_EQ(names->sensitivity, Sensitivity::personal);
    EXPECT_FALSE(names->required);
    EXPECT_TRUE(landing->find_column("person.sex")->required);
    EXPECT_EQ(landing->find_column("remarks")->sensitivity, Sensitivity::personal);
    EXPECT_EQ(landing->columns[landing->time_column].name, "landed_at");
    const auto& environment = landing->statistics_environment.variables;
    ASSERT_EQ(environment.size(), landing->dimensions.size() + 1);
    EXPECT_EQ(environment.back().name, "landed_at");
    EXPECT_EQ(environment.back().type, Type::date);
    EXPECT_EQ(landing->find_dimension("age_group")->codelist, pack->find_codelist("age_groups"));
}

// Homologation reads these to the letter.
TEST(Pack, ASourceSaysHowItsFileIsRead) {
    const auto pack = load(kDemo);
    ASSERT_NE(pack, nullptr);
    const auto* source = pack->find_source("coast_guard_landings");
    ASSERT_NE(source, nullptr);
    EXPECT_EQ(source->encoding, Encoding::windows_1252);
    EXPECT_EQ(source->delimiter, ';');
    EXPECT_EQ(source->empty_values, (std::vector<std::string>{"", "S/D"}));
    EXPECT_EQ(source->columns.front().header, "FECHA");
    EXPECT_EQ(source->columns.front().format, "dd/mm/yyyy HH:MM");
    EXPECT_EQ(source->columns[8].map.at("SÍ"), "true");
    const auto* ferry = pack->find_source("ferry_passengers");
    ASSERT_EQ(ferry->constants.size(), 1U);
    EXPECT_EQ(ferry->constants.front().second, Value(std::string("ferry")));
    EXPECT_NE(pack->find_source("help_desk_visit"), nullptr);  // the register's own plain file
}

// The digest is the version of the definitions: it moves with every byte and with nothing else.
TEST(Pack, TheDigestMovesWithEveryByteAndWithNothingElse) {
    const Copy copy;
    const auto before = load(copy.folder())->digest;
    EXPECT_EQ(before.size(), 64U);
    EXPECT_EQ(before, load(kDemo)->digest);
    copy.append(".hidden", "x");
    EXPECT_EQ(before, load(copy.folder())->digest);
    copy.append("README.md", "x");
    const auto after = load(copy.folder())->digest;
    EXPECT_NE(before, after);
    fs::rename(copy.folder() / "README.md", copy.folder() / "NOTES.md");
    EXPECT_NE(after, load(copy.folder())->digest);
}

// People mistype folders.
TEST(Pack, AFolderThatIsNotThereIsAProblem) {
    const auto pack = load_pack(kDemo / "nowhere");
    ASSERT_FALSE(pack.has_value());
    EXPECT_EQ(pack.error().front().code, "core.file_unreadable");
}

// A pack comes from outside: bytes cut off, swapped or doubled anywhere give problems with a place
// or a pack, never a crash and never an exception.
TEST(Pack, DamagedFilesNeverCrashTheLoader) {
    const Copy copy;
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(kDemo)) {
        if (entry.is_regular_file()) {
            files.push_back(entry.path().lexically_relative(kDemo).generic_string());
        }
    }
    std::sort(files.begin(), files.end());
    std::mt19937 random(20180907);
    const auto draw = [&](std::size_t below) { return random() % below; };
    for (int round = 0; round < 150; ++round) {
        const auto& file = files[draw(files.size())];
        std::ifstream stream(kDemo / file, std::ios::binary);
        std::string bytes(std::istreambuf_iterator<char>(stream), {});
        for (auto cuts = draw(4) + 1; cuts > 0 && !bytes.empty(); --cuts) {
            const auto at = draw(bytes.size());
            constexpr std::string_view kOdd = "{}[]:,-&*!|>'\"\n\t #?%@`\xE1\x00\x04;=/";
            switch (draw(4)) {
                case 0:
                    bytes.resize(at);
                    break;
                case 1:
                    bytes[at] = kOdd[draw(kOdd.size())];
                    break;
                case 2:
                    bytes.insert(at, bytes.substr(at / 2, draw(200)));
                    break;
                default:
                    bytes.erase(at, draw(60));
                    break;
            }
        }
        std::ofstream(copy.folder() / file, std::ios::binary) << bytes;
        const auto pack = load_pack(copy.folder());
        if (!pack) {
            for (const auto& problem : pack.error()) {
                EXPECT_FALSE(problem.place.file.empty()) << to_line(problem);
                EXPECT_FALSE(text_of(problem, "es").empty());
            }
        }
        fs::copy_file(kDemo / file, copy.folder() / file, fs::copy_options::overwrite_existing);
    }
}

// Not a test of speed: says how long loading takes, for whoever wonders.
TEST(Pack, SaysHowLongLoadingTakes) {
    const auto begin = std::chrono::steady_clock::now();
    const auto pack = load(kDemo);
    const auto took = std::chrono::steady_clock::now() - begin;
    std::cout << "packs/demo loaded in "
              << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms\n";
    EXPECT_NE(pack, nullptr);
}

}  // namespace
}  // namespace amate::definitions
