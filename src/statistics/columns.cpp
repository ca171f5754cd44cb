// SPDX-License-Identifier: Apache-2.0
// Maps a register's columns, or has them made and written beside the Parquet.
#include "statistics/internal/columns.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include "core/crypto.hpp"
#include "core/text.hpp"
#include "statistics/internal/column_maker.hpp"

namespace amate::statistics::internal {

namespace {

namespace fs = std::filesystem;
using definitions::Type;

// What a number or text of the Parquet is in counting.
Value value_of(Type type, const columnar::EngineValue& stored) {
    if (const auto* text = std::get_if<std::string>(&stored)) {
        if (type != Type::codes) return *text;
        Codes codes;
        for (const auto& part : split(*text, ';')) {
            if (!part.empty()) codes.emplace_back(part);
        }
        return codes;
    }
    const auto number = std::get<std::int64_t>(stored);
    if (type == Type::boolean) return number != 0;
    if (type == Type::date) return Date::from_days(static_cast<std::int32_t>(number));
    return number;
}

// A file in memory: mapped, or held.
class Bytes {
public:
    explicit Bytes(std::string held) : held_(std::move(held)), view_(held_) {}
    explicit Bytes(const fs::path& file) {
        const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
        if (descriptor < 0) return;
        struct stat status {};
        if (::fstat(descriptor, &status) == 0 && status.st_size > 0) {
            const auto size = static_cast<std::size_t>(status.st_size);
            void* memory = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
            if (memory != MAP_FAILED) {
                mapped_ = memory;
                view_ = {static_cast<const char*>(memory), size};
            }
        }
        ::close(descriptor);
    }
    ~Bytes() {
        if (mapped_ != nullptr) ::munmap(mapped_, view_.size());
    }
    Bytes(const Bytes&) = delete;
    Bytes& operator=(const Bytes&) = delete;
    [[nodiscard]] std::string_view view() const { return view_; }
    [[nodiscard]] bool mapped() const { return mapped_ != nullptr; }

private:
    std::string held_;
    void* mapped_ = nullptr;
    std::string_view view_;
};

}  // namespace

struct Columns::State {
    std::unique_ptr<Bytes> bytes;
    std::map<std::string, Column, std::less<>> columns;
    std::size_t rows = 0;
    std::size_t repeated = 0;
    std::vector<Days> days;

    // Takes up what is there; false if it is not whole, not of that Parquet or of other columns.
    bool take_up(const snapshot::SnapshotFile& file, const std::vector<ColumnPlan>& plans) {
        const auto view = bytes->view();
        const auto head = kMagic.size() + 8;
        if (view.size() < head + kDigestBytes || !view.starts_with(kMagic)) return false;
        const auto content = view.substr(0, view.size() - kDigestBytes);
        const auto digest = crypto::digest(content);
        if (std::memcmp(digest.data(), view.data() + content.size(), kDigestBytes) != 0) {
            return false;
        }
        std::uint64_t length = 0;
        std::memcpy(&length, view.data() + kMagic.size(), sizeof length);
        const auto layout = read_header(view.substr(head, length), file, plans);
        if (!layout) return false;
        const auto* words = reinterpret_cast<const std::uint64_t*>(view.data() + head + length);
        for (const auto& drawn : layout->columns) {
            Column column{drawn.plan.name, columns.size(), {},
                          drawn.counts,    drawn.width,    words + drawn.word};
            for (const auto& each : drawn.stored) {
                column.dictionary.push_back(value_of(drawn.plan.type, each));
            }
            column.dictionary.emplace_back(Missing::absent);
            columns.emplace(column.name, std::move(column));
        }
        rows = layout->rows;
        repeated = layout->repeated;
        days.resize(layout->blocks());
        std::memcpy(days.data(), words + layout->words, days.size() * sizeof(Days));
        return true;
    }
};

Columns::Columns(std::unique_ptr<State> state) : state_(std::move(state)) {}
Columns::Columns(Columns&&) noexcept = default;
Columns::~Columns() = default;

Columns Columns::open(const snapshot::Manifest& manifest, const snapshot::SnapshotFile& file,
                      const definitions::Register& register_) {
    const auto plans = columns_of(register_);
    const auto folder = manifest.directory / snapshot::kColumnsFolder;
    const auto path = folder / file.register_name;
    auto state = std::make_unique<State>();
    state->bytes = std::make_unique<Bytes>(path);
    if (state->take_up(file, plans)) return Columns(std::move(state));

    std::error_code error;
    fs::create_directory(folder, error);
    // Two programs may make them together: each writes beside, and either's is whole.
    const auto beside = folder / fmt::format("{}.{}.tmp", file.register_name, ::getpid());
    const auto spill = folder / fmt::format("spill.{}", ::getpid());
    state = std::make_unique<State>();
    {
        const auto image = make_columns(manifest, file, plans, spill);
        std::ofstream out(beside, std::ios::binary | std::ios::trunc);
        if (out) write_columns(image, file, out);
        out.close();
        if (out) fs::rename(beside, path, error);
        if (out && !error) {
            state->bytes = std::make_unique<Bytes>(path);
        } else {
            fs::remove(beside, error);
            std::ostringstream kept;
            write_columns(image, file, kept);
            state->bytes = std::make_unique<Bytes>(std::move(kept).str());
        }
    }
    fs::remove_all(spill, error);
    AMATE_CHECK(state->take_up(file, plans));
    return Columns(std::move(state));
}

std::size_t Columns::rows() const {
    return state_->rows;
}

std::size_t Columns::size() const {
    return state_->columns.size();
}

const Column& Columns::column(std::string_view name) const {
    const auto found = state_->columns.find(name);
    if (found == state_->columns.end()) {
        throw IoFailure(fmt::format(
            "the snapshot has no column {}: it is older than the pack; take another", name));
    }
    return found->second;
}

const Column& Columns::persons() const {
    return column(kPersonColumn);
}

std::size_t Columns::repeated_persons() const {
    return state_->repeated;
}

const std::vector<Columns::Days>& Columns::days_of_blocks() const {
    return state_->days;
}

std::size_t Columns::bytes() const {
    return state_->bytes->mapped() ? state_->bytes->view().size() : 0;
}

}  // namespace amate::statistics::internal
