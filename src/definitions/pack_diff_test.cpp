// SPDX-License-Identifier: Apache-2.0
// What a changed pack is said to do to stored records, change by change.
#include "definitions/pack_diff.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "core/crypto.hpp"
#include "definitions/internal/change_table.hpp"
#include "definitions/pack.hpp"

namespace amate::definitions {
namespace {

namespace fs = std::filesystem;

// A copy of packs/demo with texts of its files replaced.
class ChangedDemo {
public:
    ChangedDemo() : folder_(fs::temp_directory_path() / ("amate-diff-" + crypto::make_uuid_v7(0))) {
        fs::copy(fs::path(AMATE_ROOT) / "packs/demo", folder_, fs::copy_options::recursive);
    }
    ~ChangedDemo() { fs::remove_all(folder_); }
    ChangedDemo(const ChangedDemo&) = delete;
    ChangedDemo& operator=(const ChangedDemo&) = delete;

    void edit(const std::string& file, const std::string& from, const std::string& to) {
        std::ifstream stream(folder_ / file, std::ios::binary);
        std::string text(std::istreambuf_iterator<char>(stream), {});
        const auto at = text.find(from);
        ASSERT_NE(at, text.npos) << file << ": " << from;
        text.replace(at, from.size(), to);
        write(file, text);
    }
    void write(const std::string& file, const std::string& text) {
        fs::create_directories((folder_ / file).parent_path());
        std::ofstream(folder_ / file, std::ios::binary) << text;
    }
    void migrate(const std::string& step) {
        write("migrations/0001.yaml",
              "migration: \"0001\"\nwhy: {es: P, en: P}\nsteps:\n  - " + step + "\n");
    }
    [[nodiscard]] std::unique_ptr<const Pack> load() const {
        auto pack = load_pack(folder_);
        if (pack) return std::move(*pack);
        for (const auto& problem : pack.error()) ADD_FAILURE() << to_line(problem);
        return std::make_unique<Pack>();
    }

private:
    fs::path folder_;
};

const Pack& demo() {
    static const auto kPack = std::move(*load_pack(fs::path(AMATE_ROOT) / "packs/demo"));
    return *kPack;
}

std::string line_of(const Change& change) {
    static constexpr const char* kKinds[] = {"+ ", "- ", "~ "};
    static constexpr const char* kEffects[] = {" compatible", " migrates", " needs"};
    return kKinds[static_cast<std::size_t>(change.kind)] + change.place +
           kEffects[static_cast<std::size_t>(change.effect)] +
           (change.acceptable ? " acceptable" : "");
}

using Lines = std::vector<std::string>;
Lines lines_of(const Pack& after) {
    Lines lines;
    for (const auto& change : compare(demo(), after)) {
        lines.push_back(line_of(change));
        EXPECT_FALSE(change.why.in("es").empty());
        EXPECT_EQ(change.why.in("en").find("{}"), std::string::npos);
    }
    return lines;
}

struct Case {
    const char* file;
    const char* from;
    const char* to;
    const char* step;  // of a migration; or ""
    Lines lines;
};

// Why: each row is a change somebody will make one day, and what must be answered.
TEST(PackDiff, TellsOfEachChangeWhatItDoes) {
    const auto* kStay = "registers/shelter_stay.yaml";
    const auto* kLanding = "registers/landing.yaml";
    const Case cases[] = {
        {kLanding,
         "es: Observaciones",
         "es: Notas",
         "",
         {"~ registers/landing/fields/remarks/title/es compatible"}},
        {kStay,
         "type: money\n    currency: XTS",
         "type: money\n    currency: XXX",
         "",
         {"~ registers/shelter_stay/fields/allowance/currency needs acceptable"}},
        {kStay,
         "currency: XTS",
         "currency: XXX",
         "accept: {at: registers/shelter_stay/fields/allowance/currency, was: XTS, is: XXX}",
         {"~ registers/shelter_stay/fields/allowance/currency migrates",
          "+ migrations/0001 compatible"}},
        // An acceptance of something else accepts nothing.
        {kStay,
         "currency: XTS",
         "currency: XXX",
         "accept: {at: registers/shelter_stay/fields/allowance/currency, was: XTS, is: XBB}",
         {"~ registers/shelter_stay/fields/allowance/currency needs acceptable",
          "+ migrations/0001 compatible"}},
        {kLanding,
         "remarks:     {type: narrative",
         "notes:     {type: narrative",
         "",
         {"- registers/landing/fields/remarks needs", "+ registers/landing/fields/notes migrates"}},
        {kLanding,
         "remarks:     {type: narrative",
         "notes:     {type: narrative",
         "rename: {register: landing, field: remarks, to: notes}",
         {"~ registers/landing/fields/notes/name compatible", "+ migrations/0001 compatible"}},
        {kLanding,
         "remarks:     {type: narrative",
         "notes:     {type: narrative",
         "retire: {register: landing, field: remarks}",
         {"- registers/landing/fields/remarks migrates",
          "+ registers/landing/fields/notes migrates",
          "+ registers/landing/retired/remarks compatible", "+ migrations/0001 compatible"}},
        {kLanding,
         "states: [received, attended, closed]",
         "states: [received, attended, closed, archived]",
         "",
         {"+ registers/landing/states/archived compatible",
          "~ registers/landing/workflow/states compatible"}},
        {kLanding,
         "retention: {keep: 10y",
         "retention: {keep: 2y",
         "",
         {"~ registers/landing/retention needs acceptable"}},
        {kLanding,
         "retention: {keep: 10y",
         "retention: {keep: 12y",
         "",
         {"~ registers/landing/retention compatible"}},
        {kLanding,
         "link: 0.98",
         "link: 0.90",
         "",
         {"~ registers/landing/duplicates needs acceptable"}},
        {"pack.yaml",
         "time_zone: Etc/UTC",
         "time_zone: Etc/GMT+5",
         "",
         {"~ pack/time_zone needs acceptable"}},
        {"pack.yaml",
         "person_key: [[document_number], ",
         "person_key: [",
         "",
         {"~ pack/person_key needs acceptable"}},
    };
    for (const auto& each : cases) {
        SCOPED_TRACE(std::string(each.file) + ": " + each.to);
        ChangedDemo changed;
        changed.edit(each.file, each.from, each.to);
        auto expected = each.lines;
        if (std::string_view(each.to).starts_with("notes:")) {
            changed.edit("sources/coast_guard_landings.yaml", "\n  remarks: ", "\n  notes: ");
            expected.insert(expected.end(),
                            {"- sources/coast_guard_landings.yaml/cannot_give/remarks compatible",
                             "+ sources/coast_guard_landings.yaml/cannot_give/notes compatible"});
        }
        if (*each.step != '\0') changed.migrate(each.step);
        EXPECT_EQ(lines_of(*changed.load()), expected);
    }
}

// Why: rows of a group are read by the order of its fields; moving one would misread them all.
TEST(PackDiff, TheOrderOfAGroupIsWhatItsRowsAreReadBy) {
    ChangedDemo changed;
    const std::string birth =
        "      birth:   {type: partial_date, title: {es: Nacimiento, en: Birth}}\n";
    changed.edit("registers/shelter_stay.yaml", birth, "");
    changed.edit("registers/shelter_stay.yaml", "      kinship: {", birth + "      kinship: {");
    const auto after = changed.load();
    EXPECT_EQ(effect_of(compare(demo(), *after)), Effect::needs_migration);
    const auto lines = lines_of(*after);
    EXPECT_EQ(lines.front(),
              "~ registers/shelter_stay/fields/companions/cells/birth/stored_as needs");
}

// Why: a code may not vanish from under records, and a recoding must cover who uses the list.
TEST(PackDiff, ARemovedCodeIsRefusedUnlessItIsRecodedForEveryUser) {
    ChangedDemo changed;
    changed.edit("codelists/kinship.csv", "sibling,", "brother_or_sister,");
    changed.edit("registers/shelter_stay.yaml", "companions: [{kinship: sibling,",
                 "companions: [{kinship: brother_or_sister,");
    EXPECT_EQ(lines_of(*changed.load()),
              (Lines{"- codelists/kinship/codes/sibling needs",
                     "+ codelists/kinship/codes/brother_or_sister compatible",
                     "~ registers/shelter_stay/tests/1/given/companions/1/kinship compatible"}));
    changed.migrate("recode: {codelist: kinship, codes: {sibling: brother_or_sister}}");
    EXPECT_EQ(effect_of(compare(demo(), *changed.load())), Effect::migrates);
}

// Why: an old reading must not be forgotten, nor a reading put in between.
TEST(PackDiff, MigrationsStayAsTheyWereCarriedOut) {
    ChangedDemo first;
    first.migrate("recode: {register: landing, states: {shut: closed}}");
    const auto before = first.load();
    EXPECT_EQ(effect_of(compare(*before, demo())), Effect::needs_migration);
    first.migrate("recode: {register: landing, states: {shut: attended}}");
    EXPECT_EQ(effect_of(compare(*before, *first.load())), Effect::needs_migration);
    first.migrate("recode: {register: landing, states: {shut: closed}}");
    first.write("migrations/0000.yaml", "migration: \"0000\"\nwhy: {es: P, en: P}\nsteps: []\n");
    EXPECT_EQ(effect_of(compare(*before, *first.load())), Effect::needs_migration);
}

// Why: what the table does not name needs a migration each time it changes; nobody wants that for
// something a pack may say.
TEST(PackDiff, TheTableNamesEveryPartOfEveryPackThereIs) {
    for (const auto& entry : fs::directory_iterator(fs::path(AMATE_ROOT) / "packs")) {
        const auto pack = load_pack(entry.path());
        ASSERT_TRUE(pack.has_value()) << entry.path();
        std::vector<std::string_view> path;
        std::string shown;
        const auto walk = [&](auto& self, const Description& node) -> void {
            EXPECT_TRUE(internal::is_named(path)) << shown;
            for (const auto& part : node.parts) {
                const auto size = shown.size();
                path.push_back(part.key);
                shown += "/" + part.key;
                if (!testing::Test::HasFailure()) self(self, part);
                shown.resize(size);
                path.pop_back();
            }
        };
        const auto description = describe(**pack);
        walk(walk, description);
    }
}

// Why: what the store keeps must judge exactly as the whole pack does.
TEST(PackDiff, TheKeptPartReadsBackAndSaysTheSame) {
    const auto kept = data_part(describe(demo()));
    const auto form = to_form(kept);
    const auto read = from_form(form);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(to_form(*read), form);
    EXPECT_TRUE(compare(*read, kept).empty());
    EXPECT_EQ(to_form(data_part(*read)), form);
    EXPECT_FALSE(from_form("{}").has_value());
    EXPECT_FALSE(from_form(R"({"format":"amate-definition-2","definition":{}})").has_value());
}

// Why: a key that a later version of the vocabulary brings is not silently harmless.
TEST(PackDiff, WhatIsNotKnownNeedsAMigration) {
    auto before = describe(demo());
    auto after = before;
    for (auto& part : after.parts) {
        if (part.key == "pack") part.add("epoch", "lunar");
    }
    const auto changes = compare(before, after);
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(line_of(changes[0]), "+ pack/epoch needs acceptable");
}

}  // namespace
}  // namespace amate::definitions
