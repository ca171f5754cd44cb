// SPDX-License-Identifier: Apache-2.0
// The workspace folder: made once, found again, moved without harm, private where it must be.
#include "store/workspace.hpp"

#include <sys/stat.h>

#include <fstream>

#include <gtest/gtest.h>

#include "core/crypto.hpp"
#include "store/durable_file.hpp"

namespace amate::store {
namespace {

namespace fs = std::filesystem;

class WorkspaceTest : public testing::Test {
protected:
    void SetUp() override {
        base_ = fs::temp_directory_path() / ("amate-workspace-" + crypto::make_uuid_v7(0));
        fs::create_directories(base_ / "country");
        std::ofstream(base_ / "country/pack.yaml") << "pack: country\n";
        base_ = fs::canonical(base_);
    }
    void TearDown() override { fs::remove_all(base_); }

    [[nodiscard]] Result<Workspace> make() const {
        return make_workspace(base_ / "w", base_ / "country", "sqlite:store.sqlite");
    }
    static std::string code_of(const Result<Workspace>& result) {
        return result ? "" : result.error().front().code;
    }

    fs::path base_;
};

// Why: what `init` wrote is what every later command works with.
TEST_F(WorkspaceTest, IsFoundAgainAsItWasMade) {
    ASSERT_TRUE(make());
    auto opened = open_workspace(base_ / "w");
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->pack, base_ / "country");
    EXPECT_EQ(opened->session_url(), "sqlite:" + (base_ / "w/store.sqlite").string());
    EXPECT_FALSE(opened->invented);
    opened->invented = true;
    save_workspace(*opened);
    EXPECT_TRUE(open_workspace(base_ / "w")->invented);
}

// Why: keys and quarantined rows are nobody else's business.
TEST_F(WorkspaceTest, KeysAndQuarantineArePrivate) {
    const auto workspace = make();
    ASSERT_TRUE(workspace);
    for (const auto& folder : {workspace->keys(), workspace->quarantine()}) {
        struct stat status {};
        ASSERT_EQ(::stat(folder.c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777U, 0700U);
    }
}

// Why: a workspace is never written over, and nothing is made without a pack.
TEST_F(WorkspaceTest, IsNotMadeTwiceNorWithoutAPack) {
    ASSERT_TRUE(make());
    EXPECT_EQ(code_of(make()), "store.workspace_exists");
    EXPECT_EQ(code_of(make_workspace(base_ / "v", base_ / "nowhere", "sqlite:s")),
              "store.pack_missing");
    EXPECT_FALSE(fs::exists(base_ / "v"));
}

// Why: folders get moved: together, or the workspace alone.
TEST_F(WorkspaceTest, FindsItsPackAfterAMove) {
    ASSERT_TRUE(make());
    fs::rename(base_ / "w", base_ / "moved");
    EXPECT_EQ(open_workspace(base_ / "moved")->pack, base_ / "country");
    fs::create_directories(base_ / "elsewhere");
    fs::rename(base_ / "moved", base_ / "elsewhere/w");
    fs::rename(base_ / "country", base_ / "elsewhere/country");
    const auto opened = open_workspace(base_ / "elsewhere/w");
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->pack, base_ / "elsewhere/country");
    fs::remove_all(base_ / "elsewhere/country");
    EXPECT_EQ(code_of(open_workspace(base_ / "elsewhere/w")), "store.pack_missing");
}

// Why: a damaged file must be told from a missing one, with what is wrong in it.
TEST_F(WorkspaceTest, TellsWhatIsWrong) {
    EXPECT_EQ(code_of(open_workspace(base_ / "w")), "store.no_workspace");
    ASSERT_TRUE(make());
    const auto good = read_small_file(base_ / "w/workspace.json");
    for (const std::string bad :
         {std::string(), std::string("{"), std::string("[]"), std::string("{}"),
          good.substr(0, good.size() / 2), "{\"x\":1," + good.substr(1),
          std::string(
              R"({"format":"amate-workspace-1","pack":"p","store":"mysql:x","invented":true})"),
          std::string(
              R"({"format":"amate-workspace-1","pack":7,"store":"sqlite:x","invented":true})"),
          std::string(R"({"format":"amate-workspace-1","pack":"p","store":"sqlite:x"})")}) {
        write_durably(base_ / "w/workspace.json", bad, FileRights::everybody);
        EXPECT_EQ(code_of(open_workspace(base_ / "w")), "store.workspace_damaged") << bad;
    }
}

// Why: a file is old or new, never half, and leaves nothing beside it.
TEST_F(WorkspaceTest, DurableFilesReplaceWhole) {
    const auto file = base_ / "small";
    write_durably(file, "one", FileRights::owner_only);
    write_durably(file, "two, longer", FileRights::owner_only);
    EXPECT_EQ(read_small_file(file), "two, longer");
    EXPECT_THROW((void)read_small_file(file, 5), IoFailure);
    EXPECT_THROW(write_durably(base_ / "no/such/folder", "x", FileRights::everybody), IoFailure);
    EXPECT_EQ(std::distance(fs::directory_iterator(base_), fs::directory_iterator()), 2);
}

}  // namespace
}  // namespace amate::store
