// SPDX-License-Identifier: Apache-2.0
// Tests that invented files are what their plans say, the same every time, and that bad plans are
// refused with their place.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "core/crypto.hpp"
#include "core/csv.hpp"
#include "definitions/pack.hpp"
#include "synthesis/generate.hpp"
#include "synthesis/internal/plan.hpp"

namespace amate::synthesis {
namespace {

namespace fs = std::filesystem;

class Synthesis : public testing::Test {
protected:
    Synthesis()
        : folder_(fs::temp_directory_path() / ("amate_synthesis_" + crypto::make_uuid_v7(1))) {
        auto pack = definitions::load_pack(fs::path(AMATE_ROOT) / "packs/demo");
        AMATE_CHECK(pack.has_value());
        pack_ = std::move(*pack);
    }
    ~Synthesis() override { fs::remove_all(folder_); }

    std::vector<SynthesisFile> make(double scale, std::uint64_t seed, const char* name) {
        NoProgress silent;
        auto files = generate(*pack_, {scale, seed, folder_ / name}, silent);
        EXPECT_TRUE(files.has_value());
        return files ? *files : std::vector<SynthesisFile>();
    }
    static std::string bytes(const fs::path& file) {
        std::ifstream stream(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }

    fs::path folder_;
    std::unique_ptr<const definitions::Pack> pack_;
};

TEST_F(Synthesis, TheSameSeedGivesTheSameBytesAndAnotherSeedOthers) {
    const auto once = make(1, 5, "a");
    const auto again = make(1, 5, "b");
    const auto other = make(1, 6, "c");
    ASSERT_FALSE(once.empty());
    for (std::size_t i = 0; i < once.size(); ++i) {
        EXPECT_EQ(bytes(once[i].file), bytes(again[i].file));
        EXPECT_NE(bytes(once[i].file), bytes(other[i].file));
    }
}

TEST_F(Synthesis, RowsAreThosePlannedAtEveryScale) {
    for (const auto& file : make(1, 1, "whole")) {
        const auto plan = read_plan(*pack_, *pack_->find_source(file.source),
                                    pack_->synthesis.find(file.source)->second);
        ASSERT_TRUE(plan);
        std::int64_t planned = 0;
        for (const auto& group : plan->groups) planned += group.records;
        EXPECT_EQ(file.rows, planned);
        const auto text = bytes(file.file);
        EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), planned + 1);
    }
    const auto whole = make(1, 1, "one");
    const auto half = make(0.5, 1, "half");
    for (std::size_t i = 0; i < whole.size(); ++i) {
        EXPECT_EQ(half[i].rows, std::llround(static_cast<double>(whole[i].rows) * 0.5));
    }
}

// A plan as the loader would give it, with one fault.
definitions::DataNode scalar(std::string text) {
    definitions::DataNode node;
    node.place.line = 7;
    node.scalar = std::move(text);
    return node;
}

definitions::DataNode map(std::vector<std::pair<std::string, definitions::DataNode>> entries) {
    definitions::DataNode node;
    node.place.line = 7;
    node.entries = std::move(entries);
    return node;
}

TEST_F(Synthesis, EveryFaultOfAPlanIsNamedWithItsPlace) {
    auto group = map({{"records", scalar("many")},
                      {"from", scalar("2018-02-30")},
                      {"to", scalar("2018-01-01")},
                      {"sett", map({})}});
    definitions::DataNode groups;
    groups.items.push_back(group);
    const auto root = map({{"source", scalar("x")},
                           {"groups", groups},
                           {"draw", map({{"no_such_column", map({{"chance", scalar("0.5")}})}})},
                           {"repeat_persons", scalar("1.5")}});
    const auto plan = read_plan(*pack_, pack_->sources.front(), root);
    ASSERT_FALSE(plan);
    std::vector<std::string> codes;
    for (const auto& problem : plan.error()) {
        codes.push_back(problem.code);
        EXPECT_EQ(problem.place.line, 7);
        EXPECT_FALSE(text_of(problem, "en").empty());
    }
    for (const char* code : {"synthesis.unknown_column", "synthesis.bad_number",
                             "synthesis.unknown_key", "synthesis.bad_date"}) {
        EXPECT_NE(std::find(codes.begin(), codes.end(), code), codes.end()) << code;
    }
}

TEST_F(Synthesis, AFolderThatCannotBeWrittenIsAProblem) {
    std::ofstream(folder_.string()) << "a file stands where the folder should be";
    NoProgress silent;
    const auto files = generate(*pack_, {1, 1, folder_}, silent);
    ASSERT_FALSE(files);
    EXPECT_EQ(files.error().front().code, "synthesis.file_unwritable");
}

}  // namespace
}  // namespace amate::synthesis
